"""What the terminal says of itself comes between keys, in pieces and late, and is neither a key nor text."""

from __future__ import annotations

import pytest
from textual import events, messages

from tests.kit.key_reading import read
from tui.terminal.input.reports import TerminalAnswered
from tui.terminal.pictures.capabilities import TerminalCapabilities

NAME, CELL, ATTRIBUTES = "\x1bP>|kitty(0.35.2)\x1b\\", "\x1b[6;18;9t", "\x1b[?62;4;22c"
ALL = NAME + CELL + ATTRIBUTES
KNOWN = TerminalCapabilities("kitty(0.35.2)", frozenset({62, 4, 22}), (9, 18))

# Each with what it means to the app, which is no key.
REPORTS: dict[str, list[object]] = {
    ATTRIBUTES: [TerminalCapabilities(attributes=frozenset({62, 4, 22}))],
    "\x1b[>41;370;0c": [],
    "\x1bP!|00000000\x1b\\": [],
    NAME: [],
    CELL: [],
    "\x1b[4;1080;1920t": [],
    "\x1b[8;24;80t": [],
    "\x1b[48;24;80;480;720t": [],
    "\x1b[0n": [TerminalAnswered],
    "\x1b[?997;1n": [],
    "\x1b[24;80R": [],
    "\x1b[1;2R": [],
    "\x1b]10;rgb:ffff/ffff/ffff\x1b\\": [],
    "\x1b]11;rgb:0000/ffff/0000\x07": [(0.0, 1.0, 0.0)],
    "\x1b]4;1;rgb:cdcd/0000/0000\x07": [],
    "\x1b]52;c;aGVsbG8=\x1b\\": [],
    "\x1b[?2026;2$y": [messages.TerminalSupportsSynchronizedOutput],
    "\x1b[?2026;0$y": [],
    "\x1b[?2048;2$y": [],
    "\x1b[4;2$y": [],
    "\x1b[?0u": [],
    "\x1b[?1u": [],
    "\x1bP1+r544e=787465726d\x1b\\": [],
    "\x1bP1$r0m\x1b\\": [],
    "\x1b_Gi=31;OK\x1b\\": [],
    "\x1b[I": [events.AppFocus],
    "\x1b[O": [events.AppBlur],
    "\x1b[1;31m": [],
    "\x1b[M !!": [],
}


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_between_letters_is_no_key_wherever_it_is_cut(report: str) -> None:
    meant = REPORTS[report]
    assert read(f"a{report}b") == (["text 'ab'"] if not meant else [*meant, "text 'ab'"])
    for at in range(2, len(report)):
        for stall in (0.001, 0.5, 30.0):
            is_late = stall > 1 and report[:at] in ("\x1b[", "\x1b]", "\x1bP", "\x1b_")
            if not is_late:
                assert read("a", 1.0, report[:at], stall, report[at:], 1.0, "b") == ["a", *meant, "b"], (at, stall)


@pytest.mark.parametrize("report", REPORTS)
def test_one_cut_behind_its_escape_was_the_escape_key_and_is_no_other_key(report: str) -> None:
    assert read("a", 1.0, report[:1], 0.7, report[1:], 1.0, "b") == ["a", "escape", *REPORTS[report], "b"]


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_they_are_understood_in_any_pieces_and_the_keys_around_them_stay(step: int) -> None:
    text = f"ab{ALL}c\x1b[0n\x1b[A"
    said = read(*(text[at : at + step] for at in range(0, len(text), step)))
    assert [each for each in said if not isinstance(each, str)] == [KNOWN, TerminalAnswered]
    keys = "".join(each.removeprefix("text ").strip("'") for each in said if isinstance(each, str))
    assert keys == "abcup"


@pytest.mark.parametrize(
    ("text", "capabilities"),
    [
        ("\x1b[?62c", TerminalCapabilities(attributes=frozenset({62}))),
        ("\x1b[?62;c", TerminalCapabilities(attributes=frozenset({62}))),
        ("\x1b[?c", TerminalCapabilities()),
        (CELL + "\x1b[?1;2c", TerminalCapabilities(attributes=frozenset({1, 2}), cell=(9, 18))),
    ],
)
def test_a_terminal_may_say_less(text: str, capabilities: TerminalCapabilities) -> None:
    assert read(text) == [capabilities]


def test_a_report_that_breaks_off_ends_at_the_next_key_that_cannot_be_of_it() -> None:
    assert read("\x1bP>|xterm", 1.0, "\r") == ["enter"]
    assert read("\x1b]11;rgb:12", "\x1b[A") == ["up"]
    assert read("\x1b[12;\r") == ["enter"]
    assert read(f"\x1bP>|{'x' * 5000}\x1b\\", 1.0, "a")[-1] == "a"


@pytest.mark.parametrize("broken", ["\x1b[:H", "\x1b[1;:A", "\x1b[1;2;9999999A", "\x1b[1;99999:1C"])
def test_a_sequence_whose_numbers_are_none_is_nothing(broken: str) -> None:
    assert read(f"a{broken}b") == ["text 'ab'"]
