"""Whether an agent may send a text now: what keeps a stolen token, or a slip of the finger, from costing much.

The country of a number and how many new numbers there were count for those who never wrote to us: a consumer who did is
always answered.
"""

from __future__ import annotations

from msgspec import Struct

from connector.base.counted import count
from connector.domain.address import costly_range, country_of, is_whole, without_doubled_digit
from connector.domain.audit import AuditAction
from connector.domain.message import Direction, Message
from connector.domain.refusals import Refused
from connector.domain.rights import Visibility
from connector.domain.sending_limits import HOUR_MS, Counted, Reached, counted_since, reached, slot_of, slots_since
from connector.services.audit.record import record
from connector.services.durations import in_words
from connector.services.unit_of_work import UnitOfWork
from connector.sms.addresses import is_e164, may_lack_area_code
from connector.wire import limits
from connector.wire.refusals import RefusalCode

_CODES = {
    Counted.NEW_NUMBERS: (
        RefusalCode.TOO_MANY_NEW_NUMBERS,
        ("number that was never written with before", "numbers that were never written with before"),
    ),
    Counted.SENDS: (RefusalCode.TOO_MANY_SENDS, ("text", "texts")),
}
_COUNTRY = "country"


class Admission(Struct, frozen=True):
    """A text that may be sent. Only `admitted` makes one; `counted` has it count."""

    agent: str
    person: str
    is_new_number: bool
    overridden: tuple[str, ...] = ()  # the limits that a lead has set aside for it


def admitted(
    uow: UnitOfWork,
    agent: str,
    seen: Visibility,
    consumer: str,
    person: str,
    *,
    has_written: bool,
    override: bool,
    is_first_text: bool = False,
    is_confirmed: bool = False,
) -> Admission:
    """Raises Refused unless the agent may text this consumer now.

    `seen`: the account and skill it is sent for, whose leads may `override` limits. `has_written`: they ever wrote to
    us (`has_written_to_us`). `is_first_text`: not an answer in a conversation, so that the number was typed; one that
    looks wrong is to be confirmed.
    """
    if override and not uow.rights.may_lead(seen):
        words = f"Only leads of {seen.skill} at {seen.account} may set a limit aside."
        raise Refused(RefusalCode.NOT_ALLOWED, words)
    overridden = []
    if not has_written:
        if is_first_text and not is_confirmed:
            _require_plausible(consumer)
        if (country := _foreign(uow, consumer)) is not None:
            if not override:
                raise _not_texted_first(uow, seen, consumer, country)
            overridden.append(_COUNTRY)
    is_new = not has_written and not _messages(uow, person, seen.account)
    sent = uow.tx.sends.of(agent, counted_since(uow.now), slots_since(uow.now))
    found = reached(uow.brand.sending, sent, uow.now, is_new=is_new)
    if found is not None:
        if not override:
            raise _too_many(uow, seen, found)
        overridden.append(str(found.what))
    return Admission(agent, person, is_new, tuple(overridden))


def has_written_to_us(uow: UnitOfWork, person: str, account: str) -> bool:
    """Whether they ever wrote to this account or another one of the asker's. What may be sent must not say what the
    others have with them."""
    if not uow.tx.messages.has_inbound(person):
        return False
    found = _messages(uow, person, account)
    return not uow.rights.accounts or any(one.direction is Direction.INBOUND for one in found)


def _messages(uow: UnitOfWork, person: str, account: str) -> list[Message]:
    """Of the latest messages with this person, those of this account or another one of the asker's."""
    rights = uow.rights
    latest = uow.tx.messages.history(person, None, limits.PAGE_SIZE if rights.accounts else 1)
    return [one for one in latest if one.account == account or rights.sees_account(one.account)]


def is_texted_automatically(uow: UnitOfWork, consumer: str) -> bool:
    """Whether a text that no agent writes may go there: a stranger must not make us text where it is costly."""
    return _foreign(uow, consumer) is None and not costly_range(consumer)


def counted(uow: UnitOfWork, admission: Admission, message_id: str) -> None:
    """Count a text that is sent, and record which limits were set aside for it."""
    uow.tx.sends.add(admission.agent, slot_of(uow.now), is_new_number=admission.is_new_number)
    if admission.overridden:
        record(
            uow,
            admission.agent,
            AuditAction.OVERRIDDEN,
            subject=message_id,
            person=admission.person,
            details={"limits": [*admission.overridden]},
        )


def _require_plausible(consumer: str) -> None:
    if meant := without_doubled_digit(consumer):
        words = f"{consumer} is no number in use, and one digit stands twice in it. Did you mean {meant[0]}?"
    elif kind := costly_range(consumer):
        words = f"{consumer} is {kind}: texts to it may cost much, or not arrive."
    elif may_lack_area_code(consumer):
        words = f"{consumer} may lack its area code: so long a short code is rare."
    elif is_e164(consumer) and not is_whole(consumer):
        words = f"{consumer} may lack its area code: numbers of its country are longer."
    else:
        return
    suggestion = meant[0] if meant else None
    raise Refused(RefusalCode.DOUBTFUL_NUMBER, f"{words} Confirm to send it all the same.", suggestion=suggestion)


def _foreign(uow: UnitOfWork, consumer: str) -> str | None:
    """The country of a number that is not texted first, or None."""
    allowed = uow.brand.sending.countries
    country = "" if allowed is None else country_of(consumer)
    return country if country and country not in (allowed or ()) else None


def _not_texted_first(uow: UnitOfWork, seen: Visibility, consumer: str, country: str) -> Refused:
    allowed = ", ".join(sorted(uow.brand.sending.countries or ())) or "none"
    may_override = _may_override(uow, seen)
    who = "As a lead you may send it all the same" if may_override else "Ask a lead if it has to be sent"
    words = (
        f"{consumer} is a number of {country}, and consumers there are not texted first (only of: {allowed})."
        f" {who}; `countries` of [sending] in the configuration allows it for good."
    )
    return Refused(RefusalCode.COUNTRY_NOT_ALLOWED, words, country=country, may_override=may_override)


def _too_many(uow: UnitOfWork, seen: Visibility, found: Reached) -> Refused:
    code, what = _CODES[found.what]
    span = "an hour" if found.hours == 1 else f"the last {found.hours} hours"
    to = "to " if found.what is Counted.NEW_NUMBERS else ""
    may_override = _may_override(uow, seen)
    who = "as a lead you may send it now" if may_override else "ask a lead if it cannot wait"
    wait = found.free_at - uow.now
    slots = ""
    if wait > found.hours * HOUR_MS:
        slots = f" (sends are counted by {'five minutes' if found.hours == 1 else 'the hour'})"
    words = (
        f"You have sent {to}{count(found.limit, *what)} within {span}, which is the limit."
        f" The next may be sent in {in_words(wait)}{slots}; {who}."
    )
    return Refused(code, words, limit=found.limit, hours=found.hours, free_at=found.free_at, may_override=may_override)


def _may_override(uow: UnitOfWork, seen: Visibility) -> int:
    """1 where the same request with `override` would be carried out, otherwise 0."""
    return int(uow.rights.may_lead(seen))
