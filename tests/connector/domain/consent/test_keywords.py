"""Texts that opt out and in."""

from __future__ import annotations

import pytest

from connector.domain.consent.entries import ConsentKind
from connector.domain.consent.keywords import keyword_signal

OUT, IN = ConsentKind.OPTED_OUT, ConsentKind.OPTED_IN


@pytest.mark.parametrize(
    ("text", "is_opted_out", "expected"),
    [
        ("STOP", False, OUT),
        (" stop. ", False, OUT),
        ("Stop!!", False, OUT),
        ("opt  out", False, OUT),
        ("Opt-Out", False, OUT),
        ("stop all", False, OUT),
        ("UNSUBSCRIBE", True, OUT),
        ("¡STOP!", False, OUT),
        ("arret", False, OUT),
        ("STOP", True, OUT),
        ("START", True, IN),
        ("unstop", True, IN),
        ("Yes", True, IN),
        ("Yes", False, None),
        ("START", False, None),
        ("stop sending the blue one, send the red one", False, None),
        ("don't stop", False, None),
        ("", False, None),
        ("!!!", False, None),
        ("HELP", False, None),
    ],
)
def test_keywords(text: str, is_opted_out: bool, expected: ConsentKind | None) -> None:
    word = keyword_signal(text, is_opted_out)
    assert (word.kind if word else None) is expected


@pytest.mark.parametrize("padding", [" ", ".", "_", "\u2003", ". "])
def test_a_long_text_is_no_keyword(padding: str) -> None:
    """The work is bounded: 60,000 characters cost no more than 65."""
    inside = padding * (60_000 // len(padding))
    assert keyword_signal(f".{inside}.STOP", False) is None
    assert keyword_signal(f"x{inside}x", False) is None


def test_blanks_around_a_keyword_cost_nothing() -> None:
    word = keyword_signal(" " * 60_000 + "STOP" + "\n" * 60_000, False)
    assert word is not None
    assert word.kind is OUT
