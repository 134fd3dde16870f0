"""What comes from the terminal, as the desk takes it."""

from __future__ import annotations

import pytest
from textual import events

from tui.terminal.driver import BurstDetector, BurstEnter, Letters, PasteParser, group_letters

PASTE = "\x1b[200~x \x1b[1mb\nred\r\n\x1b[201~"


def _told(*chunks: str) -> list[str]:
    parser = PasteParser()
    told = []
    for chunk in chunks:
        for message in parser.feed(chunk):
            told.append(f"paste {message.text!r}" if isinstance(message, events.Paste) else getattr(message, "key", ""))
    return told


def test_a_paste_is_whole_wherever_it_is_split() -> None:
    text = f"a{PASTE}b"
    whole = ["a", f"paste {'x [1mb' + chr(10) + 'red' + chr(13) + chr(10)!r}", "b"]
    assert _told(text) == whole
    assert _told(*text) == whole
    for at in range(1, len(text)):
        assert _told(text[:at], text[at:]) == whole


def test_a_paste_that_ends_in_an_escape_ends_all_the_same() -> None:
    assert _told("\x1b[200~a\x1b\x1b[201~", "b") == ["paste 'a'", "b"]


def test_keys_outside_of_a_paste_stay_what_they_are() -> None:
    assert _told("\x1b[A", "\x1b", "[B", "x\r") == ["up", "down", "x", "enter"]


def test_two_pastes_are_two() -> None:
    assert _told(PASTE + PASTE) == ["paste 'x [1mb\\nred\\r\\n'"] * 2


def _bursts(*reads: tuple[float, str]) -> list[bool]:
    """Of each Enter: whether it came in a burst."""
    parser, bursts = PasteParser(), BurstDetector()
    sorted_ = [message for now, text in reads for message in bursts.mark(parser.feed(text), now)]
    return [isinstance(each, BurstEnter) for each in sorted_ if isinstance(each, events.Key) and each.key == "enter"]


def test_an_enter_of_its_own_is_pressed() -> None:
    assert _bursts((1.0, "a"), (1.1, "b"), (1.2, "\r")) == [False]
    assert _bursts((1.0, "one line"), (1.05, "\r")) == [False]
    assert _bursts((1.0, "a"), (1.02, "\r")) == [False]  # one finger after the other


def test_an_enter_among_characters_is_not() -> None:
    assert _bursts((1.0, "one\rtwo\r")) == [True, True]
    assert _bursts((1.0, "one"), (1.001, "\r"), (1.002, "two"), (1.003, "\r")) == [True, True]
    assert _bursts((1.0, "a"), (1.001, "b"), (1.002, "\r")) == [True]
    assert _bursts((1.0, "one"), (1.2, "\rtwo"), (1.4, "\r\n")) == [True, True]


def test_a_burst_split_anywhere_presses_nothing() -> None:
    text = "one\rtwo\r"
    for at in range(1, len(text)):
        assert all(_bursts((1.0, text[:at]), (1.01, text[at:]))), at


@pytest.mark.parametrize(
    ("read", "taken"),
    [
        ("a", ["a"]),
        ("ab cö👍", ["typed 'ab cö👍'"]),
        ("ab\rcd\x1b[Ae", ["typed 'ab'", "enter", "typed 'cd'", "up", "e"]),
        ("\x7f\x7fab", ["backspace", "backspace", "typed 'ab'"]),
        (f"ab{PASTE}cd", ["typed 'ab'", "paste", "typed 'cd'"]),
    ],
)
def test_letters_of_one_read_are_one_text(read: str, taken: list[str]) -> None:
    told = []
    for each in group_letters(PasteParser().feed(read)):
        if isinstance(each, Letters):
            told.append(f"typed {''.join(key.character or '' for key in each.keys)!r}")
        else:
            told.append(each.key if isinstance(each, events.Key) else "paste")
    assert told == taken
