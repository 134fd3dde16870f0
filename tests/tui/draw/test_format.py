from __future__ import annotations

from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.sms.text import cells, shown
from connector.sms.wrapping import wrap
from tui.draw import format as fmt

AT = 1_763_474_700_000  # 2025-11-18 14:05 UTC
_S, _M, _H, _D = 1000, 60_000, 3_600_000, 86_400_000


def test_times_are_those_of_the_zone() -> None:
    assert fmt.clock(AT, UTC) == "14:05"
    assert fmt.clock(AT, timezone(timedelta(hours=10))) == "00:05"
    assert fmt.day(AT, UTC) == "Tuesday 18 November 2025"
    assert fmt.day(AT, timezone(timedelta(hours=10))) == "Wednesday 19 November 2025"


def test_a_moment_of_another_day_names_it() -> None:
    assert fmt.moment(AT, AT + _H, UTC) == "14:05"
    assert fmt.moment(AT, AT + _D, UTC) == "18 Nov 14:05"


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (-5 * _S, "now"),
        (0, "now"),
        (59 * _S, "now"),
        (_M, "1m"),
        (59 * _M + 59 * _S, "59m"),
        (_H, "1h"),
        (47 * _H, "47h"),
        (48 * _H, "2d"),
        (5000 * _D, "999d"),
    ],
)
def test_durations_are_coarse_and_at_most_four_cells(ms: int, words: str) -> None:
    assert fmt.duration(ms) == words
    assert len(words) <= 4


@pytest.mark.parametrize(
    ("waited", "role"), [(0, ""), (fmt.SLOW_MS - 1, ""), (fmt.SLOW_MS, "you"), (fmt.LATE_MS, "bad")]
)
def test_waiting_grows_urgent(waited: int, role: str) -> None:
    assert fmt.urgency(waited) == role


@pytest.mark.parametrize(
    ("status", "sign", "role"),
    [
        ("queued", "·", "muted"),
        ("accepted", "✓", "muted"),
        ("delivered", "✓✓", "good"),
        ("undelivered", "✗", "bad"),
        ("uncertain", "?", "you"),
        ("read", "·", "muted"),
    ],
)
def test_every_status_has_a_sign_also_an_unknown_one(status: str, sign: str, role: str) -> None:
    assert fmt.status_sign(status) == (sign, role)


@pytest.mark.parametrize("state", ["ok", "warning", "down", "unknown", "purple"])
def test_a_light_says_its_word(state: str) -> None:
    assert fmt.light(state)[0].endswith(state)


class TestWrap:
    def test_at_blanks(self) -> None:
        assert wrap("one two three", 7) == ["one two", "three"]

    def test_long_words_are_broken_and_line_ends_stay(self) -> None:
        assert wrap("abcdefgh\n\nij", 5) == ["abcde", "fgh", "", "ij"]

    def test_wide_characters_count_two_cells(self) -> None:
        assert wrap("東京都庁", 4) == ["東京", "都庁"]

    def test_a_joined_emoji_is_not_torn(self) -> None:
        family = "👨‍👩‍👧"
        assert wrap(family * 3, 4) == [family * 2, family]

    @given(st.text(max_size=200), st.integers(2, 40))
    def test_no_line_is_too_wide_and_no_letter_is_lost(self, text: str, width: int) -> None:
        text = shown(text)
        lines = wrap(text, width)
        assert lines and all(cells(line) <= width for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")


@given(st.text(max_size=60), st.integers(1, 40), st.booleans())
def test_fitted_text_takes_exactly_its_cells_and_nothing_dangerous(text: str, width: int, right: bool) -> None:
    fitted = fmt.fit(text, width, right=right)
    assert cells(fitted) == width
    assert "\n" not in fitted and "\x1b" not in fitted


@pytest.mark.parametrize(
    ("at", "told", "words", "role"),
    [
        (AT + 14 * 60_000, "", f"due {fmt.clock(AT + 14 * 60_000)}", ""),
        (AT + 4 * 60_000, "soon", f"▲ due {fmt.clock(AT + 4 * 60_000)}, in 4m", "you"),
        (AT + 30_000, "soon", f"▲ due {fmt.clock(AT + 30_000)}, in <1m", "you"),
        (AT - 180_000, "soon", f"! overdue 3m, since {fmt.clock(AT - 180_000)}", "bad"),
    ],
)
def test_a_deadline_is_said_by_sign_and_by_clock(at: int, told: str, words: str, role: str) -> None:
    assert fmt.due_words(at, told, AT) == (words, role)


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "yesterday"), (2, "Sunday 16 November"), (322, "Tuesday 31 December 2024")],
)
def test_a_day_is_named_as_people_name_it(days: int, words: str) -> None:
    assert fmt.day_words(AT - days * _D, AT, UTC) == words


@pytest.mark.parametrize(
    ("ms", "words"), [(-5, "0s"), (0, "0s"), (1, "1s"), (42_000, "42s"), (119_999, "120s"), (120_000, "2m")]
)
def test_a_short_time_is_shown_to_the_second(ms: int, words: str) -> None:
    assert fmt.left(ms) == words
