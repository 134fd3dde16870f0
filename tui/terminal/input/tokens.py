"""What the input of a terminal is divided into."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Character:
    """One outside of any sequence: a letter, or a control such as Enter."""

    character: str


@dataclass(frozen=True, slots=True)
class LoneEscape:
    """The Escape key."""


@dataclass(frozen=True, slots=True)
class Escaped:
    """A character right behind an escape, as a terminal sends it with Alt, or a stalled line after the Escape key."""

    character: str


@dataclass(frozen=True, slots=True)
class ControlSequence:
    """A whole one (ECMA-48 CSI, or SS3), from its escape on: a key, the mouse, or a report."""

    text: str


@dataclass(frozen=True, slots=True)
class ControlString:
    """A whole one (OSC, DCS, APC) without its escape and its end: a report. No key sends one."""

    text: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """What stood between the marks of a bracketed paste."""

    text: str


@dataclass(frozen=True, slots=True)
class Leftover:
    """What began like the rest of a sequence and went on otherwise. Perhaps text; never a command."""

    text: str


Token = Character | LoneEscape | Escaped | ControlSequence | ControlString | Pasted | Leftover
