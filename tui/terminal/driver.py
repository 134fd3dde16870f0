"""The terminal driver: Textual's, with another way of reading keys and pastes.

Between the marks of a bracketed paste (xterm control sequences, "Bracketed Paste Mode") anything may stand, escape
sequences too; Textual reads those as keys, and loses the end mark with them. A terminal without that mode types a
pasted text: its line ends arrive as Enter, and an Enter that arrives together with letters must not send.

Letters that arrive together become one event: a key costs a widget half a millisecond, and a slow line or a program
that types delivers hundreds at once.

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
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.terminal import background, first_frame, line_check
from tui.terminal.line_check import LineCheck
from tui.terminal.output import TerminalOutput, is_frugal
from tui.terminal.pictures import capabilities
from tui.terminal.responses import CapabilitiesReported, ResponseParser, TerminalAnswered

_BURST_S = 0.03  # faster than three keys can be typed
_POLL_S = 0.1
ANSWER_LIMIT_S = 0.5
"""How long an answer is waited for. A later one is taken as well."""
_OTHER_SCREEN = "\x1b[?1049h"
_NO_CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {ord(char) for char in "\t\n\r"})


# No paste marks, no mouse, no focus reports, line wrap, the other screen, a cursor.
_LEAVE = b"\x1b[?2004l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"


class TerminalTakenAgain(Message):
    """The process was stopped, and something else may be on the terminal."""


class BurstEnter(events.Key):
    """An Enter that arrived together with other text."""


class Letters(events.Event, bubble=False):
    """Several letters that arrived together."""

    def __init__(self, keys: Sequence[events.Key]) -> None:
        super().__init__()
        self.keys = keys


class PasteParser(ResponseParser):
    """Leaves the start mark of a paste to Textual, and reads everything up to the end mark itself."""

    def __init__(self) -> None:
        super().__init__()
        self._pasted: str | None = None
        self._tail = ""  # the end of the last input, in which a start mark may have begun

    def feed(self, data: str) -> Iterator[Message]:
        if not data:
            yield from super().feed(data)
        while data:
            if self._pasted is None:
                seen = self._tail + data
                at = seen.find(BRACKETED_PASTE_START)
                if at < 0:
                    self._tail = seen[1 - len(BRACKETED_PASTE_START) :]
                    yield from super().feed(data)
                    return
                cut = at + len(BRACKETED_PASTE_START) - len(self._tail)
                yield from super().feed(data[:cut])
                data, self._tail, self._pasted = data[cut:], "", ""
            else:
                text = self._pasted + data
                at = text.find(BRACKETED_PASTE_END, max(0, len(self._pasted) - len(BRACKETED_PASTE_END)))
                if at < 0:
                    self._pasted = text
                    return
                data, self._pasted = text[at + len(BRACKETED_PASTE_END) :], None
                for message in super().feed(BRACKETED_PASTE_END):
                    if not isinstance(message, events.Paste):
                        yield message
                yield events.Paste(text[:at].translate(_NO_CONTROLS))


class BurstDetector:
    """Tells an Enter that was pressed from one that arrived together with other characters."""

    def __init__(self) -> None:
        self._last = 0.0  # when the last character arrived
        self._run = 0  # how many arrived in quick succession

    def mark(self, messages: Iterable[Message], now: float) -> list[Message]:
        """The messages of one read, with each Enter in a burst as a `BurstEnter`. `now` in seconds."""
        messages = list(messages)
        characters = sum(isinstance(each, events.Key) and _is_text(each) for each in messages)
        if now - self._last >= _BURST_S:
            self._run = 0
        in_burst = bool(characters) or self._run > 1
        if characters:
            self._last, self._run = now, self._run + characters
        return [
            BurstEnter(each.key, each.character)
            if in_burst and isinstance(each, events.Key) and each.key == "enter"
            else each
            for each in messages
        ]


def group_letters(messages: Iterable[Message]) -> Iterator[Message]:
    """The same messages in the same order, neighbouring letters as one."""
    for is_text, group in groupby(messages, lambda each: isinstance(each, events.Key) and each.is_printable):
        run = list(group)
        letters = [each for each in run if isinstance(each, events.Key)] if is_text else []
        yield from [Letters(letters)] if len(letters) > 1 else run


class TerminalDriver(LinuxDriver):
    reported: capabilities.TerminalCapabilities | None = None
    _asked_at: float | None = None
    _output: TerminalOutput | None = None  # while the terminal is the desk's
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

    def stop_application_mode(self) -> None:
        if self._output is not None:
            self._output.stop_showing()
        super().stop_application_mode()

    def write(self, data: str) -> None:
        if self._output is not None and not (self._is_on_other_screen and data == _OTHER_SCREEN):
            self._output.write(data)

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
        with contextlib.suppress(OSError, termios.error):
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            os.set_blocking(_stdout(), False)
            os.write(_stdout(), _LEAVE)
            os.set_blocking(_stdout(), True)

    def ask_capabilities(self) -> None:
        """Ask how the terminal shows pictures: once, before the first picture, as a start does not need to know."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()
            self.write(capabilities.QUERY)

    def ask_background(self) -> None:
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

    def process_message(self, message: Message) -> None:
        if isinstance(message, CapabilitiesReported):
            self.reported = message.capabilities
        elif isinstance(message, TerminalAnswered):
            self.line.answered()
            if self._output is not None:
                self._output.answered()
        super().process_message(message)

    def run_input_thread(self) -> None:
        parser, bursts = PasteParser(), BurstDetector()
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno], [], [], _POLL_S)
            if ready:
                if not (data := self._read()):
                    _hang_up()
                    return
                self.line.heard(time.monotonic())
                if text := decode(data):
                    for message in group_letters(bursts.mark(parser.feed(text), time.monotonic())):
                        self.process_message(message)
            for message in parser.tick():
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


def _is_text(key: events.Key) -> bool:
    return key.is_printable or key.key in ("ctrl+j", "tab")
