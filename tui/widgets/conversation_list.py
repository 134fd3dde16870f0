"""The list of conversations. Only the rows in sight are drawn, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from connector.sms.text import one_line
from connector.sms.wrapping import wrap
from connector.wire.views import ConversationView
from tui.actions.keys import Context
from tui.desk import DeskController
from tui.draw.providers import NO_ACCOUNT
from tui.draw.rows import row_height, row_lines, time_left
from tui.model.listing import Scope
from tui.widgets.bindings import bindings
from tui.widgets.line_widget import LineWidget, StyledLine

_HOUR_MS = 3_600_000  # rows with the time of their last words are drawn anew
_MOVES = ("up", "down", "half_up", "half_down", "first", "last")


class ConversationList(LineWidget, can_focus=True):
    """The cursor is on a conversation, and follows it when the order changes."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.LIST, *_MOVES)]

    class Moved(Message):
        """The cursor is on another row."""

    class Chosen(Message):
        """A row was clicked twice."""

    def __init__(self, desk: DeskController, name: str) -> None:
        super().__init__(name)
        self._desk = desk
        self._cursor_on: str | None = None
        self._row = 0
        self._top = 0
        self._was_loading = False
        self._rows: dict[str, tuple[object, list[StyledLine]]] = {}

    @property
    def current(self) -> ConversationView | None:
        """The conversation under the cursor."""
        self._settle()
        return self._desk.model.conversations.by_id.get(self._cursor_on) if self._cursor_on else None

    @property
    def current_row(self) -> int | None:
        return self._row if self.current is not None else None

    def move_cursor_to(self, conversation_id: str) -> None:
        """Move the cursor to a conversation, if it is in this list."""
        view = self._desk.model.conversations.by_id.get(conversation_id)
        if view is not None and (found := self._desk.listing.row_of(view)) is not None:
            self._go(found)

    def lines(self) -> Sequence[StyledLine]:
        listing, conversations = self._desk.listing, self._desk.model.conversations.by_id
        self._settle()
        width, room = self.size
        if not len(listing):
            return [StyledLine([(f"  {text}", "muted")]) for text in ("", *self._empty())]
        each = row_height(width)
        page = max(1, room // each)
        self._top = min(max(self._top, self._row + 1 - page), self._row, max(0, len(listing) - page))
        drawn: list[StyledLine] = []
        rows: dict[str, tuple[object, list[StyledLine]]] = {}
        for number in range(self._top, min(len(listing), self._top + room // each + 1)):
            conversation_id = listing.at(number)
            rows[conversation_id] = self._row_of(conversations[conversation_id])
            lines = rows[conversation_id][1]
            drawn += map(self._marked, lines) if number == self._row else lines
        self._rows = rows
        return drawn

    def _row_of(self, view: ConversationView) -> tuple[object, list[StyledLine]]:
        """What a row was made of, and its lines: those drawn before if nothing of it has changed."""
        model, now = self._desk.model, self._desk.now()
        clock = time_left(model, view, now)
        scope, width = self._desk.listing.scope, self.size.width
        made_of = (view, view.id in model.compose.drafts, clock, scope, width, model.agents, now // _HOUR_MS)
        known = self._rows.get(view.id)
        if known is not None and known[0] == made_of:
            return known
        return made_of, [StyledLine(spans) for spans in row_lines(model, view, scope, width, now)]

    def _marked(self, line: StyledLine) -> StyledLine:
        """The line with the cursor in its first cell."""
        text, role = line.spans[0]
        return StyledLine(
            [("▌", "you"), (text[1:], role), *line.spans[1:]], "cursor" if self.has_focus else "cursor-away"
        )

    def _settle(self) -> None:
        """Find the cursor's row; when its conversation has left the list, take the one now in its place."""
        listing, conversations = self._desk.listing, self._desk.model.conversations.by_id
        if self._row == 0 and (self._was_loading or not self._is_whole):
            self._cursor_on = None  # pages bring rows above the first: at the top, the cursor stays there
        self._was_loading = not self._is_whole
        view = conversations.get(self._cursor_on) if self._cursor_on else None
        found = listing.row_of(view) if view is not None else None
        if found is None:
            self._row = max(0, min(self._row, len(listing) - 1))
            self._cursor_on = listing.at(self._row) if len(listing) else None
        else:
            self._row = found

    def _empty(self) -> list[str]:
        model, listing = self._desk.model, self._desk.listing
        if not model.connection.has_lists:
            return ["Waiting for the core…", *wrap(one_line(model.connection.words, 400), self.size.width - 4)]
        if listing.is_searching:
            return ["Looking…"]
        if listing.filter and not self._is_whole:
            return [f"No row loaded so far holds “{one_line(listing.filter, 24)}”."]
        if listing.filter:
            return [f"No row here holds “{one_line(listing.filter, 24)}”.", "esc shows the whole list again."]
        if not model.providers.accounts and not model.providers.lines:
            return list(wrap(NO_ACCOUNT, self.size.width - 4))
        if listing.scope is Scope.MINE:
            away = model.agents.me is not None and model.agents.me.presence != "online"
            queue = listing.count(Scope.QUEUE) if model.connection.is_complete else 0
            texts = ["Nothing is with you now."]
            texts += [f"{queue:,} in the queue: 2 shows them."] if queue else []
            texts += ["You are away: nothing new will come.", "p brings you online."] if away else []
            return texts
        if not self._is_whole:
            return ["Loading…"]
        if listing.scope is Scope.QUEUE:
            return ["The queue is empty."]
        lines = one_line(", ".join(line.address for line in model.providers.lines) or "no line yet", 400)
        return ["No conversation yet.", "Texts to these lines open one:", *wrap(lines, self.size.width - 4)]

    @property
    def _is_whole(self) -> bool:
        """All rows of the shown list are here."""
        model, scope = self._desk.model, self._desk.listing.scope
        if scope is Scope.MINE:
            return model.connection.has_lists
        return model.connection.is_complete and (scope is Scope.QUEUE or model.others.is_complete)

    def _go(self, to: int) -> None:
        count = len(self._desk.listing)
        if not count:
            return
        self._row = max(0, min(to, count - 1))
        self._cursor_on = self._desk.listing.at(self._row)
        page = max(1, self.size.height // row_height(self.size.width or 1))
        if not self._top <= self._row < self._top + page:
            # Half a page further, so that most keys move the cursor alone.
            self._top = self._row - page // 2 if self._row >= self._top else self._row + 1 - (page + 1) // 2
        self._top = max(0, min(self._top, count - page))
        self.repaint()
        self.post_message(self.Moved())

    def _step(self, by: int) -> None:
        self._settle()
        self._go(self._row + by)

    def _half(self) -> int:
        return max(1, self.size.height // row_height(self.size.width or 1) // 2)

    def action_up(self) -> None:
        self._step(-1)

    def action_down(self) -> None:
        self._step(1)

    def action_half_up(self) -> None:
        self._step(-self._half())

    def action_half_down(self) -> None:
        self._step(self._half())

    def action_first(self) -> None:
        self._go(0)

    def action_last(self) -> None:
        self._go(len(self._desk.listing) - 1)

    def on_focus(self) -> None:
        self.repaint()

    def on_blur(self) -> None:
        self.repaint()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._step(-1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._step(1)

    def on_click(self, event: events.Click) -> None:
        number = self._top + event.y // row_height(self.size.width)
        if number < len(self._desk.listing):
            self._go(number)
            if event.chain == 2:
                self.post_message(self.Chosen())
