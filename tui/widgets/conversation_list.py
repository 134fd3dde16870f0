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
from tui.draw.lights import NO_ACCOUNT
from tui.draw.rows import row_height, row_lines, time_left
from tui.model.conversations import agent_name, open_conversation
from tui.model.listing import Scope
from tui.widgets.bindings import bindings
from tui.widgets.line_widget import LineWidget, StyledLine

_HOUR_MS = 3_600_000  # rows with the time of their last words are drawn anew
_OWN = ("up", "down", "half_up", "half_down", "first", "last", "mark", "mark_range")


class ConversationList(LineWidget, can_focus=True):
    """The cursor is on the shown conversation, whose row stays between its neighbours until the cursor goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.LIST, *_OWN)]

    class Moved(Message):
        """The cursor is on another row; to be drawn with what else shows where it is."""

    class Marked(Message):
        """Rows were marked, or are marked no more."""

    class Chosen(Message):
        """A row was clicked twice."""

    def __init__(self, desk: DeskController, name: str) -> None:
        super().__init__(name)
        self._desk = desk
        self._top = 0
        self._rows: dict[str, tuple[object, list[StyledLine]]] = {}

    @property
    def place(self) -> tuple[int, int] | None:
        """The cursor's row, from 0, and how many rows there are; None where no row has it."""
        row, left = self._settle()
        return (row, len(self._desk.listing) + (left is not None)) if left is not None or self._has_cursor else None

    def lines(self) -> Sequence[StyledLine]:
        listing, conversations = self._desk.listing, self._desk.model.conversations.by_id
        row, left = self._settle()
        width, room = self.size
        count = len(listing) + (left is not None)
        if not count:
            return [StyledLine([(f"  {text}", "muted")]) for text in ("", *self._empty(left))]
        each = row_height(width)
        page = max(1, room // each)
        self._top = min(max(self._top, row + 1 - page), row, max(0, count - page))
        drawn: list[StyledLine] = []
        rows: dict[str, tuple[object, list[StyledLine]]] = {}
        for number in range(self._top, min(count, self._top + room // each + 1)):
            if left is not None and number == row:
                view = left
            else:
                view = conversations[listing.at(number - (left is not None and number > row))]
            rows[view.id] = self._row_of(view)
            lines = rows[view.id][1]
            if number == row and (left is not None or self._has_cursor):
                drawn += (self._marked(line, is_there=left is None) for line in lines)
            else:
                drawn += lines
        self._rows = rows
        if not len(listing):
            drawn += [StyledLine([(f"  {text}", "muted")]) for text in ("", *self._empty(left))]
        return drawn

    def _row_of(self, view: ConversationView) -> tuple[object, list[StyledLine]]:
        """What a row was made of, and its lines: those drawn before if nothing of it has changed."""
        model, now = self._desk.model, self._desk.now()
        clock = time_left(model, view, now)
        scope, width = self._desk.listing.scope, self.size.width
        own = (view.id in model.compose.drafts, view.id in model.marks, bool(model.marks))
        made_of = (view, own, clock, scope, width, model.agents, now // _HOUR_MS)
        known = self._rows.get(view.id)
        if known is not None and known[0] == made_of:
            return known
        return made_of, [StyledLine(spans) for spans in row_lines(model, view, scope, width, now)]

    def _marked(self, line: StyledLine, *, is_there: bool) -> StyledLine:
        """The line with the cursor in its first cell; quiet where the list has the conversation no more."""
        text, role = line.spans[0]
        spans = [(text[1:], role), *line.spans[1:]]
        if not is_there:
            spans = [(text, "muted") for text, _ in spans]
        # Amber, as the caret, where the keys go.
        mark = ("▌", "you" if self.has_focus else "frame-on")
        return StyledLine([mark, *spans], "cursor" if self.has_focus else "cursor-away")

    @property
    def _has_cursor(self) -> bool:
        """The list has the shown conversation."""
        view = open_conversation(self._desk.model)
        return view is not None and self._desk.listing.row_of(view) is not None

    def _settle(self) -> tuple[int, ConversationView | None]:
        """The cursor's row; and the shown conversation, if it is not in the list or has left it: it keeps a row there
        until the cursor goes elsewhere."""
        desk = self._desk
        desk.hold_row()
        view = open_conversation(desk.model) or desk.model.conversations.gone
        found = desk.listing.row_of(view) if view is not None and view is not desk.model.conversations.gone else None
        if found is not None:
            desk.row = found
            return found, None
        desk.row = max(0, min(desk.row, len(desk.listing) - (view is None)))
        return desk.row, view

    def _empty(self, left: ConversationView | None) -> list[str]:
        """Why the list has no rows; `left`: the row that is there all the same."""
        model, listing = self._desk.model, self._desk.listing
        key = model.keys.name
        if not model.connection.has_lists:
            return ["Waiting for the core…", *wrap(one_line(model.connection.words, 400), self.size.width - 4)]
        if listing.is_searching:
            return ["Looking…"]
        if listing.filter and not self._desk.is_whole:
            return [f"Nothing loaded so far matches “{one_line(listing.filter, 24)}”."]
        if listing.filter:
            return [
                f"Nothing{' else' if left is not None else ''} here matches “{one_line(listing.filter, 16)}”.",
                *([f"{key('apply_filter')} looks in all lists."] if listing.scope is not Scope.ALL else []),
                f"{key('back')} shows the whole list again.",
            ]
        if not model.providers.accounts and not model.providers.lines:
            return list(wrap(NO_ACCOUNT, self.size.width - 4))
        if listing.scope is Scope.SNOOZED:
            return ["Nothing is snoozed.", f"{key('snooze')} puts one of yours away until a moment."]
        if listing.scope is Scope.MINE:
            away = model.agents.me is not None and model.agents.me.presence != "online"
            snoozed = listing.count(Scope.SNOOZED)
            queue = listing.count(Scope.QUEUE) if model.connection.is_complete else 0
            texts = ["Nothing is yours right now."]
            texts += [f"{snoozed:,} snoozed: {key('previous_list')} shows them."] if snoozed else []
            texts += [f"{queue:,} in the queue: {key('next_list')} shows them."] if queue else []
            texts += ["You are away, so nothing new comes.", f"{key('presence')} brings you online."] if away else []
            return texts
        if not self._desk.is_whole:
            return ["Loading…"]
        if listing.colleague is not None:
            return [f"{one_line(agent_name(model, listing.colleague), 24)} has nothing that you see."]
        if listing.scope is Scope.QUEUE:
            return ["The queue is empty."]
        lines = one_line(", ".join(line.address for line in model.providers.lines) or "no line yet", 400)
        return ["No conversation yet.", "Texts to these lines open one:", *wrap(lines, self.size.width - 4)]

    def _go(self, to: int) -> None:
        """Go to a row as it is drawn."""
        row, left = self._settle()
        count = len(self._desk.listing) + (left is not None)
        to = max(0, min(to, count - 1))
        if not count or (left is not None and to == row):
            return
        self._desk.go_to_row(to - (left is not None and to > row))
        row, count = self._desk.row, len(self._desk.listing)
        page = max(1, self.size.height // row_height(self.size.width or 1))
        if not self._top <= row < self._top + page:
            # Half a page further, so that most keys move the cursor alone.
            self._top = row - page // 2 if row >= self._top else row + 1 - (page + 1) // 2
        self._top = max(0, min(self._top, count - page))
        self._say_moved()

    def go_to_top(self) -> None:
        """Another list is shown, or with another filter."""
        self._desk.go_to_top()
        self._top = 0
        self._say_moved()

    def _say_moved(self) -> None:
        # Textual takes a message no further than the widget that sent it, which may be the list's parent.
        self.post_message(self.Moved().set_sender(self))

    def go_back_to_row(self) -> None:
        """Another list is shown, where its cursor was."""
        self._desk.go_back_to_row()
        self._say_moved()

    def _step(self, by: int) -> None:
        self._go(self._settle()[0] + by * (self._desk.count or 1))

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
        self._go((self._desk.count or 1) - 1)

    def action_last(self) -> None:
        self._go((self._desk.count or len(self._desk.listing) + 1) - 1)

    def action_mark(self) -> None:
        """Mark the row of the cursor, or take its mark away, and go one down; with a count mark so many."""
        row, left = self._settle()
        if left is not None or not self._has_cursor:
            self._desk.say("There is no row here to mark.", is_error=True)
        elif (count := self._desk.count) is None:
            self._desk.toggle_mark(self._desk.listing.at(row))
        else:
            end = min(row + count, len(self._desk.listing))
            self._desk.mark_rows(self._desk.listing.at(number) for number in range(row, end))
        self._go(row + (self._desk.count or 1))
        self._say_marked()

    def action_mark_range(self) -> None:
        self._settle()
        self._desk.mark_range()
        self._say_marked()

    def _say_marked(self) -> None:
        self.post_message(self.Marked().set_sender(self))

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
        if number < len(self._desk.listing) + (self._settle()[1] is not None):
            self._go(number)
            if event.chain == 2:
                self.post_message(self.Chosen())
