"""What a consumer said about being texted, under the keyed hash of their number."""

from __future__ import annotations

from connector.domain.consent.entries import ConsentEntry, ConsentKind
from connector.services.unit_of_work import UnitOfWork

UNDECIDED = "reads like an opt-out, and was erased before an agent had decided"


def without_number(uow: UnitOfWork, person: str) -> None:
    """Put all of it under the keyed hash."""
    _decide_likely(uow, person)
    uow.tx.consent.pseudonymise(person, uow.brand.pseudonyms.of(person))


def opt_out(uow: UnitOfWork, person: str, account: str, line: str, rule: str) -> None:
    """Record one of a person who was erased: the number is not written at all."""
    pseudonym = uow.brand.pseudonyms.of(person)
    entry = ConsentEntry(
        id=uow.brand.ids.new(),
        at=uow.now,
        account=account,
        line=line,
        consumer=pseudonym,
        person=pseudonym,
        kind=ConsentKind.OPTED_OUT,
        rule=rule,
        evidence="",
    )
    uow.tx.consent.append(entry)
    uow.tx.consent.pseudonymise(person, pseudonym)  # what is remembered of them is read anew


def _decide_likely(uow: UnitOfWork, person: str) -> None:
    """A text that may be an opt-out goes, so that no agent can decide any more: it counts as one."""
    likely = uow.likely_opt_out(person)
    if likely is not None:
        entry = ConsentEntry(
            id=uow.brand.ids.new(),
            at=likely.at,
            account=likely.account,
            line=likely.line,
            consumer=likely.consumer,
            person=person,
            kind=ConsentKind.OPTED_OUT,
            rule=UNDECIDED,
            evidence="",
        )
        uow.tx.consent.append(entry)
    uow.tx.consent.remove_likely(person)
