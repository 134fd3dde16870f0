"""What consumers' texts say about consent: recorded with the text, in one transaction.

Only a text that is proven to be the consumer's lifts an opt-out; any text may block (docs/decisions/0021).
"""

from __future__ import annotations

from connector.domain.address import parse, region_of
from connector.domain.consent.entries import ConsentEntry, ConsentKind, ConsentSignal, LikelyOptOut
from connector.domain.consent.keywords import consent_signal
from connector.domain.consent.likely import likely_opt_out
from connector.domain.message import Message
from connector.providers.values import InboundText
from connector.services.consent import keyed_hash, ledger, parts
from connector.services.unit_of_work import UnitOfWork
from connector.sms.storable import storable
from connector.wire import limits
from connector.wire.joined_parts import JoinedMessage

_LIKELY = "reads like an opt-out"


def take(
    uow: UnitOfWork, message: Message, by_provider: ConsentSignal | None, *, is_proven: bool
) -> ConsentSignal | None:
    """Record what a stored text says about consent. Returns the opt-out or opt-in, which needs no answer; None for
    every other text, also one that reads like an opt-out."""
    whole = None
    if parts.is_part(message) and (by_provider is None or by_provider.kind is not ConsentKind.OPTED_OUT):
        whole = parts.text_of(uow, message)
        if whole is None:
            return None  # it repeats a part
        if whole.numbers < whole.total:
            _flag_part(uow, message)
            return None
    text = message.text + message.overflow if whole is None else whole.text
    country = region_of(message.line) or ""
    signal = consent_signal(text, by_provider, uow.is_opted_out(message.person), country)
    if signal is not None:
        return signal if _apply(uow, message, text[: limits.INBOUND_LENGTH], signal, is_proven=is_proven) else None
    words = likely_opt_out(text)
    if words:
        flag(uow, message, words)
    elif whole is not None:
        _unflag(uow, message, whole)
    return None


def take_unrouted(uow: UnitOfWork, account: str, arrival: InboundText) -> None:
    """Record what a text to a number of the account says that is not in the configuration: it becomes no message.
    It lifts nothing."""
    text = storable(arrival.text)
    country = region_of(arrival.line)
    person = parse(arrival.consumer, country).person
    signal = consent_signal(text, arrival.consent, is_opted_out=False, country=country or "")
    words = likely_opt_out(text)
    likely = LikelyOptOut(person, uow.now, account, arrival.line, arrival.consumer, None, words or text)
    if signal is None or signal.kind is not ConsentKind.OPTED_OUT:
        if words:
            _set_likely(uow, likely, None)
    elif arrival.part is not None and arrival.part.total > 1:
        _set_likely(uow, likely, None)  # a segment; the others are not stored
    elif not uow.is_opted_out(person):
        entry = ConsentEntry(
            id=uow.brand.ids.new(),
            at=uow.now,
            account=account,
            line=arrival.line,
            consumer=arrival.consumer,
            person=person,
            kind=signal.kind,
            rule=signal.rule,
            evidence=text,
        )
        ledger.append(uow, entry)


def take_erased(uow: UnitOfWork, account: str, person: str, arrival: InboundText) -> None:
    """Record an opt-out in a text that is of before the erasure of its consumer and becomes no message, unless they
    have said something about it since. One that only reads like an opt-out counts where no agent will
    decide about it."""
    latest = uow.latest_consent(person)
    if latest is not None and latest.at >= (arrival.at or uow.now):
        return
    if uow.tx.conversations.open_of(person) or uow.tx.conversations.has_closed(person):
        take_unrouted(uow, account, arrival)  # they have come back: their number is known again
        return
    text, country = storable(arrival.text), region_of(arrival.line) or ""
    signal = consent_signal(text, arrival.consent, is_opted_out=False, country=country)
    if signal is not None and signal.kind is ConsentKind.OPTED_OUT:
        keyed_hash.opt_out(uow, person, account, arrival.line, signal.rule)
    elif likely_opt_out(text):
        keyed_hash.opt_out(uow, person, account, arrival.line, keyed_hash.UNDECIDED)


def flag(uow: UnitOfWork, message: Message, words: str) -> None:
    """Have nothing sent to this consumer until an agent has decided. The latest such text counts."""
    likely = LikelyOptOut(
        message.person, message.at, message.account, message.line, message.consumer, message.id, words
    )
    _set_likely(uow, likely, message.conversation_id)


def _set_likely(uow: UnitOfWork, likely: LikelyOptOut, conversation_id: str | None) -> None:
    if uow.is_opted_out(likely.person):
        return  # that blocks already, and until the consumer themselves lifts it
    uow.tx.consent.set_likely(likely)
    ledger.announce(uow, likely.person, likely.consumer, _LIKELY, conversation_id)


def _apply(uow: UnitOfWork, message: Message, text: str, signal: ConsentSignal, *, is_proven: bool) -> bool:
    """Record an opt-out or opt-in unless it lifts without proof, or is older than what it would overrule. Returns
    whether the text is one, so that it needs no answer."""
    latest = uow.latest_consent(message.person)
    is_older = message.is_recovered and latest is not None and message.at < latest.at
    if signal.kind is ConsentKind.OPTED_IN and (is_older or not is_proven):
        return False
    if not is_older or latest is None:
        ledger.record(uow, message, signal.kind, signal.rule, text, at=message.at)
    elif latest.kind is ConsentKind.OPTED_IN:
        flag(uow, message, text)  # missed, and overruled since by what they or an agent said: an agent decides
        return False
    return True


def _flag_part(uow: UnitOfWork, message: Message) -> None:
    """While parts are missing, one that would be an opt-out by itself blocks, until the rest says otherwise."""
    signal = consent_signal(message.text, None, is_opted_out=False, country=region_of(message.line) or "")
    if signal is not None or likely_opt_out(message.text):
        flag(uow, message, message.text)


def _unflag(uow: UnitOfWork, message: Message, whole: JoinedMessage) -> None:
    """The whole text is no opt-out: a flag that one of its parts has set goes."""
    likely = uow.tx.consent.likely(message.person)
    if likely is not None and likely.message_id in whole.part_ids:
        uow.tx.consent.remove_likely(message.person)
        ledger.announce(uow, message.person, message.consumer, "the whole text is no opt-out", message.conversation_id)
