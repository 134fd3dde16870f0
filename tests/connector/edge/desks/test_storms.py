"""Many desks at one moment: all get in, and they learn of one another in few messages, once and in order."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from connector.edge.desks.feed import _MOMENT_S
from tests.kit.door import Door, ask, heard, say, sign_in

PATIENCE_S = 60.0
AGENTS = 60
_KERNELS = Path("/proc/sys/net/core/somaxconn")


async def test_as_many_desks_as_the_kernel_lets_wait_are_not_refused(door: Door) -> None:
    """A full backlog of a Unix socket refuses at once (EAGAIN), which asyncio takes for a connection."""
    most = int(_KERNELS.read_text()) if _KERNELS.exists() else 128
    waiting = []
    for _ in range(min(500, most - 1)):  # the core shares this thread, and so accepts none meanwhile
        one = socket.socket(socket.AF_UNIX)
        one.setblocking(False)
        one.connect(str(door.path))
        waiting.append(one)
    async with await door.signed_in() as desk:
        assert (await ask(desk, {"type": "get_traffic"}))["kind"] == "answer"
    for one in waiting:
        one.close()


async def frames_of(desk: ClientConnection) -> list[dict[str, Any]]:
    """The frames of the next message."""
    message = await desk.recv()
    assert isinstance(message, str), "a text message"
    frame = json.loads(message)
    return list(frame["frames"]) if frame["kind"] == "batch" else [frame]


async def opened(door: Door, number: int, *, takes_batches: bool) -> tuple[ClientConnection, int]:
    """A desk of its own agent, and the position of its snapshot."""
    desk = await door.unix()
    await heard(desk)
    await say(desk, sign_in(agent=f"agent-{number}", takes_batches=takes_batches))
    position = -1
    while (frame := await heard(desk))["kind"] != "accounts":
        position = frame.get("position", position)
    return desk, position


@pytest.mark.parametrize("takes_batches", [True, False])
async def test_agents_who_sign_in_at_once_are_shown_in_few_messages(door: Door, takes_batches: bool) -> None:
    watcher, position = await opened(door, 0, takes_batches=takes_batches)
    loop = asyncio.get_running_loop()
    began = loop.time()
    desks = await asyncio.gather(*(opened(door, number, takes_batches=True) for number in range(1, AGENTS + 1)))
    online: list[str] = []
    messages = 0
    async with asyncio.timeout(PATIENCE_S):
        while len(online) < AGENTS:
            messages += 1
            for frame in await frames_of(watcher):
                assert frame["position"] > position
                position = frame["position"]
                online.append(frame["body"]["agent"]["id"])
    assert len(set(online)) == len(online) == AGENTS
    # However long all of them take to sign in on this machine.
    assert messages <= (loop.time() - began) / _MOMENT_S + 1 if takes_batches else messages == AGENTS
    for desk, _ in desks:
        await desk.close()
    await watcher.close()


async def test_each_presence_comes_once_and_in_order(door: Door) -> None:
    watcher, _ = await opened(door, 0, takes_batches=True)
    async with await door.signed_in("ann", role="desk") as desk:
        for presence in ("away", "online", "away", "online"):
            assert (await ask(desk, {"type": "set_presence", "presence": presence}))["kind"] == "answer"
    seen: list[tuple[str, str]] = []
    async with asyncio.timeout(PATIENCE_S):
        while ("ann", "offline") not in seen:
            for frame in await frames_of(watcher):
                seen.append((frame["body"]["agent"]["id"], frame["body"]["agent"]["presence"]))
    assert [presence for agent, presence in seen if agent == "ann"] == [
        "online",
        "away",
        "online",
        "away",
        "online",
        "offline",
    ]
    await watcher.close()


async def test_a_desk_that_resumes_gets_what_it_missed_in_few_messages(door: Door) -> None:
    desk, position = await opened(door, 0, takes_batches=True)
    await desk.close()
    async with await door.signed_in("ann", role="desk") as ann:
        for number in range(50):
            await ask(ann, {"type": "set_presence", "presence": ("away", "online")[number % 2]})
    async with await door.unix() as again:
        store = (await heard(again))["store"]
        await say(again, sign_in(agent="agent-0", store=store, after=position, takes_batches=True))
        assert (await heard(again))["resumed"] is True
        positions: list[int] = []
        messages = 0
        async with asyncio.timeout(PATIENCE_S):
            while len(positions) < 52:
                found = [one for one in await frames_of(again) if one["kind"] == "event"]
                messages += bool(found)
                positions += [one["position"] for one in found]
    assert positions == sorted(set(positions))
    assert messages < 10


def test_a_batch_holds_whole_frames_and_is_bounded() -> None:
    from connector.wire import frames, limits

    texts = [json.dumps({"kind": "event", "number": number, "text": "x" * 60_000}).encode() for number in range(20)]
    made = list(frames.batches(texts))
    assert len(made) == 5
    assert all(len(one) < limits.BATCH_BYTES + 100 for one in made)
    assert [frame["number"] for one in made for frame in json.loads(one)["frames"]] == list(range(20))
    assert list(frames.batches(texts[:1])) == texts[:1]
    assert list(frames.batches([])) == []
