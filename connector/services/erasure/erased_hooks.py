"""Hooks about messages that were erased: offered again, or receipts that come late. They are answered and bring nothing
back."""

from __future__ import annotations

from msgspec.structs import replace

from connector.providers.values import InboundText, Untaken
from connector.services.unit_of_work import UnitOfWork
from connector.store.values import RawHook

_WHOLE_SECOND_MS = 1000  # providers' lists leave out the rest of it

ABOUT_ERASED = Untaken("about a message that was erased")
"""Stands for a text or receipt whose message was erased. Compared by identity."""


def without_content(hook: RawHook) -> RawHook:
    """The hook as it is stored: that it came, and nothing of what it says."""
    return replace(hook, url=hook.url.partition("?")[0], headers={}, body=b"", reason=ABOUT_ERASED.reason)


def remember(uow: UnitOfWork, person: str, account: str, ref: str) -> None:
    """Of a text that is in an erased hook and became no message.

    With the keyed hash of the person, so that a hook that nothing proves keeps no text of another person out.
    """
    uow.tx.erasure.remember_erased(account, _name(uow, person, ref))


def was_erased(uow: UnitOfWork, person: str, account: str, arrival: InboundText, *, is_recovered: bool) -> bool:
    """Whether a text is of before the erasure of its consumer: its hook was erased in quarantine, or, of one from the
    provider's list, which says when it was sent, its hook has never come."""
    if uow.tx.erasure.is_erased(account, _name(uow, person, arrival.ref), None):
        return True
    if not is_recovered or arrival.at is None:
        return False
    erased = uow.tx.erasure.begun(uow.brand.pseudonyms.of(person))
    return erased is not None and arrival.at + _WHOLE_SECOND_MS <= erased.at


def _name(uow: UnitOfWork, person: str, ref: str) -> str:
    return f"{uow.brand.pseudonyms.of(person)} {ref}"
