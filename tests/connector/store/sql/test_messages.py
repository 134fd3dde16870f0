from __future__ import annotations

import asyncio
from functools import partial

from msgspec.structs import replace

from connector.domain.conversation import Conversation
from connector.domain.media import Media
from connector.domain.message import Direction, Message, Part
from connector.domain.status import Status
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from tests.kit.stores import CONSUMER, LINE, NOW, Place, conversation, message, reply

WHOLE = message(
    text="Grüße 😀",
    overflow="and more",
    part=Part(reference=300, total=3, number=2, wide=True, head="a9", tail="c3", charset="utf-8"),
    media=(Media("https://example.com/1", "image/png"), Media("https://example.com/2", "text/plain")),
    code="30003",
    words="the phone is switched off",
    encoding="UCS-2",
    segments=2,
)


async def add(store: SqlStore, *messages: Message) -> list[bool]:
    return await store.write(lambda tx: [tx.messages.add_once(each) for each in messages])


async def test_what_was_added_is_read_back_whole(store: SqlStore) -> None:
    assert await add(store, WHOLE, reply()) == [True, True]
    assert await store.write(lambda tx: tx.messages.get("M1")) == WHOLE
    assert await store.write(lambda tx: tx.messages.by_ref("main", "SM1")) == WHOLE
    assert await store.read(lambda reading: reading.message("M1")) == WHOLE
    assert await store.read(lambda reading: reading.message("R1")) == reply()


async def test_what_is_not_there_is_none(store: SqlStore) -> None:
    assert await store.write(lambda tx: tx.messages.get("M1")) is None
    assert await store.write(lambda tx: tx.messages.by_ref("main", "SM1")) is None
    assert await store.read(lambda reading: reading.message("half a pair: \ud83d")) is None


async def test_a_copy_is_not_stored(store: SqlStore) -> None:
    await add(store, message())
    assert await add(store, message(id="M2", text="changed")) == [False]
    assert await store.read(lambda reading: reading.message("M2")) is None
    assert await store.write(lambda tx: tx.messages.by_ref("main", "SM1")) == message()


async def test_equal_texts_with_other_references_are_two_messages(store: SqlStore) -> None:
    assert await add(store, message(), message(id="M2", ref="SM2"), message(id="M3", account="short")) == [True] * 3
    assert await add(store, reply(), reply(id="R2")) == [True, True]  # without a reference nothing is a copy


async def test_equal_replies_without_a_reference_are_found(store: SqlStore) -> None:
    replies = [
        reply(id="R4", status=Status.SENDING),
        reply(id="R3", status=Status.FAILED),
        reply(id="R5", at=NOW - 1),
        reply(id="R6", text="hello to you"),
        reply(id="R7", ref="SM7"),
        reply(id="R8", account="short"),
        reply(id="R9", line="+15550101"),
        reply(id="R10", consumer="+14155550199"),
        message(id="M1", text="Hello to you", ref=None),
    ]
    await add(store, *replies)
    found = await store.write(lambda tx: tx.messages.without_ref(reply(id="R4"), NOW))
    assert [one.id for one in found] == ["R3", "R4"]


async def test_a_reference_moves_from_one_reply_to_another(store: SqlStore) -> None:
    first, second = reply(id="R1", ref="SM1"), reply(id="R2")
    await add(store, first, second)

    def move(tx: Transaction) -> None:
        tx.messages.update(replace(first, ref=None))
        tx.messages.update(replace(second, ref="SM1"))

    await store.write(move)
    assert await store.write(lambda tx: tx.messages.by_ref("main", "SM1")) == replace(second, ref="SM1")
    assert await add(store, message(id="M9", ref="SM1")) == [False]


async def test_of_a_hundred_simultaneous_copies_exactly_one_is_stored(place: Place) -> None:
    cores = await place.cores(4)
    copies = [add(cores[index % 4], message(id=f"M{index:03}")) for index in range(100)]
    kept = [index for index, (was_new,) in enumerate(await asyncio.gather(*copies)) if was_new]
    assert len(kept) == 1
    history = await cores[0].read(lambda reading: reading.history(CONSUMER, None, 200))
    assert [each.id for each in history] == [f"M{kept[0]:03}"]


async def test_two_hundred_simultaneous_first_texts_open_one_conversation(place: Place) -> None:
    cores = await place.cores(4)

    def take(tx: Transaction, number: int) -> str:
        known = tx.conversations.open_for(LINE, CONSUMER)
        opened: Conversation = known or conversation(id=f"C{number:03}")
        opened = replace(opened, last_seq=opened.last_seq + 1)
        assert tx.messages.add_once(message(id=f"M{number:03}", ref=f"SM{number}", conversation_id=opened.id))
        (tx.conversations.update if known else tx.conversations.insert)(opened)
        return opened.id

    ids = await asyncio.gather(*(cores[n % 4].write(partial(take, number=n)) for n in range(200)))
    assert len(set(ids)) == 1
    found = await cores[0].read(lambda reading: reading.conversation(ids[0]))
    assert found is not None and found.last_seq == 200
    history = await cores[0].read(lambda reading: reading.history(CONSUMER, None, 1000))
    assert [each.id for each in history] == [f"M{number:03}" for number in range(200)]


async def test_an_update_replaces_every_field(store: SqlStore) -> None:
    await add(store, WHOLE)
    other = message(
        conversation_id="C9",
        account="short",
        line="12345",
        consumer="+15550199",
        seq=9,
        direction=Direction.REPLY,
        text="x",
        at=1,
        status=Status.FAILED,
        status_at=2,
        author="ann",
        ref=None,
    )
    await store.write(lambda tx: tx.messages.update(other))
    assert await store.read(lambda reading: reading.message("M1")) == other


async def test_a_reply_is_found_by_the_reference_it_got(store: SqlStore) -> None:
    await add(store, reply())
    accepted = reply(ref="SM9", status=Status.ACCEPTED)
    await store.write(lambda tx: tx.messages.update(accepted))
    await store.write(lambda tx: tx.messages.update(replace(accepted, status=Status.SENT)))
    assert await store.write(lambda tx: tx.messages.by_ref("main", "SM9")) == replace(accepted, status=Status.SENT)
    assert await add(store, message(ref="SM9")) == [False]


async def test_a_reference_given_twice_stays_with_the_first(store: SqlStore) -> None:
    await add(store, message(), reply())
    await store.write(lambda tx: tx.messages.update(reply(ref="SM1", status=Status.ACCEPTED)))
    assert await store.write(lambda tx: tx.messages.by_ref("main", "SM1")) == message()
    assert await store.read(lambda reading: reading.message("R1")) == reply(ref="SM1", status=Status.ACCEPTED)


async def test_history_is_the_tail_below_an_id_oldest_first(store: SqlStore) -> None:
    lines = [LINE, "12345", LINE]
    await add(
        store,
        *(message(id=f"M{n}", ref=f"SM{n}", line=lines[n % 3], conversation_id=f"C{n}") for n in (3, 1, 5, 4, 2)),
        message(id="M0", ref="SM0", consumer="+15550199"),
    )

    async def history(before: str | None, limit: int) -> list[str]:
        return [each.id for each in await store.read(lambda reading: reading.history(CONSUMER, before, limit))]

    assert await history(None, 10) == ["M1", "M2", "M3", "M4", "M5"]
    assert await history(None, 2) == ["M4", "M5"]
    assert await history("M4", 2) == ["M2", "M3"]
    assert await history("M1", 2) == []
