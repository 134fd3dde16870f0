"""How long searches take in the core, how fast messages are indexed, and how large the index is."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from connector.domain.search.documents import Document, document_of
from connector.store.ports import Reading, Transaction
from connector.store.sql.store import SqlStore, open_store
from tests.bench.search.texts import Vocabulary
from tests.kit.searching import search
from tests.kit.use_cases import Office

_AT_ONCE = 500
_PAGE = 50


class Measured(Struct):
    rows: list[tuple[str, float, float, int]]  # kind, p50 and p95 in ms, hits in the median
    indexed_per_s: float
    index_bytes: int
    database_bytes: int


def kinds(chance: random.Random) -> dict[str, Callable[[], str]]:
    words = Vocabulary(random.Random(1)).words
    common, middle, rare = words[:40], words[300:1200], words[20_000:60_000]
    long = [word for word in rare if len(word) > 6]
    pick = chance.choice
    return {
        "rare word": lambda: pick(rare),
        "frequent word": lambda: pick(common),
        "word in between": lambda: pick(middle),
        "two words": lambda: f"{pick(common)} {pick(middle)}",
        "frequent and rare": lambda: f"{pick(common)} {pick(long)}",
        "phrase": lambda: f'"{pick(common)} {pick(common)}"',
        "three letters": lambda: pick([word for word in middle if len(word) > 3])[:3],
        "number": lambda: f"(415) {chance.randrange(200):03d} {chance.randrange(10_000):04d}",
        "last four digits": lambda: f"{chance.randrange(10_000):04d}",
        "author and frequent word": lambda: f"{pick(common)} from:agent{chance.randrange(30):02d}",
        "tag and frequent word": lambda: f"{pick(common)} tag:refund",
        "failed and frequent word": lambda: f"{pick(common)} state:failed",
        "until and frequent word": lambda: f"{pick(common)} until:{chance.randrange(2025, 2027)}-0{pick('1234567')}-11",
        "a tag alone": lambda: "tag:refund",
        "no hit": lambda: f"{pick(rare)} {pick(rare)} {pick(rare)}",
        "Japanese": lambda: pick(["返金", "配達", "発送", "お客様", "遅れて"]),
    }


async def measured(where: str | Path, count: int, rounds: int) -> Measured:
    store = await open_store(where)
    try:
        indexed_per_s = await _index(store)
        rows = []
        office = Office(store)
        for number in range(30):
            await office.sign_in(f"agent{number:02d}")
        chance = random.Random(3)
        for kind, make in kinds(chance).items():
            await _asked(office, make())  # compiles its statements
            found = [await _asked(office, make()) for _ in range(rounds)]
            times = sorted(one for one, _ in found)
            p95 = times[min(len(times) - 1, round(0.95 * len(times)))]
            rows.append((kind, statistics.median(times), p95, round(statistics.median(n for _, n in found))))
        index_bytes, database_bytes = await store.read(_sizes)
        return Measured(rows, indexed_per_s, index_bytes, database_bytes)
    finally:
        await store.close()


async def _asked(office: Office, text: str) -> tuple[float, int]:
    began = time.perf_counter()
    answer = await search(office, text, limit=_PAGE, is_recorded=False)
    msgspec.json.encode(answer)
    return (time.perf_counter() - began) * 1000, len(answer.hits)


async def _index(store: SqlStore) -> float:
    """As the background task does, without its pauses; messages a second, 0 where all were in it."""
    state = await store.write(lambda tx: tx.search.prepare())
    began, after, count = time.perf_counter(), state.message_id, 0
    while documents := await store.read(partial(_next, after=after)):
        await store.write(partial(_add, after=after, documents=documents))
        while await store.write(lambda tx: tx.search.merge()):
            pass
        after, count = documents[-1].message_id, count + len(documents)
    await store.write(lambda tx: tx.search.complete(after))
    return count / (time.perf_counter() - began)


def _next(reading: Reading, after: str) -> list[Document]:
    return [document_of(one) for one in reading.search.messages_after(after, _AT_ONCE)]


def _add(tx: Transaction, after: str, documents: list[Document]) -> bool:
    return tx.search.add(after, documents)


def _sizes(reading: Reading) -> tuple[int, int]:
    """Bytes of the index with its documents, and of all tables."""
    connection = reading._session.connection  # type: ignore[attr-defined]
    if connection.dialect.name == "postgresql":
        sizes = connection.exec_driver_sql(
            "SELECT sum(pg_total_relation_size(oid)) FILTER (WHERE relname LIKE 'search_%%'),"
            " sum(pg_total_relation_size(oid)) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        ).one()
        return int(sizes[0]), int(sizes[1])
    ((pages,),) = connection.exec_driver_sql("PRAGMA page_count").all()
    ((size,),) = connection.exec_driver_sql("PRAGMA page_size").all()
    blocks = connection.exec_driver_sql("SELECT sum(length(block)) FROM search_terms_data").scalar_one()
    documents = connection.exec_driver_sql("SELECT count(*) FROM search_documents").scalar_one()
    return int(blocks) + 70 * int(documents), int(pages) * int(size)


def printed(found: Sequence[tuple[str, int, Measured]]) -> str:
    """A table in Markdown."""
    heads = [f"{engine} {count:,}" for engine, count, _ in found]
    lines = ["| search | " + " | ".join(f"{head}: p50 / p95 ms (hits)" for head in heads) + " |"]
    lines.append("| --- |" + " --- |" * len(heads))
    for row in zip(*(one.rows for _, _, one in found), strict=True):
        cells = [f"{p50:.1f} / {p95:.1f} ({hits})" for _, p50, p95, hits in row]
        lines.append(f"| {row[0][0]} | " + " | ".join(cells) + " |")
    lines.append("| indexed a second | " + " | ".join(f"{one.indexed_per_s:,.0f}" for _, _, one in found) + " |")
    sizes = [f"{one.index_bytes / 1e6:,.1f} of {one.database_bytes / 1e6:,.1f}" for _, _, one in found]
    lines.append("| index, MB of the database | " + " | ".join(sizes) + " |")
    return "\n".join(lines)
