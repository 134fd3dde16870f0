from __future__ import annotations

import io

import pytest

from connector.console.paint import Paint, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "is_painted"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_colours_only_where_they_are_wanted(stream: io.StringIO, environ: dict[str, str], is_painted: bool) -> None:
    assert ("\x1b" in Paint(stream, environ).red("no")) is is_painted


def test_progress_is_one_line_on_a_terminal_and_nothing_elsewhere() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        progress = Progress(stream)
        progress.show("waiting\nfor \x1b[31mit" + "…" * 500)
        progress.clear()
    assert pipe.getvalue() == ""
    assert "\n" not in terminal.getvalue()
    assert "\x1b[31m" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
