"""The toolkit's text area, without what it does too often, too early or too late.

It needs private parts of it (8.2.8).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from connector.sms.text import written
from tui.terminal.app import TerminalApp
from tui.terminal.cell_diff import changed_cells
from tui.terminal.text_field import TextField


class CalmTextArea(TextField, TextArea):
    """Looks its styles up when they change, draws only the cells that changed, and those of an edit at once; moves a
    cursor that an undo has left behind the end of the text."""

    takes_lines = True

    _styled: object = None  # the toolkit's theme for which the styles have been looked up since they last changed
    _drawn: list[Strip] | None = None  # its lines as they were drawn; None: all of them are drawn next
    _will_compare = False

    def on_paste(self, event: events.Paste) -> None:
        """Make pasted text safe: the area would draw escape sequences as they are."""
        event.prevent_default()
        pasted = self.replace(written(event.text), *self.selection, maintain_selection_offset=False)
        self.move_cursor(pasted.end_location)

    def write_at_once(self, letter: str) -> bool:
        if self.read_only:
            return False
        self.replace(letter, *self.selection, maintain_selection_offset=False)
        return True

    # A line is one of the text: the toolkit takes what is one of the screen.

    def action_delete_to_start_of_line(self) -> None:
        row, column = self.selection.end
        if self.read_only or column == 0:
            super().action_delete_to_start_of_line()
        else:
            self.delete((row, 0), (row, column), maintain_selection_offset=False)

    def action_delete_to_end_of_line(self) -> None:
        row, column = self.selection.end
        if not self.read_only:
            self.delete((row, column), (row, len(self.document.get_line(row))), maintain_selection_offset=False)

    def edit(self, edit: Edit) -> EditResult:
        result = super().edit(edit)
        if self._will_compare:
            self._draw_changed()
        return result

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Any:
        """The toolkit's area asks for all of its lines at each key; most of them have not changed."""
        if regions or layout or recompose or not repaint or self._drawn is None or len(self._drawn) != self.size.height:
            self._drawn = None
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        if not self._will_compare:
            self._will_compare = True
            # At this point the text is still being changed.
            self.call_next(self._draw_changed)
        return self

    def _draw_changed(self) -> None:
        if not self._will_compare:  # it has been drawn at once
            return
        self._will_compare = False
        before, self._drawn = self._drawn, self._lines()
        if before is None or len(before) != len(self._drawn):
            super().refresh()
            return
        regions = list(_changed(before, self._drawn))
        app = self.app
        if regions and not (isinstance(app, TerminalApp) and app.draw_at_once(self, regions)):
            super().refresh(*regions)

    def _lines(self) -> list[Strip]:
        return [self.render_line(y) for y in range(self.size.height)]

    def render_lines(self, crop: Region) -> list[Strip]:
        strips = self._styled_lines(crop)
        if self._drawn is None and not self._will_compare:
            self._drawn = self._lines()
        return strips

    def _styled_lines(self, crop: Region) -> list[Strip]:
        # The toolkit looks all of them up anew for each frame.
        if self._styled is self._theme:
            return super(TextArea, self).render_lines(crop)
        self._styled = self._theme
        return super().render_lines(crop)

    def notify_style_update(self) -> None:
        self._styled = self._drawn = None
        super().notify_style_update()

    def _watch_show_vertical_scrollbar(self) -> None:
        # An undo changes the bar before it moves the cursor, and the toolkit would look for the cursor's line.
        if self.cursor_location[0] < self.document.line_count:
            super()._watch_show_vertical_scrollbar()


def _changed(before: list[Strip], after: list[Strip]) -> Iterator[Region]:
    """The cells of each line from the first changed one to the last."""
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        if changed := changed_cells(old, new):
            yield Region(changed[0], y, changed[1] - changed[0], 1)
