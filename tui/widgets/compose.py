"""The compose area: a text area without a blinking cursor that repaints only the cells that changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea

from connector.sms.text import shown
from tui.actions.keys import Context
from tui.widgets.bindings import bindings
from tui.widgets.line_widget import changed_cells


class ComposeArea(TextArea):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.COMPOSE, "newline")]

    def __init__(self, name: str, painted: Callable[[], None]) -> None:
        """`painted` is called when cells have changed, so that the meter goes into the same frame."""
        self._painted = painted
        self._seen: list[Strip] = []
        self._will_compare = False
        super().__init__(id=name, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self.match_cursor_bracket = False

    def show_draft(self, text: str) -> None:
        """Show a draft, the cursor at its end."""
        text = shown(text)
        if text != self.text:
            self.load_text(text)
            self.move_cursor(self.document.end)

    def replace_all(self, text: str) -> None:
        """Replace the text in a way that the area's own undo can take back."""
        self.replace(text, self.document.start, self.document.end, maintain_selection_offset=False)

    def on_paste(self, event: events.Paste) -> None:
        """Make pasted text safe: the area would draw escape sequences as they are."""
        event.prevent_default()
        pasted = self.replace(shown(event.text), *self.selection, maintain_selection_offset=False)
        self.move_cursor(pasted.end_location)

    def action_newline(self) -> None:
        self.insert("\n", maintain_selection_offset=False)
        self.scroll_cursor_visible()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Any:
        """Textual's area asks for all of its lines at each key; most of them have not changed."""
        if regions or layout or recompose or not repaint or len(self._seen) != self.size.height:
            self._seen = []
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        if not self._will_compare:
            self._will_compare = True
            # At this point the text is still being changed.
            self.call_next(self._compare)
        return self

    def _compare(self) -> None:
        self._will_compare = False
        old, new = self._seen, [self.render_line(y) for y in range(self.size.height)]
        self._seen = new
        if len(old) != len(new):
            super().refresh()
            return
        for y, (before, after) in enumerate(zip(old, new, strict=True)):
            if changed := changed_cells(before, after):
                super().refresh(Region(changed[0], y, changed[1] - changed[0], 1))
        self._painted()

    def render_lines(self, crop: Region) -> list[Strip]:
        strips = super().render_lines(crop)
        if not self._seen and not self._will_compare:
            self._seen = [self.render_line(y) for y in range(self.size.height)]
        return strips

    def notify_style_update(self) -> None:
        self._seen = []
        super().notify_style_update()
