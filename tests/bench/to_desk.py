"""How long after a hook is sent its event arrives at a desk, at a calm pace, beside telling without storing."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, unix_connect

from tests.bench.figures import Figure, percentile
from tests.bench.hooks import HOOK, check
from tests.bench.load import request
from tests.bench.processes import CLIENT, PATIENCE_S, SERVER, floor_server, on_processor
from tests.kit.running import town

_PACE = 50  # hooks a second
_EACH = 200  # hooks in a round
_OF = "aiohttp tells a websocket on a Unix socket"


async def measure(rounds: int, folder: Path) -> list[Figure]:
    """Milliseconds from the first byte of the hook sent to the event received: half of them, and nearly all."""
    with on_processor(CLIENT):
        async with AsyncExitStack() as stack:
            with on_processor(SERVER):
                core = (await stack.enter_async_context(town(folder / "town"))).core
            _, floor = await stack.enter_async_context(floor_server(folder))
            desk = await stack.enter_async_context(_signed_in(core.data / "desk.sock"))
            follower = await stack.enter_async_context(_following(Path(floor["socket"])))
            ours, bare = list[list[float]](), list[list[float]]()
            sent = 0
            for _ in range(rounds + 1):
                ours.append(await _round(core.url + HOOK, desk, sent))
                sent += _EACH
                bare.append(await _round(floor["url"] + "/tell", follower, 0))
            check(core, sent)
    return [
        Figure(
            f"hook to event at a desk p{share:.0%}".rstrip("%"),
            "ms",
            tuple(percentile(one, share) for one in ours[1:]),
            tuple(percentile(one, share) for one in bare[1:]),
            _OF,
        )
        for share in (0.5, 0.99)
    ]


async def _round(url: str, socket: ClientConnection, first: int) -> list[float]:
    sent_at: dict[int, float] = {}
    async with asyncio.timeout(_EACH / _PACE + PATIENCE_S), asyncio.TaskGroup() as group:
        arrived_at = group.create_task(_arrivals(socket, first))
        group.create_task(_send(url, first, sent_at))
    return [(at - sent_at[number]) * 1000 for number, at in arrived_at.result().items()]


async def _send(url: str, first: int, sent_at: dict[int, float]) -> None:
    """Each hook at its own moment, over one kept connection; a hook waits for the answer to the one before."""
    requests = {number: request(url, number) for number in range(first, first + _EACH)}
    split = urlsplit(url)
    reader, writer = await asyncio.open_connection(split.hostname, split.port)
    began = time.perf_counter()
    for index, (number, hook) in enumerate(requests.items()):
        await asyncio.sleep(began + index / _PACE - time.perf_counter())
        sent_at[number] = time.perf_counter()
        writer.write(hook)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().partition(b"content-length:")[2].partition(b"\r")[0]))
        if not head.startswith(b"HTTP/1.1 2"):
            raise RuntimeError(f"a hook was answered with {head[:60]!r}")
    writer.close()


async def _arrivals(socket: ClientConnection, first: int) -> dict[int, float]:
    """When each message of the round was told, by its number."""
    arrived_at: dict[int, float] = {}
    while len(arrived_at) < _EACH:
        frame = await socket.recv()
        now = time.perf_counter()
        body = json.loads(frame).get("body", {})
        if body.get("type") == "message_received":
            message = body["message"]
            number = int((message.get("text") or message["Body"]).removeprefix("Number ").partition(":")[0])
            if number >= first:
                arrived_at[number] = now
    return arrived_at


@asynccontextmanager
async def _following(path: Path) -> AsyncIterator[ClientConnection]:
    async with unix_connect(str(path), "ws://localhost/desk", compression=None) as socket:
        yield socket


@asynccontextmanager
async def _signed_in(path: Path) -> AsyncIterator[ClientConnection]:
    """A desk as docs/protocol.md has it; its snapshot is read as it comes."""
    async with _following(path) as socket:
        await socket.recv()
        sign_in = {"kind": "sign_in", "protocol": 1, "desk": "bench", "agent": "ann", "role": "desk"}
        await socket.send(json.dumps(sign_in))
        yield socket
