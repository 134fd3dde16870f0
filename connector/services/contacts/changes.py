"""Recording what is known of a person, and removing it."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import contact as rules
from connector.domain import fact_visibility
from connector.domain.audit import AuditAction
from connector.domain.contact import BadContact, Contact
from connector.domain.masking.masking import MaskingRules, mask
from connector.domain.masking.restoring import restored
from connector.domain.refusals import Refused
from connector.services import save
from connector.services.audit.record import record
from connector.services.contacts import names
from connector.services.refusals import unknown_contact
from connector.services.typed_address import require_number
from connector.services.unit_of_work import UnitOfWork
from connector.wire import answers, contacts, events
from connector.wire.refusals import RefusalCode

_FIELDS = ("name", "language", "attributes", "notes")


def set_of_conversation(uow: UnitOfWork, agent: str, request: contacts.SetContact) -> answers.ContactSaved:
    conversation = uow.conversation(request.conversation_id)
    return _set(uow, agent, conversation.person, conversation.consumer, request, request.based_on)


def set_of_number(uow: UnitOfWork, agent: str, request: contacts.SetContactOf) -> answers.ContactSaved:
    address = require_number(request.number, uow.brand.region)
    return _set(uow, agent, address.person, address.text, request, request.based_on)


def _set(
    uow: UnitOfWork, agent: str, person: str, consumer: str, request: contacts.ContactFields, based_on: str | None
) -> answers.ContactSaved:
    before = uow.tx.contacts.get(person) or Contact(person, consumer, "", 0, "")
    try:
        after = with_fields(before, request, uow.brand.masking)
    except BadContact as flaw:
        raise _refused(flaw) from None
    if after.content == before.content:
        return answers.ContactSaved(before.version)
    if based_on is not None and based_on != before.version:
        raise _newer(uow, before)
    if not any(after.content):
        return answers.ContactSaved(_removed(uow, agent, before))
    if person in uow.brand.our_persons:
        raise Refused(RefusalCode.BAD_REQUEST, f"{consumer} is one of our own lines, and no consumer.")
    saved = stored(after, uow.brand.ids.new(), uow.now, agent, consumer)
    uow.tx.contacts.save(saved)
    changed = [field for field in _FIELDS if getattr(saved, field) != getattr(before, field)]
    record(uow, agent, AuditAction.CONTACT_CHANGED, person=person, details={"fields": changed})
    tell(uow, saved, agent)
    return answers.ContactSaved(saved.version)


def remove(uow: UnitOfWork, agent: str, request: contacts.RemoveContact) -> None:
    address = require_number(request.number, uow.brand.region)
    before = uow.tx.contacts.get(address.person)
    if before is None:
        raise unknown_contact(request.number)
    _removed(uow, agent, before)


def _removed(uow: UnitOfWork, agent: str, before: Contact) -> str:
    uow.tx.contacts.remove(before.person)
    record(uow, agent, AuditAction.CONTACT_REMOVED, person=before.person)
    tell(uow, replace(before, version="", name=""), agent)
    return ""


def with_fields(before: Contact, fields: contacts.ContactFields, masking: MaskingRules) -> Contact:
    """The contact with what is to be recorded, as it is stored. Raises BadContact."""
    after = before
    if fields.name is not None:
        after = replace(after, name=_unmasked(rules.clean_name(fields.name), before.name, masking))
    if fields.language is not None:
        after = replace(after, language=rules.clean_language(fields.language))
    if fields.attributes is not None:
        known = dict(before.attributes)
        pairs = rules.clean_attributes(fields.attributes.items())
        values = ((name, _unmasked(value, known.get(name, ""), masking)) for name, value in pairs)
        after = replace(after, attributes=tuple(values))
    if fields.notes is not None:
        after = replace(after, notes=_unmasked(rules.clean_notes(fields.notes), before.notes, masking))
    return after


def stored(contact: Contact, version: str, at: int, by: str, consumer: str) -> Contact:
    """The contact as another version of it."""
    found_by = rules.found_by(contact.name)
    return replace(contact, version=version, changed_at=at, changed_by=by, consumer=consumer, found_by=found_by)


def tell(uow: UnitOfWork, contact: Contact, by: str) -> None:
    """Have the person's conversations follow, and desks hear of it that see one of them."""
    names.spread(uow, contact.person)
    seen = uow.tx.conversations.visibilities_with(contact.person).values()
    if not seen:
        return  # no desk shows it
    person = "" if contact.person == contact.consumer else contact.person
    name, _ = mask(contact.name, uow.brand.masking)
    changed = events.ContactChanged(contact.consumer, person, name, contact.version, by)
    save.fact(uow, changed, None, visibility=fact_visibility.of_visibilities(*dict.fromkeys(seen)))


def _unmasked(text: str, before: str, masking: MaskingRules) -> str:
    whole = restored(text, before, masking)
    if whole is None:
        raise BadContact("Some of what is masked (█) was changed: leave all of that as it was, or delete all of it.")
    return whole


def _refused(flaw: BadContact) -> Refused:
    if flaw.limit:
        return Refused(RefusalCode.TOO_LONG, str(flaw), limit=flaw.limit, length=flaw.length)
    return Refused(RefusalCode.BAD_REQUEST, str(flaw))


def _newer(uow: UnitOfWork, contact: Contact) -> Refused:
    known = uow.tx.agents.get(contact.changed_by) if contact.version else None
    who = known.name if known is not None else contact.changed_by or "An agent"
    what = "changed" if contact.version else "removed"
    words = f"{who} has {what} it since you looked at it: look at what it says now, and save yours again."
    by, at = contact.changed_by, contact.changed_at
    return Refused(RefusalCode.NEWER_CONTACT, words, version=contact.version, agent=by, at=at)
