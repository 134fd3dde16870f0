"""Bounds of one agent's requests, pictures and notes, and of a source's wrong tokens."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest

from connector.base.clock import SteppingClock
from connector.base.token_bucket import TokenBucket
from connector.domain.refusals import Refused
from connector.edge.desks.bounds import AgentBounds
from connector.edge.desks.sign_in_delays import SignInDelays
from connector.services.request_table import execute
from connector.store.sql.store import SqlStore
from connector.wire import limits, requests
from tests.kit.door import Door, answer_to, ask, open_door, say
from tests.kit.use_cases import Office

PATIENCE_S = 60.0
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def test_questions_beyond_the_burst_are_refused_with_a_time_and_another_agent_is_not_touched(
    tmp_path: Path,
) -> None:
    clock = SteppingClock()
    many = limits.REQUEST_BURST + 3
    async with (
        asyncio.timeout(PATIENCE_S),
        open_door(tmp_path, clock) as door,
        await door.signed_in() as script,
        await door.signed_in("bob") as desk,
    ):

        async def send() -> None:
            for number in range(many):
                await say(script, {"kind": "request", "id": str(number), "body": {"type": "get_traffic"}})

        async with asyncio.TaskGroup() as group:
            group.create_task(send())
            answers = [await answer_to(script, str(number)) for number in range(many)]
        assert [one["kind"] for one in answers] == ["answer"] * limits.REQUEST_BURST + ["refusal"] * 3
        assert answers[-1]["code"] == "too_many_requests"
        wait_ms = answers[-1]["details"]["retry_after_ms"]
        assert (await ask(desk, {"type": "get_traffic"}))["kind"] == "answer"
        clock.advance(wait_ms / 1000)
        assert (await ask(script, {"type": "get_traffic"}))["kind"] == "answer"
        assert (await ask(script, {"type": "get_traffic"}))["kind"] == "refusal"


async def test_commands_beyond_the_burst_wait_and_none_is_refused_for_it(door: Door) -> None:
    many = limits.REQUEST_BURST + 100
    async with await door.signed_in() as script:

        async def send() -> None:
            for number in range(many):
                body = {"type": "mark_read", "conversation_id": "none"}
                await say(script, {"kind": "request", "id": str(number), "body": body})

        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
            group.create_task(send())
            codes = {(await answer_to(script, str(number)))["code"] for number in range(many)}
        assert codes == {"unknown_conversation"}
        assert loop.time() - began > 100 / limits.REQUESTS_PER_S - 0.1


async def test_pictures_of_an_hour(tmp_path: Path) -> None:
    picture = {"type": "put_picture", "data": base64.b64encode(PICTURE).decode()}
    async with open_door(tmp_path, SteppingClock()) as door:
        async with await door.signed_in() as desk:
            for _ in range(limits.PICTURES_PER_HOUR):
                assert (await ask(desk, picture))["body"]["type"] == "picture_kept"
            refused = await ask(desk, picture)
            assert refused["code"] == "too_many_requests"
            assert 36_000 <= refused["details"]["retry_after_ms"] <= 36_001
        async with await door.signed_in() as again:
            assert (await ask(again, picture))["code"] == "too_many_requests"


def test_bytes_of_pictures_of_an_hour() -> None:
    clock = SteppingClock()
    bounds = AgentBounds(clock)
    for _ in range(limits.PICTURE_BYTES_PER_HOUR // limits.PICTURE_BYTES):
        bounds.upload(limits.PICTURE_BYTES)
    with pytest.raises(Refused, match="MB of pictures in an hour"):
        bounds.upload(limits.PICTURE_BYTES)
    clock.advance(3600)
    bounds.upload(limits.PICTURE_BYTES)


def test_notes_of_an_hour() -> None:
    clock = SteppingClock()
    bounds = AgentBounds(clock)
    for _ in range(limits.NOTES_PER_HOUR):
        assert bounds.write_note() is None
    refused = bounds.write_note()
    assert refused is not None and "600 notes in an hour" in refused.words
    clock.advance(6)
    assert bounds.write_note() is None


async def test_the_repeat_of_a_note_is_answered_beyond_the_bound(store: SqlStore) -> None:
    """A refusal says that the note was not written. The repeat of one that was gets its first answer."""
    office = Office(store)
    await office.sign_in("ann")
    conversation = await office.text()
    note = requests.WriteNote(conversation.id, "call back")
    bounds = AgentBounds(office.clock)
    first = await office.do(execute, "ann", "r0", note, bounds.write_note())
    for _ in range(limits.NOTES_PER_HOUR - 1):
        bounds.write_note()
    with pytest.raises(Refused, match="notes in an hour"):
        await office.do(execute, "ann", "r1", note, bounds.write_note())
    assert await office.do(execute, "ann", "r0", note, bounds.write_note()) == first
    assert len(await office.events("note_written")) == 1


def test_a_bucket_fills_to_its_burst_and_its_credit_is_repaid() -> None:
    clock = SteppingClock()
    bucket = TokenBucket(clock, burst=10, per_s=2)
    assert bucket.take(10) == 0
    assert bucket.take(4) == 2
    clock.advance(2)
    assert bucket.take(1) == 0.5
    clock.advance(1000)
    assert bucket.wait_s(10) == 0
    assert bucket.take(11) == 0, "what is larger than the burst is taken from a full bucket"


def test_a_held_arrow_key_meets_no_bound() -> None:
    """30 moves a second for ten minutes, each of which opens a conversation and marks it as read."""
    clock = SteppingClock()
    bounds = AgentBounds(clock)
    for _ in range(600 * 30):
        bounds.ask(200)
        assert bounds.pace(200) == 0
        clock.advance(1 / 30)


def test_a_thousand_wrong_tokens_of_one_source_take_more_than_a_day() -> None:
    clock = SteppingClock()
    delays = SignInDelays(clock)
    looked_at = 0
    for second in range(24 * 3600):
        for attempt in range(3):
            if delays.reserve("source") == 0:
                delays.failed("source", f"{second} {attempt}")
                looked_at += 1
        clock.advance(1)
    assert 100 < looked_at < 1_000
    assert delays.reserve("another") == 0


@pytest.mark.parametrize("tried", [12, 5000])
def test_a_source_is_forgiven_after_some_hours_and_only_so_many_are_remembered(tried: int) -> None:
    clock = SteppingClock()
    delays = SignInDelays(clock)
    for number in range(tried):
        delays.failed("source", f"wrong {number}")
    assert delays.reserve("source") is None
    clock.advance(2 * 3600)
    assert [delays.reserve("source") for _ in range(3)] == [0, 0, 0]
    for number in range(5000):
        delays.failed(f"source {number}", "x")
    assert not delays.was_wrong("source", "wrong 11")
    assert delays.was_wrong("source 4999", "x")


async def test_what_an_agent_has_sent_and_is_not_answered_is_bounded_over_all_connections(door: Door) -> None:
    """The last frame of each never ends; without a bound all of them would be in memory."""
    size = limits.FRAME_BYTES
    many = limits.UNANSWERED_BYTES // size + 2
    head = b"\x81\xff" + size.to_bytes(8, "big") + bytes(4)
    async with asyncio.timeout(PATIENCE_S), await door.signed_in("bob") as other:
        desks = [await door.signed_in() for _ in range(many)]
        async with asyncio.TaskGroup() as group:
            closing = [group.create_task(desk.wait_closed()) for desk in desks]
            for desk in desks:
                desk.transport.write(head + bytes(size - 1))
            await asyncio.wait(closing, return_when=asyncio.FIRST_COMPLETED)
            assert (await ask(other, {"type": "get_traffic"}))["kind"] == "answer"
            for desk in desks:
                desk.transport.abort()


async def test_what_is_answered_counts_no_longer(door: Door) -> None:
    size = 2**20
    async with asyncio.timeout(PATIENCE_S), await door.signed_in() as desk:
        for _ in range(limits.UNANSWERED_BYTES // size + 1):
            assert (await ask(desk, {"type": "x" * size}))["kind"] == "refusal"


async def test_a_desk_that_pings_and_does_not_read_is_cut(door: Door) -> None:
    async with asyncio.timeout(PATIENCE_S), await door.signed_in() as desk:
        desk.transport.pause_reading()
        pings = (b"\x89\xfd" + bytes(4 + 125)) * 10_000
        while not desk.transport.is_closing():
            desk.transport.write(pings)
            await asyncio.sleep(0)


def test_snapshots_count_as_requests_by_their_conversations() -> None:
    bounds = AgentBounds(SteppingClock())
    bounds.snapshot_conversations = 100 * limits.REQUEST_BURST
    assert bounds.pace_snapshot() == 0
    assert bounds.pace_snapshot() == limits.REQUEST_BURST / limits.REQUESTS_PER_S
