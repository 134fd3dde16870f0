"""Entries of the audit: who did what, when. They hold no texts, and no number but as a keyed hash."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec import Struct

from connector.domain.pseudonyms import Pseudonyms

FIRST_HASH = ""  # stands before the first entry


class AuditAction(StrEnum):
    """What was done. docs/operating.md lists them."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    AGENT_ADDED = "agent_added"
    AGENT_CHANGED = "agent_changed"
    AGENT_DISABLED = "agent_disabled"
    TOKEN_ISSUED = "token_issued"
    TOKEN_REVOKED = "token_revoked"
    PAST_READ = "past_read"
    UNMASKED = "unmasked"
    HOOK_RELEASED = "hook_released"
    RECOVERED = "recovered"
    ACCOUNT_CHANGED = "account_changed"
    OVERRIDDEN = "overridden"
    TAKEN_OVER = "taken_over"
    JOINED = "joined"
    OPTED_IN = "opted_in"
    RELOADED = "reloaded"
    FORGOTTEN = "forgotten"
    AUDIT_READ = "audit_read"


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
    content = (entry.number, entry.at, entry.actor, entry.action, entry.subject, entry.person, entry.details)
    return pseudonyms.chain(FIRST_HASH if previous is None else previous.hash, msgspec.json.encode(content))
