"""When an account was first seen: its messages are recovered from there on."""

from __future__ import annotations

from collections.abc import Iterable

from connector.store.marks import MarkKey
from connector.store.ports import Transaction


def mark_first_seen(tx: Transaction, accounts: Iterable[str], now: int) -> None:
    """Accounts that were seen before keep their moment."""
    for account in accounts:
        if tx.marks.get(MarkKey.recovery_began(account)) is None:
            tx.marks.set(MarkKey.recovery_began(account), now)
