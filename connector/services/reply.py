"""An agent's reply: checked, written once, handed to the outbox in the same commit."""

from __future__ import annotations

from connector import segments
from connector.domain import conversation as life
from connector.domain.refusals import Refused
from connector.domain.status import Status
from connector.domain.values import AccountMode, Conversation, Direction, Media, Message
from connector.ids import Ids
from connector.services import present, routing
from connector.services.lines import LineRules
from connector.store.base import Transaction
from connector.store.values import Work
from connector.wire import events, requests

SEND = "send"


def demand_sendable(text: str, *, has_pictures: bool = False) -> None:
    """Raises Refused for a text no provider could be given. Nothing is ever cut or split to make it fit."""
    if not text.strip() and not has_pictures:
        raise Refused(requests.EMPTY, "There is no text to send.")
    if len(text) > segments.AGENT_LIMIT:
        raise Refused(
            requests.TOO_LONG,
            f"{len(text):,} characters; at most {segments.AGENT_LIMIT:,} can be sent. Nothing was sent.",
            limit=segments.AGENT_LIMIT,
            length=len(text),
        )
    if any("\ud800" <= character <= "\udfff" for character in text) or "\0" in text:
        raise Refused(requests.BAD_REQUEST, "The text holds something that is not a character.")


def demand_reachable(tx: Transaction, line: LineRules, consumer: str) -> None:
    """Raises Refused unless this consumer may and can be texted from this line. Every send passes here."""
    if (words := line.cannot_answer(consumer)) is not None:
        raise Refused(requests.CANNOT_ANSWER, words)
    if routing.is_opted_out(tx, consumer):
        raise Refused(requests.OPTED_OUT, f"{consumer} has opted out and must not be texted.")
    mode = tx.accounts.mode(line.account)
    if mode is not AccountMode.ACTIVE:
        words = f"The account {line.account} is {mode}: it takes no replies."
        raise Refused(requests.ACCOUNT_OFF, words, mode=str(mode))


def write_reply(
    tx: Transaction,
    ids: Ids,
    line: LineRules,
    conversation: Conversation,
    agent: str,
    text: str,
    now: int,
    media: tuple[Media, ...] = (),
) -> Message:
    """Commit the reply and its place in the outbox. Raises Refused."""
    demand_sendable(text, has_pictures=bool(media))
    life.demand_owner(conversation, agent)
    demand_reachable(tx, line, conversation.consumer)
    measure = segments.measure(text)
    message = Message(
        id=ids.new(),
        conversation_id=conversation.id,
        account=conversation.account,
        line=conversation.line,
        consumer=conversation.consumer,
        seq=conversation.last_seq + 1,
        direction=Direction.REPLY,
        text=text,
        at=now,
        status=Status.QUEUED,
        status_at=now,
        author=agent,
        encoding=measure.encoding,
        segments=measure.segments,
        media=media,
    )
    tx.messages.add_once(message)
    tx.work.add(
        Work(
            id=ids.new(),
            kind=SEND,
            subject=message.id,
            account=message.account,
            lane=f"{message.line} {message.consumer}",  # one at a time to one phone, in the order written
            ordinal=message.id,
            due_at=now,
        )
    )
    conversation = life.with_reply(conversation, message)
    tx.conversations.update(conversation)
    view = present.conversation_view(conversation, is_opted_out=False)
    written = events.ReplyWritten(view, present.message_view(message))
    tx.facts.append([present.fact(written, now, conversation.id)])
    return message
