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
def test_select(said: str, meant: list[str]) -> None:
    assert select(said, LISTED) == meant


@pytest.mark.parametrize("said", ["", ",", "0", "4", "-1", "+14155550199", "one", "²"])
def test_select_refuses(said: str) -> None:
    with pytest.raises(ValueError):
        select(said, LISTED)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("55501", ["55501"]),
        ("+1 415 555 0100, 55501,55501", ["+14155550100", "55501"]),
    ],
)
def test_parse(said: str, meant: list[str]) -> None:
    assert parse(said) == meant


NOT_NUMBERS = ["", " , ", "4155550100", "+0155550100", "+1415555010", "twelve", "12", "+1415\x1b5550100"]


@pytest.mark.parametrize("said", NOT_NUMBERS)
def test_parse_refuses(said: str) -> None:
    with pytest.raises(ValueError):
        parse(said)
