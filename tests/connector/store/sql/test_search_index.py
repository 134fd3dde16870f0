"""The index for search, on both engines: what it finds, how it is emptied, and what is left when it is damaged."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from connector.domain.message import Message
from connector.domain.search.documents import document_of
from connector.domain.search.lookups import of_pieces
from connector.domain.search.query import parse
from connector.domain.search.terms import VERSION
from connector.store.ports import Store
from connector.store.search import IndexTrouble
from connector.store.sql.search import tsvector
from tests.kit.stores import message

ALL = 2**62


async def stored(store: Store, texts: Iterable[str], first: int = 1) -> list[Message]:
    """One message for each text, indexed; the state of the index is as after a core's start."""
    added = [
        message(id=f"M{number:06d}", ref=f"SM{number}", seq=number, text=text)
        for number, text in enumerate(texts, first)
    ]
    await store.write(lambda tx: [tx.messages.add_once(one) for one in added])
    await store.write(lambda tx: tx.search.prepare())
    after = (await store.read(lambda reading: reading.search.state())).message_id
    assert await store.write(lambda tx: tx.search.add(after, [document_of(one) for one in added]))
    return added


async def found(store: Store, query: str, below: int = ALL, limit: int = 50) -> list[int]:
    lookup = of_pieces(parse(query).pieces, with_consumers=True)
    last = (await store.read(lambda reading: reading.search.state())).number
    return await store.read(lambda reading: reading.search.find(lookup, min(below, last + 1), limit))


async def test_the_latest_messages_with_all_terms_are_found_first(store: Store) -> None:
    await stored(store, ["refund please", "a parcel", "Refunds for a parcel", "refunding", "re-fund"])
    assert await found(store, "refund") == [4, 3, 1]
    assert await found(store, "refund parcel") == [3]
    assert await found(store, "refund", below=4) == [3, 1]
    assert await found(store, "refund", limit=1) == [4]
    assert await found(store, "nothing of that") == []
    assert await found(store, "0123") == []
    assert await found(store, "+15550123") == [5, 4, 3, 2, 1]  # the consumer's


async def test_messages_are_added_once_and_in_order(store: Store) -> None:
    (one, *_) = await stored(store, ["refund"])
    assert not await store.write(lambda tx: tx.search.add("", [document_of(one)]))
    assert await found(store, "refund") == [1]


async def test_a_message_that_is_gone_meanwhile_is_left_out(store: Store) -> None:
    await stored(store, ["refund"])
    gone = document_of(message(id="M9", text="refund"))
    assert await store.write(lambda tx: tx.search.add("M000001", [gone]))
    assert await found(store, "refund") == [1]


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_found_is_what_a_look_at_every_text_finds(
    store: Store, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is frequent where: with small spans, so that few texts fill many."""
    for name, value in {"_NEAR": 8, "_SPAN": 16, "_RARE": 10, "_MANY": 6}.items():
        monkeypatch.setattr(tsvector, name, value)
    chance = random.Random(seed)
    words = ("apple", "berry", "cherry", "damson")
    texts: list[str] = []
    while len(texts) < 300:  # stretches in which one word is everywhere, and others are rare
        everywhere, rare = chance.choice(words), chance.choice(words)
        texts += [everywhere + (f" {rare}" if chance.random() < 0.1 else "") for _ in range(chance.randrange(60))]
    await stored(store, texts)
    for query in (*words, *(f"{one} {other}" for one in words for other in words)):
        below, limit = chance.randrange(1, len(texts) + 20), chance.randrange(1, 80)
        expected = [
            number
            for number in range(min(below - 1, len(texts)), 0, -1)
            if set(query.split()) <= set(texts[number - 1].split())
        ]
        assert await found(store, query, below, limit) == expected[:limit], query


async def purged(store: Store) -> None:
    while await store.write(lambda tx: tx.search.purge()):
        pass


async def test_what_is_removed_is_not_found(store: Store) -> None:
    added = await stored(store, ["refund", "zyzzyva refund", "refund"])
    await store.write(lambda tx: tx.erasure.remove_messages([added[1]]))
    assert await found(store, "refund") == [3, 1]
    await purged(store)
    assert await found(store, "refund") == [3, 1]
    await stored(store, ["refund again"], first=9)
    assert await found(store, "refund") == [4, 3, 1]


async def test_an_index_with_other_terms_is_begun_anew(store: Store) -> None:
    await stored(store, ["refund"])

    state = await store.read(lambda reading: reading.search.state())
    assert (state.version, state.number, state.trouble) == (VERSION, 1, IndexTrouble.NONE)
    await store.write(lambda tx: tx.search.begin_anew())
    state = await store.read(lambda reading: reading.search.state())
    assert (state.message_id, state.number) == ("", 0)
    assert await found(store, "refund") == []
