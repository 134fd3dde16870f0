"""Hooks about messages that were erased: offered again, or receipts that come late. They are answered and bring nothing
back."""

from __future__ import annotations

from msgspec.structs import replace

from connector.providers.values import Untaken
from connector.store.values import RawHook

ABOUT_ERASED = Untaken("about a message that was erased")
"""Stands for a text or receipt whose message was erased. Compared by identity."""


def without_content(hook: RawHook) -> RawHook:
    """The hook as it is stored: that it came, and nothing of what it says."""
    return replace(hook, url=hook.url.partition("?")[0], headers={}, body=b"", reason=ABOUT_ERASED.reason)
