"""The events of a token: keys as Textual knows them, the mouse, and reports.

Textual's table maps sequences to keys; which bytes are a sequence is decided in `scanner`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from textual import events
from textual._xterm_parser import XTermParser
from textual.keys import Keys
from textual.message import Message

from connector.sms.text import is_writable
from tui.terminal.input.letters import Letters, OnlyLetters
from tui.terminal.input.reports import Reports
from tui.terminal.input.tokens import (
    Character,
    ControlSequence,
    ControlString,
    Escaped,
    Leftover,
    LoneEscape,
    Pasted,
    Token,
)

_NO_CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {ord(char) for char in "\t\n\r"})
# A key by its code point (kitty's keyboard protocol; xterm's modifyOtherKeys), which a multiplexer may have turned on.
_BY_CODE = re.compile(
    r"\x1b\[(?:([0-9]{1,7})(?::([0-9]{0,7}))?(?::[0-9]*)?(?:;([0-9]{0,3})(?::([0-9]))?(?:;([0-9:]{0,40}))?)?u"
    r"|27;([0-9]{1,3});([0-9]{1,7})~)"
)
_CONTROLS = {9: "tab", 13: "enter", 27: "escape", 127: "backspace"}
_SHIFT, _ALT, _CTRL = 1, 2, 4
_REST_OF_MODIFIERS = 0b111000  # super, hyper and meta; not the locks
_FUNCTION_KEYS = range(57344, 63744)  # private code points
_RELEASED = "3"
# What terminals send for Alt with Backspace, Tab and arrows, and no agent for Escape and a letter.
_ALT_KEYS = {"\x7f", "\t"}
_WORD_KEYS = {"b", "f"}


class WordKey(events.Key):
    """Alt with a left or right arrow, as macOS sends it: in a text field, a word to the side.

    Elsewhere it is what it looks like: Escape and a letter.
    """

    def __init__(self, key: events.Key, letter: str) -> None:
        super().__init__(key.key, key.character)
        self.instead = (_escape(), events.Key(letter, letter))


class Keyboard:
    def __init__(self) -> None:
        self._textual = XTermParser()
        self._reports = Reports()

    def messages(self, token: Token) -> Iterable[Message]:
        match token:
            case Character(character):
                # What is neither text nor a key, such as a bidi override, is nothing: no run of letters ends there.
                return self._keys(character) if character < "\x80" or is_writable(character) else ()
            case LoneEscape():
                return (_escape(),)
            case Escaped(character):
                return self._escaped(character)
            case ControlSequence():
                return self._sequence(token)
            case ControlString():
                return self._reports.string(token)
            case Pasted(text):
                return (events.Paste(text.translate(_NO_CONTROLS)),)
            case Leftover(text):
                return (OnlyLetters([events.Key(char, char) for char in text]),)

    def _keys(self, sequence: str) -> list[events.Key]:
        try:
            keys = self._textual._sequence_to_key_events(sequence)
            return [key for key in keys if key.key != Keys.Ignore]
        except (ValueError, OverflowError):  # numbers that are none, or of no character
            return []

    def _escaped(self, character: str) -> Iterator[Message]:
        if character in "\r\n":
            yield new_line()
        elif character in _ALT_KEYS:
            yield from self._keys(f"\x1b{character}")
        elif character in _WORD_KEYS:
            yield from (WordKey(key, character) for key in self._keys(f"\x1b{character}"))
        else:
            yield _escape()
            yield from self._keys(character)

    def _sequence(self, token: ControlSequence) -> Iterable[Message]:
        reported = self._reports.sequence(token)
        if reported is not None:
            return reported
        if found := _BY_CODE.fullmatch(token.text):
            return self._by_code(found)
        if mouse := self._textual.parse_mouse_code(token.text):
            return (mouse,)
        keys = self._keys(token.text)
        # With kitty's protocol on, Textual takes any number for the code of a character.
        return [key for key in keys if key.character is None] if token.text.startswith("\x1b[") else keys

    def _by_code(self, found: re.Match[str]) -> Iterable[Message]:
        code, shifted, modifiers, kind, text, other_modifiers, other_code = found.groups()
        if kind == _RELEASED:
            return ()
        pressed = max(0, int(modifiers or other_modifiers or 1) - 1)
        point = int(code or other_code)
        if point in _FUNCTION_KEYS:
            return self._keys(found[0])
        if text:
            return [key for each in text.split(":") if each for key in self._keys(_character(int(each)))]
        if point == 13 and pressed & (_SHIFT | _ALT):
            return (new_line(),)
        name = _CONTROLS.get(point)
        if pressed & _SHIFT and name is None:
            point = int(shifted or 0) or ord(_upper(_character(point)))
        keys = [events.Key(name, chr(point))] if name else self._keys(_character(point))
        held = [word for bit, word in ((_ALT, "alt+"), (_CTRL, "ctrl+")) if pressed & bit]
        if name and pressed & _SHIFT:
            held.append("shift+")
        if pressed & _REST_OF_MODIFIERS:
            return ()
        return [events.Key("".join(held) + key.key, None) for key in keys] if held else keys


def new_line() -> Letters:
    """Alt+Enter: a line end in a text, which sends nothing."""
    return Letters([events.Key("enter", "\r")])


def _escape() -> events.Key:
    return events.Key("escape", "\x1b")


def _character(point: int) -> str:
    return chr(point) if point < 0x110000 else "\ufffd"


def _upper(character: str) -> str:
    upper = character.upper()
    return upper if len(upper) == 1 else character
