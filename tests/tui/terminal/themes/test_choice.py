from __future__ import annotations

import pytest

from tui.terminal.themes import names
from tui.terminal.themes.choice import chosen, following

MANY, FEW = {"TERM": "xterm-256color"}, {"TERM": "xterm"}


@pytest.mark.parametrize(
    ("wanted", "environ", "ground_is_light", "name"),
    [
        ("auto", MANY, None, "dark"),
        ("auto", MANY, True, "light"),
        ("auto", {**MANY, "COLORFGBG": "0;15"}, None, "light"),
        ("auto", {**MANY, "COLORFGBG": "0;15"}, False, "dark"),
        ("contrast", MANY, True, "contrast"),
        ("auto", FEW, True, "sixteen-light"),
        ("contrast", FEW, None, "sixteen"),
        ("dark", {**FEW, "COLORTERM": "truecolor"}, None, "dark"),
        ("light", {**MANY, "NO_COLOR": ""}, None, "none"),
    ],
)
def test_the_terminal_limits_the_setting(
    wanted: str, environ: dict[str, str], ground_is_light: bool | None, name: str
) -> None:
    assert chosen(wanted, environ, ground_is_light=ground_is_light).theme.name == name


def test_each_step_of_the_round_looks_different() -> None:
    assert following("auto", MANY) == "light"  # dark is what it looks like
    assert following("auto", MANY, ground_is_light=True) == "dark"
    assert following("contrast", FEW) == "sixteen-light"  # with sixteen it looks as before
    assert following("none", MANY) == "auto"
    assert following("dark", {"NO_COLOR": "1"}) == "dark"


def test_an_unknown_name_comes_with_what_may_be_meant() -> None:
    assert names.unknown("lite") == "there is no theme lite: did you mean light?"
    assert names.unknown("x").endswith("there are auto, dark, light, contrast, sixteen, sixteen-light and none.")
