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
        ("ARRÊT", False, OUT),
        ("ＳＴＯＰ", False, OUT),
        ("S T O P", False, OUT),
        ("S.T.O.P.", False, OUT),
        ("STOP STOP STOP", False, OUT),
        ("STOP \U0001f6d1", False, OUT),
        ("STOP! " * 200, False, OUT),
        ("STOP" + "!" * 1500, False, OUT),
        ("STOPSTOPstop", False, OUT),
        ("S T O P S T O P", False, OUT),
        ("STARTSTART", True, IN),
        ("\u200fSTOP\ufe0f", False, OUT),
        ("\U0001f1f8\U0001f1f9\U0001f1f4\U0001f1f5", False, OUT),  # in flags' letters
        ("stop (Sent with Loud Effect)", False, OUT),
        ("İptal", False, OUT),
        ("إلغـــاء", False, OUT),
        ("הַסֵר", False, OUT),
        ("停止。", False, OUT),
        ("Стоп!", False, OUT),
        ("stop=quit", False, OUT),
        ("¿START?", True, IN),
        ("ＳＴＡＲＴ", True, IN),
        ("nonarrêt", True, IN),
        ("start stop", True, None),
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


@pytest.mark.parametrize("answer", ["NO", "NON", "FIN", "N", "T", "1", "2", "OK", "NADA", "UIT", "ALTO", "RET", "PERU",
                                    "DUR", "BASTA", "TC", "REM", "STEP", "SHOP", "ALL"])  # fmt: skip
def test_ordinary_answers_are_no_keywords(answer: str) -> None:
    assert keyword_signal(answer, False) is None


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("T", "CN"),
        ("N", "CN"),
        ("N", "AE"),
        ("uit", "NL"),
        ("UIT", "BE"),
        ("¡ALTO!", "MX"),
        ("rem", "NZ"),
        ("Dur", "TR"),
    ],
)
def test_words_of_one_country(text: str, country: str) -> None:
    word = keyword_signal(text, False, country)
    assert word is not None
    assert word.kind is OUT
    assert keyword_signal(text, False, "GB") is None


def test_the_rule_names_the_keyword_as_its_list_has_it() -> None:
    word = keyword_signal("arret!!", False)
    assert word is not None
    assert word.rule == "keyword ARRÊT"


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
