"""The desks' door of a core in this process: a Unix socket, TCP, and bare websockets written from docs/protocol.md."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect, unix_connect

from connector.app import Core
from connector.base.clock import Clock, SystemClock
from connector.base.supervise import Supervisor
from connector.config.file import load
from connector.providers.outbound import AccountClients
from connector.reloading import ReloadSource
from connector.store.sql.store import open_store
from tests.kit.ports import free_port
from tests.kit.templates import copied

TOKENS = {"ann": "anns-own-token", "bob": "bobs-own-token"}
PATIENCE_S = 60.0
_numbers = count()


@dataclass
class Door:
    path: Path
    port: int
    core: Core

    async def unix(self) -> ClientConnection:
        return await unix_connect(
            str(self.path), "ws://localhost/", compression=None, max_size=2**24, open_timeout=PATIENCE_S
        )

    async def tcp(self, source: str = "127.0.0.1", **more: Any) -> ClientConnection:
        """A connection from one of this machine's loopback addresses, which are sources of their own."""
        url = f"ws://127.0.0.1:{self.port}/"
        more = {"max_size": 2**24, "open_timeout": PATIENCE_S} | more
        return await connect(url, compression=None, local_addr=(source, 0), **more)

    async def signed_in(self, agent: str = "ann", *, role: str = "tool", **more: Any) -> ClientConnection:
        """A connection on the Unix socket, after its first state."""
        socket = await self.unix()
        await socket.recv()
        await say(socket, {**sign_in(agent=agent, role=role), **more})
        while (await heard(socket))["kind"] != "accounts":
            pass
        return socket


def sign_in(**more: Any) -> dict[str, Any]:
    return {"kind": "sign_in", "protocol": 1, "desk": "d", **more}


async def say(socket: ClientConnection, frame: Mapping[str, Any]) -> None:
    await socket.send(json.dumps(frame))


async def heard(socket: ClientConnection) -> dict[str, Any]:
    frame: dict[str, Any] = json.loads(await socket.recv())
    return frame


async def ask(socket: ClientConnection, body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer or refusal; events are passed over."""
    request_id = f"r{next(_numbers)}"
    await say(socket, {"kind": "request", "id": request_id, "body": body})
    return await answer_to(socket, request_id)


async def answer_to(socket: ClientConnection, request_id: str) -> dict[str, Any]:
    while (frame := await heard(socket)).get("id") != request_id:
        pass
    return frame


@asynccontextmanager
async def open_door(
    folder: Path, clock: Clock | None = None, database: str | None = None, desks: str = ""
) -> AsyncIterator[Door]:
    """`database`: a PostgreSQL URL, where several cores share it; `desks`: more lines of the section `[desks]`."""
    config = folder / "textdesk.toml"
    port = free_port()
    agents = "".join(f'[agents.{name}]\ntoken = "{token}"\n' for name, token in TOKENS.items())
    config.write_text(f'[desks]\nlisten = "127.0.0.1:{port}"\n{desks}\n{agents}')
    store = await open_store(database or copied(folder / "textdesk.db"))
    async with Supervisor() as tasks:
        async with AccountClients() as clients:
            source = ReloadSource(config, clients)
        core = Core(load(config), clock or SystemClock(), {}, store, folder, tasks, source)
        try:
            addresses = await core.start()
            yield Door(addresses.desks, port, core)
            await core.stop()
        finally:
            await core.close()
            tasks.stop()
    await store.close()
