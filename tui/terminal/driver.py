"""The terminal driver: Textual's, with another way of reading keys and pastes.

Between the marks of a bracketed paste (xterm control sequences, "Bracketed Paste Mode") anything may stand, escape
sequences too; Textual reads those as keys, and loses the end mark with them. A terminal without that mode types a
pasted text: its line ends arrive as Enter, and an Enter that arrives together with letters must not send.

Letters that arrive together become one event: a key costs a widget half a millisecond, and a slow line or a program
that types delivers hundreds at once.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
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

from tui.terminal.pictures import capabilities
from tui.terminal.responses import CapabilitiesReported, ResponseParser

_BURST_S = 0.03  # faster than three keys can be typed
_POLL_S = 0.1
ANSWER_LIMIT_S = 0.5
"""How long an answer is waited for. A later one is taken as well."""
_NO_CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {ord(char) for char in "\t\n\r"})


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

    def ask_capabilities(self) -> None:
        """Ask how the terminal shows pictures: once, before the first picture, as a start does not need to know."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()
            self.write(capabilities.QUERY)

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
        super().process_message(message)

    def run_input_thread(self) -> None:
        parser, bursts = PasteParser(), BurstDetector()
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno], [], [], _POLL_S)
            if ready:
                if not (data := self._read()):
                    os.kill(os.getpid(), signal.SIGHUP)  # the terminal is gone, which may raise no other signal
                    return
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


def driver_of(app: App[Any]) -> Driver | None:
    """The driver an app writes to; None while it starts or ends."""
    return app._driver


def _is_text(key: events.Key) -> bool:
    return key.is_printable or key.key in ("ctrl+j", "tab")
