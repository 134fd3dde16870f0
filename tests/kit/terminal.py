"""A terminal of its own for a command: a pseudo-terminal that is the controlling one, as in a login."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import signal
import struct
import sys
import termios
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.kit.commands import PATIENCE_S, ROOT

# What a shell does: it leads the session, starts the command in the foreground and waits for it.
_SHELL = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
command = os.fork()
if not command:
    os.execv(sys.executable, [sys.executable, "-m", "connector", *sys.argv[2:]])
signal.signal(signal.SIGINT, signal.SIG_IGN)
os.write(int(sys.argv[1]), b"%d\\n" % command)
code = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
"""


class Terminal:
    """What a command shows, the keys for it, and its process id."""

    def __init__(self, ours: int, theirs: int) -> None:
        self.shown = b""
        self.command = 0
        self.shell: asyncio.subprocess.Process
        self._ours = ours
        self._theirs = theirs
        self._changed = asyncio.Event()

    @property
    def modes(self) -> list[int]:
        """Input, output, control and local modes: echo, line editing and the like."""
        modes: list[int] = termios.tcgetattr(self._theirs)[:4]
        return modes

    def press(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    async def until(self, condition: Callable[[bytes], bool], what: str) -> None:
        """Wait until the whole of what was shown is as wanted."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition(self.shown):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"waited for {what}; the last shown: {self.shown[-500:]!r}") from None

    async def ended(self) -> int:
        """Its exit code, 128 and more for a signal."""
        async with asyncio.timeout(PATIENCE_S):
            code = await self.shell.wait()
        self.read()
        return code

    def read(self) -> None:
        try:
            while data := os.read(self._ours, 65536):
                self.shown += data
        except BlockingIOError:
            pass
        self._changed.set()


@asynccontextmanager
async def on_terminal(*arguments: str, cwd: Path = ROOT, **environment: str) -> AsyncIterator[Terminal]:
    """`textdesk ARGUMENTS` on a terminal of 120 columns and 36 rows; killed at the end if it is still there."""
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    terminal = Terminal(ours, theirs)
    loop = asyncio.get_running_loop()
    loop.add_reader(ours, terminal.read)
    reading, writing = os.pipe()
    terminal.shell = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _SHELL, str(writing), *arguments),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=cwd,
        start_new_session=True,
        pass_fds=(writing,),
        env={**os.environ, "TERM": "xterm-256color", **environment},
    )
    os.close(writing)
    with open(reading, "rb") as told:
        terminal.command = int(await asyncio.to_thread(told.readline))
    try:
        yield terminal
    finally:
        if terminal.shell.returncode is None:
            os.kill(terminal.command, signal.SIGKILL)
            await terminal.shell.wait()
        loop.remove_reader(ours)
        os.close(ours)
        os.close(theirs)
