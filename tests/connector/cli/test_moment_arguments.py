from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from connector.cli import moment_arguments
from connector.console.failure import CommandFailed

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def at(text: str) -> int:
    """Berlin's wall clock in milliseconds; an offset in the text wins."""
    moment = datetime.fromisoformat(text)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)).timestamp() * 1000)


NOON = "2026-11-26T12:00"


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        (NOON, "90m", "2026-11-26T13:30"),
        (NOON, "2h", "2026-11-26T14:00"),
        (NOON, "1d", "2026-11-27T12:00"),
        (NOON, "17:30", "2026-11-26T17:30"),
        (NOON, "9:05", "2026-11-27T09:05"),
        (NOON, "12:00", "2026-11-27T12:00"),
        (NOON, "2026-11-27T09:00", "2026-11-27T09:00"),
        (NOON, "2026-11-27 09:00", "2026-11-27T09:00"),
        (NOON, "2026-11-27T09:00+00:00", "2026-11-27T10:00"),
        ("2026-10-24T20:00", "8:00", "2026-10-25T08:00"),  # the clocks go back in that night
        ("2026-10-25T01:00", "2:30", "2026-10-25T02:30+02:00"),  # the first of two
        ("2026-12-31T23:00", "7:00", "2027-01-01T07:00"),
    ],
)
def test_future_moments(now: str, text: str, expected: str) -> None:
    assert moment_arguments.future(text, at(now)) == at(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6h", "2026-11-26T06:00"),
        ("2d", "2026-11-24T12:00"),
        ("2026-11-22T08:00", "2026-11-22T08:00"),
        ("99999d", "1970-01-01T00:00+00:00"),  # no core takes a moment before
    ],
)
def test_past_moments(text: str, expected: str) -> None:
    assert moment_arguments.past(text, at(NOON)) == at(expected)


def test_a_moment_to_come_is_not_past() -> None:
    with pytest.raises(CommandFailed, match="still to come") as caught:
        moment_arguments.past("2026-11-26T12:01", at(NOON))
    assert caught.value.exit_code == os.EX_USAGE
    assert moment_arguments.past("2026-11-26T12:01", 0) == at("2026-11-26T12:01")


@pytest.mark.parametrize("read", [moment_arguments.past, moment_arguments.future])
@pytest.mark.parametrize("text", ["", "soon", "25:00", "17:60", "2x", "999999h", "-2h", "2026-13-01", "99999-01-01"])
def test_malformed_moments(read: Callable[[str, int], int], text: str) -> None:
    with pytest.raises(CommandFailed) as caught:
        read(text, at(NOON))
    assert caught.value.exit_code == os.EX_USAGE
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-11-25T09:00", "2026-11-25T09:00 is past. Write it like 30m, 2h, 17:30, tomorrow 9:00"),
        ("soon", "fri 14:00 or 2026-11-27T09:00."),
        ("Tomorrow", "tomorrow needs a time: tomorrow 9:00."),
        ("fri", "fri needs a time: fri 9:00."),
    ],
)
def test_what_is_wrong_with_a_moment_is_said(text: str, words: str) -> None:
    with pytest.raises(CommandFailed) as caught:
        moment_arguments.future(text, at(NOON))
    assert words in str(caught.value)


def test_the_example_is_to_come_before_the_cores_clock_is_known() -> None:
    with pytest.raises(CommandFailed) as caught:
        moment_arguments.future("soon", 0)
    assert "1970" not in str(caught.value)
