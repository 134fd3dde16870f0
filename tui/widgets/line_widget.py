"""A widget drawn line by line that repaints only the cells that changed.

A subclass gives in `lines()` what should be on the screen; `repaint()` compares it with what is there. So after a
change of the model every widget can be repainted, and nothing is written to the terminal for what stayed the same.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from connector.sms.text import shown
from tui.draw.copied import Words
from tui.draw.format import Span
from tui.terminal import hyperlinks
from tui.terminal.cell_diff import changed_cells
from tui.terminal.themes.choice import LOOKS

_NOT_BOLD = Style(bold=False)
_INVERSE = Style(reverse=True)
SELECTED = "selected"
"""Among the words of a role: inverse, in every theme."""
_QUIET = ("faint", "rule", "frame")  # no louder where the rest is dimmed


class StyledLine(NamedTuple):
    """Spans from left to right; `base` is the role of the whole line, if it has one.

    The role of a span may be several words: `bubble muted` is muted text on the ground of a bubble.
    """

    spans: Sequence[Span]
    base: str = ""


class LineWidget(Widget):
    """Spans hold safe text only: they are drawn as they are, never read as markup."""

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self._lines: list[StyledLine] = []
        self._strips: list[Strip] = []
        self._styles_by_role: dict[tuple[str, str, str], Style] = {}
        self._is_dimmed = False

    def dim(self, is_dimmed: bool) -> None:
        """Show everything muted, or as it is."""
        if is_dimmed is not self._is_dimmed:
            self._is_dimmed = is_dimmed
            self.notify_style_update()
            self.refresh()

    def lines(self) -> Sequence[StyledLine]:
        """What to show, from the top; safe text only. What is too long is cut."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Repaint the cells that differ from what is on the screen."""
        if not self.is_mounted or not self.size:
            self._lines, self._strips = [], []  # what it showed before it was hidden
            return
        before = self._strips
        after = self._make()
        if len(before) != len(after) or (before and before[0].cell_length != after[0].cell_length):
            self.refresh()
            return
        for y, (old, new) in enumerate(zip(before, after, strict=True)):
            if old is not new and (changed := changed_cells(old, new)):
                self.refresh(Region(changed[0], y, changed[1] - changed[0], 1))

    def render_line(self, y: int) -> Strip:
        if not self._fits():
            self._make()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)

    def _make(self) -> list[Strip]:
        """The strips to show; an equal line stays the same strip."""
        width, height = self.size
        lines = list(self.lines()[:height])
        lines += [StyledLine(())] * (height - len(lines))
        old_lines, old_strips = self._lines, self._strips
        if not old_strips or old_strips[0].cell_length != width:
            old_lines = []
        self._lines = lines
        self._strips = [
            old_strips[y]
            if y < len(old_lines) and (line is old_lines[y] or line == old_lines[y])
            else self._strip(line, width)
            for y, line in enumerate(lines)
        ]
        return self._strips

    def notify_style_update(self) -> None:
        self._styles_by_role.clear()
        self._lines, self._strips = [], []
        super().notify_style_update()

    def on_resize(self) -> None:
        if not self._fits():  # else it has been drawn in this size, before it heard of it
            self._lines, self._strips = [], []
            self.refresh()

    def _fits(self) -> bool:
        """What was drawn last has the present size."""
        return len(self._strips) == self.size.height and (
            not self._strips or self._strips[0].cell_length == self.size.width
        )

    def _strip(self, line: StyledLine, width: int) -> Strip:
        segments = [
            Segment(_safe(text), self._style(line.base, role, text.web if isinstance(text, Words) else ""))
            for text, role in line.spans
            if text
        ]
        return Strip(segments).adjust_cell_length(width, self._style(line.base, ""))

    def _style(self, base: str, role: str, web: str = "") -> Style:
        style = self._styles_by_role.get((base, role, web))
        if style is None:
            look = LOOKS[self.app.theme]
            plain = role.removesuffix(SELECTED).rstrip()
            is_quieted = self._is_dimmed and plain not in _QUIET
            own = look.style(base, plain, "muted") + _NOT_BOLD if is_quieted else look.style(base, plain)
            if (self.rich_style + look.style(base)).reverse:
                own = own.without_color  # it would become the ground of the word
            style = self.rich_style + own
            style += _INVERSE if plain != role else Style()
            if web and hyperlinks.are_shown(os.environ):
                style += Style(link=web)
            self._styles_by_role[base, role, web] = style
        return style


def _safe(text: str) -> str:
    """A second net: text is made safe where it is fitted into its columns."""
    return text if text.isprintable() else shown(text, keep_newlines=False)
