"""Grapheme clusters by UAX #29, as Twilio counts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.sms.graphemes import break_letters, cluster_around, clusters

ALPHABET = (
    "a é中\r\n\x00\u200b\u0301\u0903\u102c\u200c\u200d\ufe0f\u0600\U0001f3fb\U000e0067\ud83d\ude00"
    "\u1100\u1161\u11a8가각กำ😀❤🚀🩷\U0001f1e9\U0001f1ea"
)


@pytest.mark.parametrize(
    "whole",
    [
        "e\u0301",
        "o\u0302\u0323\u0301",
        "각",
        "\u1100\u1161\u11a8",
        "\u1100\u1100\u1161",
        "\uac00\u11a8",
        "กำ",
        "कि",
        "\u0600\u0661",
        "🇩🇪",
        "👍🏽",
        "👨‍👩‍👧‍👦",
        "👩🏽‍🚀",
        "🏳️‍🌈",
        "👩‍❤️‍💋‍👨",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "1️⃣",
        "❤️",
        "🧑‍🤝‍🧑",
        "🏴‍☠️",
        "🫱🏻‍🫲🏿",
        "🩷\u200d🫨",
        "\ud83d\ude00",
    ],
)
def test_one_cluster(whole: str) -> None:
    assert list(clusters("中" + whole + "中")) == ["中", whole, "中"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\r\n", ["\r", "\n"]),  # two, as in Twilio's calculator
        ("नमस्ते", ["न", "म", "स्", "ते"]),  # conjuncts are not joined, as there
        ("🇩🇪🇫🇷🇪", ["🇩🇪", "🇫🇷", "🇪"]),
        ("a\u200d😀", ["a\u200d", "😀"]),
        ("\u0301a", ["\u0301", "a"]),
        ("\n\u0301", ["\n", "\u0301"]),
        ("\u200b\u0301", ["\u200b", "\u0301"]),
        ("\u0600\n", ["\u0600", "\n"]),
        ("안녕", ["안", "녕"]),
        ("\uac01\u1161", ["\uac01", "\u1161"]),
        ("\ude00\ud83d", ["\ude00", "\ud83d"]),
    ],
)
def test_boundaries(text: str, expected: list[str]) -> None:
    assert list(clusters(text)) == expected


@given(st.text(alphabet=ALPHABET, min_size=1, max_size=30), st.data())
def test_cluster_around_agrees_with_clusters(text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text) - 1))
    spans = []
    at = 0
    for cluster in clusters(text):
        spans.append((at, at + len(cluster)))
        at += len(cluster)
    assert at == len(text)
    expected = next(span for span in spans if span[1] > index)
    since = data.draw(st.sampled_from([start for start, _ in spans if start <= index]))
    assert cluster_around(break_letters(text), index, since, reach=30) == expected
