"""Names of stored times."""

from __future__ import annotations

from msgspec import Struct


class MarkKey(Struct, frozen=True):
    """The name a time is stored under. Made by the constructors below only: their texts are in databases."""

    text: str

    @classmethod
    def paced_until(cls, line: str) -> MarkKey:
        """Until when the pace of a line is used up."""
        return cls(f"pace {line}")

    @classmethod
    def paused_until(cls, account: str) -> MarkKey:
        """Until when an account sends nothing, because its provider had too much at once."""
        return cls(f"pause {account}")

    @classmethod
    def held_until(cls, account: str) -> MarkKey:
        """When the next reply is tried of an account that can send nothing until it is mended; 0 while it can."""
        return cls(f"hold {account}")

    @classmethod
    def recovered_until(cls, account: str) -> MarkKey:
        """Up to when an account's message list has been recovered."""
        return cls(f"recovered {account}")

    @classmethod
    def recovery_began(cls, account: str) -> MarkKey:
        """When an account was first seen; what is older is never recovered on its own."""
        return cls(f"began {account}")

    @classmethod
    def pictures_erased(cls, account: str) -> MarkKey:
        """Up to when the pictures of an account were erased by retention."""
        return cls(f"pictures erased {account}")

    @classmethod
    def tallies_began(cls) -> MarkKey:
        """When it was first counted for reports how long consumers wait, and by which skill and entry point; none where
        that was so from the start."""
        return cls("tallies began")

    @classmethod
    def hash_key(cls) -> MarkKey:
        """Which key the keyed hashes in this database were made with (see `Pseudonyms.fingerprint`). No time."""
        return cls("hash key")

    @classmethod
    def webhook_answered(cls) -> MarkKey:
        """When the webhook last took an event."""
        return cls("webhook answered")

    @classmethod
    def webhook_given_up(cls) -> MarkKey:
        """When an event for the webhook was last dropped, because it was too old or too many waited."""
        return cls("webhook given up")

    @classmethod
    def store_tried(cls) -> MarkKey:
        """When it was last tried whether the store can be written to."""
        return cls("store tried")
