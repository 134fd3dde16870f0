"""People who are found by a search: by their number, or by the name of their contact."""

from __future__ import annotations

from connector.domain.address import shown
from connector.domain.contact import Contact
from connector.domain.conversation import Conversation
from connector.domain.masking.masking import mask
from connector.domain.search.lookups import Lookup, any_of
from connector.domain.search.matching import Matcher
from connector.domain.search.query import TypedQuery
from connector.domain.search.terms import number_of_conversation
from connector.services.query import Query
from connector.services.search.asked import Asked
from connector.sms.folding import folded
from connector.store.search import FoundMessage
from connector.wire.views import PersonHitView

_MOST = 10
_LOOKED_AT = 300  # conversations that have the number
_CONTACTS = 40  # that have the name, of which the asker may see some
_MOST_WORDS = 4


def people_found(query: Query, typed: TypedQuery, latest: int) -> list[PersonHitView]:
    """Each with their latest conversation. `latest`: the number of the last message in the index."""
    found = _by_number(query, typed, latest) | _by_name(query, typed)
    return list(found.values())[:_MOST]


def _by_number(query: Query, typed: TypedQuery, latest: int) -> dict[str, PersonHitView]:
    """By person."""
    if not (wanted := Asked(numbers=tuple(typed.numbers))).numbers:
        return {}
    reading = query.reading.search
    lookup: Lookup = (any_of(map(number_of_conversation, wanted.numbers)),)
    of_person: dict[str, FoundMessage] = {}
    for one in reading.candidates(reading.find(lookup, latest + 1, _LOOKED_AT)):
        if query.rights.may_see(one.visibility) and wanted.is_of_number(one.consumer, one.person):
            of_person.setdefault(one.person, one)
    chosen = {person: one.conversation_id for person, one in list(of_person.items())[:_MOST]}
    known = reading.conversations(chosen.values())
    return {person: _of_conversation(query, known[id_]) for person, id_ in chosen.items() if id_ in known}


def _by_name(query: Query, typed: TypedQuery) -> dict[str, PersonHitView]:
    """Where nothing but words is searched for, all of which a name has."""
    words = [word for piece in typed.pieces for word in piece.words]
    if not words or len(words) > _MOST_WORDS or typed.qualifiers or any(piece.number for piece in typed.pieces):
        return {}
    matcher = Matcher(typed.pieces)
    contacts = query.reading.contacts_found(folded(" ".join(words)).split()[:_MOST_WORDS], "", _CONTACTS)
    found = {}
    for contact in contacts:
        name, _ = mask(contact.name, query.brand.masking)
        if matcher.ranges(name) and (person := _of_contact(query, contact, name)) is not None:
            found[contact.person] = person
    return found


def _of_contact(query: Query, contact: Contact, name: str) -> PersonHitView | None:
    """None where there are conversations with them, and the asker may see none of these."""
    past = query.reading.desk_pages.past_with(contact.person)
    seen = [one.id for one in past if query.rights.may_see(one.visibility)]
    if seen:
        known = query.reading.search.conversations([seen[0]])
        return _of_conversation(query, known[seen[0]])
    if past:
        return None
    number = shown(contact.consumer, query.brand.region)
    return PersonHitView(contact.consumer, "", "", "", None, 0, number if number != contact.consumer else "", name)


def _of_conversation(query: Query, conversation: Conversation) -> PersonHitView:
    return PersonHitView(
        consumer=conversation.consumer,
        conversation_id=conversation.id,
        state=conversation.state,
        line=conversation.line,
        agent=conversation.agent,
        last_at=conversation.last_at,
        shown=conversation.shown if conversation.shown != conversation.consumer else "",
        name=mask(conversation.name, query.brand.masking)[0] if conversation.name else "",
    )
