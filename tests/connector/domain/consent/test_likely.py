"""Wishes to be left alone that are no keywords."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.consent.keywords import keyword_signal
from connector.domain.consent.likely import likely_opt_out
from tests.kit.wordings import opt_outs, ordinary

FILES = ("development.txt", "held_out.txt", "second_held_out.txt", "third_held_out.txt")
MOST_CALLS = 60_000  # of Python functions, for one text of 10,000 characters


def is_noticed(text: str) -> bool:
    return keyword_signal(text, is_opted_out=False) is not None or likely_opt_out(text) != ""


@pytest.mark.parametrize("name", FILES)
def test_nine_of_ten_opt_outs_are_blocked_or_flagged(name: str) -> None:
    texts = [text for _, text in opt_outs(name)]
    missed = [text for text in texts if not is_noticed(text)]
    assert len(texts) >= 40
    assert len(missed) <= len(texts) // 10, missed


@pytest.mark.parametrize("kind", sorted({kind.partition("-")[0] for name in FILES for kind, _ in opt_outs(name)}))
def test_nine_of_ten_of_each_kind(kind: str) -> None:
    texts = [text for name in FILES for one, text in opt_outs(name) if one.startswith(kind)]
    missed = [text for text in texts if not is_noticed(text)]
    assert len(missed) <= len(texts) // 10, missed


def test_ordinary_texts_raise_no_alarm() -> None:
    texts = list(ordinary())
    assert len(texts) >= 500
    assert [text for text in texts if is_noticed(text)] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hi, please stop texting me about boilers", "stop texting me"),
        ("Stop! I made a mistake in the quantity", "stop"),  # a person decides
        ("STOP\n\nSent from my iPhone", "stop"),
        ("stop stop please stop please stop now please", "stop"),
        ("Bonjour, merci de ne plus me contacter.", "ne plus me contacter"),
        ("我不需要，请不要再联系我", "再联系我"),
        ("\U0001f6d1\U0001f6d1", "\U0001f6d1\U0001f6d1"),
        ("Delete my number or I'll report you", "delete my number"),
        ("she won't stop calling me", ""),
        ("", ""),
        ("\U0001f44d", ""),
    ],
)
def test_the_words_that_read_like_an_opt_out(text: str, words: str) -> None:
    assert likely_opt_out(text) == words


def test_a_wish_late_in_a_long_text_is_found() -> None:
    assert (
        likely_opt_out("The order came late and cold. " * 40 + "Do not contact me again.") == "do not contact me again"
    )


@pytest.mark.parametrize("blanks", [0, 1_700, 3_000, 20_000])
def test_a_wish_at_the_end_of_a_text_of_several_parts_is_found(blanks: int) -> None:
    text = "The order came late and cold. " * 60 + " " * blanks + "Do not contact me again."
    assert likely_opt_out(text) == "do not contact me again"


def calls_of(function: Callable[[], object]) -> int:
    """How many Python functions it calls."""
    count = 0

    def called(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count


WORDS = ("stop", "dont", "not", "no", "text", "me", "send", "want", "to", "get", "messages", "me.", "off", "list",
         "unsubscribe", "remove", "my", "number", "de", "no me", "plus", "u", "s", "t", ".", "\u200b", "x")  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40))
def test_the_work_is_bounded_whatever_the_text(words: list[str]) -> None:
    likely_opt_out("ready")
    text = (" ".join(words) + " ") * (10_000 // (len(" ".join(words)) + 1) + 1)
    assert calls_of(lambda: is_noticed(text)) < MOST_CALLS


@given(st.text(max_size=2_000))
def test_any_text_is_read(text: str) -> None:
    assert len(likely_opt_out(text)) <= 64
    keyword_signal(text, is_opted_out=True, country="CN")


@pytest.mark.parametrize("hostile", ["a" * 10_000, "stop" * 2_500, "s" * 10_000, "\u0301" * 10_000, "\u200b" * 10_000,
                                     "u" * 10_000, "." * 10_000, "'t" * 5_000, "stop to " * 1_250])  # fmt: skip
def test_hostile_texts_cost_little(hostile: str) -> None:
    assert calls_of(lambda: is_noticed(hostile)) < MOST_CALLS
