"""Entries of the consent ledger, and what makes one."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class ConsentKind(StrEnum):
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"


class ConsentEntry(Struct, frozen=True):
    """One entry of the append-only consent ledger."""

    id: str
    at: int
    account: str
    line: str
    consumer: str
    kind: ConsentKind
    rule: str  # e.g. "keyword STOP", "provider error 21610"
    evidence: str  # the consumer's text
    message_id: str | None = None
    person: str = ""  # identity of the consumer, whatever the spelling of the number
    author: str | None = None  # the agent who recorded it; None: the consumer's text, or the provider

    @property
    def is_decided_opt_out(self) -> bool:
        """Whether an agent has decided that a text is one. What was said by phone has no account."""
        return self.kind is ConsentKind.OPTED_OUT and self.author is not None and bool(self.account)


class LikelyOptOut(Struct, frozen=True):
    """A text that reads like an opt-out. Nothing is sent to the person until an agent has decided whether it is one."""

    person: str
    at: int
    account: str
    line: str
    consumer: str
    message_id: str | None  # None: it came to a number of the account that is not in the configuration
    words: str  # what reads like an opt-out


class ConsentSignal(Struct, frozen=True):
    """An opt-out or opt-in, and the rule it counts by."""

    kind: ConsentKind
    rule: str
