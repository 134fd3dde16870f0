"""Letters that arrive together, pastes with and without marks, and which Enter is pressed."""

from __future__ import annotations

import pytest

from tests.kit.key_reading import read

PASTE = "\x1b[200~x \x1b[1mb\nred\r\n\x1b[201~"
PASTED = "paste 'x [1mb\\nred\\r\\n'"


def test_a_paste_is_whole_wherever_it_is_split() -> None:
    text = f"a{PASTE}b"
    assert read(text) == ["a", PASTED, "b"]
    assert read(*text) == ["a", PASTED, "b"]
    for at in range(1, len(text)):
        if at != 2:  # an escape
            assert read(text[:at], 0.5, text[at:]) == ["a", PASTED, "b"], at


def test_a_paste_that_ends_in_an_escape_ends_all_the_same() -> None:
    assert read("\x1b[200~a\x1b\x1b[201~", "b") == ["paste 'a'", "b"]


def test_two_pastes_are_two() -> None:
    assert read(PASTE + PASTE) == [PASTED, PASTED]


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ("a", ["a"]),
        ("ab cö👍", ["text 'ab cö👍'"]),
        ("ab\x1b[Ae", ["text 'ab'", "up", "e"]),
        ("\x7f\x7fab", ["backspace", "backspace", "text 'ab'"]),
        (f"ab{PASTE}cd", ["text 'ab'", PASTED, "text 'cd'"]),
        ("\u200d", ["text '\\u200d'"]),
        ("👩\u200d🚀", ["text '👩\\u200d🚀'"]),
        ("می\u200cخواهم", ["text 'می\\u200cخواهم'"]),
        ("\u200e", ["text '\\u200e'"]),
        ("\u00ad", ["text '\\xad'"]),
        ("\U0001fae8", ["text '\\U0001fae8'"]),
        ("a\u202eb", ["text 'ab'"]),
        ("a\u2028b", ["text 'ab'"]),
        ("a\x9bb", ["text 'ab'"]),
    ],
)
def test_letters_of_one_read_are_one_text(sent: str, taken: list[str]) -> None:
    assert read(sent) == taken
    if len(sent) == 1:
        data = sent.encode()
        assert read(*(data[at : at + 1] for at in range(len(data)))) == taken


@pytest.mark.parametrize(
    "reads",
    [
        ("ok\r",),
        ("ok", "\r"),
        ("o", "k", "\r"),
        ("ok", 0.2, "\r"),
        ("ok", 0.02, "\r"),
        ("ok\x1b[0n\r",),
    ],
)
def test_an_enter_behind_letters_is_pressed_once(reads: tuple[str | float, ...]) -> None:
    said = [each for each in read(*reads) if isinstance(each, str)]
    assert said[-1] == "enter" and said.count("enter") == 1


def test_an_enter_of_its_own_is_pressed_at_once() -> None:
    assert read("o", 0.2, "k", 0.2, "\r", until_s=0.001) == ["o", "k", "enter"]
    assert read("k", 0.02, "\r", until_s=0.001) == ["k", "enter"]  # one finger after the other
    assert read("ok\r", until_s=0.02) == ["text 'ok'"]


def test_so_is_one_before_a_key_that_no_text_has() -> None:
    assert read("ok\r\x0e", until_s=0.001) == ["text 'ok'", "enter", "ctrl+n"]
    assert read("ok\r\x0ehello\r") == ["text 'ok'", "enter", "ctrl+n", "text 'hello'", "enter"]
    assert read("ok\r\x1bj") == ["text 'ok'", "enter", "escape", "j"]


@pytest.mark.parametrize(
    "text", ["one\rtwo\r", "one\rtwo", "one\ntwo\r", "one\r\r", "one\r\n", "a\tb\rc", "one\n\rtwo\r\n\r"]
)
def test_several_lines_are_a_paste_wherever_they_are_split(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    for at in range(len(text)):
        said = [str(each) for each in read(text[:at] or "\x1b[0n", 0.01, text[at:])]
        assert not {"enter", "tab"} & set(said), at
    assert read(text) == [f"text {lines!r}"]


def test_so_are_pieces_of_one_on_a_slow_line() -> None:
    assert "enter" not in read("one\rtw", 0.4, "o\r")
    assert "enter" not in read("one\rtwo\rth", 0.9, "ree\r")
    assert read("one\rtwo", 0.3, "\r")[-1] == "enter"
    assert read("one\rtwo", 2.0, "ok\r")[-1] == "enter"
    assert read("one\rtwo", "\x0e", "ok\r")[-1] == "enter"


def test_a_tab_between_letters_is_a_blank_and_behind_them_the_key() -> None:
    assert read("a\tb") == ["text 'a\\tb'"]
    assert read("ab\t") == ["text 'ab'", "tab"]
