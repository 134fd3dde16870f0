"""What the terminal says of itself: that it is there, its colours, how it shows pictures, what it can.

Anything else that it says, asked or unasked, is no key and no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace
from textual import events, messages
from textual.message import Message

from tui.terminal import background
from tui.terminal.input.tokens import ControlSequence, ControlString
from tui.terminal.pictures.capabilities import TerminalCapabilities

_ATTRIBUTES = re.compile(r"\x1b\[\?([0-9;]*)c")
_CELL = re.compile(r"\x1b\[6;([0-9]{1,4});([0-9]{1,4})t")
_SYNCHRONIZED = re.compile(r"\x1b\[\?2026;[1-9]\$y")
# Of replies that have the form of a key: the place of the cursor (CPR), the kitty keyboard's flags.
_OTHERS = re.compile(r"\x1b\[(?:[0-9]+;[0-9]+R|\?[0-9;]*u)")
_IS_THERE = "\x1b[0n"
_FOCUS = {"\x1b[I": events.AppFocus, "\x1b[O": events.AppBlur}
_NAME_BEGINS = "P>|"


class CapabilitiesReported(Message):
    """The terminal has answered the whole query."""

    def __init__(self, capabilities: TerminalCapabilities) -> None:
        super().__init__()
        self.capabilities = capabilities


class TerminalAnswered(Message):
    """The terminal has answered that it is there (DSR)."""


class Reports:
    def __init__(self) -> None:
        self._capabilities = TerminalCapabilities()

    def string(self, said: ControlString) -> Iterator[Message]:
        if said.text.startswith(_NAME_BEGINS):
            self._capabilities = replace(self._capabilities, name=said.text.removeprefix(_NAME_BEGINS))
        elif said.text.startswith("]") and (report := background.report(said.text[1:])):
            yield report

    def sequence(self, said: ControlSequence) -> list[Message] | None:
        """What a report means to the app; None for what is none."""
        if said.text == _IS_THERE:
            return [TerminalAnswered()]
        if said.text in _FOCUS:
            return [_FOCUS[said.text]()]
        if size := _CELL.fullmatch(said.text):
            self._capabilities = replace(self._capabilities, cell=(int(size[2]), int(size[1])))
            return []
        if attributes := _ATTRIBUTES.fullmatch(said.text):
            known = frozenset(int(number) for number in attributes[1].split(";") if number)
            return [CapabilitiesReported(replace(self._capabilities, attributes=known))]
        if _SYNCHRONIZED.fullmatch(said.text):
            return [messages.TerminalSupportsSynchronizedOutput()]
        return [] if _OTHERS.fullmatch(said.text) else None
