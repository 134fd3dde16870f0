"""Before its desk has signed in, a connection costs little and learns nothing."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import struct

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus

from connector.edge.desks.strangers import Strangers, source_of
from connector.wire import limits
from tests.kit.door import TOKENS, Door, ask, heard, say, sign_in

PATIENCE_S = 60.0
DEEP = "[" * 3_000


async def closed_with(door: Door, data: str | bytes) -> int | None:
    """The close code of a stranger who sends this; None: cut off."""
    async with await door.tcp() as stranger:
        await stranger.recv()
        with pytest.raises(ConnectionClosed) as end:
            await stranger.send(data)
            async with asyncio.timeout(PATIENCE_S):
                await stranger.recv()
    return end.value.rcvd.code if end.value.rcvd else None


async def test_over_tcp_store_position_and_version_come_after_the_sign_in_alone(door: Door) -> None:
    async with await door.tcp() as desk:
        hello = await heard(desk)
        assert (hello["store"], hello["position"], hello["version"]) == ("", 0, "")
        assert desk.response is not None
        assert "Server" not in desk.response.headers
        await say(desk, sign_in(token=TOKENS["ann"]))
        welcome = await heard(desk)
    async with await door.unix() as neighbour:
        known = await heard(neighbour)
    assert welcome["store"] == known["store"] != ""
    assert welcome["position"] > 0
    assert welcome["version"] == known["version"] != ""


async def test_a_desk_resumes_over_tcp_by_the_store_of_its_welcome(door: Door) -> None:
    async with await door.tcp() as desk:
        await heard(desk)
        await say(desk, sign_in(token=TOKENS["ann"]))
        welcome = await heard(desk)
    for store, resumed in ((welcome["store"], True), ("another", False), ("", False)):
        async with await door.tcp() as desk:
            await heard(desk)
            await say(desk, sign_in(token=TOKENS["ann"], store=store, after=welcome["position"]))
            assert (await heard(desk))["resumed"] is resumed


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ('{"kind":"sign_in","x":' + DEEP, 4400),
        (json.dumps(sign_in(token="x" * limits.SIGN_IN_BYTES)), 1009),
        (json.dumps(sign_in(after=2**64)), 4400),
        (json.dumps(sign_in(desk="x" * 65)), 4400),
        ('{"kind":"request","id":"1","body":{"type":"get_traffic"}}', 4401),
        ("x" * 2 * limits.STRANGER_BYTES, None),
    ],
    ids=["nested", "large", "a number beyond 64 bits", "a long name", "a request", "more than a stranger may send"],
)
async def test_a_strangers_mistake_ends_its_connection_without_a_traceback(
    door: Door, caplog: pytest.LogCaptureFixture, data: str, code: int | None
) -> None:
    assert await closed_with(door, data) == code
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_no_compressed_frame_is_taken(door: Door) -> None:
    async with connect(f"ws://127.0.0.1:{door.port}/", compression="deflate") as desk:
        assert desk.response is not None
        assert "Sec-WebSocket-Extensions" not in desk.response.headers


async def test_half_requests_do_not_keep_desks_out(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one source 64 may wait; the next are closed at once, and another source is not touched."""
    monkeypatch.setattr(limits, "OPEN_WITHIN_S", 600)
    strangers = []
    for _ in range(200):
        stranger = socket.create_connection(("127.0.0.1", door.port), source_address=("127.0.0.2", 0))
        stranger.sendall(b"GET / HT")
        stranger.setblocking(False)
        strangers.append(stranger)
        await asyncio.sleep(0)  # the core accepts some meanwhile: a kernel may let fewer wait
    async with asyncio.timeout(PATIENCE_S):
        while sum(map(is_open, strangers)) > 64:
            await asyncio.sleep(0.01)
        async with await door.tcp("127.0.0.3") as desk:
            await heard(desk)
            await say(desk, sign_in(token=TOKENS["ann"]))
            assert (await heard(desk))["kind"] == "welcome"
    assert sum(map(is_open, strangers)) == 64
    for stranger in strangers:
        stranger.close()


def is_open(stranger: socket.socket) -> bool:
    try:
        return stranger.recv(1) != b""
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


async def test_who_is_slow_to_sign_in_is_closed(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OPEN_WITHIN_S", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
    async with asyncio.timeout(PATIENCE_S):
        assert await reader.read() == b""
    writer.close()
    monkeypatch.undo()
    monkeypatch.setattr(limits, "SIGN_IN_WITHIN_S", 0.05)
    for opening in (door.tcp, door.unix):
        async with await opening() as stranger:
            await heard(stranger)
            with pytest.raises(ConnectionClosed) as end:
                await heard(stranger)
            assert end.value.rcvd is not None
            assert end.value.rcvd.code == 4401


async def test_a_reset_before_the_handshake_leaves_nothing(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(20):
        stranger = socket.create_connection(("127.0.0.1", door.port))
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stranger.close()
    async with await door.tcp() as desk:
        assert (await heard(desk))["kind"] == "hello"
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_web_page_is_refused(door: Door) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        await connect(f"ws://127.0.0.1:{door.port}/", origin="https://example.com")  # type: ignore[arg-type]


async def test_wrong_tokens_wait_ever_longer_and_other_sources_and_issued_tokens_do_not(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    async with await door.signed_in("root") as admin:
        await ask(admin, {"type": "add_agent", "agent": "cid"})
        issued = (await ask(admin, {"type": "issue_token", "agent": "cid"}))["body"]["token"]

    async def guess(number: int) -> int | None:
        try:
            async with await door.tcp("127.0.0.2") as stranger:
                await heard(stranger)
                await say(stranger, sign_in(token=f"guess {number}"))
                await heard(stranger)
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else None
        except (OSError, InvalidMessage):
            return None  # more than may wait
        raise AssertionError("a guess was let in")

    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        ends = [group.create_task(guess(number)) for number in range(60)]
        while not any(end.done() and end.result() == 4429 for end in ends):
            await asyncio.sleep(0.01)
        signing_in = [("127.0.0.3", agent, token) for agent, token in TOKENS.items()]
        for source, agent, token in [*signing_in, ("127.0.0.2", "cid", issued)]:
            async with await door.tcp(source) as desk:
                await heard(desk)
                await say(desk, sign_in(token=token))
                assert (await heard(desk))["agent"]["id"] == agent
        looked_at = [record for record in caplog.records if "127.0.0.2 gave a wrong token" in record.getMessage()]
        assert len(looked_at) < 10
        for end in ends:
            end.cancel()


async def test_a_forgotten_desk_does_not_lock_out_its_neighbours(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(30):
        assert await closed_with(door, json.dumps(sign_in(token="of last year"))) == 4401
    async with await door.tcp() as desk:
        await heard(desk)
        await say(desk, sign_in(token=TOKENS["ann"]))
        assert (await heard(desk))["kind"] == "welcome"
    assert len([record for record in caplog.records if "wrong token" in record.getMessage()]) == 1


@pytest.mark.parametrize(
    ("address", "source"),
    [
        (("192.0.2.1", 5), "192.0.2.1"),
        (("2001:db8:1:2:3::4", 5, 0, 0), "2001:db8:1:2::/64"),
        ("", None),
    ],
)
def test_the_source_of_a_connection(address: object, source: str | None) -> None:
    assert source_of(address) == source


def test_when_there_is_no_room_the_oldest_of_the_fullest_source_gives_way() -> None:
    strangers = Strangers(per_source=3, in_all=4)
    assert [strangers.add("a", 1), strangers.add("b", 2), strangers.add("b", 3), strangers.add("b", 4)] == [None] * 4
    assert not strangers.has_room("b")
    assert strangers.has_room("a")
    assert strangers.add("c", 5) == 2
    assert strangers.has_room("b")
    assert len(strangers) == 4
    strangers.remove("b", 2)
    strangers.remove("a", 1)
    assert len(strangers) == 3


async def test_an_agent_has_so_many_connections_and_a_place_becomes_free(door: Door) -> None:
    desks = [await door.signed_in() for _ in range(limits.CONNECTIONS_PER_AGENT)]
    with pytest.raises(ConnectionClosed) as end:
        await door.signed_in()
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 4429
    async with await door.signed_in("bob") as other:
        assert (await ask(other, {"type": "get_traffic"}))["kind"] == "answer"
    await desks.pop().close()
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                desks.append(await door.signed_in())
                break
            except ConnectionClosed:
                continue
    for desk in desks:
        await desk.close()
