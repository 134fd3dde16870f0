"""What the input of a terminal is divided into."""

from __future__ import annotations

from msgspec import Struct


class Character(Struct, frozen=True):
    """One outside of any sequence: a letter, or a control such as Enter."""

    character: str


class LoneEscape(Struct, frozen=True):
    """The Escape key."""


class Escaped(Struct, frozen=True):
    """A character right behind an escape, as a terminal sends it with Alt, or a stalled line after the Escape key."""

    character: str


class ControlSequence(Struct, frozen=True):
    """A whole one (ECMA-48 CSI, or SS3), from its escape on: a key, the mouse, or a report."""

    text: str


class ControlString(Struct, frozen=True):
    """A whole one (OSC, DCS, APC) without its escape and its end: a report. No key sends one."""

    text: str


class Pasted(Struct, frozen=True):
    """What stood between the marks of a bracketed paste."""

    text: str


class Leftover(Struct, frozen=True):
    """What began like the rest of a sequence and went on otherwise. Perhaps text; never a command."""

    text: str


Token = Character | LoneEscape | Escaped | ControlSequence | ControlString | Pasted | Leftover
