"""Dividing the input of a terminal into tokens, wherever the line has cut it.

Sources: ECMA-48 for the forms of sequences, xterm's control sequences for mouse, pastes and reports, and the sequences
of the Linux console (`CSI [ A`) and of rxvt (`CSI 2 3 $`), which ECMA-48 does not allow.

A sequence may be cut anywhere, and a stalled line may bring its rest much later. What cannot be anything else is waited
for without limit. An escape alone is the Escape key after `ESCAPE_S`; what follows within `REST_S` and looks like the
rest of a sequence is one all the same, and is no command.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

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

ESCAPE_S = 0.1
REST_S = 1.0

_ESC = "\x1b"
_PASTE_BEGINS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"
_SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[(?:\[[A-Z]|M[^\x00-\x1f]{3}|[0-9]+\$|(?!M)[0-?]*[ -/]*[@-Z\\-~])"  # not `[`, of the Linux console
    r"|O[0-9]?[ -/:-~])"
)
_SEQUENCE_BEGUN = re.compile(r"\x1b(?:\[(?:\[|M[^\x00-\x1f]{0,2}|[0-?]*[ -/]*)|O[0-9]?)")
_STRING_BODY = re.compile(r"\x1b((?:\][0-9]|P[0-9>!$+]|_G)[^\x00-\x1f\x7f-\x9f]*)")
_STRING_END = re.compile(r"\x07|\x1b\\")
_LONGEST = 4096
# What a key may be as well, and so is not waited for without limit.
_MAY_BE_TYPED = {_ESC, "\x1b[", "\x1bO", "\x1b[[", "\x1bP", "\x1b]", "\x1b_"}
_BRACKETS = {"\x1b[", "\x1bO", "\x1b[["}


class Scanner:
    def __init__(self) -> None:
        self._held = ""  # an unfinished sequence
        self._is_escape_taken = False  # its escape has been the Escape key
        self._heard_at = 0.0  # when the latest of it came
        self._escape_at: float | None = None  # when the latest Escape key came, if nothing came since
        self._paste: list[str] | None = None  # as far as it has come

    def due_at(self) -> float | None:
        """When `tick` is to be called, unless something comes before."""
        if self._held not in _MAY_BE_TYPED:
            return None
        return self._heard_at + (ESCAPE_S if self._held == _ESC else REST_S)

    def tick(self, now: float) -> Iterator[Token]:
        """What is certain because nothing has come."""
        due = self.due_at()
        if due is not None and now >= due:
            held, self._held = self._held, ""
            yield from self._given_up(held)

    def feed(self, text: str, now: float) -> Iterator[Token]:
        yield from self.tick(now)
        if self._escape_at is not None:
            if now - self._escape_at < REST_S and text[0] in "[OP]_":
                self._held, self._is_escape_taken = _ESC, True
            self._escape_at = None
        self._heard_at = now
        rest, self._held = self._held + text, ""
        while rest:
            if self._paste is not None:
                rest = yield from self._take_paste(self._paste, rest)
            elif rest[0] != _ESC:
                plain, escape, rest = rest.partition(_ESC)
                yield from map(Character, plain)
                rest = escape + rest
            else:
                rest = yield from self._take_sequence(rest)

    def _take_paste(self, pieces: list[str], rest: str) -> Generator[Token, None, str]:
        # The end mark may have begun in the piece before.
        tail = pieces.pop() if pieces else ""
        text = tail + rest
        at = text.find(_PASTE_ENDS, max(0, len(tail) - len(_PASTE_ENDS)))
        if at < 0:
            keep = len(text) - len(_PASTE_ENDS)
            pieces += [text[:keep], text[keep:]] if keep > 0 else [text]
            return ""
        self._paste = None
        yield Pasted("".join(pieces) + text[:at])
        return text[at + len(_PASTE_ENDS) :]

    def _take_sequence(self, rest: str) -> Generator[Token, None, str]:
        """Take what `rest` begins with, and return what follows it."""
        if found := _SEQUENCE.match(rest):
            if found[0] == _PASTE_BEGINS:
                self._paste = []
            else:
                yield ControlSequence(found[0])
        elif (body := _STRING_BODY.match(rest)) and (found := _STRING_END.match(rest, body.end())):
            yield ControlString(body[1])
        elif rest in _MAY_BE_TYPED or _SEQUENCE_BEGUN.fullmatch(rest) or (body and rest[body.end() :] in ("", _ESC)):
            if len(rest) <= _LONGEST:
                self._held = rest
            return ""
        elif found := body or _SEQUENCE_BEGUN.match(rest):
            # It went on otherwise: a broken report is dropped, a bracket may be text.
            if found[0] in _BRACKETS:
                yield from self._given_up(found[0])
        elif rest[1] == _ESC:
            yield LoneEscape()
            return rest[1:]
        else:
            is_taken, self._is_escape_taken = self._is_escape_taken, False
            yield Character(rest[1]) if is_taken else Escaped(rest[1])
            return rest[2:]
        self._is_escape_taken = False
        return rest[found.end() :]

    def _given_up(self, held: str) -> Iterator[Token]:
        if not self._is_escape_taken:
            yield LoneEscape()
        self._is_escape_taken = False
        if held == _ESC:
            self._escape_at = self._heard_at
        elif held in _BRACKETS:
            yield Leftover(held[1:])
        else:
            yield from map(Character, held[1:])
