"""Inbound texts: each is stored once, in the conversation it opens or goes on with."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.address import person_of, shown
from connector.domain.consent.likely import likely_opt_out
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.due import Deadline, deadline_for
from connector.domain.media import Media, MediaState
from connector.domain.message import Direction, Message
from connector.domain.status import Status
from connector.providers.values import Arrival, DeliveryReceipt, InboundText, Untaken
from connector.services import save, views, work
from connector.services.accounts.stored_hooks import set_aside, with_remark
from connector.services.consent import texts
from connector.services.conversations import transcript
from connector.services.erasure.erased_hooks import ABOUT_ERASED, was_erased, without_content
from connector.services.on_call import text_answers
from connector.services.routing import queue
from connector.services.routing.placement import event_of, place, reopened
from connector.services.routing.staff_loads import staff_loads
from connector.services.sending import automatic, receipts
from connector.services.settings import BrandSettings, LineSettings
from connector.services.unit_of_work import UnitOfWork
from connector.sms import segments
from connector.sms.storable import storable
from connector.sms.text import is_blank
from connector.store.hook_budgets import Standing
from connector.store.values import HookState, RawHook
from connector.wire import events, limits


class Intake(Struct, frozen=True):
    """How many of a hook's arrivals were new, and what of it is not shown to any agent."""

    stored: int = 0
    repeats: int = 0
    unroutable: str = ""  # the line that is not ours
    untaken: Untaken | None = None  # the last that may hide a text, otherwise the last
    is_about_erased: bool = False  # something of it is about a message that was erased


def warm_up(brand: BrandSettings) -> None:
    """Load what the first text would wait for: wordings of opt-outs, and the number plans of the lines' countries."""
    likely_opt_out("")
    for line in brand.lines.values():
        shown(line.address, line.region)


def take_hook(uow: UnitOfWork, hook: RawHook, arrivals: Sequence[Arrival]) -> Intake:
    """Store the raw hook and all its arrivals, or nothing at all.

    A text for a line that is not ours opens nothing; its hook is stored as unroutable for an administrator. So is one
    with something in it that nothing is done with, as unused or unreadable.
    """
    taken = take_arrivals(uow, hook.account, arrivals, is_proven=hook.state is not HookState.WATCHED)
    if taken.unroutable:
        reason = f"{taken.unroutable} is not a number of the account {hook.account}"
        hook = set_aside(hook, HookState.UNROUTABLE, reason, Standing.GENUINE)
    elif taken.untaken is not None:
        hook = with_remark(hook, taken.untaken)
    if taken.is_about_erased:
        hook = without_content(hook)
    uow.tx.hooks.add(hook)
    return taken


def take_arrivals(
    uow: UnitOfWork,
    account: str,
    arrivals: Sequence[Arrival],
    *,
    is_recovered: bool = False,
    is_proven: bool = True,
) -> Intake:
    """Store what is new in these. `is_recovered`: they come from the provider's list, not from a hook; `is_proven`:
    from the provider for certain, so that they may lift an opt-out."""
    taken = Intake()
    for arrival in arrivals:
        if isinstance(arrival, DeliveryReceipt):
            if is_recovered and (arrival.ref is None or uow.tx.messages.by_ref(account, arrival.ref) is None):
                continue  # sent by another program of this account
            taken = _with(taken, receipts.take(uow, account, arrival))
            continue
        if isinstance(arrival, Untaken):
            taken = _with(taken, arrival)
            continue
        line = uow.brand.lines.get(arrival.line)
        if line is None or line.account != account:
            taken = replace(taken, unroutable=arrival.line)
            texts.take_unrouted(uow, account, arrival)
        elif _take_text(uow, line, arrival, is_recovered=is_recovered, is_proven=is_proven):
            taken = replace(taken, stored=taken.stored + 1)
        else:
            taken = replace(taken, repeats=taken.repeats + 1)
            if not is_recovered:
                taken = _with(taken, _other_content(uow, account, arrival))
    return taken


def _with(taken: Intake, untaken: Untaken | None) -> Intake:
    if untaken is ABOUT_ERASED:
        return replace(taken, is_about_erased=True)
    is_worse = taken.untaken is None or (untaken is not None and untaken.may_hide_text)
    return replace(taken, untaken=untaken) if untaken is not None and is_worse else taken


def _other_content(uow: UnitOfWork, account: str, arrival: InboundText) -> Untaken | None:
    """A text that was dropped for its id although it differs from the stored one; None when it is the same again.

    Of a text that was erased only its id is known.
    """
    stored = uow.tx.messages.by_ref(account, arrival.ref)
    if stored is None:
        return ABOUT_ERASED
    before, text = stored.text + stored.overflow, storable(arrival.text)
    # Of a text that a core of an earlier version stored, blanks may have become words of ours since.
    is_same = (
        stored.direction is Direction.INBOUND
        and (before == text or (is_blank(before) and (is_blank(text) or text.startswith("["))))
        and len(stored.media) == len(arrival.media)
    )
    return None if is_same else Untaken(f"the id {arrival.ref} again, with other content than before", True)


def _take_text(
    uow: UnitOfWork, line: LineSettings, arrival: InboundText, *, is_recovered: bool, is_proven: bool
) -> bool:
    """Store a text unless it is stored already. Returns whether it was new."""
    tx, now = uow.tx, uow.now
    if is_proven and (of_on_call := text_answers.conversation_of(uow, line, arrival)) is not None:
        answer = _message(uow, of_on_call, arrival, is_recovered=is_recovered, fetches_pictures=False)
        if tx.messages.add_once(answer):
            text_answers.take(uow, of_on_call, answer)
            return True
        return False
    person = person_of(arrival.consumer)
    known = tx.conversations.open_for(line.address, person)
    if (known is None or is_recovered) and was_erased(uow, person, line.account, arrival, is_recovered=is_recovered):
        texts.take_erased(uow, line.account, person, arrival)
        return False
    region = uow.brand.region_at(line)
    conversation = known or transitions.opened(uow.brand.ids.new(), line, arrival.consumer, region, now)
    if known is None and (ended := _just_closed(uow, line, person)) is not None:
        conversation = ended
    if conversation.consumer != arrival.consumer and not is_recovered:  # another spelling of their number
        conversation = transitions.with_address(conversation, arrival.consumer, region)
    message = _message(uow, conversation, arrival, is_recovered=is_recovered, fetches_pictures=line.fetches_pictures)
    if not tx.messages.add_once(message):
        return False
    if any(media.state is MediaState.WAITING for media in message.media):
        work.add(uow, work.FETCH, message, now)
    word = texts.take(uow, message, arrival.consent, is_proven=is_proven)
    deadline = _deadline(uow, conversation, message) if word is None else None
    is_closed = conversation.state is ConversationState.CLOSED
    is_new = known is None and not is_closed
    is_reopened = word is None and (is_closed or conversation.state is ConversationState.WRAP_UP)
    conversation = transitions.with_inbound(conversation, message, deadline)
    if word is not None and is_new:
        conversation = transitions.closed(conversation, now, f"{word.rule}: nothing to answer")
    elif is_reopened:
        conversation = reopened(uow, conversation, "the consumer has written again")
    elif is_new:  # one that waits already is placed with the queue
        conversation = _placed_last(uow, conversation)
    write = save.new_conversation if is_new else save.conversation
    view = views.message_view(message, uow.brand.masking)
    conversation = write(uow, conversation, events.MessageReceived, view)
    if is_reopened:
        save.conversation_event(uow, conversation, events.ConversationReopened, None)
    if known is None and word is None:
        save.conversation_event(uow, conversation, event_of(conversation))
    if view.masked and word is None and is_proven and not is_recovered:
        automatic.send_notice(uow, line, conversation, view.masked)
    return True


def _just_closed(uow: UnitOfWork, line: LineSettings, person: str) -> Conversation | None:
    """The latest closed conversation if it was closed within `reopen_s`, so that a text reopens it; else None."""
    latest = uow.tx.conversations.latest_closed(line.address, person)
    if latest is None or latest.closed_at is None or latest.agent is None:
        return None
    reopen_s = uow.rules_of(latest).reopen_s
    return latest if reopen_s and uow.now - latest.closed_at <= reopen_s * 1000 else None


def _placed_last(uow: UnitOfWork, conversation: Conversation) -> Conversation:
    """Offer the queue any capacity that became free by time, then place this conversation."""
    staff = staff_loads(uow.tx, uow.now)
    queue.offer(uow, staff)
    return place(uow, conversation, staff)


def _deadline(uow: UnitOfWork, conversation: Conversation, message: Message) -> Deadline:
    is_first = transcript.is_first_contact(uow, conversation)
    return deadline_for(uow.rules_of(conversation), message.at, is_first_contact=is_first)


def _message(
    uow: UnitOfWork, conversation: Conversation, arrival: InboundText, *, is_recovered: bool, fetches_pictures: bool
) -> Message:
    whole = storable(arrival.text)
    text = whole[: limits.INBOUND_LENGTH]
    measure = segments.measure(text)
    return Message(
        id=uow.brand.ids.new(),
        conversation_id=conversation.id,
        account=conversation.account,
        line=conversation.line,
        consumer=arrival.consumer,
        person=conversation.person,
        seq=conversation.last_seq + 1,
        direction=Direction.INBOUND,
        text=text,
        overflow=whole[limits.INBOUND_LENGTH :],
        at=min(arrival.at or uow.now, uow.now) if is_recovered else uow.now,
        status=Status.RECEIVED,
        status_at=uow.now,
        ref=arrival.ref,
        encoding=measure.encoding,
        segments=measure.segments,
        part=arrival.part,
        media=arrival.media if fetches_pictures else tuple(map(_unfetched, arrival.media)),
        is_recovered=is_recovered,
        skill=conversation.skill,
        entry_point=conversation.entry_point,
    )


def _unfetched(media: Media) -> Media:
    words = "This account cannot receive pictures. Ask the consumer to send it another way."
    return replace(media, state=MediaState.FAILED, words=words)
