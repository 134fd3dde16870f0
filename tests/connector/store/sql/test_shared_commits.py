"""Use cases that share a commit and fail in any way: each of the others takes effect once, and sees what is stored."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.domain.consent.entries import ConsentKind
from connector.store.ports import Raced, Reading, Transaction
from connector.store.sql.store import SqlStore, open_store
from connector.store.values import RawHook
from tests.connector.store.sql.test_writer import held_up
from tests.kit.postgres import Postgres
from tests.kit.pseudonyms import PSEUDONYMS
from tests.kit.rounds import rounds
from tests.kit.stores import CONSUMER, LINE, NOW, Place, consent, conversation, fact, hook, message, told
from tests.kit.templates import copied

ENDS = ("well", "refused at once", "cannot be asked", "fails after writing", "cannot be stored", "races twice",
        "races for ever")  # fmt: skip
GROUPS = st.lists(st.sampled_from([*["well"] * 6, *ENDS]), min_size=1, max_size=70)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


class Part:
    """One use case of a group. It counts in a conversation, on top of what it finds there."""

    def __init__(self, number: int, end: str) -> None:
        self.number = number
        self.end = end
        self.runs = 0

    def __call__(self, tx: Transaction) -> int:
        self.runs += 1
        if self.end == "refused at once":
            tx.conversations.open_for(LINE, CONSUMER)
            raise LookupError(self.number)
        if self.end == "cannot be asked":
            tx.conversations.due_timers(0, limit=1 << 70)  # PostgreSQL then takes no further statement
        found = tx.conversations.open_for(LINE, CONSUMER)
        if found is None:
            tx.conversations.insert(found := conversation())
        assert tx.conversations.get(found.id) == found
        latest = tx.consent.latest(CONSUMER, PSEUDONYMS)
        assert found.unread == (0 if latest is None else latest.at)
        tx.conversations.update(replace(found, last_seq=found.last_seq + 1, unread=found.unread + 1))
        tx.consent.append(consent(id=f"E{found.unread + 1:04d}", at=found.unread + 1, kind=ConsentKind.OPTED_IN))
        assert tx.messages.add_once(message(id=f"M{self.number}", ref=f"R{self.number}", seq=found.last_seq + 1))
        tx.hooks.add(hook(id=f"H{self.number}"))
        tx.facts.append([fact(body=b"%d" % self.number, at=1 << 70 if self.end == "cannot be stored" else NOW)])
        if self.end == "fails after writing":
            raise LookupError(self.number)
        if self.end == "races for ever" or (self.end == "races twice" and self.runs <= 2):
            raise Raced
        return self.number


async def play(store: SqlStore, ends: list[str]) -> None:
    parts = [Part(number, end) for number, end in enumerate(ends)]
    try:
        async with held_up(store):
            ended = asyncio.gather(*(store.write(part) for part in parts), return_exceptions=True)
        values = await ended
        took_effect = [part.number for part in parts if part.end in ("well", "races twice")]
        for part, value in zip(parts, values, strict=True):
            assert (value == part.number) if part.number in took_effect else isinstance(value, Exception)
        assert [int(row.fact.body) for row in await told(store)] == took_effect
        assert [row.position for row in await told(store)] == [*range(1, len(took_effect) + 1)]
        known = await store.write(lambda tx: tx.conversations.open_for(LINE, CONSUMER))
        assert known == await store.read(lambda reading: reading.conversation("C1"))
        assert (known.last_seq if known else 0) == len(took_effect)
        history = await store.read(lambda reading: reading.history(CONSUMER, None, 100))
        assert {one.id for one in history} == {f"M{number}" for number in took_effect}
        assert sorted(one.seq for one in history) == [*range(1, len(took_effect) + 1)]
        for part in parts:
            stored = await store.read(partial(_hook, key=f"H{part.number}"))
            assert (stored is not None) == (part.number in took_effect)
    finally:
        await store.close()


def _hook(reading: Reading, key: str) -> RawHook | None:
    return reading.hook(key)


@settings(max_examples=rounds(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GROUPS)
@example(["well"] * 30 + ["fails after writing"] + ["well"] * 30)
@example([*ENDS])
async def test_any_failures_among_those_that_share_a_commit(ends: list[str]) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        await play(await open_store(copied(Path(folder) / "textdesk.db")), ends)


@settings(max_examples=rounds(4), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GROUPS)
@example([*ENDS, "well"])
async def test_any_failures_on_postgresql(postgres_server: Postgres, ends: list[str]) -> None:
    with postgres_server.migrated() as name:
        await play(await open_store(postgres_server.url(name)), ends)


async def test_what_another_program_writes_is_not_overlooked(tmp_path: Path) -> None:
    path = copied(tmp_path / "textdesk.db")
    store = await open_store(path)
    await store.write(lambda tx: tx.conversations.insert(conversation()))
    assert await store.write(lambda tx: tx.consent.latest(CONSUMER, PSEUDONYMS)) is None
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE conversations SET state = 'closed'")
        database.commit()
    assert await store.write(lambda tx: tx.conversations.open_for(LINE, CONSUMER)) is None
    found = await store.write(lambda tx: tx.conversations.get("C1"))
    assert found is not None
    assert found.state == "closed"
    await store.close()


async def test_what_another_core_writes_is_not_overlooked(place: Place) -> None:
    first, second = (await place.cores(2))[0], (await place.cores(2))[1]
    await first.write(lambda tx: tx.conversations.insert(conversation()))

    def count(tx: Transaction) -> None:
        found = tx.conversations.open_for(LINE, CONSUMER)
        assert found is not None
        tx.conversations.update(replace(found, unread=found.unread + 1))

    for number in range(20):
        await (first, second)[number % 2].write(count)
    found = await first.read(lambda reading: reading.conversation("C1"))
    assert found is not None
    assert found.unread == 20


async def test_a_failed_statement_takes_nothing_along_that_others_wrote(store: SqlStore) -> None:
    async with held_up(store):
        wrote = asyncio.gather(store.write(lambda tx: tx.consent.append(consent())))
        failed = asyncio.gather(
            store.write(lambda tx: tx.conversations.due_timers(0, limit=1 << 70)), return_exceptions=True
        )
    await wrote
    assert isinstance((await failed)[0], Exception)
    await store.write(lambda tx: tx.conversations.insert(conversation()))
    assert await store.read(lambda reading: reading.desk_pages.opted_out_among([CONSUMER])) == {CONSUMER}
