"""Text selected with the mouse, and shown inverse: characters by dragging, a word by a double click, all by a third.

In place of the toolkit's own selection, which reads a widget that draws its lines itself as its name. Nothing is copied
before ctrl+c: releasing the button would replace what the agent has in their clipboard to paste.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from textual import events
from textual.message import Message
from textual.selection import SELECT_ALL, Selection

from connector.sms.graphemes import clusters
from connector.sms.text import cells
from tui.draw.copied import Words, word_around
from tui.draw.format import Span
from tui.widgets.line_widget import SELECTED, LineWidget, StyledLine


class TextPlace(NamedTuple):
    """A place between two characters."""

    item: Any
    """The key of a text, which says how it is ordered among the others."""
    at: int
    """How many characters of it are before."""


class SelectableLines(LineWidget):
    """Subclasses draw texts as `Words`, and say what each line is about."""

    class Selected(Message):
        """Some text is selected."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._selected_text: tuple[TextPlace, TextPlace] | None = None
        self._pressed_at: tuple[TextPlace, TextPlace] | None = None  # before and behind the character there
        self._released_at: tuple[TextPlace, TextPlace] | None = None  # where the button was pressed before
        self._clicked_at: tuple[TextPlace, TextPlace] | None = None  # with the first of several clicks

    def item_at(self, y: int) -> Any:
        """The key of the text that a line in sight belongs to."""
        raise NotImplementedError

    def texts_between(self, first: Any, last: Any) -> Iterable[tuple[Any, str]]:
        """The texts from one to another, and the keys of them."""
        raise NotImplementedError

    def scroll_by(self, lines: int) -> None:
        """The mouse is dragged over the upper or lower edge."""

    # What is selected.

    @property
    def selected_text(self) -> str:
        if self._selected_text is None:
            return ""
        first, last = self._selected_text
        pieces = [
            text[first.at if key == first.item else 0 : last.at if key == last.item else None]
            for key, text in self.texts_between(first.item, last.item)
        ]
        return "\n".join(pieces).strip()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What the toolkit copies."""
        return (text, "\n") if (text := self.selected_text) else None

    def selection_updated(self, selection: Selection | None) -> None:
        if selection is None:
            self.select(None)

    def select(self, places: tuple[TextPlace, TextPlace] | None) -> None:
        if places == self._selected_text:
            return
        self._selected_text = places
        if places is not None:
            self.screen.selections = {self: SELECT_ALL}
        self.repaint()

    def forget_selection(self) -> None:
        """While lines are made: other texts are shown from now on."""
        self._selected_text = self._pressed_at = self._clicked_at = None
        if self in self.screen.selections:
            self.call_later(self.screen.clear_selection)

    def with_selection(self, lines: Sequence[StyledLine]) -> Sequence[StyledLine]:
        """The same lines with what is selected marked."""
        if self._selected_text is None:
            return lines
        first, last = self._selected_text
        marked = list(lines)
        for y, line in enumerate(lines):
            if any(isinstance(text, Words) for text, _ in line.spans):
                key = self.item_at(y)
                if first.item <= key <= last.item:
                    start = first.at if key == first.item else 0
                    end = last.at if key == last.item else None
                    marked[y] = line._replace(spans=[*_marked(line.spans, start, end)])
        return marked

    # The mouse.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == 1:
            self._pressed_at = self._place(event)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._pressed_at is None:
            return
        y = event.y - self.gutter.top
        if not 0 <= y < self.size.height:
            self.scroll_by(-1 if y < 0 else 1)
        if (here := self._place(event)) is not None:
            before, behind = zip(self._pressed_at, here, strict=True)
            self.select((min(before), max(behind)))

    def on_mouse_up(self) -> None:
        self.release_mouse()
        if self._pressed_at is not None:
            self._released_at, self._pressed_at = self._pressed_at, None
            if self.selected_text:
                self.post_message(self.Selected())

    def on_click(self, event: events.Click) -> None:
        if event.chain == 1:
            self._clicked_at = self._released_at
        if event.chain not in (2, 3) or self._clicked_at is None:
            return
        # The first click may have opened the conversation, which moves the lines under the mouse.
        key, at = self._clicked_at[0]
        text = dict(self.texts_between(key, key)).get(key, "")
        start, end = word_around(text, at) if event.chain == 2 else (0, len(text))
        self.select((TextPlace(key, start), TextPlace(key, end)))
        self.post_message(self.Selected())

    def _place(self, event: events.MouseEvent) -> tuple[TextPlace, TextPlace] | None:
        """Before and behind the character under the mouse; the nearest place, where none is."""
        lines = self.lines()
        if not lines:
            return None
        y = max(0, min(event.y - self.gutter.top, len(lines) - 1))
        below = next((each for each in range(y, len(lines)) if _words(lines[each])), None)
        if below == y:
            at = _offsets(_words(lines[y]), event.x - self.gutter.left)
            return TextPlace(self.item_at(y), at[0]), TextPlace(self.item_at(y), at[1])
        if below is not None:
            place = TextPlace(self.item_at(below), _words(lines[below])[0][1].at)
            return place, place
        above = next((each for each in range(y, -1, -1) if _words(lines[each])), None)
        if above is None:
            return None
        last = _words(lines[above])[-1][1]
        place = TextPlace(self.item_at(above), last.at + len(last))
        return place, place


def _words(line: StyledLine) -> list[tuple[int, Words]]:
    """The pieces of text in a line, each with its column."""
    found, x = [], 0
    for text, _ in line.spans:
        if isinstance(text, Words):
            found.append((x, text))
        x += cells(text)
    return found


def _offsets(pieces: Sequence[tuple[int, Words]], x: int) -> tuple[int, int]:
    """How many characters are before and behind the cell in a column."""
    for column, words in pieces:
        if x < column:
            return words.at, words.at
        at = words.at
        for cluster in clusters(words):
            column += cells(cluster)
            if x < column:
                return at, at + len(cluster)
            at += len(cluster)
    return at, at


def _marked(spans: Sequence[Span], start: int, end: int | None) -> Iterator[Span]:
    for text, role in spans:
        if not isinstance(text, Words):
            yield text, role
            continue
        length = len(text)
        first = max(0, min(start - text.at, length))
        last = length if end is None else max(first, min(end - text.at, length))
        for part, is_selected in (((0, first), False), ((first, last), True), ((last, length), False)):
            if part[0] < part[1]:
                yield text.part(*part), f"{role} {SELECTED}".lstrip() if is_selected else role
