"""Handlers of Textual's events: the toolkit calls those of every base class by itself, after the class's own."""

from __future__ import annotations

import re
from pathlib import Path

import tui

CALL = re.compile(r"super\(\)\.(on_\w+)\(")
NO_HANDLER = {"on_event"}  # a method like any other


def test_no_handler_calls_that_of_its_base() -> None:
    """It would run twice, and the second time undo what the class's own has done since."""
    (folder,) = tui.__path__
    found = [(path.name, name) for path in Path(folder).rglob("*.py") for name in CALL.findall(path.read_text())]
    assert [one for one in found if one[1] not in NO_HANDLER] == []
