from __future__ import annotations

import asyncio
from pathlib import Path

from websockets.asyncio.server import ServerConnection, unix_serve

from connector.base.token_file import TokenFile
from connector.wire import frames
from connector.wire.client import Client
from tui.core.link import DeskLink, over_unix


async def test_each_connection_signs_in_with_the_token_that_is_in_the_file_then(short_path: Path) -> None:
    file, socket = short_path / "token", short_path / "s"
    contents = iter(["new\n", "", None])  # emptied, and removed
    file.write_text("old\n")
    file.chmod(0o600)
    tokens: list[str | None] = []
    enough = asyncio.Event()

    async def refuse(connection: ServerConnection) -> None:
        await connection.send(frames.encode(frames.Hello(frames.PROTOCOL, "", 1, 0)))
        sign_in = frames.decode_from_desk(await connection.recv())
        assert isinstance(sign_in, frames.SignIn)
        tokens.append(sign_in.token)
        content = next(contents, None)
        if len(tokens) == 4:
            enough.set()
        elif content is None:
            file.unlink()
        else:
            file.write_text(content)
        await connection.close(frames.CLOSE_STOPPING, "")

    async with unix_serve(refuse, str(socket)), asyncio.timeout(60), asyncio.TaskGroup() as group:
        link = DeskLink(Client("d"), over_unix(socket), lambda _: None, TokenFile(file))
        running = group.create_task(link.run())
        await enough.wait()
        running.cancel()
    assert tokens == ["old", "new", "new", "new"]
