"""Keys as terminals send them, in the classic encoding and by kitty's protocol, cut anywhere."""

from __future__ import annotations

import pytest
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

from tests.kit.key_reading import read

CLASSIC = {
    "a": "a",
    "é": "é",
    "👍": "thumbs_up_sign",
    "\r": "enter",
    "\n": "ctrl+j",
    "\t": "tab",
    "\x1b[Z": "shift+tab",
    "\x7f": "backspace",
    "\x0e": "ctrl+n",
    "\x1b": "escape",
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1b[1;5C": "ctrl+right",
    "\x1b[[A": "f1",
    "\x1bOP": "f1",
    "\x1b[15~": "f5",
    "\x1b[3~": "delete",
    "\x1b[23$": "f23",
    "\x1b\x7f": "ctrl+w",
    "\x1b\r": "text '\\n'",
    "\x1b\n": "text '\\n'",
    "\x1bb": "ctrl+left or b",
    "\x1bf": "ctrl+right or f",
}
KITTY = {
    "\x1b[97u": "a",
    "\x1b[97;2u": "A",
    "\x1b[97:65;2u": "A",
    "\x1b[233u": "é",
    "\x1b[8205u": "text '\\u200d'",
    "\x1b[97;5u": "ctrl+a",
    "\x1b[97;3u": "alt+a",
    "\x1b[97;65u": "a",
    "\x1b[97;1:3u": None,
    "\x1b[97;9u": None,
    "\x1b[0;;229u": "å",
    "\x1b[13u": "enter",
    "\x1b[13;3u": "text '\\n'",
    "\x1b[13;2u": "text '\\n'",
    "\x1b[27;3;13~": "text '\\n'",
    "\x1b[27;5;97~": "ctrl+a",
    "\x1b[27u": "escape",
    "\x1b[9u": "tab",
    "\x1b[127u": "backspace",
    "\x1b[9999999u": "replacement_character",
    "\x1b[1;5C": "ctrl+right",
}


@pytest.mark.parametrize(("sent", "key"), [*CLASSIC.items(), *KITTY.items()])
def test_a_key_is_the_same_wherever_it_is_cut(sent: str, key: str | None) -> None:
    data, meant = sent.encode(), [key] if key else []
    assert read(data) == meant
    assert read(*(data[at : at + 1] for at in range(len(data)))) == meant
    for at in range(1, len(data)):
        assert read(data[:at], 0.05, data[at:]) == meant


def test_every_sequence_that_textual_knows_is_read_whole() -> None:
    for sequence, keys in ANSI_SEQUENCES_KEYS.items():
        if len(sequence) > 2 and isinstance(keys, tuple):
            said = read(sequence, 1.0, "x")
            assert said[-1] == "x" and len(said) <= 1 + len(keys), sequence


@pytest.mark.parametrize("letter", "acxjnAXQZ1é/")
def test_escape_and_a_letter_in_one_read_are_escape_and_then_the_letter(letter: str) -> None:
    key = read(letter)
    assert read(f"\x1b{letter}") == ["escape", *key]
    assert read("\x1b", letter) == ["escape", *key]
    assert read(f"\x1b\x1b{letter}") == ["escape", "escape", *key]
    assert read("\x1b", 0.5, letter) == ["escape", *key]


@pytest.mark.parametrize("letter", "P]_")
def test_so_are_those_that_begin_a_report(letter: str) -> None:
    assert read(f"\x1b{letter}") == ["escape", *read(letter)]
    assert read(f"\x1b{letter}x") == ["escape", f"text '{letter}x'"]
    assert read("\x1b", 0.5, letter) == ["escape", *read(letter)]


@pytest.mark.parametrize(("rest", "key"), [("[A", "up"), ("OA", "up"), ("[1;5C", "ctrl+right"), ("[15~", "f5")])
def test_the_rest_of_a_sequence_after_a_stall_is_its_key_and_no_command(rest: str, key: str) -> None:
    for stall in (0.15, 0.5, 0.95):
        assert read("\x1b", stall, rest) == ["escape", key]
        assert read("\x1b\x1b", stall, rest) == ["escape", "escape", key]
        assert read("\x1b", stall, rest[0], stall, rest[1:]) == ["escape", key]
    assert read(f"\x1b\x1b{rest}") == ["escape", key]


@pytest.mark.parametrize("letter", "[O")
def test_a_bracket_soon_after_an_escape_may_be_text_and_is_no_command(letter: str) -> None:
    assert read(f"\x1b{letter}") == ["escape", f"only text {letter!r}"]
    assert read("\x1b", 0.5, letter) == ["escape", f"only text {letter!r}"]
    assert read("\x1b", 0.5, letter, 0.3, "\r") == ["escape", f"only text {letter!r}", "enter"]
    assert read("\x1b", 1.1, letter) == ["escape", *read(letter)]
    assert read("\x1b", 0.3, "x", 0.3, letter) == ["escape", "x", *read(letter)]


def test_enter_just_after_an_escape_is_a_new_line_and_later_it_is_enter() -> None:
    assert read("\x1b", 0.019, "\r") == ["text '\\n'"]
    assert read("\x1b", 0.3, "\r") == ["escape", "enter"]
    assert read("half a tho\x1b\r") == ["text 'half a tho'", "text '\\n'"]
