"""Text from outside fills its own cells of a terminal and does nothing else."""

import sys
import unicodedata

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from connector.sms.graphemes import is_assigned
from connector.sms.text import cells, is_blank, is_writable, masked, one_line, shown, without_end, written

FAMILY = "👨‍👩‍👧‍👦"
# Hostile and merely difficult pieces.
PIECES = [
    *"aZ [é中\t\n\r\x00\x07\x0b\x0c\x1b\x7f\x85\x9b\xad\u00a0\u0301\u0903\u102c\u0e33\u1161\u11a8\u0600",
    *"\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202e\u2066\u2069\u206a\u20e3\u2800",
    *"\u3000\u3164\ud83d\ude00\ue000\ufe0e\ufe0f\ufeff\ufff9\uffff\U0001d173\U000e0001\U000e0067\U000e0100\U00010ffff",
    *"😀❤★1#🩷☝\U0001f3fb\U0001f1e9स्الش",
    *(FAMILY, "🏳️‍🌈", "1️⃣", "\x1b[2J", "\x1b]0;title\x07", "\x1b[31m", "\r\n", "e" + "\u0301" * 20, "नमस्ते", "မာ"),
]
HOSTILE = st.one_of(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.text(alphabet=st.characters()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain [b]text[/b]", "plain [b]text[/b]"),
        ("\x1b[31mred\x00\x07", "␛[31mred␀␇"),
        ("\x7f\x9b31m\x85", "␡\ufffd31m\n"),
        ("a\tb", "a    b"),
        ("1\r\n2\r3\u20284\u20295\n6", "1\n2\n3\n4\n5\n6"),
        ("pay \u202e005\u202c now\u200f", "pay 005 now"),
        ("\u2066a\u2069\u061c\u200eb", "ab"),
        ("\ud83d \ue000 \uffff \U000e01f0\u0378", "\ufffd \ufffd \ufffd \ufffd\ufffd"),
        ("a\u200bb\u2060c\ufeffd\u00ade\u3164f\U000e0067g", "abcdefg"),
        ("a\u200db\u200cc\ufe0fd\ufe0e", "abcd"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        (f"{FAMILY} 👩🏽‍🚀 ❤️ 1️⃣ 🇩🇪 🏳️‍🌈 🩷 🫨", f"{FAMILY} 👩🏽‍🚀 ❤️ 1️⃣ 🇩🇪 🏳️‍🌈 🩷 🫨"),
        ("a🏽", "a\ufffd"),
        ("😀\u200d😀\u200d😀\u200d😀\u200d😀", "😀\u200d😀\u200d😀\u200d😀😀"),
        ("1\ufe0f", "1"),
        ("e" + "\u0301" * 50 + "x", "e" + "\u0301" * 6 + "x"),
        ("\u0301a\n\u0301", "◌\u0301a\n◌\u0301"),
        ("\u1161\u1161", "◌\u1161\u1161"),
        ("မာနမस्ते กำ é", "မာနမस्ते กำ é"),
    ],
)
def test_shown(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_newlines_become_blanks() -> None:
    assert shown("a\r\nb\nc", keep_newlines=False) == "a b c"


@given(HOSTILE, st.booleans())
def test_shown_is_neutral(text: str, keep_newlines: bool) -> None:
    result = shown(text, keep_newlines=keep_newlines)
    assert shown(result, keep_newlines=keep_newlines) == result
    assert len(result) <= 4 * len(text)
    result.encode()  # no lone surrogate
    for char in result:
        if char == "\n":
            assert keep_newlines
            continue
        assert unicodedata.category(char) not in ("Cc", "Cs", "Co", "Zl", "Zp")
        assert is_assigned(char)
        assert unicodedata.bidirectional(char) not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        assert char not in "\u061c\u200b\u200e\u200f\u2060\u3164\ufe0e\ufeff"


@given(HOSTILE)
def test_a_terminal_shows_it_in_place(text: str) -> None:
    """Fed to a terminal line by line, a message touches the rows it is given and changes no mode, title or style."""
    screen = pyte.Screen(2000, 80)
    stream = pyte.Stream(screen)
    modes, charset, title = set(screen.mode), screen.charset, screen.title
    lines = shown(text).split("\n")
    for row, line in enumerate(lines):
        stream.feed(f"\x1b[{row + 1};2H|")
        stream.feed(line)
        assert screen.cursor.y == row
        assert screen.cursor.x >= 2
        assert screen.buffer[row][1].data == "|"  # no mark joined what stood before
        assert screen.buffer[row][0].data == " "
    assert (screen.mode, screen.charset, screen.title) == (modes, charset, title)
    assert not screen.cursor.attrs.bold and screen.cursor.attrs.fg == "default"
    assert all(
        row < len(lines)
        for row, cells_of_row in screen.buffer.items()
        if any(c.data != " " for c in cells_of_row.values())
    )


@given(HOSTILE, st.integers(-1, 60))
def test_one_line_fits(text: str, width: int) -> None:
    line = one_line(text, width)
    assert "\n" not in line
    assert cells(line) <= max(width, 0)
    assert shown(line) == line
    whole = one_line(text, 10_000)
    assert line == whole or (width <= 0 and not line) or (line.endswith("…") and whole.startswith(line[:-1]))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("\n two\t\tlines\r\n here", 40, "two lines here"),
        ("中文字符", 6, "中文…"),
        ("中文字符", 8, "中文字符"),
        (f"a{FAMILY}b", 3, "a…"),
        (f"{FAMILY}bcd", 4, f"{FAMILY}b…"),
        ("cafe\u0301s", 5, "cafe\u0301s"),
        ("cafe\u0301 s", 5, "cafe\u0301…"),
        ("\u00a0\u0301a", 5, "◌\u0301a"),
        ("x", 0, ""),
        ("xy", 1, "…"),
        ("", 0, ""),
    ],
)
def test_one_line(text: str, width: int, expected: str) -> None:
    assert one_line(text, width) == expected


def test_every_character_is_as_wide_as_rich_draws_it() -> None:
    """The tables of the running Python differ from those of Rich only in what one of them does not know."""
    known = (char for char in map(chr, range(sys.maxunicode + 1)) if is_assigned(char))
    public = (char for char in known if unicodedata.category(char) != "Co")
    assert [hex(ord(char)) for char in public if cells(char) != cell_len(char, "latest")] == []


@given(st.one_of(HOSTILE, st.text(alphabet=st.characters(exclude_categories=["Cn"]))))
def test_cells_agree_with_rich(text: str) -> None:
    if all(map(is_assigned, text)):
        assert cells(text) == cell_len(text, "latest")
    line = shown(text, keep_newlines=False)
    assert cells(line) == cell_len(line, "latest")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+15551234567", "+1555•••4567"),
        ("15551234567", "1555•••4567"),
        ("+1 (555) 123-4567", "+1555•••4567"),
        ("whatsapp:+15551234567", "1555•••4567"),
        ("5551234567", "55•••67"),
        ("+33512", "•••"),
        ("555123", "55•••23"),
        ("72345", "•••"),
        ("ACME", "•••"),
        ("", "•••"),
        ("\x1b[2J+15551234567", "2155•••4567"),
    ],
)
def test_masked(number: str, expected: str) -> None:
    assert masked(number) == expected


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\t\u3000\u00a0", "\u200b\u2060\ufeff", "\u3164\uffa0\u115f", "\u2800\u2800", "\U000e0001\U000e0073",
     "\ufe0f", "\u202e\u2066", "\x07\x1b", "\u00ad\u034f\u180e", "\u200d\u200c"],
)  # fmt: skip
def test_nothing_to_see(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["x", " . ", "\u200bx", "👍", "\ufffd", "\u0301", "1\ufe0f\u20e3", "‑"])
def test_something_to_see(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hi\n\n", "hi"),
        ("hi \n \n", "hi "),
        ("a\n\nb\r\n", "a\n\nb"),
        ("hi  ", "hi  "),
        ("\n", ""),
        ("  ", "  "),
        ("", ""),
    ],
)
def test_blank_lines_at_the_end_are_left_out(text: str, expected: str) -> None:
    assert without_end(text) == expected


@given(HOSTILE)
def test_what_is_written_keeps_all_but_controls_and_what_reorders(text: str) -> None:
    kept = written(text)
    assert written(kept) == kept and all(char == "\n" or is_writable(char) for char in kept)
    assert [char for char in text if is_writable(char) and char not in " ␛\ufffd"] == [
        char for char in kept if char not in " \n\ufffd" and not "\u2400" <= char <= "\u2421"
    ]
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(char) for char in kept.replace("\n", "")}
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(kept)
