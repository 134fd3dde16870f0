from __future__ import annotations

import pytest

from connector.setup.numbers import parse, select

LISTED = ["+14155550100", "+14155550101", "+14155550102"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("all", LISTED),
        (" ALL ", LISTED),
        ("1", LISTED[:1]),
        ("3, 1", [LISTED[0], LISTED[2]]),
        ("+14155550102", LISTED[2:]),
        ("14155550102,", LISTED[2:]),
        ("+1 (415) 555-0101, 2", LISTED[1:2]),
    ],
)
def test_which_of_the_list(said: str, meant: list[str]) -> None:
    assert select(said, LISTED) == meant


@pytest.mark.parametrize("said", ["", ",", "0", "4", "-1", "+14155550199", "one", "²"])
def test_none_of_the_list(said: str) -> None:
    with pytest.raises(ValueError):
        select(said, LISTED)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("55501", ["55501"]),
        ("+1 415 555 0100, 55501,55501", ["+14155550100", "55501"]),
    ],
)
def test_written_out(said: str, meant: list[str]) -> None:
    assert parse(said) == meant


NOT_NUMBERS = ["", " , ", "4155550100", "+0155550100", "+1415555010", "twelve", "12", "+1415\x1b5550100"]


@pytest.mark.parametrize("said", NOT_NUMBERS)
def test_not_a_number(said: str) -> None:
    with pytest.raises(ValueError):
        parse(said)
