"""Who is mentioned in a note: agents named after an @, and nobody else."""

from __future__ import annotations

import pytest

from connector.domain.note_mentions import MOST, mentioned

AGENTS = ["anna", "ben", "Ana María", "ana", "o.reilly", "ben-2"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@anna please look", ["anna"]),
        ("Look (@Anna), @BEN: this!", ["anna", "ben"]),
        ("@ben and @ben, @anna.", ["ben", "anna"]),
        ("ask @ana maría", ["Ana María"]),
        ("ask @ana's friend", ["ana"]),
        ("@o.reilly. @ben-2", ["o.reilly", "ben-2"]),
        ("@annabel @bend", []),
        ("write to joe@anna or joe.@anna, ben@anna.example", []),
        ("@anna.example @anna@example.com @ben-3", []),
        ("https://example.com/@anna", []),
        ("@\N{CYRILLIC SMALL LETTER A}nna @nobody @ anna @@ben", []),
        ("", []),
    ],
)
def test_names_after_an_at(text: str, named: list[str]) -> None:
    assert mentioned(text, AGENTS) == named


def test_a_note_mentions_few() -> None:
    names = [f"a{number}" for number in range(200)]
    assert mentioned(" ".join(f"@{name}" for name in names), names) == names[:MOST]
    assert mentioned("@nobody " * 600 + "@a1", names) == []
