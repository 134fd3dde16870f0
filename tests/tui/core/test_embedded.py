from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from connector.base.data_directory import service_mark
from connector.wire import frames
from tests.kit.fake_core import FakeCore
from tui.core.embedded import EmbeddedCore, core_command
from tui.core.link import AwaitsService, CannotConnect

FAKE = "tests.kit.fake_morning"


def fake_command(socket: Path) -> list[str]:
    return [sys.executable, "-m", FAKE, "--socket", str(socket), "--conversations", "3", "--every", "100000"]


def says(code: int, words: str) -> list[str]:
    """A core that exits at once."""
    return [sys.executable, "-c", f"import sys; print({words!r}, file=sys.stderr); sys.exit({code})"]


@asynccontextmanager
async def ended(embedded: EmbeddedCore) -> AsyncIterator[EmbeddedCore]:
    """Its child is killed and reaped at the end."""
    try:
        yield embedded
    finally:
        if embedded.child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(embedded.child.pid, signal.SIGKILL)
            embedded.child.wait()


def nothing(words: str) -> None: ...


async def hello(embedded: EmbeddedCore, say: Callable[[str], None] = nothing) -> frames.FromCore:
    async with asyncio.timeout(60):
        connection = await embedded(say)
        try:
            (frame,) = frames.decode_from_core(await connection.recv())
            return frame
        finally:
            await connection.close()


async def test_a_core_that_is_there_is_used(short_path: Path) -> None:
    async with FakeCore(short_path / "s"), ended(EmbeddedCore(says(1, "no"), short_path, short_path / "s")) as embedded:
        assert isinstance(await hello(embedded), frames.Hello)
        assert embedded.child is None


async def test_where_none_is_one_is_started_and_started_again_after_its_death(short_path: Path) -> None:
    said: list[str] = []
    async with ended(EmbeddedCore(fake_command(short_path / "s"), short_path / "data", short_path / "s")) as embedded:
        assert isinstance(await hello(embedded, said.append), frames.Hello)
        assert said == ["starting the core…"]
        assert embedded.child is not None
        first = embedded.child
        assert os.getsid(first.pid) == first.pid
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        assert (short_path / "s").exists()  # left by the dead one
        (short_path / "s").unlink()
        assert isinstance(await hello(embedded), frames.Hello)
        assert embedded.child.pid != first.pid


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (
            says(78, "12:00 INFO x\ntextdesk: textdesk.toml: accounts.main.auth_token is missing."),
            "auth_token is missing.",
        ),
        (says(3, "Traceback: boom"), "(exit code 3): Traceback: boom"),
        (says(4, ""), "no output"),
    ],
)
async def test_a_failed_start_is_explained_by_the_last_line_of_the_log(
    short_path: Path, command: list[str], words: str
) -> None:
    async with ended(EmbeddedCore(command, short_path, short_path / "s")) as embedded:
        with pytest.raises(CannotConnect) as caught:
            await hello(embedded)
        assert words in str(caught.value)


async def test_the_words_of_an_earlier_start_are_not_taken_for_those_of_this_one(short_path: Path) -> None:
    (short_path / "core.log").write_text("textdesk: an old complaint\n")
    async with ended(EmbeddedCore(says(4, ""), short_path, short_path / "s")) as embedded:
        with pytest.raises(CannotConnect) as caught:
            await hello(embedded)
        assert "old complaint" not in str(caught.value)


async def test_where_a_service_was_none_is_started_and_the_service_is_used_when_it_is_back(short_path: Path) -> None:
    service_mark(short_path).touch()
    async with ended(EmbeddedCore(fake_command(short_path / "s"), short_path, short_path / "s")) as embedded:
        with pytest.raises(AwaitsService, match=f"`textdesk serve`.* remove {short_path}/service"):
            await hello(embedded)
        async with FakeCore(short_path / "s"):
            assert isinstance(await hello(embedded), frames.Hello)
        assert embedded.child is None


async def test_a_start_names_the_configuration(short_path: Path) -> None:
    said: list[str] = []
    embedded = EmbeddedCore(fake_command(short_path / "s"), short_path, short_path / "s", Path("a.toml"))
    async with ended(embedded):
        assert isinstance(await hello(embedded, said.append), frames.Hello)
    assert said == ["starting the core with a.toml…"]


async def test_two_desks_starting_at_once_share_the_core_of_the_first(short_path: Path) -> None:
    loser = EmbeddedCore(says(75, "textdesk: the data directory is in use."), short_path, short_path / "s")
    async with FakeCore(short_path / "later") as core, ended(loser), asyncio.TaskGroup() as group:
        waiting = group.create_task(hello(loser))
        while loser.child is None or loser.child.poll() is None:
            await asyncio.sleep(0.01)
        (short_path / "s").symlink_to(core.path)
        assert isinstance(await waiting, frames.Hello)


async def test_a_directory_that_cannot_be_used_is_a_sentence(short_path: Path) -> None:
    (short_path / "file").touch()
    async with ended(EmbeddedCore(says(0, ""), short_path / "file" / "data", short_path / "s")) as embedded:
        with pytest.raises(CannotConnect, match="is no directory; name another"):
            await hello(embedded)


def test_the_core_is_started_as_the_embedded_one_of_its_directory(tmp_path: Path) -> None:
    plain = core_command(tmp_path, None)
    assert plain[plain.index("-m") :] == ["-m", "connector", "serve", "--embedded", "--data", str(tmp_path)]
    assert core_command(tmp_path, tmp_path / "a.toml") == [*plain, "--config", str(tmp_path / "a.toml")]
