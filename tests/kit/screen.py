"""A real desk process on a pseudo-terminal, its screen as an emulated terminal has it."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pyte

PATIENCE_S = 20.0
_PERSON_S = 0.15
_ROOT = Path(__file__).parents[2]


class Screen:
    def __init__(self, ours: int, process: subprocess.Popen[bytes], columns: int, rows: int) -> None:
        self.process = process
        self.raw = b""
        self._ours = ours
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._changed = asyncio.Event()

    @property
    def text(self) -> str:
        return "\n".join(self._screen.display)

    def wipe(self) -> None:
        """As if another program had written over it."""
        self._screen.erase_in_display(2)

    def write(self, data: bytes) -> None:
        """As if typed: the bytes a terminal sends."""
        os.write(self._ours, data)

    async def enter(self) -> None:
        """As a person presses it: a while after the last letter, and on its own."""
        await asyncio.sleep(_PERSON_S)
        os.write(self._ours, b"\r")
        await asyncio.sleep(_PERSON_S)

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition():
                    # Not everything waited for is on the screen, so look now and then as well.
                    self._changed.clear()
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._changed.wait(), 0.05)
        except TimeoutError:
            raise TimeoutError(f"waited {PATIENCE_S:.0f} s for {what}; the screen says\n{self.text}") from None

    async def shows(self, *words: str) -> None:
        await self.until(lambda: all(each in self.text for each in words), f"{words} on the screen")

    async def ended(self) -> int:
        """Its exit code, once all it wrote has been read."""
        await self.until(lambda: self.process.poll() is not None, "its end")
        self.read()
        code = self.process.poll()
        assert code is not None
        return code

    def read(self) -> None:
        try:
            data = os.read(self._ours, 65536)
        except OSError:  # the other side is closed
            asyncio.get_running_loop().remove_reader(self._ours)
            return
        self.raw += data
        self._stream.feed(data)
        self._changed.set()


@asynccontextmanager
async def desk_process(
    *arguments: str, state: Path, columns: int = 80, rows: int = 24, **environ: str
) -> AsyncIterator[Screen]:
    """`python -m tui ARGUMENTS`; killed at the end if it is still there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-m", "tui", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=_ROOT,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "TEXTDESK_STATE": str(state), **environ},
    )
    os.close(theirs)
    screen = Screen(ours, process, columns, rows)
    loop = asyncio.get_running_loop()
    loop.add_reader(ours, screen.read)
    try:
        yield screen
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)
        loop.remove_reader(ours)
        os.close(ours)
