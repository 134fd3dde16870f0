"""Holds of accounts: their replies wait while their provider refuses the account itself, not one message.

The sign-in is refused, say, or the account is suspended. One reply at a time is tried; the others wait for how that
ends. The first answer that is about a message ends the hold. All cores share it, and it survives a restart.
"""

from __future__ import annotations

from connector.domain.attempts import bounded_probe_at, probe_at
from connector.services.unit_of_work import UnitOfWork
from connector.store.marks import MarkKey

WORDS = (
    "It waits: the provider takes nothing from the account {} now. It is sent automatically once that is mended, within"
    " two hours. There is nothing to do."
)


class AccountHolds:
    """The holds as one use case finds and changes them."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._until: dict[str, int] = {}

    def is_held(self, account: str) -> bool:
        return bool(self._read(account))

    def until(self, account: str) -> int:
        """When a reply of this account may be tried; 0 when it is not held."""
        at = self._read(account)
        return bounded_probe_at(at, self._uow.now) if at else 0

    def begin(self, account: str) -> None:
        """The account was refused, for the first time or again."""
        self._set(account, probe_at(self._uow.now, is_under_way=False))

    def probe(self, account: str) -> None:
        """A reply is tried, if the account is held: no other until its answer."""
        if self.is_held(account):
            self._set(account, probe_at(self._uow.now, is_under_way=True))

    def end(self, account: str) -> None:
        """The provider has answered about a message: what waits may leave."""
        if self.is_held(account):
            self._set(account, 0)
            self._uow.tx.work.make_due(account, self._uow.now)

    def _read(self, account: str) -> int:
        if account not in self._until:
            self._until[account] = self._uow.tx.marks.get(MarkKey.held_until(account)) or 0
        return self._until[account]

    def _set(self, account: str, at: int) -> None:
        self._until[account] = at
        self._uow.tx.marks.set(MarkKey.held_until(account), at)


def signed_in(uow: UnitOfWork, account: str) -> None:
    """The sign-in to an account works again: try a reply at once, whose answer may end the hold."""
    if AccountHolds(uow).is_held(account):
        uow.tx.marks.set(MarkKey.held_until(account), uow.now)
        uow.tx.work.make_due(account, uow.now)
