"""The toolkit's text area, without what it does too often and too early. It needs private parts of it (8.2.8)."""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea


class CalmTextArea(TextArea):
    """Looks its styles up when they change, and moves a cursor that an undo has left behind the end of the text."""

    _styled: object = None  # the toolkit's theme for which the styles have been looked up since they last changed

    def render_lines(self, crop: Region) -> list[Strip]:
        # The toolkit looks all of them up anew for each frame.
        if self._styled is self._theme:
            return super(TextArea, self).render_lines(crop)
        self._styled = self._theme
        return super().render_lines(crop)

    def notify_style_update(self) -> None:
        self._styled = None
        super().notify_style_update()

    def _watch_show_vertical_scrollbar(self) -> None:
        # An undo changes the bar before it moves the cursor, and the toolkit would look for the cursor's line.
        if self.cursor_location[0] < self.document.line_count:
            super()._watch_show_vertical_scrollbar()
