from __future__ import annotations

import io

from connector.console.progress import ProgressLine
from tests.connector.console.test_colours import Terminal


def test_progress_is_one_line_on_a_terminal_and_nothing_elsewhere() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        progress = ProgressLine(stream)
        progress.show("waiting\nfor \x1b[31mit" + "…" * 500)
        progress.clear()
    assert pipe.getvalue() == ""
    assert "\n" not in terminal.getvalue()
    assert "\x1b[31m" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
