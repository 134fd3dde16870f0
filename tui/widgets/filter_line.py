"""Where the words of the filter are typed."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import Input

from tui.actions.keys import Context
from tui.widgets.bound import bindings


class FilterLine(Input):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.FILTER)]

    def __init__(self, name: str) -> None:
        super().__init__(id=name, placeholder="number, line, skill, agent or words", compact=True)
        self.cursor_blink = False
