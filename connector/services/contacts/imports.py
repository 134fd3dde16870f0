"""Importing contacts from a file: its lines are checked and staged page by page, and applied at once.

Reading and checking hold up no writer; staging a page and applying all of them are some milliseconds of it. The names
of what was applied reach conversations and desks afterwards, some persons at a time.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from connector.base.counted import count
from connector.domain.audit import AuditAction
from connector.domain.contact import BadContact, Contact, found_by
from connector.domain.refusals import Refused
from connector.services.audit.record import record
from connector.services.contacts import changes
from connector.services.query import Query
from connector.services.settings import BrandSettings
from connector.services.typed_address import require_number
from connector.services.unit_of_work import UnitOfWork
from connector.sms.addresses import may_lack_area_code
from connector.store.contact_imports import DROPPED, ContactImport, StagedContact
from connector.wire import answers, contacts, limits
from connector.wire.contacts import ContactRow, WrongLine
from connector.wire.refusals import RefusalCode

_AT_ONCE = 100  # persons whose conversations follow in one transaction
_DROPPED_AT_ONCE = 1000
_ABANDONED_MS = 24 * 3_600_000


class Checked(Struct, frozen=True):
    """What the lines of one request make of contacts, and what is said of them."""

    rows: tuple[StagedContact, ...]
    answer: answers.ContactsStaged


def check(query: Query, request: contacts.StageContacts) -> Checked:
    """Raises Refused for an import without an id."""
    if not request.import_id:
        raise Refused(RefusalCode.BAD_REQUEST, "An import has an id.")
    brand, reading = query.brand, query.reading
    numbers = {row.line: _number(brand, row) for row in request.rows}
    persons = {person for person, _ in filter(None, (one for one in numbers.values() if not isinstance(one, str)))}
    seen = reading.staged_lines(request.import_id, persons)
    known = reading.contacts_among(persons)
    staged: list[StagedContact] = []
    wrong: list[WrongLine] = []
    emptied = 0
    for row in request.rows:
        found = numbers[row.line]
        if isinstance(found, str):
            wrong.append(WrongLine(row.line, found))
            continue
        person, consumer = found
        if person not in known and may_lack_area_code(consumer):
            words = f"{consumer} may lack its area code: write the number with its country code, like +14155550133."
            wrong.append(WrongLine(row.line, words))
            continue
        if seen.setdefault(person, row.line) != row.line:
            words = f"It is the number of line {seen[person]} again: leave one of the two."
            wrong.append(WrongLine(row.line, words))
            continue
        before = known.get(person) or Contact(person, consumer, "", 0, "")
        try:
            after = changes.with_fields(before, _with_known_attributes(before, row), brand.masking)
            if not any(after.content):
                raise BadContact("Nothing is said of this number: it has no name, language, attribute or notes.")
        except BadContact as flaw:
            wrong.append(WrongLine(row.line, str(flaw)))
            staged.append(StagedContact(import_id=request.import_id, person=person, line=row.line, is_wrong=True))
            continue
        emptied += _loses(before, after)
        staged.append(_staged(request.import_id, row.line, before, after, consumer))
    new = sum(one.is_changed and not one.based_on for one in staged)
    changed = sum(one.is_changed for one in staged) - new
    right = sum(not one.is_wrong for one in staged)
    answer = answers.ContactsStaged(wrong, new, changed, right - new - changed, emptied)
    return Checked(tuple(staged), answer)


def _number(brand: BrandSettings, row: ContactRow) -> tuple[str, str] | str:
    """Person and address of a line, or why it has none."""
    if not row.number.strip():
        return "It has no number."
    try:
        address = require_number(row.number[: limits.KEY_LENGTH], brand.region)
    except Refused as no:
        return no.words
    if address.person in brand.our_persons:
        return f"{address.text} is one of our own lines, and no consumer: leave it out."
    return address.person, address.text


def _with_known_attributes(before: Contact, row: ContactRow) -> ContactRow:
    """With those that the contact has and the file has no column for; in one case, that of the contact."""
    if row.attributes is None:
        return row
    merged = dict(before.attributes)
    known = {name.casefold(): name for name in merged}
    for name, value in row.attributes.items():
        merged[known.get(" ".join(name.split()).casefold(), name)] = value
    return replace(row, attributes=merged)


def _loses(before: Contact, after: Contact) -> bool:
    """Whether something that is recorded would be gone."""
    values = zip((before.name, before.language, before.notes), (after.name, after.language, after.notes), strict=True)
    return any(old and not new for old, new in values) or bool(dict(before.attributes).keys() - dict(after.attributes))


def _staged(import_id: str, line: int, before: Contact, after: Contact, consumer: str) -> StagedContact:
    return StagedContact(
        import_id=import_id,
        person=before.person,
        line=line,
        is_changed=after.content != before.content,
        based_on=before.version,
        consumer=consumer,
        name=after.name,
        language=after.language,
        attributes=after.attributes,
        notes=after.notes,
        found_by=found_by(after.name),
    )


def stage(uow: UnitOfWork, agent: str, import_id: str, checked: Checked) -> answers.ContactsStaged:
    known = uow.tx.contact_imports.get(import_id)
    if known is None:
        uow.tx.contact_imports.save(ContactImport(import_id, agent, uow.now))
    elif known.applied_at is not None or known.at == DROPPED or known.agent != agent:
        raise Refused(RefusalCode.BAD_REQUEST, "That import is applied already, or another one's: begin a new one.")
    uow.tx.contact_imports.stage(checked.rows)
    return checked.answer


def apply(uow: UnitOfWork, agent: str, request: contacts.ApplyContacts) -> answers.ContactsImported:
    imports = uow.tx.contact_imports
    known = imports.get(request.import_id)
    if known is None or known.applied_at is not None or known.at == DROPPED or known.agent != agent:
        raise Refused(RefusalCode.BAD_REQUEST, "There is no such import: import the file again.")
    there = imports.counts(request.import_id)
    if there.wrong and not request.skip_wrong:
        words = f"Nothing was imported, as {count(there.wrong, 'line')} {'is' if there.wrong == 1 else 'are'} wrong."
        raise Refused(RefusalCode.WRONG_LINES, words, count=there.wrong)
    if there.right != request.right:
        words = f"{there.right:,} lines are here, and {request.right:,} were sent: import the file again."
        raise Refused(RefusalCode.BAD_REQUEST, words)
    if outdated := imports.outdated(request.import_id):
        words = f"{count(outdated, 'contact')} changed while the file was read: import it again."
        raise Refused(RefusalCode.NEWER_CONTACT, words)
    imports.apply(request.import_id, uow.brand.ids.new(), uow.now, agent)
    imports.save(ContactImport(known.id, agent, known.at, uow.now))
    done = answers.ContactsImported(there.added, there.changed, there.right - there.added - there.changed)
    details = {"added": done.added, "changed": done.changed, "unchanged": done.unchanged}
    record(uow, agent, AuditAction.CONTACTS_IMPORTED, details=details)
    return done


def drop(uow: UnitOfWork, agent: str, request: contacts.DropContacts) -> None:
    known = uow.tx.contact_imports.get(request.import_id)
    if known is not None and known.applied_at is None and known.agent == agent:
        uow.tx.contact_imports.save(ContactImport(known.id, agent, DROPPED))


def follow(uow: UnitOfWork) -> bool:
    """Have the conversations of some persons follow what was applied, or some lines of what was dropped go. Returns
    whether more is left."""
    imports = uow.tx.contact_imports
    known = imports.first_applied()
    if known is None:
        return _expire(uow, DROPPED + 1)
    persons = imports.next_persons(known.id, _AT_ONCE)
    if not persons:
        imports.remove(known.id)
        return True
    for person in imports.changed_among(known.id, persons[-1]):
        contact = uow.tx.contacts.get(person)
        if contact is not None:
            changes.tell(uow, contact, known.agent)
    imports.remove_until(known.id, persons[-1])
    return True


def expire(uow: UnitOfWork) -> bool:
    """Drop some of an import that nobody has applied for a day. Returns whether more is left."""
    return _expire(uow, uow.now - _ABANDONED_MS)


def _expire(uow: UnitOfWork, begun_before: int) -> bool:
    known = uow.tx.contact_imports.abandoned(begun_before)
    if known is not None:
        _drop(uow, known)
    return known is not None


def _drop(uow: UnitOfWork, known: ContactImport) -> None:
    """Some of its lines; once there are none, the import."""
    persons = uow.tx.contact_imports.next_persons(known.id, _DROPPED_AT_ONCE)
    if persons:
        uow.tx.contact_imports.remove_until(known.id, persons[-1])
    if len(persons) < _DROPPED_AT_ONCE:
        uow.tx.contact_imports.remove(known.id)
