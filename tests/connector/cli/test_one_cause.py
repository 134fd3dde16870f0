"""One cause, one exit code and one sentence: for the desk and for every verb."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.message import Message
from websockets.asyncio.server import ServerConnection, serve, unix_serve

from connector.client.core_address import CoreAddress
from connector.client.errors import ClientError
from connector.client.link import EventsMissed, Link
from connector.wire import frames
from connector.wire.client import Client
from tests.kit.commands import PATIENCE_S, run
from tests.kit.door import open_door
from tests.kit.ports import free_port
from tests.kit.second_user import STRANGER, as_user, needs_root, public_folder
from tests.kit.terminal import on_terminal
from tui.core.embedded import EmbeddedCore
from tui.core.link import DeskLink, Dial, FirstToAnswer


async def of_verb(core: CoreAddress) -> tuple[int, str]:
    with pytest.raises(ClientError) as ended:
        async with Link(core):
            pass
    return ended.value.exit_code, str(ended.value)


async def of_desk(core: CoreAddress) -> tuple[int, str]:
    posts: list[Message] = []
    dial: Dial = EmbeddedCore(["false"], core.data, core.data / "desk.sock")
    if core.urls:
        dial = FirstToAnswer(core.urls)
    async with asyncio.timeout(PATIENCE_S):
        await DeskLink(Client("d", agent=core.agent, token=core.token), dial, posts.append).run()
    [end] = [post for post in posts if isinstance(post, DeskLink.GaveUp)]
    return end.code, end.words


async def both(core: CoreAddress) -> tuple[int, str]:
    verb, desk = await of_verb(core), await of_desk(core)
    assert verb == desk
    return verb


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as made:
        yield made


@pytest.mark.parametrize(
    ("cause", "code", "words"),
    [
        ("nothing there", os.EX_UNAVAILABLE, "No core listens at {folder}/desk.sock: there is no desk.sock in"),
        ("left by a killed core", os.EX_UNAVAILABLE, "No core listens at {folder}/desk.sock: nothing listens at"),
        ("folder missing", os.EX_UNAVAILABLE, "desk.sock: {folder} is missing; compare it with desks.socket"),
        ("no folder", os.EX_UNAVAILABLE, "No core listens at {folder}/desk.sock: {folder} is no folder"),
        ("folder others can write", os.EX_NOPERM, "chmod 710"),
    ],
)
async def test_at_a_service_of_this_host(folder: Path, cause: str, code: int, words: str) -> None:
    path = folder / "run" / "desk.sock"
    if cause == "no folder":
        path.parent.touch()
    elif cause != "folder missing":
        path.parent.mkdir(0o710)
    if cause == "left by a killed core":
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(str(path))
    if cause == "folder others can write":
        path.parent.chmod(0o730)
    ended = await both(CoreAddress(folder, (f"unix:{path}",)))
    assert ended[0] == code and words.format(folder=path.parent) in ended[1]


@needs_root
@pytest.mark.parametrize("place", ["service", "data directory"])
def test_where_one_may_not_enter(folder: Path, place: str) -> None:
    path = folder / "run" / "desk.sock"
    path.parent.mkdir()
    os.chown(path.parent, 1, 1)
    path.parent.chmod(0o710)
    core = CoreAddress(path.parent, (f"unix:{path}",) if place == "service" else ())

    def attempt() -> None:
        raise RuntimeError(asyncio.run(both(core)))

    words = as_user(STRANGER, attempt)
    assert words.startswith(f"RuntimeError: ({os.EX_NOPERM}, "), words
    assert ("usermod -aG daemon" if place == "service" else "belongs to another user") in words


async def test_over_the_network(folder: Path, tmp_path: Path) -> None:
    nowhere = f"ws://127.0.0.1:{free_port()}/"
    assert (await both(CoreAddress(folder, (nowhere,))))[0] == os.EX_UNAVAILABLE
    code, words = await both(CoreAddress(folder, (nowhere, f"unix:{folder}/run/desk.sock")))
    assert code == os.EX_UNAVAILABLE and "refused" in words and "No core listens at" in words
    assert (await both(CoreAddress(folder, ("ws://127.0.0.1:99999/",))))[0] == os.EX_USAGE
    async with open_door(tmp_path) as door:
        url = f"ws://127.0.0.1:{door.port}/"
        assert (await both(CoreAddress(folder, (url,), token="wrong")))[0] == os.EX_NOPERM
        assert (await both(CoreAddress(folder, (url,))))[0] == os.EX_NOPERM


@pytest.mark.parametrize(
    ("closed_with", "code"),
    [
        (frames.CLOSE_NOT_SIGNED_IN, os.EX_NOPERM),
        (frames.CLOSE_TOO_MANY, os.EX_TEMPFAIL),
        (frames.CLOSE_PROTOCOL, os.EX_UNAVAILABLE),
        (frames.CLOSE_BAD_FRAME, os.EX_UNAVAILABLE),
    ],
)
async def test_turned_away(folder: Path, closed_with: int, code: int) -> None:
    async def refuse(connection: ServerConnection) -> None:
        await connection.send(frames.encode(frames.Hello(frames.PROTOCOL, "", 1, 0)))
        await connection.recv()
        await connection.close(closed_with, "for this reason")

    path = folder / "run" / "desk.sock"
    path.parent.mkdir(0o710)
    async with unix_serve(refuse, str(path)):
        ended = await both(CoreAddress(folder, (f"unix:{path}",)))
    assert ended[0] == code and "for this reason" in ended[1]


async def test_a_core_that_lets_in_nobody_gives_way_to_the_next(tmp_path: Path) -> None:
    async def stopping(connection: ServerConnection) -> None:
        await connection.send(frames.encode(frames.Hello(frames.PROTOCOL, "", 1, 0)))
        await connection.recv()
        await connection.close(frames.CLOSE_STOPPING, "The core's store is not available.")

    async with serve(stopping, "127.0.0.1", 0) as server, open_door(tmp_path) as door:
        [listening] = server.sockets
        urls = (f"ws://127.0.0.1:{listening.getsockname()[1]}/", f"ws://127.0.0.1:{door.port}/")
        async with Link(CoreAddress(tmp_path, urls, token="anns-own-token")) as link:
            assert link.agent is not None and link.agent.id == "ann"


async def test_when_a_core_goes_the_next_address_is_used(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for one in (first, second):
        one.mkdir()
    async with open_door(second) as later:
        async with open_door(first) as door:
            urls = tuple(f"ws://127.0.0.1:{port}/" for port in (door.port, later.port))
            link = Link(CoreAddress(tmp_path, urls, token="anns-own-token"))
            await link.__aenter__()
        missed = await link.next_event()  # another database, so it begins with a snapshot
        assert isinstance(missed, EventsMissed)
        await link.__aexit__(None, None, None)


@pytest.mark.slow
async def test_a_mistake_in_the_profiles_as_processes(tmp_path: Path) -> None:
    client = tmp_path / "textdesk" / "client.toml"
    client.parent.mkdir()
    client.write_text("default = 'work'\n[profiles.work]\nurl = 7\n")
    verb = await run("queue", XDG_CONFIG_HOME=str(tmp_path))
    async with on_terminal(XDG_CONFIG_HOME=str(tmp_path)) as desk:
        assert await desk.ended() == verb.code == os.EX_CONFIG
    assert desk.shown.decode().replace("\r\n", "\n") == verb.err and "profiles.work.url" in verb.err
