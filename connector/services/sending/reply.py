"""An agent's reply: checked, stored once, put into the outbox in the same commit, and undone while it is there."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.account import AccountMode
from connector.domain.conversation import FOLLOW_UP, Conversation, ConversationState
from connector.domain.media import Media
from connector.domain.message import Direction, Message
from connector.domain.refusals import Refused
from connector.domain.rights import visibility_of
from connector.domain.status import Status
from connector.domain.urgency import urgency_of
from connector.domain.written import as_answer, queued_reply
from connector.services import pictures, save, views
from connector.services.consent import gate
from connector.services.conversations import drafts, ownership, transcript
from connector.services.refusals import one_of_ours, unknown_line
from connector.services.saved_replies import changes as saved_replies
from connector.services.sending import actions, outbox, unsettled
from connector.services.sending.admission import Admission, admitted, counted, has_written_to_us
from connector.services.settings import LineSettings
from connector.services.unit_of_work import UnitOfWork
from connector.sms.lengths import LengthLimit, strictest
from connector.sms.text import is_blank, without_end
from connector.wire import answers, events, limits, requests
from connector.wire.refusals import RefusalCode


def reply(uow: UnitOfWork, agent: str, request: requests.Reply) -> answers.Written:
    """Raises Refused; with the messages its author has not seen when there are any."""
    conversation = uow.conversation(request.conversation_id)
    if request.accept:
        conversation = ownership.accepted(uow, agent, conversation)
    line = line_of(uow, conversation.line)
    media = pictures.of_reply(uow, agent, request.pictures, line)
    ownership.require_writer(uow, agent, conversation)
    require_current(uow, agent, conversation, request.seen)
    admission = admitted_in(uow, agent, conversation, override=request.override)
    message = write(uow, admission, line, conversation, request.text, media)
    drafts.take_sent(uow, agent, request)
    saved_replies.count_uses(uow, agent, request.saved_replies)
    actions.carry_out(uow, agent, message, request.then)
    return answers.Written(message.id)


def admitted_in(uow: UnitOfWork, agent: str, conversation: Conversation, *, override: bool) -> Admission:
    """Raises Refused unless the agent may text the consumer of a conversation now."""
    # Nothing else than a text of theirs opens a conversation, but for a first text of ours.
    person, account = conversation.person, conversation.account
    has_written = conversation.entry_point != FOLLOW_UP or has_written_to_us(uow, person, account)
    return admitted(
        uow,
        agent,
        visibility_of(conversation),
        conversation.consumer,
        conversation.person,
        has_written=has_written,
        override=override,
    )


def require_current(uow: UnitOfWork, agent: str, conversation: Conversation, seen: int | None) -> None:
    """Raises Refused, with the messages, when the consumer or a colleague wrote after the one with the `seq` seen."""
    if seen is not None and (newer := transcript.since(uow, conversation, seen, agent)):
        who = "The consumer has" if any(one.direction is Direction.INBOUND for one in newer) else "A colleague has"
        words = f"{who} written since you last looked. Read it, then send again."
        raise Refused(RefusalCode.STALE, words, messages=newer, last_seq=conversation.last_seq)


def line_of(uow: UnitOfWork, address: str) -> LineSettings:
    line = uow.brand.lines.get(address)
    if line is None:
        raise unknown_line(address)
    return line


def require_sendable(text: str, line: LineSettings, *, has_pictures: bool = False) -> None:
    """Raises Refused for a text this line's provider could not be given. Nothing is cut or split to make it fit."""
    if is_blank(text) and not has_pictures:
        raise Refused(RefusalCode.EMPTY, "There is no text to send." if not text else "The text has nothing to see.")
    limit = strictest(text, LengthLimit(limits.REPLY_LENGTH), line.reply_limit)
    if limit.excess(text) > 0:
        words = f"{limit.count(text):,} {limit.words}; at most {limit.most:,} can be sent. Nothing was sent."
        raise Refused(RefusalCode.TOO_LONG, words, limit=limit.most, length=limit.count(text), unit=limit.unit)
    if any("\ud800" <= character <= "\udfff" for character in text) or "\0" in text:
        raise Refused(RefusalCode.BAD_REQUEST, "The text contains something that is not a character.")


def require_reachable(uow: UnitOfWork, line: LineSettings, consumer: str, person: str) -> None:
    """Raises Refused unless this consumer may and can be texted from this line. Our own lines are not: each text would
    come back as one of a consumer, and an automatic answer to it without an end."""
    if person in uow.brand.our_persons:
        raise one_of_ours(consumer)
    if (words := line.cannot_answer(consumer)) is not None:
        raise Refused(RefusalCode.CANNOT_ANSWER, words)
    gate.require(uow, person, consumer)
    mode = uow.tx.accounts.mode(line.account)
    if mode is not AccountMode.ACTIVE:
        words = f"The account {line.account} is {mode}: it accepts no replies."
        raise Refused(RefusalCode.ACCOUNT_OFF, words, mode=str(mode))


def write(
    uow: UnitOfWork,
    admission: Admission,
    line: LineSettings,
    conversation: Conversation,
    text: str,
    media: tuple[Media, ...] = (),
    *,
    is_test: bool = False,
    resends: Message | None = None,
    delay_s: int | None = None,
) -> Message:
    """Store the reply and put it into the outbox, which it leaves once it can no longer be undone, or after `delay_s`.
    Raises Refused. The caller has made sure that the agent may write here.

    It settles the replies before it that did not arrive; one that `resends` another settles that one only.
    """
    text = without_end(text)
    require_sendable(text, line, has_pictures=bool(media))
    require_reachable(uow, line, conversation.consumer, conversation.person)
    rules = uow.rules_of(conversation)
    resent = resends.id if resends else None
    message = queued_reply(
        conversation, uow.brand.ids.new(), text, uow.now, author=admission.agent, media=media, resends=resent
    )
    message = as_answer(message, conversation, resends)
    uow.tx.messages.add_once(message)
    counted(uow, admission, message.id)
    outbox.add(
        uow, message, urgency_of(conversation, is_test=is_test), delay_s=rules.undo_s if delay_s is None else delay_s
    )
    if resends is None:
        changed = unsettled.settle(uow, transitions.with_reply(conversation, message, rules), by=message.id)
    else:
        changed = unsettled.settle_one(uow, conversation, resends, by=message)
    save.conversation(uow, changed, events.ReplyWritten, views.message_view(message, uow.brand.masking))
    return message


def undo(uow: UnitOfWork, agent: str, request: requests.UndoReply) -> None:
    """Undo a reply that no worker has begun to send, and what was done with it. The consumer waits again as if it had
    never been written, unless the conversation has been closed since: that settled what was owed."""
    message = uow.tx.messages.get(request.message_id)
    if message is None or message.direction is not Direction.REPLY or message.author != agent:
        raise Refused(RefusalCode.UNKNOWN_MESSAGE, "That is not a reply of yours.")
    if message.status is not Status.QUEUED or not outbox.remove(uow, message):
        raise Refused(RefusalCode.TOO_LATE, "It is too late to undo: the reply is no longer in the outbox.")
    message = replace(message, status=Status.UNDONE, status_at=uow.now, words=f"undone by {agent}")
    uow.tx.messages.update(message)
    conversation = actions.undone(uow, agent, message)
    is_ended = conversation.state in (ConversationState.CLOSED, ConversationState.WRAP_UP)
    if is_ended:
        unsettled.undone_after_end(uow, message)
    else:
        conversation = unsettled.unsettle(uow, conversation, by=message.id, resends=message.resends)
    found = transcript.recompute(uow, conversation)
    changed = transitions.without_reply(conversation, found.last, None if is_ended else found.owed)
    save.conversation(uow, changed, events.ReplyUndone, views.message_view(message, uow.brand.masking))
