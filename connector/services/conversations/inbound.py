"""What a vendor's hook brings: consumers' texts and delivery reports, each taken once."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.consent import ConsentEntry, ConsentKind, consent_signal
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.delivery import Receipt, summary
from connector.domain.due import Deadline, deadline_for
from connector.domain.message import Direction, Message
from connector.domain.status import UNSUCCESSFUL, Status, furthest
from connector.providers.values import Arrival, DeliveryReceipt, InboundText
from connector.services import save, views
from connector.services.conversations import history
from connector.services.pictures import fetch_work
from connector.services.routing.placement import Placement, floor, room
from connector.services.settings import BrandSettings, LineSettings
from connector.sms import segments
from connector.sms.storable import storable
from connector.store.ports import Transaction
from connector.store.values import HookState, RawHook
from connector.wire import events, limits


class Intake(Struct, frozen=True):
    """What became of a hook's arrivals."""

    stored: int = 0
    repeats: int = 0
    reports: int = 0
    unroutable: str = ""  # the line that is not ours


class Inbound:
    """Use cases of hooks."""

    def __init__(self, brand: BrandSettings) -> None:
        self._brand = brand
        self._ids = brand.ids
        self._routing = Placement(brand.rules)

    def take(self, tx: Transaction, hook: RawHook, arrivals: list[Arrival]) -> Intake:
        """Keep the raw hook and everything it says, or nothing at all.

        A text for a line that is not ours opens nothing; its hook is kept as unroutable for an administrator.
        """
        taken = self.take_arrivals(tx, hook.account, arrivals, hook.at)
        if taken.unroutable:
            reason = f"{taken.unroutable} is not a number of the account {hook.account}"
            hook = replace(hook, state=HookState.UNROUTABLE, reason=reason)
        tx.hooks.add(hook)
        return taken

    def take_arrivals(
        self, tx: Transaction, account: str, arrivals: list[Arrival], now: int, *, is_recovered: bool = False
    ) -> Intake:
        """Keep what is new in these. `is_recovered`: they come from the provider's list, not from a hook."""
        taken = Intake()
        for arrival in arrivals:
            if isinstance(arrival, DeliveryReceipt):
                if is_recovered and (arrival.ref is None or tx.messages.by_ref(account, arrival.ref) is None):
                    continue  # sent by another program of this account
                self._report(tx, account, arrival, now)
                taken = replace(taken, reports=taken.reports + 1)
                continue
            line = self._brand.lines.get(arrival.line)
            if line is None or line.account != account:
                taken = replace(taken, unroutable=arrival.line)
            elif self._text(tx, line, arrival, now, is_recovered=is_recovered):
                taken = replace(taken, stored=taken.stored + 1)
            else:
                taken = replace(taken, repeats=taken.repeats + 1)
        return taken

    def _text(self, tx: Transaction, line: LineSettings, arrival: InboundText, now: int, *, is_recovered: bool) -> bool:
        rules = self._brand.rules
        known = tx.conversations.open_for(line.address, arrival.consumer)
        conversation = known or transitions.opened(self._ids.new(), line, arrival.consumer, now)
        if known is None and (ended := self._just_closed(tx, line, arrival.consumer, now)) is not None:
            conversation = ended
        message = self._message(conversation, arrival, now, is_recovered=is_recovered)
        if not tx.messages.add_once(message):
            return False
        if message.media and line.fetches_pictures:
            tx.work.add(fetch_work(self._ids.new(), message, now))
        opted_out = save.is_opted_out(tx, arrival.consumer)
        word = consent_signal(arrival.text, arrival.consent, opted_out)
        if word is not None:
            self._consent(tx, message, word.kind, word.rule, message.text)
            opted_out = save.is_opted_out(tx, arrival.consumer)  # one found late may be older than the last word
        deadline = self._deadline(tx, conversation, message) if word is None else None
        is_closed = conversation.state is ConversationState.CLOSED
        conversation = transitions.with_inbound(conversation, message, deadline)
        is_reopened = word is None and (is_closed or conversation.state is ConversationState.WRAP_UP)
        if word is not None and known is None:
            if not is_closed:
                conversation = transitions.closed(conversation, now, f"{word.rule}: nothing to answer")
        elif is_reopened:
            conversation = self._taken_up_again(tx, conversation, now)
        elif known is None:  # one that waits already is placed as soon as somebody is free
            on = floor(tx, now)
            self._routing.drain(tx, now, on)  # a place may have become free since: not for whoever comes last
            conversation = self._routing.place(tx, conversation, now, on)
        if known is None and not is_closed:
            conversation = save.insert(tx, rules, conversation)
        else:
            conversation = save.update(tx, rules, conversation)
        view = views.conversation_view(conversation, rules, is_opted_out=opted_out)
        received = events.MessageReceived(view, views.message_view(message))
        tx.facts.append([views.fact(received, now, conversation.id)])
        if is_reopened:
            reopened = save.fact(tx, rules, conversation, lambda view: events.ConversationReopened(view, None), now)
            tx.facts.append([reopened])
        if known is None and word is None:
            tx.facts.append([self._routing.placed(tx, conversation, now)])
        return True

    def _just_closed(self, tx: Transaction, line: LineSettings, consumer: str, now: int) -> Conversation | None:
        """The conversation that a text goes on with although it is closed."""
        latest = tx.conversations.latest_closed(line.address, consumer)
        if latest is None or latest.closed_at is None or latest.agent is None:
            return None
        reopen_s = self._brand.rules.of(latest.skill).reopen_s
        return latest if reopen_s and now - latest.closed_at <= reopen_s * 1000 else None

    def _taken_up_again(self, tx: Transaction, conversation: Conversation, now: int) -> Conversation:
        """Back to who had it, while they are there and have room; else to the best agent available."""
        owner = conversation.agent
        back = transitions.queued(conversation, now, "the consumer has written again")
        back = replace(back, outcome="", tags=())
        there = next((one for one in floor(tx, now).candidates() if one.agent.id == owner), None)
        was_wrapping_up = conversation.state is ConversationState.WRAP_UP
        if (
            there is not None
            and there.is_online
            and (was_wrapping_up or room(there, self._brand.rules, back.skill, now))
        ):
            return transitions.assigned(back, there.agent.id, f"the consumer has written again; {owner} knows it", now)
        return self._routing.place(tx, back, now)

    def _deadline(self, tx: Transaction, conversation: Conversation, message: Message) -> Deadline:
        is_first = history.is_first_contact(tx, conversation, self._brand.rules)
        return deadline_for(self._brand.rules.of(conversation.skill), message.at, is_first_contact=is_first)

    def _message(self, conversation: Conversation, arrival: InboundText, now: int, *, is_recovered: bool) -> Message:
        whole = storable(arrival.text)
        text = whole[: limits.INBOUND_LENGTH]
        measure = segments.measure(text)
        return Message(
            id=self._ids.new(),
            conversation_id=conversation.id,
            account=conversation.account,
            line=conversation.line,
            consumer=conversation.consumer,
            seq=conversation.last_seq + 1,
            direction=Direction.INBOUND,
            text=text,
            overflow=whole[limits.INBOUND_LENGTH :],
            at=min(arrival.at or now, now) if is_recovered else now,
            status=Status.RECEIVED,
            status_at=now,
            ref=arrival.ref,
            encoding=measure.encoding,
            segments=measure.segments,
            part=arrival.part,
            media=arrival.media,
            is_recovered=is_recovered,
        )

    def _consent(self, tx: Transaction, message: Message, kind: ConsentKind, rule: str, evidence: str) -> None:
        entry = ConsentEntry(
            id=self._ids.new(),
            at=message.at,
            account=message.account,
            line=message.line,
            consumer=message.consumer,
            kind=kind,
            rule=rule,
            evidence=evidence,
            message_id=message.id,
        )
        append_consent(tx, entry, message.conversation_id)

    def _report(self, tx: Transaction, account: str, report: DeliveryReceipt, now: int) -> None:
        message = self._reported(tx, account, report)
        if report.status is None:
            if message is not None:  # a word we do not know: shown as it is, changes nothing
                message = replace(message, raw_status=storable(report.raw_status), status_at=now)
                tx.messages.update(message)
                tx.facts.append([views.status_fact(message)])
            return
        receipt = Receipt(
            account=account,
            at=now,
            status=report.status,
            raw_status=report.raw_status,
            ref=report.ref,
            message_id=report.message_id,
            code=report.code,
            words=report.words,
            part=report.part,
            parts=report.parts,
        )
        if not tx.receipts.add_once(receipt) or message is None:
            return  # earlier than the answer of the send call: applied as soon as the reference is known
        if message.ref is None and report.ref is not None:
            message = replace(message, ref=report.ref)
            tx.messages.update(message)
        message = apply_receipts(tx, message, now)
        if report.opted_out and not save.is_opted_out(tx, message.consumer):
            rule = f"provider error {report.code}"
            self._consent(tx, message, ConsentKind.OPTED_OUT, rule, report.words or rule)

    def _reported(self, tx: Transaction, account: str, report: DeliveryReceipt) -> Message | None:
        message = tx.messages.get(report.message_id) if report.message_id else None
        if message is None and report.ref is not None:
            message = tx.messages.by_ref(account, report.ref)
        if message is None or message.account != account or message.direction is not Direction.REPLY:
            return None
        return message


def apply_receipts(tx: Transaction, message: Message, now: int) -> Message:
    """Move a reply to where all its reports put it, and tell when it moved."""
    told = summary(tx.receipts.for_message(message.account, message.id, message.ref))
    if told is None:
        return message
    is_further = furthest(message.status, told.status) is not message.status
    says_more = told.status is message.status and told.words not in (None, message.words)
    if not is_further and not says_more:
        return message
    moved = replace(
        message,
        status=told.status,
        status_at=now,
        code=told.code or message.code,
        words=told.words or (message.words if message.status in UNSUCCESSFUL else None),
    )
    tx.messages.update(moved)
    tx.facts.append([views.status_fact(moved)])
    return moved


def append_consent(tx: Transaction, entry: ConsentEntry, conversation_id: str | None) -> None:
    """Write the ledger and tell it."""
    tx.consent.append(entry)
    changed = events.ConsentChanged(
        consumer=entry.consumer,
        opted_out=save.is_opted_out(tx, entry.consumer),
        rule=entry.rule,
        conversation_id=conversation_id,
    )
    tx.facts.append([views.fact(changed, entry.at, conversation_id)])
