"""The least Textual can do, as floors of the desk's figures: `python -m tests.bench.floor_app static|area|list`."""

from __future__ import annotations

import os
import sys

os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"  # as the desk does

from textual.app import App, ComposeResult
from textual.widgets import OptionList, Static, TextArea

ROWS = 10_000


class Bare(App[None]):
    """One line of text."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        yield Static("floor")


class Area(Bare):
    """One text area of 4 rows without a border, and a caret that does not blink."""

    CSS = "TextArea { height: 4; border: none; padding: 0; }"

    def compose(self) -> ComposeResult:
        area = TextArea("floor ", compact=True)
        area.cursor_blink = False
        yield area

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)


class List(Bare):
    """A list of as many rows as the queue, without a border or scroll bars; the row's number is on the screen."""

    CSS = "OptionList { height: 1fr; border: none; padding: 0; scrollbar-size: 0 0; } Static { height: 1; }"

    def compose(self) -> ComposeResult:
        yield Static("floor", id="place")
        yield OptionList(*(f"+1415{row:07d}  My parcel was due yesterday. Can you look?" for row in range(ROWS)))

    def on_mount(self) -> None:
        self.animation_level = "none"
        self.query_one(OptionList).focus()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self.query_one("#place", Static).update(f"{event.option_index + 1:,} of {ROWS:,}")


if __name__ == "__main__":
    {"static": Bare, "area": Area, "list": List}[sys.argv[1]]().run()
