"""One key for the keyed hashes of a database."""

from __future__ import annotations

from msgspec.structs import replace

from connector.base.secret import Secret
from connector.domain.pseudonyms import Pseudonyms
from connector.services.audit.hash_key import is_key_of_store
from connector.services.unit_of_work import UnitOfWork
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from tests.kit.use_cases import Office


async def test_the_first_key_is_that_of_the_database(store: SqlStore) -> None:
    office = Office(store)
    another = replace(office.brand, pseudonyms=Pseudonyms(Secret("another key")))

    def with_another(tx: Transaction) -> bool:
        return is_key_of_store(UnitOfWork(tx, another, office.now))

    assert await office.do(is_key_of_store)
    assert not await store.write(with_another)
    assert await office.do(is_key_of_store)
