"""The desk's main screen: the list of conversations, and the open one with its compose pane.

Below 100 columns one of the two is shown at a time; from there on both, side by side.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, TextArea

from connector.segments import measure, plain
from connector.wire.views import ConversationView
from tui import bars, files, intents, rows
from tui.desk import Desk
from tui.format import Span, meter
from tui.keys import Context
from tui.listing import Scope
from tui.screens.ask import Ask, Field, if_given
from tui.screens.ask_whom import AskWhom
from tui.screens.picture import PictureScreen
from tui.state import Sending, is_mine, opened
from tui.widgets.bar import Bar
from tui.widgets.bound import bindings
from tui.widgets.compose import Compose
from tui.widgets.conversation_list import ConversationList
from tui.widgets.filter_line import FilterLine
from tui.widgets.sheet import Sheet
from tui.widgets.transcript import TranscriptView

_FILTER_DELAY_S = 0.1


class DeskScreen(Screen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.DESK)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = None

    class Send(Message):
        """The agent sends a text; it is shown as under way already."""

        def __init__(self, request_id: str, body: Sending) -> None:
            super().__init__()
            self.request_id = request_id
            self.body = body

    class Looked(Message):
        """The model may have changed, and is shown."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, DeskScreen.Looked)

    class Ready(Message):
        """All its parts are there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.is_ready = False
        self._drafting: str | None = None  # whose draft is in the compose pane
        self._draft = ""  # what the model and the compose pane last agreed on
        self._accepting: str | None = None  # write to them as soon as they are mine
        self._sheets: list[Sheet] = []
        self._bars: dict[str | None, Bar] = {}

    def compose(self) -> ComposeResult:
        yield Bar(self._status, "status")
        with Horizontal(id="body"):
            with Vertical(id="list-side"):
                yield Bar(self._scopes, "scopes")
                yield FilterLine("filter")
                yield Bar(self._titles, "titles")
                yield ConversationList(self.desk, "list")
            with Vertical(id="talk-side"):
                yield Bar(self._head, "head")
                yield TranscriptView(self.desk, "transcript")
                yield Bar(self._hint, "hint")
                yield Bar(self._attached, "attached")
                yield Bar(self._meter, "meter")
                yield Compose("compose")
        yield Bar(self._foot, "foot")

    def on_mount(self) -> None:
        self.list_view = self.query_one(ConversationList)
        self.transcript = self.query_one(TranscriptView)
        self.pane = self.query_one(Compose)
        self.words = self.query_one(FilterLine)
        self._sheets = list(self.query(Sheet))
        self._bars = {bar.id: bar for bar in self.query(Bar)}
        self._arrange()
        self.set_focus(self.list_view)
        self.is_ready = True
        self.post_message(self.Ready())

    # What the bars say.

    def _status(self, width: int) -> list[list[Span]]:
        desk = self.desk
        return [bars.status(desk.model, desk.listing, desk.phase, desk.link_words, desk.now(), width)]

    def _scopes(self, width: int) -> list[list[Span]]:
        return [bars.scopes(self.desk.listing, self.list_view.current_row, width)]

    def _titles(self, width: int) -> list[list[Span]]:
        return [rows.titles(self.desk.listing.scope, width)]

    def _head(self, width: int) -> list[list[Span]]:
        view = opened(self.desk.model)
        return [bars.head(self.desk.model, view, self.desk.now(), width), bars.reason(view, width)] if view else []

    def _hint(self, width: int) -> list[list[Span]]:
        view = opened(self.desk.model)
        return [bars.hint(self.desk.model, view, width)] if view else []

    def _attached(self, width: int) -> list[list[Span]]:
        view = opened(self.desk.model)
        return bars.attached(self.desk.model.attached.get(view.id, ()), width) if view else []

    def _meter(self, width: int) -> list[list[Span]]:
        text = self.pane.text
        return [meter(text, measure(text), self.desk.model.reply_limit, width)]

    def _foot(self, width: int) -> list[list[Span]]:
        pointless = intents.pointless(self.desk.model, self.target, self.pane.text)
        return bars.footer(self.context, self.desk.model.notice, width, pointless)

    @property
    def context(self) -> Context:
        """Where the keys of the moment belong."""
        by_widget = {self.pane: Context.COMPOSE, self.words: Context.FILTER, self.transcript: Context.TRANSCRIPT}
        return by_widget.get(self.focused, Context.LIST) if self.focused is not None else Context.LIST

    # Following the model.

    def keep_draft(self) -> None:
        """Take over what is in the compose pane; its last key may not have been told yet."""
        if self._drafting is not None:
            self._draft = self.pane.text
            self.desk.draft(self._drafting, self._draft)

    def look(self) -> None:
        """The model may have changed: show it."""
        if not self.is_ready:
            return
        self._arrange()
        self._see()
        for sheet in self._sheets:
            sheet.look()
        self.post_message(self.Looked())

    def look_at_clocks(self) -> None:
        """Time has passed, nothing else."""
        if not self.is_ready:
            return
        self.list_view.look()
        for name in ("status", "head"):
            self._bars[name].look()

    def _arrange(self) -> None:
        """Which parts are shown, and whose draft is in the compose pane."""
        model = self.desk.model
        view = opened(model)
        may_write = view is not None and intents.silence(model, view) is None
        self._bars["titles"].display = rows.height(self.list_view.size.width) == 1
        self._bars["hint"].display = view is not None and not may_write
        self._bars["head"].display = view is not None
        if not may_write and self.focused is self.pane:
            self.set_focus(self.transcript)
        self._bars["attached"].display = may_write and view is not None and view.id in model.attached
        self._bars["meter"].display = self.pane.display = may_write
        drafting = view.id if view is not None and may_write else None
        draft = model.drafts.get(drafting, "") if drafting is not None else ""
        if (drafting, draft) != (self._drafting, self._draft):
            self._drafting, self._draft = drafting, draft
            self.pane.load(draft)
        if view is None:
            self.remove_class("-talk")
        if self._accepting is not None and view is not None and view.id == self._accepting and is_mine(model, view):
            self._accepting = None
            self.set_focus(self.pane)

    def _see(self) -> None:
        """What is before the agent's eyes is read."""
        if self.is_active and self.app.app_focus and (self.is_wide or self.has_class("-talk")):
            self.desk.seen()

    @property
    def is_wide(self) -> bool:
        return self.size.width >= 100

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self.look)

    def on_screen_resume(self) -> None:
        self.look()

    def on_descendant_focus(self) -> None:
        self._bars["foot"].look()

    @on(ConversationList.Moved)
    def cursor_moved(self) -> None:
        for name in ("scopes", "foot"):
            self._bars[name].look()

    @on(ConversationList.Chosen)
    def row_chosen(self) -> None:
        self.action_open()

    @on(TranscriptView.Scrolled)
    def transcript_scrolled(self) -> None:
        if self.transcript.top == 0:
            self.desk.older()

    @on(TextArea.Changed, "#compose")
    def typed(self) -> None:
        if self._drafting is None:
            return
        had_draft = self._drafting in self.desk.model.drafts
        self.keep_draft()
        for name in ("meter", "foot"):
            self._bars[name].look()
        if had_draft != (self._drafting in self.desk.model.drafts):
            self.list_view.look()
        self.post_message(self.Looked())

    # Moving about.

    def show_conversation(self, conversation_id: str) -> None:
        """Open it, and go where the next key belongs."""
        self.keep_draft()
        self.desk.open(conversation_id)
        self._go_to_talk()

    def _go_to_talk(self) -> None:
        self._accepting = None
        self.add_class("-talk")
        self.look()
        self.set_focus(self.pane if self.pane.display else self.transcript)

    def back(self) -> None:
        if self.focused is self.pane:
            self.set_focus(self.transcript)
        elif self.focused is self.words or (self.focused is self.list_view and self.desk.listing.filter):
            self.words.value = ""
            self._filter("")
            self.words.display = False
            self.set_focus(self.list_view)
        else:
            self.go_list()

    def go_list(self) -> None:
        self._accepting = None
        self.remove_class("-talk")
        self.set_focus(self.list_view)

    def go_transcript(self) -> None:
        if opened(self.desk.model) is None:
            self._tell("Open a conversation first.")
            return
        self.add_class("-talk")
        self.set_focus(self.transcript)

    def action_open(self) -> None:
        if (view := self.list_view.current) is not None:
            self.show_conversation(view.id)

    def action_write(self) -> None:
        view = opened(self.desk.model)
        if view is None:
            self._tell("Open a conversation first.")
        elif reason := intents.silence(self.desk.model, view):
            self._tell(reason)
        else:
            self.add_class("-talk")
            self.set_focus(self.pane)

    def action_next_waiting(self) -> None:
        found = intents.next_waiting(self.desk.model, self.desk.listing)
        if found is None:
            self.desk.say("Nobody else waits for an answer.")
            self.look()
            return
        scope, conversation_id = found
        if self.desk.listing.scope is not scope or self.desk.listing.filter:
            self._show_scope(scope)
        self.list_view.put_on(conversation_id)
        self.show_conversation(conversation_id)

    def action_scope_mine(self) -> None:
        self._show_scope(Scope.MINE)

    def action_scope_queue(self) -> None:
        self._show_scope(Scope.QUEUE)

    def action_scope_all(self) -> None:
        self._show_scope(Scope.ALL)

    def _show_scope(self, scope: Scope) -> None:
        self.words.value = ""
        self.words.display = False
        self.desk.show(scope)
        self.list_view.action_first()
        self.go_list()
        self.look()

    def action_filter(self) -> None:
        self.go_list()
        self.words.display = True
        self.set_focus(self.words)

    def action_apply_filter(self) -> None:
        self._filter(self.words.value)
        self.set_focus(self.list_view)
        if not self.words.value.strip():
            self.words.display = False

    @on(Input.Changed, "#filter")
    def filter_typed(self, event: Input.Changed) -> None:
        # In a long list a filter costs some milliseconds, so it waits for the end of a word.
        self.set_timer(_FILTER_DELAY_S, lambda: self._filter(event.value))

    def _filter(self, text: str) -> None:
        if text == self.words.value and text.casefold().split() != self.desk.listing.filter.split():
            self.desk.show(self.desk.listing.scope, text)
            self.list_view.action_first()
            self.look()

    def action_join(self) -> None:
        self.transcript.toggle_joined()
        how = "as one text" if self.transcript.is_joined else "one by one, as they were handed over"
        self.desk.say(f"Segments are shown {how}.")
        self.look()

    def action_half_up(self) -> None:
        self.transcript.action_half_up()

    def action_half_down(self) -> None:
        self.transcript.action_half_down()

    # Doing things.

    @property
    def target(self) -> ConversationView | None:
        """The conversation a command is about: the one under the cursor, or the open one."""
        return self.list_view.current if self.focused is self.list_view else opened(self.desk.model)

    def action_accept(self) -> None:
        view = self.target
        if self.desk.want(intents.accept(self.desk.model, view)) and view is not None:
            self.list_view.put_on(view.id)
            self.show_conversation(view.id)
            self._accepting = view.id
        self.look()

    def action_give_back(self) -> None:
        self.desk.want(intents.give_back(self.desk.model, self.target))
        self.look()

    def action_close(self) -> None:
        self.desk.close(self.target)
        self.look()

    async def action_start(self) -> None:
        """Text somebody first; the text is written in the compose pane."""
        if not self.desk.model.lines:
            self._tell("There is no line to text from.")
            return
        dialog = AskWhom(self.desk.model)
        await self.app.push_screen(dialog, if_given(lambda answer: self._start(dialog.whom(answer))))

    def _start(self, found: tuple[str, str] | str) -> None:
        if isinstance(found, str):
            return
        line, consumer = found
        there = intents.open_between(self.desk.model, line, consumer)
        if there is not None:
            self.show_conversation(there.id)
            return
        self.keep_draft()
        self.desk.start(line, consumer)
        self._go_to_talk()

    async def action_picture(self) -> None:
        """The last kept picture of what is in sight, or else of what is loaded."""
        found = self.transcript.pictures()
        if not found:
            self._tell("No message here has a picture that can be shown.")
            return
        views, start = found
        await self.app.push_screen(PictureScreen(self.desk, views, start))

    async def action_attach(self) -> None:
        view = opened(self.desk.model)
        if reason := intents.more_pictures(self.desk.model, view):
            self._tell(reason)
        elif view is not None:
            dialog = Ask("A picture for the next reply", [Field("file or https address")])
            await self.app.push_screen(dialog, if_given(lambda answer: self._take_along(view.id, *answer.texts)))

    def _take_along(self, conversation_id: str, where: str) -> None:
        if where.strip().startswith("https://"):
            self.desk.attach_address(conversation_id, where.strip())
            self.look()
        else:
            self.run_worker(self._hand_over(conversation_id, where.strip()))

    async def _hand_over(self, conversation_id: str, where: str) -> None:
        try:
            name, data = await asyncio.to_thread(files.picture_at, where)
        except files.CannotUse as error:
            self._tell(str(error))
            return
        self.desk.attach(conversation_id, name, data)
        self.look()

    def action_detach(self) -> None:
        if (view := opened(self.desk.model)) is not None:
            self.desk.detach(view.id)
        self.look()

    def action_presence(self) -> None:
        self.desk.want(intents.toggle_presence(self.desk.model))
        self.look()

    def action_plain(self) -> None:
        text = plain(self.pane.text)
        if text == self.pane.text:
            self._tell("There is no look-alike character to replace.")
        else:
            self.pane.replace_all(text)

    def action_send(self) -> None:
        self.keep_draft()
        intent = intents.reply(self.desk.model, self.pane.text)
        if not isinstance(intent, Sending):
            self._tell(str(intent))
            return
        self.post_message(self.Send(self.desk.begin(intent), intent))
        self.look()

    def _tell(self, words: str) -> None:
        self.desk.say(words, bad=True)
        self.look()
