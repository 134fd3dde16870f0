"""Answers of the terminal come between keys, in pieces, and are no keys."""

from __future__ import annotations

import time

import pytest
from textual import events

from tui.terminal.driver import PasteParser
from tui.terminal.pictures.capabilities import TerminalCapabilities
from tui.terminal.responses import CapabilitiesReported, TerminalAnswered

NAME, CELL, ATTRIBUTES = "\x1bP>|kitty(0.35.2)\x1b\\", "\x1b[6;18;9t", "\x1b[?62;4;22c"
ALL = NAME + CELL + ATTRIBUTES
KNOWN = TerminalCapabilities("kitty(0.35.2)", frozenset({62, 4, 22}), (9, 18))


def _told(*chunks: str, parser: PasteParser | None = None) -> list[object]:
    parser = parser or PasteParser()
    told: list[object] = []
    for chunk in chunks:
        for message in parser.feed(chunk):
            match message:
                case TerminalAnswered():
                    told.append(TerminalAnswered)
                case CapabilitiesReported():
                    told.append(message.capabilities)
                case events.Paste():
                    told.append(f"paste {message.text}")
                case events.Key():
                    told.append(message.key)
    return told


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_they_are_understood_in_any_pieces_and_the_keys_around_them_stay(step: int) -> None:
    text = f"ab{ALL}c\x1b[0n\x1b[A"
    told = _told(*(text[at : at + step] for at in range(0, len(text), step)))
    assert told == ["a", "b", KNOWN, "c", TerminalAnswered, "up"]


def test_keys_and_pastes_between_the_answers_stay() -> None:
    typed = f"a{NAME}b\x1b[D{CELL}\x1b[200~{CELL}\x1b[201~é{ATTRIBUTES}c"
    assert _told(typed) == ["a", "b", "left", "paste [6;18;9t", "é", KNOWN, "c"]


@pytest.mark.parametrize(
    ("text", "capabilities"),
    [
        ("\x1b[?62c", TerminalCapabilities(attributes=frozenset({62}))),
        ("\x1b[?62;c", TerminalCapabilities(attributes=frozenset({62}))),
        ("\x1b[?c", TerminalCapabilities()),
        (CELL + "\x1b[?1;2c", TerminalCapabilities(attributes=frozenset({1, 2}), cell=(9, 18))),
        (f"\x1bP>|{'x' * 2000}\x1b\\", None),
    ],
)
def test_a_terminal_may_say_less_or_too_much(text: str, capabilities: TerminalCapabilities | None) -> None:
    told = _told(text)
    assert (
        told[-1] == capabilities if capabilities else all(not isinstance(each, TerminalCapabilities) for each in told)
    )


@pytest.mark.parametrize("at", range(3, len(ATTRIBUTES)))
def test_one_that_is_held_up_on_its_way_is_no_key_either(at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    parser = PasteParser()
    told = _told(ATTRIBUTES[:at], parser=parser)
    hour_later = time.perf_counter() + 3600
    monkeypatch.setattr("textual._parser.get_time", lambda: hour_later)
    assert [*told, *parser.tick()] == []
    assert _told(ATTRIBUTES[at:], "x", parser=parser) == [TerminalCapabilities(attributes=frozenset({62, 4, 22})), "x"]


@pytest.mark.parametrize("keys", ["\x1b", "\x1bP", "\x1b["])
def test_what_can_be_typed_is_not_held_up(keys: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parser = PasteParser()
    assert _told(keys, parser=parser) == []
    hour_later = time.perf_counter() + 3600
    monkeypatch.setattr("textual._parser.get_time", lambda: hour_later)
    assert [*parser.tick()]
