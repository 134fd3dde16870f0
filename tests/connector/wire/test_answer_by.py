from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.sms import gsm
from connector.wire.answer_by import answer_by

BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = datetime(2026, 12, 2, 13, 5, tzinfo=UTC)  # 14:05 in Berlin
HOUR_MS = 3_600_000


def ms(when: datetime) -> int:
    return round(when.timestamp() * 1000)


@pytest.mark.parametrize(
    ("hours", "region", "language", "words"),
    [
        (2, "DE", "", "16:05 today"),
        (2, "US", "en", "4:05 pm today"),
        (24, "US", "en-US", "2:05 pm tomorrow"),
        (22 - 5 / 60, "US", "", "noon tomorrow"),
        (72, "GB", "", "14:05 on Saturday"),
        (24 * 9, "GB", "", "14:05 on 11 December"),
        (24 * 9, "US", "", "2:05 pm on December 11"),
        (2, "DE", "de", "heute 16:05 Uhr"),
        (24, "AT", "de-AT", "morgen 14:05 Uhr"),
        (72, "DE", "de", "5.12. 14:05 Uhr"),
        (2, "FR", "fr", "aujourd'hui 16h05"),
        (2, "JP", "ja", "16:05"),
        (72, "JP", "ja", "2026-12-05 14:05"),
        (-1, "DE", "", ""),
    ],
)
def test_in_the_words_of_the_text(hours: float, region: str, language: str, words: str) -> None:
    now = ms(WEDNESDAY)
    assert answer_by(now + round(hours * HOUR_MS), now, BERLIN, region, language) == words


def test_midnight_is_the_end_of_its_day_and_a_promise_never_later_than_it_is_due() -> None:
    now, midnight = ms(WEDNESDAY), ms(datetime(2026, 12, 2, 23, tzinfo=UTC))
    assert answer_by(midnight, now, BERLIN, "DE", "") == "23:59 today"
    assert answer_by(midnight - 1, now, BERLIN, "DE", "") == "23:59 today"
    assert answer_by(None, now, BERLIN, "DE", "") == ""


@given(
    st.integers(1, 400 * 24), st.sampled_from(["", "de", "fr", "es", "it", "nl", "xx"]), st.sampled_from(["US", "DE"])
)
def test_it_costs_no_other_encoding(hours: int, language: str, region: str) -> None:
    now = ms(WEDNESDAY)
    assert gsm.ALPHABET.issuperset(answer_by(now + hours * HOUR_MS, now, BERLIN, region, language))
