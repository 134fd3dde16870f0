"""The finder of saved replies, above the compose area: a field of its own, so that the draft is never part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from connector.wire.filled_reply import filled_for
from connector.wire.reply_fields import Filled, between
from connector.wire.saved_replies import SavedReplyView
from tui.actions.keys import Context
from tui.core.zones import zone_of
from tui.desk import DeskController
from tui.draw.bars import spread
from tui.draw.format import Line
from tui.draw.saved_replies import actions_line, meter_line, preview_lines, reply_row
from tui.model import saved_replies
from tui.model.conversations import open_conversation, reply_limits, segment_price
from tui.model.saved_reply_search import FoundReply, ReplySearch
from tui.widgets.bar import Bar
from tui.widgets.bindings import bindings, key_names
from tui.widgets.line_widget import LineWidget, StyledLine
from tui.widgets.one_line_input import OneLineInput

_ROWS, _FEW_ROWS = 6, 4
_PREVIEW, _SHORT_PREVIEW = 3, 2  # lines of text


class FinderRows(LineWidget):
    """The saved replies found, one of them under the cursor."""

    class CursorMoved(Message):
        """Another one is under the cursor."""

    def __init__(self) -> None:
        super().__init__("replies-found")
        self.found: Sequence[FoundReply] = ()
        self.row = 0
        self.nothing = ""
        """Why nothing is found."""

    def move(self, by: int) -> None:
        self.row = max(0, min(self.row + by, len(self.found) - 1))
        self.repaint()
        self.post_message(self.CursorMoved())

    def lines(self) -> Sequence[StyledLine]:
        if not self.found:
            return [StyledLine([(f"   {self.nothing}", "muted")])]
        height = self.size.height
        top = max(0, min(self.row - height // 2, len(self.found) - height))
        keys = key_names(self).replies
        return [
            StyledLine(
                [
                    ("▌ " if top + y == self.row else "  ", "you"),
                    *reply_row(one, keys.get(one.reply.shortcut, ""), self.size.width - 3),
                ],
                "cursor" if top + y == self.row else "",
            )
            for y, one in enumerate(self.found[top : top + height])
        ]

    def on_mouse_scroll_up(self) -> None:
        self.move(-1)

    def on_mouse_scroll_down(self) -> None:
        self.move(1)


class _Asked(NamedTuple):
    known: Mapping[str, SavedReplyView]
    typed: str
    nothing: str
    """Why nothing is found, if so."""
    language: str
    """Of the consumer of the shown conversation, as far as it is known."""


class FinderInput(OneLineInput):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.FINDER, "up", "down")]

    def __init__(self, rows: FinderRows) -> None:
        super().__init__(id="reply-words", placeholder=" title, shortcut, category or words of it", compact=True)
        self.cursor_blink = False
        self._rows = rows

    def action_up(self) -> None:
        self._rows.move(-1)

    def action_down(self) -> None:
        self._rows.move(1)


class ReplyFinder(Vertical):
    """`draft` and its two parts around the caret are what the preview counts with."""

    def __init__(self, desk: DeskController) -> None:
        super().__init__(id="reply-finder")
        self._desk = desk
        self._search = ReplySearch()
        self._known: _Asked | None = None  # what was looked for last
        self._before = self._after = ""
        self.rows = FinderRows()
        self.words = FinderInput(self.rows)
        self._title = Bar(self._title_line, "reply-title")
        self._preview = Bar(self._preview_lines, "reply-preview")

    def compose(self) -> ComposeResult:
        yield self._title
        yield self.words
        yield self.rows
        yield self._preview

    def open(self, before: str, after: str) -> None:
        """Look for one to put between these parts of the draft."""
        self._before, self._after = before, after
        self._desk.want_saved_replies()
        self.display = True
        is_tall = self.app.size.height >= 30
        self.rows.styles.height = _ROWS if is_tall else _FEW_ROWS
        self._preview.styles.height = (_PREVIEW if is_tall else _SHORT_PREVIEW) + 2
        self.words.value = ""
        self._look()
        self.words.focus()

    def is_around(self, widget: Widget | None) -> bool:
        return widget is not None and widget is self.words

    @property
    def chosen(self) -> SavedReplyView | None:
        self._look_again()
        return self.rows.found[self.rows.row].reply if self.rows.found else None

    @on(Input.Changed, "#reply-words")
    def words_typed(self) -> None:
        self._look_again()

    @on(FinderRows.CursorMoved)
    def cursor_moved(self) -> None:
        self._title.repaint()
        self._preview.repaint()

    def repaint(self) -> None:
        """The model may have changed; many may have at once, so that they are fetched afresh."""
        saved = self._desk.model.saved_replies
        if not saved.is_wanted and not saved.refusal:
            self._desk.want_saved_replies()
        self._look_again()

    def _look_again(self) -> None:
        """Unless nothing has changed: the last letters may not have been announced yet."""
        if self._asked() != self._known:
            self._look()

    def _look(self) -> None:
        model = self._desk.model
        asked = known, typed, nothing, language = self._asked()
        view = open_conversation(model)
        chosen = self.rows.found[self.rows.row].reply.id if self.rows.found else None
        is_same_search = self._known is not None and self._known[1] == typed
        found = self._search.found(known, typed, view.skill if view else "", self._desk.now(), language)
        ids = [one.reply.id for one in found]
        self.rows.row = ids.index(chosen) if is_same_search and chosen in ids else 0
        self.rows.found = found
        self.rows.nothing = nothing
        self._known = asked
        for part in (self.rows, self._title, self._preview):
            part.repaint()

    def _asked(self) -> _Asked:
        shown = self._desk.model.transcript
        language = shown.about.contact.language if shown is not None and shown.about is not None else ""
        return _Asked(saved_replies.known(self._desk.model), self.words.value, self._nothing(), language)

    def _nothing(self) -> str:
        model = self._desk.model
        if model.saved_replies.refusal:
            return model.saved_replies.refusal
        if saved_replies.is_loading(model):
            return "loading…"
        if not saved_replies.known(model):
            return "There are no saved replies yet: the command palette has “save as reply”."
        return "No saved reply has these words."

    def _title_line(self, width: int) -> list[Line]:
        known = len(saved_replies.known(self._desk.model))
        count = f"{self.rows.row + 1} of {len(self.rows.found)}" if self.rows.found else ""
        more = f" · {known:,} in all" if known > len(self.rows.found) else ""
        loading = " · loading…" if saved_replies.is_loading(self._desk.model) and known else ""
        return [spread([[("saved replies", "strong")]], [(f"{count}{more}{loading}", "faint")], width)]

    def _preview_lines(self, width: int) -> list[Line]:
        model = self._desk.model
        view = open_conversation(model)
        reply = self.rows.found[self.rows.row].reply if self.rows.found else None
        if reply is None or view is None:
            return []
        filled = filled_in(self._desk, reply)
        whole = f"{self._before}{between(self._before, filled, self._after).text}{self._after}"
        done = actions_line(reply, width)
        lines = [meter_line(whole, reply_limits(model, view), width, segment_price(model, view))]
        room = max(1, self._preview.size.height - len(lines) - bool(done))
        return [*lines, *preview_lines(filled.text, filled.gaps, width, room), *([done] if done else [])]


def filled_in(desk: DeskController, reply: SavedReplyView) -> Filled:
    """A saved reply as it reads for the consumer of the shown conversation, from this agent."""
    model, view = desk.model, open_conversation(desk.model)
    if view is None:
        return Filled(reply.text)
    line = next((one for one in model.providers.lines if one.address == view.line), None)
    name = model.agents.me.name if model.agents.me is not None else ""
    return filled_for(reply, view, line, name, desk.now(), zone_of(line.zone if line else ""))
