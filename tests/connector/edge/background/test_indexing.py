"""The task that indexes messages: what is stored is found soon after, whichever core adds it and whatever happens."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import psycopg
import pytest

from connector.base.clock import SystemClock
from connector.base.supervise import Supervisor
from connector.domain.refusals import Refused
from connector.edge.background.indexing import Indexing
from connector.store.ports import Store
from connector.store.search import IndexState, IndexTrouble
from connector.store.sql.store import SqlStore
from connector.wire import administration, requests
from connector.wire.refusals import RefusalCode
from tests.kit.searching import marked, search
from tests.kit.stores import CONSUMER, Place
from tests.kit.use_cases import Office, consumer

PATIENCE_S = 60.0


@asynccontextmanager
async def indexing(office: Office, *stores: Store) -> AsyncIterator[None]:
    async with Supervisor() as tasks:
        for store in stores:
            tasks.start("index", Indexing(store, office.live, SystemClock()).run())
        yield
        tasks.stop()


async def state_when(store: Store, holds: Callable[[IndexState], bool]) -> IndexState:
    async with asyncio.timeout(PATIENCE_S):
        while not holds(state := await store.read(lambda reading: reading.search.state())):
            await asyncio.sleep(0.01)
    return state


async def test_what_is_stored_is_found_soon_after(place: Place) -> None:
    """Also what was there before, and with several cores that add to the same index."""
    stores = await place.cores(2)
    office = Office(stores[0])
    await office.sign_in()
    for number in range(150):
        await office.text(f"order {number}", consumer(number))
    async with indexing(office, *dict.fromkeys(stores)):
        await state_when(stores[0], lambda state: state.number == 150 and state.total == 150)
        await office.text("order last")
        await state_when(stores[0], lambda state: state.number == 151)
    page = await search(office, "order", limit=200)
    assert marked(page) == ["[order] last", *(f"[order] {number}" for number in range(149, -1, -1))]
    assert page.not_yet == ""


def damage_segments(path: Path) -> None:
    """Overwrite what the index has of its segments, as a bad disk does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE search_terms_data SET block = x'00ff00ff00ff' WHERE id > 10")


def damage_silently(path: Path) -> None:
    """Have it say that it has no segments, and nothing is found."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE search_terms_data SET block = zeroblob(3) WHERE id = 10")


def damage_pages(path: Path) -> None:
    """Overwrite the whole page that a table of the index begins with."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((size,),) = other.execute("PRAGMA page_size").fetchall()
        ((root,),) = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'search_terms_data'").fetchall()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xee" * size)


def drop_table(where: str | Path) -> None:
    if isinstance(where, Path):
        with closing(sqlite3.connect(where, isolation_level=None)) as other:
            other.execute("DROP TABLE search_terms")
    else:
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute("DROP TABLE search_terms")


async def assert_only_search_is_hurt(office: Office, store: SqlStore) -> None:
    """Texts, replies and erasure work; search says what is wrong until the index is made anew."""
    async with indexing(office, store):
        conversation = await office.text("an order while it is damaged", consumer(9))
        await office.reply(conversation, "we see to it")
        state = await state_when(store, lambda state: state.trouble is IndexTrouble.DAMAGED and state.number == 0)
        assert state.message_id == ""
        with pytest.raises(Refused) as no:
            await search(office, "order")
        assert (no.value.code, no.value.details) == (RefusalCode.SEARCH_UNAVAILABLE, {"cause": "damaged"})
        await office.ask(administration.RebuildSearch())
        await state_when(store, lambda state: state.number == state.total == 12)
        page = await search(office, "order")
        assert marked(page)[:2] == ["an [order] while it is damaged", "[order] 9"]
        assert page.not_yet == ""


@pytest.fixture
async def ten_orders(place: Place) -> Office:
    store = await place.open()
    office = Office(store)
    await office.sign_in()
    for number in range(10):
        await office.text(f"order {number}", consumer(number))
    async with indexing(office, store):
        await state_when(store, lambda state: state.number == 10)
    return office


async def test_an_index_that_was_dropped_hurts_nothing_else(place: Place, ten_orders: Office) -> None:
    await asyncio.to_thread(drop_table, place.where)
    assert isinstance(ten_orders.store, SqlStore)
    await assert_only_search_is_hurt(ten_orders, ten_orders.store)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)  # PostgreSQL has files of its own
@pytest.mark.parametrize("damage", [damage_segments, damage_silently, damage_pages])
async def test_an_index_damaged_on_disk_hurts_nothing_else(
    place: Place, ten_orders: Office, damage: Callable[[Path], None]
) -> None:
    assert isinstance(place.where, Path)
    await place.close()
    await asyncio.to_thread(damage, place.where)
    ten_orders.store = store = await place.open()
    with pytest.raises(Refused, match="damaged"):
        await search(ten_orders, "order")
    await assert_only_search_is_hurt(ten_orders, store)


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)  # SQLite's index is one with its table
async def test_a_dropped_index_of_postgresql_is_noticed(place: Place, ten_orders: Office) -> None:
    """Without it everything would be found, after reading all there is."""
    assert isinstance(place.where, str)
    with psycopg.connect(place.where, autocommit=True) as connection:
        connection.execute("DROP INDEX search_terms_by_term")
    assert isinstance(ten_orders.store, SqlStore)
    await assert_only_search_is_hurt(ten_orders, ten_orders.store)


def lose_numbers(where: str | Path) -> None:
    lost = "DELETE FROM search_documents"
    if isinstance(where, Path):
        with closing(sqlite3.connect(where, isolation_level=None)) as other:
            other.execute(lost)
    else:
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(lost)


async def test_an_index_that_has_lost_which_messages_it_has_says_so(place: Place, ten_orders: Office) -> None:
    """And not that there is no such message, of all that there is."""
    await asyncio.to_thread(lose_numbers, place.where)
    assert isinstance(ten_orders.store, SqlStore)
    with pytest.raises(Refused, match="damaged"):
        await search(ten_orders, "order")
    await assert_only_search_is_hurt(ten_orders, ten_orders.store)


async def test_a_close_of_a_conversation_is_found_at_once_by_what_it_became(place: Place, ten_orders: Office) -> None:
    """What may change is read where it is, and not from the index."""
    await ten_orders.ask(requests.Close((await ten_orders.open_for(consumer(3))).id, tags=["x"], accept=True))
    assert marked(await search(ten_orders, "order tag:x is:closed")) == ["[order] 3"]
    assert CONSUMER not in {one.consumer for one in (await search(ten_orders, "order")).hits}
