"""An agent's reply: checked, written once, handed to the outbox in the same commit."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.account import AccountMode
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.media import Media
from connector.domain.message import Direction, Message
from connector.domain.ownership import require_writer
from connector.domain.refusals import Refused
from connector.domain.status import Status
from connector.domain.urgency import urgency_of
from connector.services import pictures, save, views
from connector.services.conversations import history, ownership
from connector.services.settings import BrandSettings, LineSettings
from connector.sms import segments
from connector.store.ports import Transaction
from connector.store.values import Work
from connector.wire import answers, events, limits, requests
from connector.wire.refusals import RefusalCode

SEND = "send"


def demand_sendable(text: str, *, has_pictures: bool = False) -> None:
    """Raises Refused for a text no provider could be given. Nothing is ever cut or split to make it fit."""
    if not text.strip() and not has_pictures:
        raise Refused(RefusalCode.EMPTY, "There is no text to send.")
    if len(text) > limits.REPLY_LENGTH:
        raise Refused(
            RefusalCode.TOO_LONG,
            f"{len(text):,} characters; at most {limits.REPLY_LENGTH:,} can be sent. Nothing was sent.",
            limit=limits.REPLY_LENGTH,
            length=len(text),
        )
    if any("\ud800" <= character <= "\udfff" for character in text) or "\0" in text:
        raise Refused(RefusalCode.BAD_REQUEST, "The text holds something that is not a character.")


def demand_reachable(tx: Transaction, line: LineSettings, consumer: str) -> None:
    """Raises Refused unless this consumer may and can be texted from this line. Every send passes here."""
    if (words := line.cannot_answer(consumer)) is not None:
        raise Refused(RefusalCode.CANNOT_ANSWER, words)
    if save.is_opted_out(tx, consumer):
        raise Refused(RefusalCode.OPTED_OUT, f"{consumer} has opted out and must not be texted.")
    mode = tx.accounts.mode(line.account)
    if mode is not AccountMode.ACTIVE:
        words = f"The account {line.account} is {mode}: it takes no replies."
        raise Refused(RefusalCode.ACCOUNT_OFF, words, mode=str(mode))


def reply(
    tx: Transaction, brand: BrandSettings, conversation: Conversation, agent: str, command: requests.Reply, now: int
) -> answers.Written:
    """Raises Refused; with the messages its author has not seen when there are any."""
    line = line_of(brand, conversation.line)
    media = pictures.chosen(tx, command.pictures, line, now)
    require_writer(conversation, agent, ownership.hold_of(tx, brand, conversation, conversation.agent or "", now), now)
    if command.seen is not None and (newer := history.since(tx, conversation, command.seen, agent)):
        who = "The consumer has" if any(one.direction is Direction.INBOUND for one in newer) else "A colleague has"
        words = f"{who} written since you last looked. Read it, then send again."
        raise Refused(RefusalCode.STALE, words, messages=newer, last_seq=conversation.last_seq)
    return answers.Written(write_reply(tx, brand, line, conversation, agent, command.text, now, media).id)


def line_of(brand: BrandSettings, address: str) -> LineSettings:
    line = brand.lines.get(address)
    if line is None:
        raise Refused(RefusalCode.UNKNOWN_LINE, f"{address[:64]} is none of our lines any more.")
    return line


def write_reply(
    tx: Transaction,
    brand: BrandSettings,
    line: LineSettings,
    conversation: Conversation,
    agent: str,
    text: str,
    now: int,
    media: tuple[Media, ...] = (),
    *,
    is_test: bool = False,
) -> Message:
    """Commit the reply and its place in the outbox, which it leaves once it cannot be taken back any more. Raises
    Refused. Whether `agent` may write has been asked."""
    demand_sendable(text, has_pictures=bool(media))
    demand_reachable(tx, line, conversation.consumer)
    rules = brand.rules.of(conversation.skill)
    measure = segments.measure(text)
    message = Message(
        id=brand.ids.new(),
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
    lane = f"{message.line} {message.consumer}"  # one at a time to one phone, in the order written
    urgency = urgency_of(conversation, is_test=is_test)
    tx.work.promote_lane(lane, urgency)
    tx.work.add(
        Work(
            id=brand.ids.new(),
            kind=SEND,
            subject=message.id,
            account=message.account,
            lane=lane,
            ordinal=message.id,
            due_at=now + rules.undo_s * 1000,
            rank=urgency,
        )
    )
    conversation = save.update(tx, brand.rules, transitions.with_reply(conversation, message, rules))
    view = views.conversation_view(conversation, brand.rules, is_opted_out=False)
    written = events.ReplyWritten(view, views.message_view(message))
    tx.facts.append([views.fact(written, now, conversation.id)])
    return message


def take_back(tx: Transaction, brand: BrandSettings, message_id: str, agent: str, now: int) -> None:
    """Undo a reply that no worker has begun to send. The consumer waits again as if it had never been written, unless
    the conversation has been closed since: that settled what was owed."""
    message = tx.messages.get(message_id)
    if message is None or message.direction is not Direction.REPLY or message.author != agent:
        raise Refused(RefusalCode.UNKNOWN_MESSAGE, "That is not a reply of yours.")
    if message.status is not Status.QUEUED or not tx.work.cancel(SEND, message.id):
        raise Refused(RefusalCode.TOO_LATE, "It has left already.")
    message = replace(message, status=Status.UNDONE, status_at=now, words=f"taken back by {agent}")
    tx.messages.update(message)
    conversation = save.known(tx, message.conversation_id)
    found = history.standing(tx, conversation, brand.rules)
    is_ended = conversation.state in (ConversationState.CLOSED, ConversationState.WRAP_UP)
    conversation = transitions.without_reply(conversation, found.last, None if is_ended else found.owed)
    conversation = save.update(tx, brand.rules, conversation)
    told = save.fact(
        tx, brand.rules, conversation, lambda view: events.ReplyUndone(view, views.message_view(message)), now
    )
    tx.facts.append([told])
