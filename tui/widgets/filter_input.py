"""The field for the words of a filter."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from tui.actions.keys import Context
from tui.widgets.bindings import bindings
from tui.widgets.one_line_input import OneLineInput


class FilterInput(OneLineInput):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.FILTER)]

    def __init__(self, placeholder: str) -> None:
        super().__init__(id="filter", placeholder=placeholder, compact=True)
        self.cursor_blink = False
