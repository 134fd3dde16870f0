"""Questions about the audit: its entries, and whether they are what was stored."""

from __future__ import annotations

from connector.domain.audit import AuditAction, AuditEntry, AuditNote, first_break
from connector.domain.pseudonyms import Pseudonyms
from connector.domain.refusals import Refused
from connector.services.query import Query
from connector.services.refusals import unknown
from connector.services.typed_address import require_number
from connector.store.ports import Reading
from connector.wire import administration, answers, limits
from connector.wire.administration import CORE
from connector.wire.refusals import RefusalCode
from connector.wire.views import AuditEntryView

_LOOKED_AT = 5_000  # entries, for one page of those that fit
# Entries are in the order of storing; their times are, but for steps of a clock.
_CLOCK_STEP_MS = 3_600_000


def page(query: Query, question: administration.GetAudit) -> answers.AuditPage:
    """Entries that fit, the latest first. Reading them is itself an entry. Raises Refused."""
    if question.action is not None and question.action not in set(AuditAction):
        raise Refused(RefusalCode.BAD_REQUEST, unknown("action", question.action, AuditAction))
    actor = None if question.agent is None else _actor(query, question.agent)
    person = None if question.number is None else query.brand.pseudonyms.of(_person(query, question.number))
    limit = max(1, min(question.limit, limits.AUDIT_PAGE))
    before = limits.BIGGEST_NUMBER if question.before is None else question.before
    looked_at, looked_until = _looked_at(query, before, actor, person)
    found: list[AuditEntry] = []
    following: int | None = None
    for entry in looked_at:
        if entry.at < question.since - _CLOCK_STEP_MS:
            break
        if len(found) == limit:
            following = found[-1].number
            break
        if entry.at >= question.since and question.action in (None, entry.action):
            found.append(entry)
    else:
        following = looked_until
    _note(query, question)
    return answers.AuditPage([_view(entry) for entry in found], following)


def _looked_at(query: Query, before: int, actor: str | None, person: str | None) -> tuple[list[AuditEntry], int | None]:
    """Entries of who did it and of this person, the latest first, and the number down to which these are all; None:
    to the first. With those of an agent, those of refused sign-ins as this agent, which the core records."""
    found = query.reading.audit_before(before, actor, person, _LOOKED_AT)
    ends = [found[-1].number] if len(found) == _LOOKED_AT else []
    if actor:
        of_core = query.reading.audit_before(before, "", person, _LOOKED_AT)
        ends += [of_core[-1].number] if len(of_core) == _LOOKED_AT else []
        refused = [one for one in of_core if one.action == AuditAction.SIGN_IN_REFUSED and one.subject == actor]
        found = sorted([*found, *refused], key=lambda one: -one.number)
    until = max(ends, default=None)
    return [one for one in found if until is None or one.number >= until], until


def _actor(query: Query, name: str) -> str:
    """Who is meant: an agent, or the core itself. Raises Refused for who is no agent, and has never done anything that
    is recorded."""
    reading = query.reading
    if name == "" or reading.agent(name) is not None or reading.audit_before(limits.BIGGEST_NUMBER, name, None, 1):
        return name
    if name == CORE:
        return ""
    known = dict.fromkeys([CORE, *(one.id for one in reading.desk_pages.agents())])
    raise Refused(RefusalCode.BAD_REQUEST, unknown("agent", name, known))


def verify(query: Query, question: administration.VerifyAudit) -> answers.AuditVerified:
    return verified(query.reading, query.brand.pseudonyms, question)


def verified(reading: Reading, pseudonyms: Pseudonyms, question: administration.VerifyAudit) -> answers.AuditVerified:
    """Recompute the hashes of a page of entries, from the one after `question.after`, whose hash is given."""
    limit = max(1, min(question.limit, limits.AUDIT_PAGE))
    # From the first on, also what has a number below 1: no entry was stored with one.
    stored = reading.stored_audit(question.after or -limits.BIGGEST_NUMBER, limit)
    last, hash_, broken = first_break(stored, question.after, question.hash, pseudonyms)
    if broken is not None:
        return answers.AuditVerified(last, hash_, False, broken.number, broken.words)
    return answers.AuditVerified(last, hash_, len(stored) == limit)


def _note(query: Query, question: administration.GetAudit) -> None:
    asked: dict[str, str | int | list[str]] = {}
    if question.agent is not None:
        asked["agent"] = question.agent
    if question.action is not None:
        asked["action"] = question.action
    if question.since:
        asked["since"] = question.since
    person = "" if question.number is None else _person(query, question.number)
    is_next_page = question.before is not None
    query.notes.append(AuditNote(AuditAction.AUDIT_READ, person=person, details=asked, is_hourly=is_next_page))


def _person(query: Query, number: str) -> str:
    """The person whom a number means, in the country of the lines where they share one. Raises Refused."""
    return require_number(number, query.brand.region).person


def _view(entry: AuditEntry) -> AuditEntryView:
    return AuditEntryView(
        entry.number, entry.at, entry.actor, entry.action, entry.subject, entry.person, entry.details, entry.hash
    )
