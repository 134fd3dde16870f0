"""Reading the terminal's answers, of how it shows pictures, its background and that it is there, among its keys.

An answer may arrive at any time, in pieces, and between keys. Textual would read it as keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from textual import events
from textual._xterm_parser import XTermParser
from textual.keys import Keys
from textual.message import Message

from tui.terminal import background
from tui.terminal.pictures.capabilities import TerminalCapabilities

_ATTRIBUTES = re.compile(r"\x1b\[\?([\d;]*)c")
_CELL = re.compile(r"\x1b\[6;(\d{1,4});(\d{1,4})t")
_IS_THERE = "\x1b[0n"
_NAME_BEGINS, _NAME_ENDS = "\x1bP>|", "\x1b\\"
_LONGEST_NAME = 256
# An operating system command (ECMA-48, OSC), which no terminal sends unasked, as far as it has arrived.
_COMMAND_BEGINS = "\x1b]"
_COMMAND = re.compile(r"\d{0,4}(;[^\x00-\x1f]{0,256}(\x1b?|\x1b\\|\x07))?")
# The beginning of an answer: no key sends this.
_BEGUN = re.compile(r"\x1b\[\?[\d;]*|\x1b\[6;[\d;]*|\x1b\[0|\x1bP>")


class CapabilitiesReported(Message):
    """The terminal has answered the whole query."""

    def __init__(self, capabilities: TerminalCapabilities) -> None:
        super().__init__()
        self.capabilities = capabilities


class TerminalAnswered(Message):
    """The terminal has answered that it is there (DSR)."""


class ResponseParser(XTermParser):
    def __init__(self) -> None:
        super().__init__()
        self._seen = ""  # the escape sequence being read, or read last
        self._name: str | None = None  # of the terminal, as far as it has arrived
        self._command: str | None = None
        self._capabilities = TerminalCapabilities()
        self._reports: list[Message] = []

    def feed(self, data: str) -> Iterator[Message]:
        if not data:
            yield from super().feed(data)
        for char in data:
            if self._command is not None:
                yield from self._take_command(char)
            elif self._name is None:
                yield from super().feed(char)
                reports, self._reports = self._reports, []
                yield from reports
            else:
                self._name += char
                if self._name.endswith(_NAME_ENDS):
                    self._capabilities = replace(self._capabilities, name=self._name.removesuffix(_NAME_ENDS))
                    self._name = None
                elif len(self._name) > _LONGEST_NAME:
                    self._name = None

    def _take_command(self, char: str) -> Iterator[Message]:
        taken = (self._command or "") + char
        if not _COMMAND.fullmatch(taken):  # Alt and a bracket, and then something else
            self._command = None
            yield from super().feed(taken)
        elif taken.endswith(("\x07", "\x1b\\")):
            self._command = None
            if report := background.report(taken.rstrip("\x07\x1b\\")):
                yield report
        else:
            self._command = taken

    def tick(self) -> Iterable[Message]:
        # Over a slow line the rest of an answer may arrive late. Anything else that arrives ends the wait.
        return () if _BEGUN.fullmatch(self._seen) else super().tick()

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        self._seen = sequence
        if self._is_answer(sequence):
            return [events.Key(Keys.Ignore, sequence)]
        return super()._sequence_to_key_events(sequence, alt)

    def _is_answer(self, sequence: str) -> bool:
        if sequence == _NAME_BEGINS:
            self._name = ""
        elif sequence == _COMMAND_BEGINS:
            self._command = ""
        elif sequence == _IS_THERE:
            self._reports.append(TerminalAnswered())
        elif size := _CELL.fullmatch(sequence):
            self._capabilities = replace(self._capabilities, cell=(int(size[2]), int(size[1])))
        elif attributes := _ATTRIBUTES.fullmatch(sequence):
            known = frozenset(int(number) for number in attributes[1].split(";") if number)
            self._reports.append(CapabilitiesReported(replace(self._capabilities, attributes=known)))
        else:
            return False
        return True
