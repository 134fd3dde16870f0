"""The key of the keyed hashes, which is the same for all cores of one database and at all times.

With another key no opt-out of an erased consumer would be found, and they would be texted again.
"""

from __future__ import annotations

from connector.services.unit_of_work import UnitOfWork
from connector.store.marks import MarkKey


def is_key_of_store(uow: UnitOfWork) -> bool:
    """Whether this core has the key of the database; the first core to ask gives it its own."""
    ours = uow.brand.pseudonyms.fingerprint
    known = uow.tx.marks.get(MarkKey.hash_key())
    if known is None:
        uow.tx.marks.set(MarkKey.hash_key(), ours)
    return known in (None, ours)
