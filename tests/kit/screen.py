"""A real desk process on a pseudo-terminal, its screen as an emulated terminal has it.

Pictures are no part of the emulated screen; what was sent of them is kept with the place where it was sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyte

PATIENCE_S = 60.0
_PERSON_S = 0.15
_ROOT = Path(__file__).parents[2]
# Device control and application program strings (ECMA-48), of which a wrapped one may hold escapes of its own.
_STRING = re.compile(rb"\x1b[P_][^\x1b]*(?:\x1b[^\\][^\x1b]*)*\x1b\\")
_STRING_BEGINS = re.compile(rb"\x1b(?:[P_]|\Z)")
_QUESTION_BEGINS = re.compile(rb"\x1b\[[>0-9]*\Z")  # a read may end anywhere
_IS_THERE = b"\x1b[5n"
_QUESTIONS = re.compile(rb"\x1b\[>0q|\x1b\[16t|\x1b\[c")


class Kind(NamedTuple):
    """What a terminal answers when it is asked for its name (XTVERSION), its cells (16 t) and its abilities (DA1)."""

    name: bytes = b""
    cell: bytes = b""
    attributes: bytes = b""

    def answer(self, question: bytes) -> bytes:
        return {b"\x1b[>0q": self.name, b"\x1b[16t": self.cell, b"\x1b[c": self.attributes}[question]


SILENT = Kind()
PLAIN = Kind(attributes=b"\x1b[?62;22c")
KITTY = Kind(b"\x1bP>|kitty(0.35.2)\x1b\\", b"\x1b[6;18;9t", b"\x1b[?62;c")
FOOT = Kind(b"\x1bP>|foot(1.16.2)\x1b\\", b"\x1b[6;16;8t", b"\x1b[?62;4;22c")


class Sent(NamedTuple):
    """A string for the terminal, without its ends, and the row and column where the cursor was."""

    body: bytes
    row: int
    column: int


class Screen:
    def __init__(
        self, ours: int, name: str, process: subprocess.Popen[bytes], columns: int, rows: int, kind: Kind
    ) -> None:
        """`ours`: our side of the pseudo-terminal, `name`: that of the desk's."""
        self.process = process
        self.raw = bytearray()
        self.strings: list[Sent] = []
        self.asked: list[bytes] = []
        self.modes_before: list[int] = []  # as `modes`, before the desk was started
        self.is_there = True  # answers when it is asked whether it is
        self._ours = ours
        self._name = name
        self._kind = kind
        self._held = bytearray()  # the beginning of a string
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._changed = asyncio.Event()

    @property
    def text(self) -> str:
        return "\n".join(self._screen.display)

    def cell(self, row: int, column: int) -> str:
        data: str = self._screen.buffer[row][column].data
        return data

    def row(self, row: int) -> list[object]:
        """The characters of a row with their looks; of blanks only where they are inverse, as the emulator does not
        erase to a colour everywhere."""
        cells = (self._screen.buffer[row][column] for column in range(self._screen.columns))
        return [" " if each.data == " " and not each.reverse else each for each in cells]

    def _asked_of_terminal(self, question: Callable[[int], Any]) -> Any:
        terminal = os.open(self._name, os.O_RDWR | os.O_NOCTTY)
        try:
            return question(terminal)
        finally:
            os.close(terminal)

    def modes(self) -> list[int]:
        """Input, output, control and local modes: echo, line editing and the like."""
        modes: list[int] = self._asked_of_terminal(termios.tcgetattr)[:4]
        return modes

    def edit_lines(self) -> None:
        """Give it modes that a shell uses, as it does when the desk is stopped."""

        def change(terminal: int) -> None:
            modes = termios.tcgetattr(terminal)
            modes[3] |= termios.ICANON | termios.ECHO
            termios.tcsetattr(terminal, termios.TCSANOW, modes)

        self._asked_of_terminal(change)

    def resize(self, columns: int, rows: int, cell: tuple[int, int] = (0, 0)) -> None:
        """`cell`: its width and height in points, if this terminal tells."""
        self._screen.resize(rows, columns)
        size = struct.pack("HHHH", rows, columns, columns * cell[0], rows * cell[1])
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, size)
        os.kill(self.process.pid, signal.SIGWINCH)

    def wipe(self) -> None:
        """As if another program had written over it."""
        self._screen.erase_in_display(2)

    def write(self, data: bytes) -> None:
        """As if typed: the bytes a terminal sends."""
        os.write(self._ours, data)

    async def type(self, key: str) -> None:
        """A key by itself: the desk has read it when this returns."""
        self.write(key.encode())
        await self.until(lambda: not self._unread(), "the desk to read its keys")

    async def enter(self) -> None:
        await self._press(b"\r")

    async def escape(self) -> None:
        await self._press(b"\x1b")

    async def _press(self, key: bytes) -> None:
        """As a person presses it: a while after the last letter, and on its own."""
        await asyncio.sleep(_PERSON_S)
        os.write(self._ours, key)
        # A busy machine may read it late, and the next key would belong to it: the pause counts from there.
        await self.until(lambda: not self._unread(), "the desk to read its keys")
        await asyncio.sleep(_PERSON_S)

    def _unread(self) -> int:
        """How many bytes were typed that the desk has not read."""
        (count,) = struct.unpack(
            "i", self._asked_of_terminal(lambda terminal: fcntl.ioctl(terminal, termios.FIONREAD, b"\0" * 4))
        )
        return int(count)

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
        while self.read():
            pass
        code = self.process.poll()
        assert code is not None
        return code

    def read(self) -> bool:
        """Take what has been written: some of it, when it is much. False: the other side is closed, and all is read."""
        try:
            data = os.read(self._ours, 65536)
        except OSError:
            asyncio.get_running_loop().remove_reader(self._ours)
            return False
        self.raw += data
        self._held += data
        if not _STRING_BEGINS.match(self._held) or b"\x1b\\" in self._held[-len(data) - 1 :]:
            self._show(bytes(self._held))
        self._changed.set()
        return bool(data)

    def _show(self, data: bytes) -> None:
        at = 0
        for string in _STRING.finditer(data):
            self._text(data[at : string.start()])
            cursor = self._screen.cursor
            self.strings.append(Sent(string[0][2:-2], cursor.y, cursor.x))
            at = string.end()
        begun = _STRING_BEGINS.search(data, at) or _QUESTION_BEGINS.search(data, at)
        end = begun.start() if begun else len(data)
        self._text(data[at:end])
        self._held = bytearray(data[end:])

    def _text(self, data: bytes) -> None:
        for question in _QUESTIONS.findall(data):
            self.asked.append(question)
            os.write(self._ours, self._kind.answer(question))
        if self.is_there:
            os.write(self._ours, b"\x1b[0n" * data.count(_IS_THERE))
        self._stream.feed(_QUESTIONS.sub(b"", data))


@asynccontextmanager
async def desk_process(
    *arguments: str,
    state: Path,
    columns: int = 80,
    rows: int = 24,
    kind: Kind = SILENT,
    environ: Mapping[str, str] | None = None,
    program: Sequence[str] = ("-m", "tui"),
    errors: int | None = None,
) -> AsyncIterator[Screen]:
    """`python -m tui ARGUMENTS`; killed at the end if it is still there. 0 columns and rows: of unknown size. `errors`:
    a descriptor that is not the terminal's, for what the process says of itself."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    modes = termios.tcgetattr(theirs)[:4]
    process = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, *program, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs if errors is None else errors,
        cwd=_ROOT,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "TEXTDESK_STATE": str(state), **(environ or {})},
    )
    name = os.ttyname(theirs)
    os.close(theirs)
    screen = Screen(ours, name, process, columns or 80, rows or 24, kind)
    screen.modes_before = modes
    loop = asyncio.get_running_loop()
    loop.add_reader(ours, screen.read)
    try:
        yield screen
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)
        loop.remove_reader(ours)
        os.close(ours)
