"""The terminal driver: Textual's, with another way of reading keys (`input`) and of writing frames.

A terminal that is gone, or takes nothing, holds nothing up (`writer`), and one that the process was stopped on is taken
again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import struct
import sys
import termios
import time
from typing import Any

from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.terminal import background, calling, first_frame, line_check
from tui.terminal.input.reader import InputReader
from tui.terminal.input.reports import CapabilitiesReported, TerminalAnswered
from tui.terminal.line_check import LineCheck
from tui.terminal.output import TerminalOutput, is_frugal, may_ask
from tui.terminal.pictures import capabilities

_POLL_S = 0.1
ANSWER_LIMIT_S = 0.5
"""How long an answer is waited for. A later one is taken as well."""
_OTHER_SCREEN = "\x1b[?1049h"


# No paste marks, no mouse, no focus reports, line wrap, the other screen, a cursor.
_LEAVE = b"\x1b[?2004l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"


class TerminalTakenAgain(Message):
    """The process was stopped, and something else may be on the terminal."""


class TerminalDriver(LinuxDriver):
    reported: capabilities.TerminalCapabilities | None = None
    _asked_at: float | None = None
    _output: TerminalOutput | None = None  # while the terminal is the desk's
    _title = ""  # of the window, once it is set
    _is_resuming = False
    _is_on_other_screen = False  # the first frame has brought the terminal there, and is to stay until the next one

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.line = LineCheck(time.monotonic())
        self._is_frugal = is_frugal(os.environ)

    def start_application_mode(self) -> None:
        self._output = TerminalOutput(_stdout(), _hang_up, self.line.wrote)
        before = first_frame.hand_over()
        self._is_on_other_screen = before is not None
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._is_on_other_screen = False
        if before is not None:
            self.attrs_before = before
        if self._title:  # the terminal was left for a while
            self.write(calling.title(self._title, is_first=True))

    def stop_application_mode(self) -> None:
        if self._output is not None:
            self._output.stop_showing()
            if self._title:
                self.write(calling.RESTORE_TITLE)
        super().stop_application_mode()

    def write(self, data: str) -> None:
        if self._output is not None and not (self._is_on_other_screen and data == _OTHER_SCREEN):
            self._output.write(data)

    def set_title(self, words: str) -> None:
        """Of the window; the one from before is there again when the terminal is left."""
        is_first, self._title = not self._title, words
        self.write(calling.title(words, is_first=is_first))

    @property
    def cell_output(self) -> TerminalOutput | None:
        """Takes frames, in place of `write`, while the terminal is the desk's."""
        return self._output if self._is_frugal else None

    def check_line(self, *, asks: bool) -> bool:
        """Whether the line to the terminal is silent. `asks`: the terminal may be asked.

        Not looked at while another program has the terminal.
        """
        if self._output is None:
            return self.line.is_silent
        if self.line.look(time.monotonic(), self._output.writer.stuck_for_s()) and asks:
            self.write(line_check.QUESTION)
        return self.line.is_silent

    def close(self) -> None:
        output, self._output = self._output, None
        if output is not None:
            output.writer.stop()
        super().close()

    def resume_application_mode(self) -> None:
        """After SIGCONT. A process that was stopped without notice (SIGSTOP) has not left the terminal, and a shell has
        written on it and changed its modes."""
        if self._is_resuming:
            return
        self._is_resuming = True
        try:
            if self._output is not None:
                self.suspend_application_mode()
            super().resume_application_mode()
        finally:
            self._is_resuming = False
        self.send_message(TerminalTakenAgain())

    def resized(self) -> None:
        if self._output is not None:
            self._output.resized()

    def let_go_if_stuck(self, for_s: float) -> None:
        """Drop what waits for a terminal that has taken nothing for so many seconds."""
        if (output := self._output) is not None and output.writer.is_stuck(for_s):
            output.writer.drop()

    def restore_at_once(self) -> None:
        """The terminal as it was, as far as that goes without waiting for it. For a process about to end."""
        if self._output is None:
            return
        self._output.writer.drop()
        with contextlib.suppress(OSError, termios.error):
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            os.set_blocking(_stdout(), False)
            os.write(_stdout(), _LEAVE + (calling.RESTORE_TITLE.encode() if self._title else b""))
            os.set_blocking(_stdout(), True)

    def ask_capabilities(self) -> None:
        """Ask how the terminal shows pictures: once, before the first picture, as a start does not need to know."""
        if self._asked_at is None and may_ask(os.environ):
            self._asked_at = time.monotonic()
            self.write(capabilities.QUERY)

    def ask_background(self) -> None:
        if may_ask(os.environ):
            self.write(background.QUESTION)

    @property
    def awaits_answer(self) -> bool:
        if self.reported is not None or self._asked_at is None:
            return False
        return time.monotonic() - self._asked_at < ANSWER_LIMIT_S

    def cell_size(self) -> tuple[int, int]:
        """Width and height of a cell in pixels, which not every terminal tells."""
        try:
            window = struct.unpack("HHHH", fcntl.ioctl(self.fileno, termios.TIOCGWINSZ, bytes(8)))
        except OSError:
            window = (0, 0, 0, 0)
        return capabilities.cell_size(window, self.reported.cell if self.reported else None)

    def send_message(self, message: Message) -> None:
        """As the toolkit's, without a task of its own for each message. A signal handler calls it, too."""
        self._loop.call_soon_threadsafe(self._app.post_message, message)

    def process_message(self, message: Message) -> None:
        if isinstance(message, CapabilitiesReported):
            self.reported = message.capabilities
        elif isinstance(message, TerminalAnswered):
            self.line.answered()
            if self._output is not None:
                self._output.answered()
        super().process_message(message)

    def run_input_thread(self) -> None:
        reader = InputReader()
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno], [], [], reader.wait_s(time.monotonic(), _POLL_S))
            now = time.monotonic()
            if ready:
                if not (data := self._read()):
                    _hang_up()
                    return
                self.line.heard(now)
                messages = reader.feed(data, now)
            else:
                messages = reader.tick(now)
            for message in messages:
                self.process_message(message)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""


def _stdout() -> int:
    assert sys.__stdout__ is not None
    return sys.__stdout__.fileno()


def _hang_up() -> None:
    """The terminal is gone, which may raise no other signal."""
    os.kill(os.getpid(), signal.SIGHUP)


def driver_of(app: App[Any]) -> Driver | None:
    """The driver an app writes to; None while it starts or ends."""
    return app._driver
