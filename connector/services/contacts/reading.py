"""What is known of a person, as those read it who may."""

from __future__ import annotations

from connector.domain.address import shown
from connector.domain.audit import AuditAction, AuditNote
from connector.domain.contact import Contact
from connector.services import views
from connector.services.query import Query
from connector.services.refusals import unknown_contact
from connector.services.typed_address import require_number
from connector.sms.addresses import without_separators
from connector.sms.folding import folded
from connector.wire import answers, contacts, limits
from connector.wire.contacts import ContactView, PersonView

_MOST_WORDS = 4
_LOOKED_AT = 200  # contacts that are found, of which the asker may see some


def of_conversation(query: Query, question: contacts.GetContact) -> answers.PersonFound:
    conversation = query.conversation(question.conversation_id)
    return answers.PersonFound(person_view(query, conversation.person, conversation.consumer, conversation.id))


def of_number(query: Query, question: contacts.GetContactOf) -> answers.PersonFound:
    address = require_number(question.number, query.brand.region)
    found = person_view(query, address.person, address.text)
    if not found.contact.version and not found.others:
        raise unknown_contact(question.number)
    query.notes.append(AuditNote(AuditAction.CONTACT_READ, person=address.person, is_hourly=True))
    return answers.PersonFound(found)


def person_view(query: Query, person: str, consumer: str, without: str = "") -> PersonView:
    """`without`: the conversation that it is asked about."""
    contact = query.reading.contact(person) or Contact(person, consumer, "", 0, "")
    seen = [one for one in query.reading.desk_pages.past_with(person) if query.rights.may_see(one.visibility)]
    others = [one for one in seen if one.id != without]
    return PersonView(
        contact=contact_view(query, contact),
        others=len(others),
        since=min((one.opened_at for one in seen), default=None),
        latest=[views.past_conversation_view(one, query.brand.masking) for one in others[: limits.PAST_CONVERSATIONS]],
    )


def find(query: Query, question: contacts.FindContacts) -> answers.Contacts:
    limit = max(1, min(question.limit, limits.CONTACTS_FOUND))
    digits = without_separators(question.words).lstrip("+0")
    if not digits.isdecimal() or len(digits) < 3:
        digits = ""
    words = [] if digits else folded(question.words).split()[:_MOST_WORDS]
    if not digits and not words:
        return answers.Contacts([], False)
    most = limit + 1 if query.rights.sees_everything else _LOOKED_AT
    found = [one for one in query.reading.contacts_found(words, digits, most) if _shows(query, one.person)]
    return answers.Contacts([contact_view(query, one, is_brief=True) for one in found[:limit]], len(found) > limit)


def page(query: Query, question: contacts.GetContacts) -> answers.Contacts:
    limit = max(1, min(question.limit, limits.CONTACTS_PAGE))
    found = query.reading.contacts_after(question.after, limit + 1)
    query.notes.append(AuditNote(AuditAction.CONTACTS_READ, is_hourly=True))
    return answers.Contacts([contact_view(query, one) for one in found[:limit]], len(found) > limit)


def contact_view(query: Query, contact: Contact, *, is_brief: bool = False) -> ContactView:
    number = shown(contact.consumer, query.brand.region)
    return views.contact_view(contact, number, query.brand.masking, is_brief=is_brief)


def _shows(query: Query, person: str) -> bool:
    """Whether the asker sees a conversation with them, or there is none."""
    if query.rights.sees_everything:
        return True
    found = query.visibilities_with(person).values()
    return not found or any(map(query.rights.may_see, found))
