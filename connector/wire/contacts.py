"""Contacts: what agents record of a person, and what is asked about them."""

from typing import Annotated

from msgspec import Meta, Struct

from connector.wire import limits
from connector.wire.field_types import Key, Number


class ContactView(Struct, frozen=True):
    """What is recorded of a person; without a `version` nothing is."""

    consumer: str
    person: str = ""  # identity of the consumer, shared by all addresses of one phone; empty: `consumer`
    shown: str = ""  # the number as people of our lines' country write it; empty: `consumer`
    name: str = ""
    language: str = ""  # a tag such as de or pt-BR
    attributes: dict[str, str] = {}  # in the order in which they are shown
    notes: str = ""
    version: str = ""  # another one after each change
    changed_at: int = 0
    changed_by: str = ""
    masked: list[str] = []  # names of the rules that masked some of it


class PastConversationView(Struct, frozen=True):
    """Another conversation with the same person."""

    id: str
    line: str
    skill: str
    state: str
    opened_at: int
    closed_at: int | None
    outcome: str = ""
    tags: list[str] = []


class PersonView(Struct, frozen=True):
    """A consumer's contact, and their conversations besides the one that was asked about, as far as the asker may see
    them."""

    contact: ContactView
    others: int = 0  # conversations
    since: int | None = None  # when the first one of all began
    latest: list[PastConversationView] = []  # of the others, latest first: at most `limits.PAST_CONVERSATIONS`


class ContactFields(Struct, frozen=True, kw_only=True):
    """What is to be recorded; null: it stays as it is."""

    name: str | None = None
    language: str | None = None  # a tag, or the name of a language in English
    attributes: Annotated[dict[str, str], Meta(max_length=2 * limits.ATTRIBUTE_COUNT)] | None = None  # all of them
    notes: str | None = None


class GetContact(Struct, frozen=True, tag_field="type", tag="get_contact"):
    """The contact of a conversation's consumer, and their other conversations. Answered with PersonFound."""

    conversation_id: Key


class SetContact(ContactFields, frozen=True, kw_only=True, tag_field="type", tag="set_contact"):
    """Record something of a conversation's consumer. Answered with ContactSaved; refused with newer_contact when
    another agent has changed it since `based_on`, with too_long and bad_request."""

    conversation_id: Key
    based_on: Key = ""  # `version` of what was changed; empty: of nothing


class GetContactOf(Struct, frozen=True, tag_field="type", tag="get_contact_of"):
    """As GetContact, of a number. Refused with unknown_contact, also where there is no conversation with them that the
    asker sees; bad_request: no number."""

    number: Key  # in any spelling


class SetContactOf(ContactFields, frozen=True, kw_only=True, tag_field="type", tag="set_contact_of"):
    """As SetContact, of a number, which need not have a contact or conversation. For leads."""

    number: Key
    based_on: Key | None = None  # null: whatever has changed


class RemoveContact(Struct, frozen=True, tag_field="type", tag="remove_contact"):
    """Remove what is recorded of a person; their conversations stay. For administrators. Answered with Done; refused
    with unknown_contact."""

    number: Key


class FindContacts(Struct, frozen=True, tag_field="type", tag="find_contacts"):
    """Contacts whose name has words that begin like these, or whose number has these digits; only those of persons with
    whom the asker sees a conversation, or nobody has one. Answered with Contacts: by name, the first `limit`, at most
    `limits.CONTACTS_FOUND`."""

    words: Key
    limit: Number = 20


class GetContacts(Struct, frozen=True, tag_field="type", tag="get_contacts"):
    """All contacts, those of persons after `after`; it is recorded in the audit. For administrators. Answered with
    Contacts: at most `limits.CONTACTS_PAGE`."""

    after: Key = ""
    limit: Number = limits.CONTACTS_PAGE


class ContactRow(ContactFields, frozen=True, kw_only=True):
    """A line of a file of contacts. Of attributes those that it has not got stay; one without a value goes."""

    line: Number
    number: str  # in any spelling


class WrongLine(Struct, frozen=True):
    """Why a line cannot be imported, and what to do: sentences."""

    line: int
    words: str


class StageContacts(Struct, frozen=True, tag_field="type", tag="stage_contacts"):
    """Stage some lines of an import, whose id is the asker's to make: nothing of them is a contact until all are
    applied. For administrators. Answered with ContactsStaged."""

    import_id: Key
    rows: Annotated[list[ContactRow], Meta(max_length=limits.CONTACTS_AT_ONCE)]


class ApplyContacts(Struct, frozen=True, tag_field="type", tag="apply_contacts"):
    """Apply all lines of an import that are right, at once: what they say replaces what is recorded, and what they do
    not name stays. For administrators. Answered with ContactsImported; refused with wrong_lines unless `skip_wrong`,
    with newer_contact where a contact was changed since its line was staged: stage them anew, and with bad_request."""

    import_id: Key
    right: Number  # how many lines were staged and are right, so that none is missing
    skip_wrong: bool = False


class DropContacts(Struct, frozen=True, tag_field="type", tag="drop_contacts"):
    """Drop an import that is not to be applied. For administrators. Answered with Done."""

    import_id: Key
