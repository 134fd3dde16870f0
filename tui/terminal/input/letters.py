"""Keys that carry text, and several of them as one event.

A key costs a widget half a millisecond, and a slow line or a program that types delivers hundreds at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events

from connector.sms.text import is_writable

_LINE_KEYS = {"enter": "\n", "ctrl+j": "\n", "tab": "\t"}


class Letters(events.Event, bubble=False):
    """Text keys that arrived together. An Enter or a tab among them is a line end or a blank of their text."""

    def __init__(self, keys: Sequence[events.Key], *, is_typed: bool = False) -> None:
        """`is_typed`: they came together with keys that no text has, and so are no paste."""
        super().__init__()
        self.keys = keys
        self.is_typed = is_typed


class OnlyLetters(Letters):
    """Letters that may be text, and are no commands."""


def is_text(key: events.Key) -> bool:
    """Whether a key carries text: any character but controls, line separators and what reorders a line.

    Joiners, marks of direction, soft hyphens and characters that are newer than this Python are text, which
    `str.isprintable` denies.
    """
    return key.character is not None and len(key.character) == 1 and is_writable(key.character)


def is_line_key(key: events.Key) -> bool:
    return key.key in _LINE_KEYS


def is_line_end(key: events.Key) -> bool:
    return _LINE_KEYS.get(key.key) == "\n"


def text_of(keys: Iterable[events.Key]) -> str:
    """What the keys write into a text field. CR and LF together are one line end."""
    text = "".join("\r" if key.key == "enter" else _LINE_KEYS.get(key.key) or key.character or "" for key in keys)
    return text.replace("\r\n", "\n").replace("\r", "\n")
