from __future__ import annotations

import io

import pytest

from connector.console.colours import Colours


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "has_colours"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_colours_only_on_terminals_that_want_them(
    stream: io.StringIO, environ: dict[str, str], has_colours: bool
) -> None:
    assert ("\x1b" in Colours(stream, environ).red("no")) is has_colours
