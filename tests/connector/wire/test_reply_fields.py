"""Fields of saved replies: whatever is in a text or a value, what is filled is what is counted, sent and refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.sms.segments import measure
from connector.wire import limits, reply_fields
from connector.wire.reply_fields import FIELDS, fill, flaw, gap_in, longest, shortest, values_for

PARTS = st.sampled_from(
    [
        *(f"{{{one}}}" for one in FIELDS),
        "{name|there}",
        "{name|}",
        "{{",
        "{",
        "}",
        "|",
        "{nmae}",
        "{ Name }",
        "Hi ",
        "\n",
        "é",
    ]
)
TEXTS = st.lists(PARTS | st.text(max_size=5), max_size=12).map("".join)
VALUES = st.dictionaries(st.sampled_from([*FIELDS]), st.text(max_size=8) | PARTS)


def values(**given_: str) -> dict[str, str]:
    return values_for(**({"name": "", "agent": "Ann", "number": "", "line": "", "answer_by": ""} | given_))


def test_a_field_has_its_value_its_default_or_stays_as_a_gap() -> None:
    assert fill("Hi {name|there}, {agent} here.", values()) == ("Hi there, Ann here.", ())
    assert fill("Hi {name|there}.", values(name="Maria Lopez")) == ("Hi Maria Lopez.", ())
    assert fill("Hi { First_Name }.", values(name="Lopez, Maria")) == ("Hi Maria.", ())
    filled = fill("{{ Hi {name}, by {answer_by}?", values())
    assert filled.text == "{ Hi {name}, by {answer_by}?"
    assert [filled.text[start:end] for start, end in filled.gaps] == ["{name}", "{answer_by}"]
    assert gap_in(filled.text) == filled.gaps[0] == (5, 11)
    assert fill("Hi{name|}!", values()).text == "Hi!"


def test_a_value_is_one_line_and_never_read_as_a_field() -> None:
    given_ = values(name="{agent}\n\x1b[31m Bo", agent="{name}")
    assert fill("{name} {agent}", given_) == ("{agent} ␛[31m Bo {name}", ())


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Maria Lopez", "Maria"),
        ("Lopez, Maria José", "Maria"),
        ("Bo", "Bo"),
        ("Dr. Lopez", ""),
        ("", ""),
        ("Lopez,", "Lopez"),
    ],
)
def test_the_first_name(name: str, first: str) -> None:
    assert values(name=name)["first_name"] == first


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hi {nmae}", "did you mean {name}?"),
        ("Hi {order}", "There are {name}, {first_name}, {agent}, {number}, {line}, {answer_by}"),
        ("Hi {name", "A { begins a field"),
        ("{}", "There is no field {}"),
        ("{{name}", "would read like a field"),
        ("a {{ b } c }} {name|you}", None),
        ("Hi {name|{agent}}", "A { begins a field"),
    ],
)
def test_what_is_refused_when_a_reply_is_saved(text: str, words: str | None) -> None:
    found = flaw(text)
    assert found is None if words is None else found is not None and words in found


@given(TEXTS, VALUES)
def test_any_text_is_filled_and_its_gaps_are_where_they_are_said_to_be(text: str, given_: dict[str, str]) -> None:
    filled = fill(text, given_)
    known = {f"{{{one}}}" for one in FIELDS}
    at = 0
    for start, end in filled.gaps:
        assert at <= start < end <= len(filled.text)
        at = end
        if flaw(text) is None:
            assert filled.text[start:end] in known
    if flaw(text) is None and "{" not in "".join(given_.values()):
        # What stands in the text that is sent is found again, without what the template said.
        assert gap_in(filled.text) == (filled.gaps[0] if filled.gaps else None)


@given(TEXTS, VALUES)
def test_what_could_be_sent_to_nobody_is_known_before_it_is_filled(text: str, given_: dict[str, str]) -> None:
    if flaw(text) is not None:
        return
    one_line = {field: " ".join(value.split()) for field, value in given_.items()}
    whole = {field: one_line.get(field) or "x" for field in FIELDS}
    filled = fill(text, whole)
    assert not filled.gaps
    assert len(shortest(text)) <= len(filled.text) <= max(len(longest(text)), len(filled.text))
    if all(len(value) <= 8 for value in whole.values()):
        assert len(filled.text) <= len(longest(text))
    assert measure(filled.text).characters == len(filled.text)


@given(st.text(max_size=60))
def test_what_an_agent_has_written_is_the_same_text_once_it_is_a_saved_reply(text: str) -> None:
    assert fill(reply_fields.escaped(text), {}).text == text


def test_1601_after_filling() -> None:
    text = "x" * 1590 + " {name}"
    assert len(fill(text, values(name="Ann Miller")).text) == limits.REPLY_LENGTH + 1
    assert len(shortest(text)) < limits.REPLY_LENGTH < len(longest(text))
