"""Entries of the audit: who did what, when. They hold no texts, and no number but as a keyed hash."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec
from msgspec import Struct

from connector.domain.pseudonyms import Pseudonyms

FIRST_HASH = ""  # stands before the first entry


class AuditAction(StrEnum):
    """What was done. docs/operating.md lists them."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    REQUEST_REFUSED = "request_refused"
    AGENT_ADDED = "agent_added"
    AGENT_CHANGED = "agent_changed"
    AGENT_DISABLED = "agent_disabled"
    AGENT_ENABLED = "agent_enabled"
    TOKEN_ISSUED = "token_issued"
    TOKEN_REVOKED = "token_revoked"
    PAST_READ = "past_read"
    SEARCHED = "searched"
    SEARCH_REBUILT = "search_rebuilt"
    UNMASKED = "unmasked"
    HOOKS_READ = "hooks_read"
    HOOK_RELEASED = "hook_released"
    RECOVERED = "recovered"
    ACCOUNT_CHANGED = "account_changed"
    CONTACT_CHANGED = "contact_changed"
    CONTACT_REMOVED = "contact_removed"
    CONTACT_READ = "contact_read"
    CONTACTS_IMPORTED = "contacts_imported"
    CONTACTS_READ = "contacts_read"
    OVERRIDDEN = "overridden"
    TAKEN_OVER = "taken_over"
    HANDED_ON = "handed_on"
    JOINED = "joined"
    OPTED_IN = "opted_in"
    RELOADED = "reloaded"
    ALERT_RAISED = "alert_raised"
    ALERT_ESCALATED = "alert_escalated"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    FORGOTTEN = "forgotten"
    AUDIT_READ = "audit_read"
    SAVED_REPLY_CHANGED = "saved_reply_changed"


class AuditEntry(Struct, frozen=True):
    """One entry. `hash` covers all its fields and the entry before it."""

    number: int  # 1, 2, 3 ...
    at: int
    actor: str  # the agent; empty: the core itself
    action: AuditAction
    subject: str  # id of what it was done to: a conversation, message, account, agent
    person: str  # keyed hash of the consumer; empty without one
    details: str  # a JSON object
    hash: str


class AuditNote(Struct, frozen=True):
    """What is to be recorded of an answer before it is sent. `person` is the identity of a consumer, not yet hashed;
    `is_hourly`: of what an agent does again to the same there is one entry an hour."""

    action: AuditAction
    subject: str = ""
    person: str = ""
    details: dict[str, str | int | list[str]] = {}
    is_hourly: bool = False


class StoredEntry(Struct, frozen=True):
    """An entry as its row is found. `entry`: None where the row has something in it that no entry was stored with."""

    number: int
    entry: AuditEntry | None


class ChainBreak(Struct, frozen=True):
    """The first entry that is not what was stored, in words that say how that is known."""

    number: int
    words: str


def entry_after(
    previous: AuditEntry | None,
    pseudonyms: Pseudonyms,
    *,
    at: int,
    actor: str,
    action: AuditAction,
    subject: str,
    person: str,
    details: str,
) -> AuditEntry:
    """The entry that follows `previous`, with its hash."""
    number = 1 if previous is None else previous.number + 1
    entry = AuditEntry(number, at, actor, action, subject, person, details, "")
    return msgspec.structs.replace(entry, hash=hash_of(entry, previous, pseudonyms))


def hash_of(entry: AuditEntry, previous: AuditEntry | None, pseudonyms: Pseudonyms) -> str:
    """What the hash of an entry has to be, after the one before it."""
    return chained_hash(entry, FIRST_HASH if previous is None else previous.hash, pseudonyms)


def chained_hash(entry: AuditEntry, previous: str, pseudonyms: Pseudonyms) -> str:
    """The same, after an entry with the hash `previous`."""
    content = (entry.number, entry.at, entry.actor, entry.action, entry.subject, entry.person, entry.details)
    return pseudonyms.chain(previous, msgspec.json.encode(content))


def first_break(
    stored: Sequence[StoredEntry], after: int, hash_: str, pseudonyms: Pseudonyms
) -> tuple[int, str, ChainBreak | None]:
    """Verify entries that follow the one with number `after` and this hash: the number and hash of the last that is
    right, and the first that is not."""
    for one in stored:
        if one.number <= after:
            return after, hash_, ChainBreak(one.number, f"entry {one.number} was inserted")
        if one.number != after + 1:
            return (
                after,
                hash_,
                ChainBreak(after + 1, f"entry {after + 1} is missing: after {after} comes {one.number}"),
            )
        if one.entry is None:
            return after, hash_, ChainBreak(one.number, f"entry {one.number} was changed: it cannot be read any more")
        if one.entry.hash != chained_hash(one.entry, hash_, pseudonyms):
            words = f"entry {one.number} does not follow from the one before it, or was changed"
            return after, hash_, ChainBreak(one.number, words)
        after, hash_ = one.number, one.entry.hash
    return after, hash_, None
