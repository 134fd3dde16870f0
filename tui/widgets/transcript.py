"""The messages with one consumer. Each is wrapped when it is first in sight; heights are running sums."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import ClassVar

from textual.binding import BindingType
from textual.cache import LRUCache
from textual.message import Message

from connector.base.counted import count
from connector.sms.text import one_line
from connector.sms.wrapping import wrap
from connector.wire.joined_parts import join_parts
from connector.wire.views import MessageView, PictureView
from tui.actions.keys import Context
from tui.desk import DeskController
from tui.draw import messages as drawing
from tui.draw.conversation_head import gone_words
from tui.draw.copied import Words, message_text
from tui.draw.format import Span, day
from tui.draw.found_marks import with_marks
from tui.draw.links import FoundLink, ListedLink, links_in
from tui.model.conversations import (
    brief_name,
    is_looked_up,
    is_new,
    line_and_consumer,
    may_resend,
    open_conversation,
    resendable_reply,
    undo_window_ms,
    undoable_reply,
)
from tui.model.panes import seen_in
from tui.model.pending import pending_replies
from tui.model.state import FoundPlace, Model, Transcript
from tui.model.transcripts import ids_of
from tui.widgets.bindings import bindings
from tui.widgets.line_widget import StyledLine
from tui.widgets.scrolling_lines import MOVES, ScrollingLines
from tui.widgets.selection import SelectableLines

_ROOMY = 12  # lines


class TranscriptView(ScrollingLines, SelectableLines):
    """Stays at the end when it is there; otherwise it holds still and counts what came in below."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.TRANSCRIPT, *MOVES)]

    class Scrolled(Message):
        """Other lines are in sight."""

    def __init__(self, desk: DeskController, name: str) -> None:
        super().__init__(name)
        self._desk = desk
        self.side = 0
        """The pane it is in: 0 left, 1 right."""
        self._person: str | None = None
        self.joins_parts = True
        self._source: tuple[MessageView, ...] = ()  # as the core has them
        self._messages: Sequence[MessageView] = ()  # as they are drawn
        self._heights: list[int] = []
        self._ends: list[int] = []
        # Width, name of the consumer, the reply that the agent can send again, today, our line, why replies of accounts
        # wait.
        self._wrapped_for: tuple[int, str, str, str, str, tuple[str, ...]] = (0, "", "", "", "", ())
        self._side = drawing.Side(desk.model)
        self._cache: LRUCache[str, tuple[MessageView, MessageView | None, list[StyledLine]]] = LRUCache(512)
        self._first: list[StyledLine] = [StyledLine([])]  # above the messages
        self._pending: list[StyledLine] = []
        self._is_at_end = True
        self._numbers: dict[str, int] = {}  # of the links that were drawn, in this order
        self._unseen = 0  # messages that came in below what is in sight
        self._has_newer = False  # messages below are not loaded
        self._found: FoundPlace | None = None
        self._goes_there = False  # the place that was found is to be in sight

    @property
    def _model(self) -> Model:
        return seen_in(self._desk.model, self.side)

    @property
    def total(self) -> int:
        return len(self._first) + (self._ends[-1] if self._ends else 0) + len(self._pending)

    def lines(self) -> Sequence[StyledLine]:
        self._measure_new()
        if self._is_at_end:
            self.top = self.lowest
        if not self._messages and not self._pending:
            words = wrap(self._empty(), max(2, self.size.width - 4))
            return [StyledLine([]), *(StyledLine([(f"  {line}", "muted")]) for line in words)]
        # A short conversation stands at the bottom, next to the compose area.
        drawn = [StyledLine(())] * max(0, self.size.height - self.total) + list(super().lines())
        if self._unseen and drawn:
            below = f"{count(self._unseen, 'new message')} below: {self._key('last')} goes there"
            drawn[-1] = StyledLine([(f"  ↓ {below}", "accent")])
        elif self._has_newer and drawn and self.top < self.lowest:
            drawn[-1] = StyledLine([(f"  ↓ newer messages: {self._key('last')} goes to the latest", "muted")])
        return self.with_selection(drawn)

    def lines_between(self, start: int, end: int) -> Sequence[StyledLine]:
        drawn: list[StyledLine] = []
        drawn += self._first[start:end]
        number = bisect_right(self._ends, max(0, start - len(self._first)))
        while number < len(self._messages) and len(drawn) < end - start:
            begin = len(self._first) + (self._ends[number - 1] if number else 0)
            drawn += self._lines_of(number)[max(0, start - begin) :]
            number += 1
        pending_begin = self.total - len(self._pending)
        if end > pending_begin:
            drawn += self._pending[max(0, start - pending_begin) :]
        return drawn[: end - start]

    @property
    def is_near_first(self) -> bool:
        """The oldest message loaded is in sight, or less than a screen above it."""
        return self.top < self.size.height and not self._is_at_end

    @property
    def is_near_last(self) -> bool:
        """The last line that is loaded is in sight, or less than a screen below it."""
        return self.lowest - self.top < self.size.height

    def action_last(self) -> None:
        """To the latest message, be it here or not."""
        if self._has_newer:
            self._desk.go_to_present(self.side)
            self._is_at_end = True
            self.repaint()
        else:
            super().action_last()

    def show_from(self, top: int) -> None:
        self._is_at_end = top >= self.lowest and not self._has_newer
        if self._is_at_end:
            self._unseen = 0
        super().show_from(top)
        self.post_message(self.Scrolled())

    def _measure_new(self) -> None:
        """Measure the messages that are new since the last repaint."""
        model = self._model
        shown, width = model.transcript, self.size.width
        if shown is None or shown.person != self._person:
            self._person = shown.person if shown else None
            self._source, self._messages, self._heights, self._ends = (), (), [], []
            self._is_at_end, self._unseen, self._has_newer = True, 0, False
            self.forget_selection()
            if self._numbers:
                self._numbers.clear()
                self._cache.clear()
        messages = shown.messages if shown else ()
        view, now = open_conversation(model), self._desk.now()
        is_unsettled = view is not None and (view.unsent > 0 or is_looked_up(view)) and may_resend(model, view)
        resent = resendable_reply(model) if is_unsettled else None
        side = drawing.Side(
            model,
            brief_name(view) if view else "",
            view.consumer if view else "",
            now,
            self._numbers,
            resent.id if resent is not None else "",
            view.line if view else "",
        )
        self._side = side
        waits = tuple(one.replies_wait for one in model.providers.accounts)
        if (wrapped_for := (width, side.consumer, side.resends, day(now), side.line, waits)) != self._wrapped_for:
            self._wrapped_for = wrapped_for
            self._cache.clear()
            self._source, self._messages, self._heights = (), (), []
        self._take_place(shown)
        if messages is not self._source:
            self._source = messages
            self._measure(join_parts(messages, self._messages) if self.joins_parts else messages)
        self._has_newer = shown is not None and shown.has_newer
        first = self._first_lines()
        if self.top and not self._is_at_end:
            self.top += len(first) - len(self._first)
        self._first = first
        newer = self._has_newer and bool(messages)
        self._pending = [
            *([StyledLine([]), *self._lines_of_words(self._newer_words())] if newer else []),
            *self._pending_replies(side, width),
            *self._scheduled_replies(side, width),
        ]
        if (self._pending or messages) and self.size.height >= _ROOMY:
            self._pending.append(StyledLine([]))  # air between the last text and the compose pane
        self._go_to_place()

    def _pending_replies(self, side: drawing.Side, width: int) -> list[StyledLine]:
        return [
            StyledLine(spans)
            for request, body in pending_replies(self._model)
            for spans in drawing.pending_lines(request, body, side, width)
        ]

    def _scheduled_replies(self, side: drawing.Side, width: int) -> list[StyledLine]:
        shown = self._model.transcript
        return [
            StyledLine(spans)
            for later in (shown.scheduled if shown is not None and not shown.has_newer else ())
            for spans in drawing.scheduled_lines(later, side, width, self._key("undo"))
        ]

    def _key(self, action_id: str) -> str:
        """The key that works now: while the agent writes its letter is text, and another key leads out first."""
        names = self._model.keys
        if self.has_focus or not self._desk.model.is_entered:
            return names.name(action_id)
        return names.name(action_id, Context.COMPOSE) or f"{names.name('back')} {names.name(action_id)}"

    def _newer_words(self) -> str:
        shown = self._model.transcript
        if shown is not None and shown.is_loading:
            return "loading newer messages…"
        return f"newer messages: go down to load them, {self._key('last')} goes to the latest"

    def _lines_of_words(self, words: str, role: str = "muted") -> list[StyledLine]:
        return [StyledLine([(f"  {line}", role)]) for line in wrap(words, max(2, self.size.width - 4))]

    def _take_place(self, shown: Transcript | None) -> None:
        """What a search has found is marked, and gone to when it is here."""
        found = None if shown is None else shown.found
        if found is self._found:
            return
        self._cache.clear()
        self._found, self._goes_there = found, found is not None

    def _go_to_place(self) -> None:
        if not self._goes_there or self._found is None or not self._messages:
            return
        self._goes_there = False
        wanted = self._found.message_id
        number = next((at for at, one in enumerate(self._messages) if wanted in ids_of(one)), None)
        if number is not None:
            self._is_at_end = False
            begin = len(self._first) + (self._ends[number - 1] if number else 0)
            self.top = max(0, min(begin - self.size.height // 3, self.lowest))

    def toggle_parts(self) -> None:
        """Show segments as one text, or each on its own; the top line stays where it is."""
        number = bisect_right(self._ends, max(0, self.top - len(self._first)))
        on_top = self._messages[number].id if number < len(self._messages) else ""
        self.joins_parts = not self.joins_parts
        self._source, self._messages, self._heights, self._ends = (), (), [], []
        self._measure_new()
        number = bisect_right(self._messages, on_top, key=lambda message: message.id) - 1
        if not self._is_at_end:
            self.top = len(self._first) + (self._ends[number - 1] if number > 0 else 0)
        self.repaint()

    def pictures(self) -> tuple[list[PictureView], int] | None:
        """The stored pictures among the loaded messages, oldest first, and the index of the last one in sight."""
        end = bisect_right(self._ends, self.top + self.size.height) + 1
        found, at = [], -1
        for number, message in enumerate(self._messages):
            stored = [picture for picture in message.pictures if picture.state == "kept"]
            found += stored
            if stored and number < end:
                at = len(found) - 1
        return (found, max(at, 0)) if found else None

    def masked(self) -> MessageView | None:
        """The last masked message in sight, else the last one loaded."""
        end = bisect_right(self._ends, self.top + self.size.height) + 1
        in_sight = (message for message in reversed(self._messages[:end]) if message.masked)
        others = (message for message in reversed(self._messages) if message.masked)
        return next(in_sight, None) or next(others, None)

    # What is copied.

    def item_at(self, y: int) -> str:
        """The id of the message in a line in sight."""
        blank = max(0, self.size.height - self.total)
        return self._messages[bisect_right(self._ends, self.top + y - blank - len(self._first))].id

    def texts_between(self, first: str, last: str) -> Iterable[tuple[str, str]]:
        number = bisect_left(self._messages, first, key=lambda message: message.id)
        while number < len(self._messages) and (message := self._messages[number]).id <= last:
            yield message.id, message_text(message)
            number += 1

    def scroll_by(self, lines: int) -> None:
        self.show_from(self.top + lines)

    def last_in_sight(self) -> MessageView | None:
        """The last message of whose text something is in sight."""
        lines = self.lines()
        for y in range(len(lines) - 1, -1, -1):
            if any(isinstance(text, Words) for text, _ in lines[y].spans):
                key = self.item_at(y)
                return next(message for message in self._messages if message.id == key)
        return None

    def links(self) -> list[ListedLink]:
        """The links of the messages that are loaded, the latest first, each once; at the end the consumer's number."""
        found: dict[str, ListedLink] = {}
        for message in reversed(self._messages):
            for link in links_in(message_text(message)):
                found.setdefault(link.target, ListedLink(self._numbers.get(link.target, 0), link, message.at))
        if view := open_conversation(self._model):
            found.setdefault(view.consumer, ListedLink(0, FoundLink(0, 0, "phone", view.consumer), 0))
        return list(found.values())

    def as_text(self) -> tuple[str, int] | None:
        """All that is loaded as plain text, and how many messages that are."""
        shown = self._model.transcript
        if shown is None or not self._messages:
            return None
        from tui.draw.transcript_text import transcript_text

        messages = self._messages
        before = "older messages are not loaded" if shown.has_older else ""
        return transcript_text(messages, self._side, before), len(messages)

    def _measure(self, messages: Sequence[MessageView]) -> None:
        """Wrap only what differs from before; what is in sight stays in place when older messages come above it."""
        old = self._messages
        head = _common(old, messages)
        tail = min(_common(old[::-1], messages[::-1]), min(len(old), len(messages)) - head)
        changed_end = len(messages) - tail
        self._messages = messages
        fresh = [len(self._lines_of(number)) for number in range(head, changed_end)]
        heights = self._heights[:head] + fresh + self._heights[len(self._heights) - tail :]
        if tail and changed_end < len(messages):
            heights[changed_end] = len(self._lines_of(changed_end))  # another message stands before it
        if old and not self._is_at_end:
            if head == 0 and tail:
                self.top += sum(heights) - sum(self._heights)
            elif head == len(old) and not self._has_newer:
                self._unseen += len(messages) - len(old)
        self._heights = heights
        self._ends = list(accumulate(heights))

    def _lines_of(self, number: int) -> list[StyledLine]:
        message = self._messages[number]
        previous = self._messages[number - 1] if number else None
        undo_s = self._undo_s(message)
        cached = self._cache.get(message.id)
        if cached is not None and cached[0] is message and cached[1] is previous and not undo_s:
            return cached[2]
        for link in links_in(message_text(message)):
            self._numbers.setdefault(link.target, len(self._numbers) + 1)
        width = self._wrapped_for[0]
        side = self._side
        spans = drawing.above(message, previous, side, width)
        spans += drawing.message_lines(message, previous, side, width, undo_s)
        if self._found is not None and self._found.message_id == message.id:
            spans = with_marks(spans, message, self._found.marks)
        lines = [StyledLine(line) for line in spans]
        if not undo_s:
            self._cache[message.id] = (message, previous, lines)
        return lines

    def _undo_s(self, message: MessageView) -> int:
        """For how many seconds a reply can be undone; 0 if it cannot."""
        if message.status != "queued" or message.direction != "reply":
            return 0
        view = open_conversation(self._model)
        sent = undoable_reply(self._model)
        if view is None or sent is not message:
            return 0
        window_ms = undo_window_ms(self._model, view)
        left_ms = message.at + window_ms - self._desk.now()
        # The core's clock is known here to some tenths of a second: no second more than there ever was.
        return -(-max(0, min(window_ms, left_ms)) // 1000)

    def _first_lines(self) -> list[StyledLine]:
        """What is before the first message; a blank line for nothing, so that it takes no room when it loads."""
        return self._lines_of_words(*self._before_first())

    def _before_first(self) -> Span:
        shown = self._model.transcript
        if shown is not None and shown.is_refused and shown.messages:
            return "messages are missing: open the conversation again", "warn"
        if shown is not None and shown.has_older:
            loading, more = "loading older messages…", "older messages: go up to load them"
            return loading if shown.is_loading else more, "muted"
        return shown.ends if shown is not None else "", "muted"

    def _empty(self) -> str:
        shown = self._model.transcript
        gone = self._model.conversations.gone
        if shown is None and gone is not None:
            return gone_words(self._model, gone)
        if shown is None:
            key = self._model.keys.name("next_need")
            return f"Here is the conversation under the cursor. {key} goes to what needs you most."
        if is_new(shown.conversation_id):
            _, consumer = line_and_consumer(shown.conversation_id)
            who = one_line(consumer, 20)
            if self._model.others.is_complete:
                return f"Your first text to {who} opens the conversation."
            return (
                f"Your first text to {who} opens a conversation. "
                "Should a colleague have one with them already, the core says so, and nothing is sent."
            )
        if shown.is_refused:
            return "The messages could not be loaded: open the conversation again."
        return "Loading…" if shown.is_loading else "No message yet."


def _common(some: Sequence[MessageView], others: Sequence[MessageView]) -> int:
    """How many values at the start are identical objects."""
    count = 0
    for one, other in zip(some, others, strict=False):
        if one is not other:
            break
        count += 1
    return count
