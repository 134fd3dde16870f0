"""Erasing one person, in steps of one transaction each. Run again, they erase what is left.

The first step draws the line: conversations that are stored go, and a text that comes after it opens one that stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from connector.domain import fact_visibility
from connector.domain.address import Address, AddressKind, is_possible, parse
from connector.domain.audit import AuditAction
from connector.domain.contact import Contact
from connector.domain.conversation import Conversation
from connector.domain.mentions import Mentions
from connector.domain.message import Message
from connector.domain.refusals import Refused
from connector.services import save
from connector.services.audit.record import record
from connector.services.consent import keyed_hash
from connector.services.erasure import erased_hooks
from connector.services.query import Query
from connector.services.routing import queue
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import UnitOfWork
from connector.store.erasure import AT_ONCE, StoredAnswer
from connector.store.values import CounterKey, CounterRow, FactRow, TallyRow
from connector.wire import administration, answers, events, frames
from connector.wire.refusals import RefusalCode

_LONGEST_SHOWN = 40
_answers: msgspec.json.Decoder[answers.Answer] = msgspec.json.Decoder(answers.Answer)
_ERASED = str(events.ConversationErased.__struct_config__.tag)


class Person(Struct, frozen=True):
    """Whom to erase, and how much is stored of them."""

    address: str  # canonical, as asked for
    key: str  # their identity
    stored: dict[str, int]
    was_erased: bool  # an earlier time

    @property
    def is_known(self) -> bool:
        return self.was_erased or any(self.stored.values())


class Drawn(Struct, frozen=True):
    """The line between what goes and what came after it."""

    until: str  # the highest id of a conversation that goes
    erased: int  # conversations
    contact: Contact | None = None  # that is erased


def find(query: Query, question: administration.Forget) -> Person:
    """Raises Refused for what is no number, and for our own."""
    address = _address(query.brand, question.number)
    stored = query.reading.erasure.counts(address.person)
    if address.kind not in (AddressKind.NUMBER, AddressKind.CHANNEL) and not any(stored.values()):
        shown = address.text[:_LONGEST_SHOWN]
        words = f"{shown} is no whole phone number: write all of it, with its country code. Nothing was looked for."
        raise Refused(RefusalCode.BAD_REQUEST, words)
    was_erased = query.reading.erasure.was_erased(query.brand.pseudonyms.of(address.person))
    return Person(address.text, address.person, stored, was_erased)


def _address(brand: BrandSettings, written: str) -> Address:
    address = parse(written, brand.region)
    if address.text in brand.lines or address.person in brand.our_persons:
        raise Refused(RefusalCode.BAD_REQUEST, f"{address.text} is one of our own lines, and no consumer.")
    if address.kind is AddressKind.NUMBER and not is_possible(address.text):
        words = f"{address.text[:_LONGEST_SHOWN]} is no phone number: no country has numbers like this."
        raise Refused(RefusalCode.BAD_REQUEST, words)
    return address


def begin(uow: UnitOfWork, agent: str, person: Person) -> Drawn:
    """Draw the line: erase the contact and the open conversations, so that a text that comes now opens one of its own,
    without a name; and put their consent under its keyed hash, so that an opt-out holds at every moment."""
    until = uow.brand.ids.latest
    key = person.key
    contact = uow.tx.contacts.get(key)
    uow.tx.contacts.remove(key)
    uow.tx.contact_imports.remove_person(key)
    keyed_hash.without_number(uow, key)
    position = uow.tx.erasure.position()
    # Also of a person of whom nothing is stored: a first text to them may wait at a desk.
    details: dict[str, str | int | list[str]] = {"state": "begun", "position": position}
    if not person.is_known:
        details["stored"] = "nothing"
    record(uow, agent, AuditAction.FORGOTTEN, person=key, details=details)
    # Moves every desk beyond that position, also where no conversation is left.
    save.fact(uow, events.ConversationErased(""), None, visibility=fact_visibility.of_conversations())
    return Drawn(until, conversations(uow, key, until), contact)


def conversations(uow: UnitOfWork, person: str, until: str) -> int:
    """Erase the next of their conversations, open ones first; how many there were."""
    gone = uow.tx.erasure.conversations(person, until, AT_ONCE)
    remove(uow, gone)
    return len(gone)


def remove(uow: UnitOfWork, gone: Sequence[Conversation]) -> None:
    """Erase the rows of conversations, and tell the desks that see them."""
    uow.tx.erasure.remove_conversations(gone, uow.now)
    for one in gone:
        visibility = fact_visibility.of_conversations(one)
        save.fact(uow, events.ConversationErased(one.id), one.id, visibility=visibility)
    if gone:
        uow.at_end(queue.offer)


def messages(uow: UnitOfWork, gone: Sequence[Message], hook_ids: Sequence[str]) -> Counter[str]:
    """Erase these messages with all that belongs to them, and the hooks that brought them."""
    removed = Counter(uow.tx.erasure.remove_messages(gone))
    removed["hooks"] += uow.tx.erasure.remove_hooks(hook_ids)
    return removed


def hooks(uow: UnitOfWork, person: str, hook_ids: Sequence[str], refs: Iterable[tuple[str, str]]) -> int:
    """Erase these hooks. `refs`: account and id of the texts in them, which may be offered again."""
    for account, ref in refs:
        erased_hooks.remember(uow, person, account, ref)
    return uow.tx.erasure.remove_hooks(hook_ids)


def facts(uow: UnitOfWork, rows: Sequence[FactRow]) -> None:
    """Replace events about the person by one that says no more than that the conversation was erased. Positions stay,
    so a desk that resumes from before them misses nothing."""
    uow.tx.erasure.replace_facts({row.position: (_ERASED, _erased(row)) for row in rows})


def _erased(row: FactRow) -> bytes:
    return frames.encode_event(events.ConversationErased(row.fact.conversation_id or ""))


def answered(uow: UnitOfWork, found: Sequence[StoredAnswer]) -> None:
    """Take the number out of remembered answers. They stay, as a request that is repeated must not be done twice."""
    uow.tx.erasure.replace_answers([StoredAnswer(one.id, _without_number(one.answer)) for one in found])


def _without_number(answer: bytes) -> bytes:
    decoded = _answers.decode(answer)
    if isinstance(decoded, answers.Started | answers.ConsentRecorded):
        decoded = msgspec.structs.replace(decoded, consumer="")
    return msgspec.json.encode(decoded)


def counted(uow: UnitOfWork, rows: Sequence[CounterRow], mentions: Mentions) -> None:
    """Count sends whose words or code have the number in them without these."""
    known: dict[CounterKey, list[CounterRow]] = {}
    for row in rows:
        code = "" if mentions.in_text(row.code) else row.code
        known.setdefault(row.key._replace(words="", code=code), []).append(row)
    uow.tx.erasure.recount(known)


def tallied(uow: UnitOfWork, rows: Sequence[TallyRow]) -> None:
    """Count conversations whose outcome has the number in it without that."""
    uow.tx.erasure.without_outcome(rows)


def finish(uow: UnitOfWork, agent: str, person: Person, erased: Mapping[str, int]) -> int:
    """Record in the audit what was erased; the number of consent entries that stay under the keyed hash."""
    if person.is_known or erased:
        record(uow, agent, AuditAction.FORGOTTEN, person=person.key, details={"state": "done", **erased})
    return uow.tx.erasure.consent_entries(uow.brand.pseudonyms.of(person.key))
