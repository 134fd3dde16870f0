from __future__ import annotations

import pytest

from connector.wire import requests
from tests.kit.views import conversation
from tui.actions.tags import TagChange, change, choices, in_words, set_tags
from tui.model.state import Model

KNOWN = ("Refund", "late", "very late", "vip")
ONE = [conversation(tags=["late"])]


def offered(text: str) -> list[str]:
    return [one.tag + ("" if one.is_known else " (new)") for one in choices(ONE, KNOWN, text)]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", ["late", "Refund", "very late", "vip"]),  # those that it has first
        ("ref", ["Refund", "ref (new)"]),
        ("#REF", ["Refund", "REF (new)"]),
        ("refund", ["Refund"]),
        ("la", ["late", "la (new)", "very late"]),
        ("vip other", ["other (new)"]),
        ("-v", []),  # only what it has can be taken away
        ("-l", ["late"]),
        ("vip ", ["late", "Refund", "very late", "vip"]),
    ],
)
def test_the_word_that_is_typed_finds_tags(text: str, tags: list[str]) -> None:
    assert offered(text) == tags


@pytest.mark.parametrize(
    ("text", "row", "asked"),
    [
        ("ref", 0, TagChange(["Refund"], [])),
        ("ref", 1, TagChange(["ref"], [])),
        ("vip -l", 0, TagChange(["vip"], ["late"])),
        ("+vip #old ", None, TagChange(["vip", "old"], [])),
        ("", 0, TagChange([], ["late"])),  # it has this one
        ("", 1, TagChange(["Refund"], [])),
        ("late", 0, TagChange(["late"], [])),  # typed, it is never taken away
        ("- + #", None, TagChange([], [])),
    ],
)
def test_what_enter_asks_for(text: str, row: int | None, asked: TagChange) -> None:
    found = choices(ONE, KNOWN, text)
    assert change(text, None if row is None else found[row], 1) == asked


def test_a_tag_that_only_some_have_is_added_to_all() -> None:
    views = [*ONE, conversation(id="C2")]
    assert change("", choices(views, KNOWN, "")[0], 2) == TagChange(["late"], [])


def test_what_cannot_be_is_said_at_once() -> None:
    full = conversation(tags=[str(number) for number in range(10)])
    assert "at most 10 tags" in str(set_tags(Model(), full, TagChange(["one more"], [])))
    assert "at most 40" in str(set_tags(Model(), full, TagChange(["x" * 41], [])))
    assert set_tags(Model(), full, TagChange(["more"], ["3"])) == requests.SetTags("C1", ["more"], ["3"])
    assert in_words(TagChange(["refund"], ["late", "vip"])) == "adds #refund, takes away #late #vip"
