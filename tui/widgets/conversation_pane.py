"""The pane with the shown conversation: its head, its transcript, and the framed compose pane below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from connector.sms.segments import measure
from connector.sms.text import without_end, written
from tui.actions import writing
from tui.actions.desk_footer import compose_edge, emoji_keys, shortcut_keys
from tui.desk import DeskController
from tui.draw import compose_frame, conversation_head
from tui.draw.format import Line
from tui.model.conversations import open_conversation, reply_limits, segment_price
from tui.model.panes import is_split, seen_in
from tui.model.state import Model
from tui.widgets.bar import Bar
from tui.widgets.emoji_picker import EmojiPicker
from tui.widgets.transcript import TranscriptView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.wire.saved_replies import SavedReplyView
    from connector.wire.views import ConversationView
    from tui.widgets.compose import ComposeArea
    from tui.widgets.reply_finder import ReplyFinder

TALL = 30  # lines of the terminal
ROOM_FOR_TWO = 160
"""Columns of a terminal that shows two conversations beside each other."""


class ConversationPane(Vertical):
    def __init__(self, desk: DeskController, side: int) -> None:
        """`side`: 0 for the left pane, 1 for the right one."""
        super().__init__(id=("left-pane", "right-pane")[side], classes="conversation-pane")
        self._desk = desk
        self.side = side
        self.drafting: str | None = None
        """The id of the conversation whose draft is in the compose area."""
        self._draft = ""  # as the model and the compose area last agreed on it
        self._in_area = ""  # what the compose area showed for it then
        self.head = Bar(self._head, "head")
        self.transcript = TranscriptView(desk, "transcript")
        self.transcript.side = side
        self.hint = Bar(self._hint, "hint")
        self.attachments = Bar(self._attachments, "attachments")
        self.picker = EmojiPicker()
        self.meter = Bar(self._upper_edge, "meter")
        self.area: ComposeArea | None = None
        """The compose area, once it is made."""
        self.finder: ReplyFinder | None = None
        """Of saved replies, once it was opened."""
        self.keys = Bar(self._lower_edge, "keys")

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.transcript
        yield self.hint
        yield self.attachments
        yield self.picker
        yield self.meter
        yield self.keys

    def make_area(self) -> ComposeArea:
        """The compose area; made when it is first needed, as it takes a while to load."""
        if self.area is None:
            from tui.widgets.compose import ComposeArea

            area = ComposeArea("compose", self.picker)
            area.display = False
            self.mount(area, after=self.meter)
            self.area = area
            self._show_draft()
            self.show_parts()
        return self.area

    @property
    def text(self) -> str:
        """What is in the compose area, or will be when it is made."""
        return self.area.text if self.area is not None else written(self._draft)

    def is_in_area(self, widget: Widget | None) -> bool:
        """Whether this widget is the compose area."""
        return widget is not None and widget is self.area

    def is_in_finder(self, widget: Widget | None) -> bool:
        """Whether this widget is where saved replies are looked for."""
        return self.finder is not None and self.finder.is_around(widget)

    def holds(self, widget: Widget | None) -> bool:
        """Whether this widget is its transcript or its compose area, or the finder above that."""
        return widget is self.transcript or self.is_in_area(widget) or self.is_in_finder(widget)

    @property
    def is_finding(self) -> bool:
        return self.finder is not None and self.finder.display

    async def open_finder(self) -> None:
        """Look for a saved reply for the draft."""
        area = self.make_area()
        if self.finder is None:
            from tui.widgets.reply_finder import ReplyFinder

            self.finder = ReplyFinder(self._desk)
            await self.mount(self.finder, before=self.meter)
        self.close_offers()
        self.picker.close()
        self.finder.open(*area.around_caret())

    def close_finder(self) -> None:
        if self.finder is not None:
            self.finder.display = False

    def offer_replies(self) -> None:
        """Show or hide the saved replies whose shortcut is being typed."""
        area = self.make_area()
        typed = area.typed_shortcut()
        found: Sequence[SavedReplyView] = ()
        if typed is not None and (view := open_conversation(self._model)) is not None:
            from tui.model import saved_replies
            from tui.model.saved_reply_search import with_shortcut
            from tui.widgets.shortcut_offers import MOST, ShortcutOffers

            self._desk.want_saved_replies()
            found = with_shortcut(saved_replies.known(self._desk.model).values(), typed, view.skill, MOST)
            if found and area.offers is None:
                area.offers = ShortcutOffers()
                self.mount(area.offers, before=self.meter)
        if area.offers is not None:
            from tui.widgets.reply_finder import filled_in

            area.offers.offer(found, [filled_in(self._desk, one).text for one in found])

    @property
    def offers_replies(self) -> bool:
        """Saved replies are shown for the shortcut that is being typed."""
        return self.area is not None and self.area.offers is not None and self.area.offers.chosen is not None

    @property
    def typed_shortcut(self) -> str | None:
        """What is being typed as the shortcut of a saved reply."""
        return self.area.typed_shortcut() if self.area is not None and self.is_writing else None

    @property
    def offered(self) -> SavedReplyView | None:
        """The saved reply that tab puts in the place of its shortcut."""
        if self.area is None or not self.is_writing:
            return None
        self.offer_replies()  # the last letters may not have been announced yet
        return self.area.offers.chosen if self.area.offers is not None else None

    def close_offers(self) -> bool:
        """Close them and leave the text as it is; False where none are shown."""
        if self.area is None or self.area.offers is None or not self.offers_replies:
            return False
        self.area.leave_shortcut()
        self.area.offers.close()
        return True

    @property
    def is_writing(self) -> bool:
        return self.area is not None and self.area.has_focus

    @property
    def _model(self) -> Model:
        return seen_in(self._desk.model, self.side)

    @property
    def is_active(self) -> bool:
        """Keys act on its conversation."""
        return self._desk.model.panes.active == self.side

    def _head(self, width: int) -> list[Line]:
        view, gone = open_conversation(self._model), self._model.conversations.gone
        if view is None and gone is not None:
            return conversation_head.gone_lines(gone, width)
        if view is None:
            return []
        has_focus = self.transcript.has_focus
        return conversation_head.head_lines(self._model, view, self._desk.now(), width, has_focus=has_focus)

    def _hint(self, width: int) -> list[Line]:
        view = open_conversation(self._model)
        is_writing = self.is_writing
        return [conversation_head.write_hint(self._model, view, width, is_writing=is_writing)] if view else []

    def _attachments(self, width: int) -> list[Line]:
        view = open_conversation(self._model)
        pictures = self._model.compose.attachments.get(view.id, ()) if view else ()
        macro = None if self._is_tall or view is None else self._model.compose.macros.get(view.id)
        return [conversation_head.attachments_line(pictures, width, macro)]

    def _upper_edge(self, width: int) -> list[Line]:
        text = without_end(self.text)
        view = open_conversation(self._model) or self._model.conversations.gone
        if view is None:
            return []
        limits = reply_limits(self._model, view)
        title = compose_frame.title(self._model, view, not text, is_framed=self._is_tall)
        beside = compose_frame.kept_cells(title)
        groups = compose_frame.meter(
            text, measure(text), limits, compose_frame.meter_room(width), beside, segment_price(self._model, view)
        )
        return [compose_frame.upper_edge(title, groups, width, role=self._edge, has_sides=self._is_tall)]

    def _lower_edge(self, width: int) -> list[Line]:
        view = open_conversation(self._model)
        text, now = self.text, self._desk.now()
        # Keys that are pressed in it are named while they are.
        is_other = self.is_active and not self.is_writing
        hints = [] if is_other else compose_edge(self._model, view, text, now, is_active=self.is_active)
        if self.picker.chosen is not None:
            hints = emoji_keys(self._model.keys)
        elif self.offers_replies:
            hints = shortcut_keys(self._model.keys)
        macro = self._model.compose.macros.get(view.id) if view is not None else None
        return [compose_frame.lower_edge(hints, width, role=self._edge, macro=macro)]

    @property
    def _edge(self) -> str:
        return "frame-on" if self.is_writing else "frame"

    @property
    def _is_tall(self) -> bool:
        return self.app.size.height >= TALL

    def fit(self) -> None:
        """Give the compose area the lines that its text needs, as far as the terminal has them."""
        lines = self.app.size.height
        if self.area is not None:
            self.area.fit(*((3, 8) if lines >= TALL else (2, 4) if lines >= 20 else (1, 2)))

    def store_draft(self) -> None:
        """Take the draft from the compose area, whose last key may not have been announced yet."""
        text = self.text
        if self.drafting is not None and text != self._in_area:
            self._draft = self._in_area = text
            self._desk.set_draft(self.drafting, text)

    def show_parts(self) -> None:
        """Show the parts that this conversation needs, and its draft. An opened one always takes text: what is typed
        there is never taken for commands, whatever becomes of the conversation meanwhile."""
        model = self._model
        view = open_conversation(model)
        to_write = view or (model.conversations.gone if self.is_active else None)
        may_write = view is not None and writing.cannot_write(model, view) is None
        takes_text = may_write or model.is_entered or self.is_in_area(self.screen.focused)
        has_room = is_split(self._desk.model) and self.app.size.width >= ROOM_FOR_TWO
        self.set_class(not self.is_active and not has_room, "-away")
        self.set_class(not self.is_active, "-other")
        self.head.base = "cursor" if has_room and self.is_active else ""
        for part in (self.head, self.transcript, self.hint, self.attachments, self.meter, self.keys):
            part.dim(not self.is_active)
        self.head.display = to_write is not None
        self.hint.display = view is not None and conversation_head.has_hint(model, view)
        self.attachments.display = takes_text and view is not None and self._has_more_than_text(model, view)
        self._show_area(takes_text)
        if not takes_text or not self.is_active:
            self.picker.close()
            self.close_finder()
            self.close_offers()
        drafting = to_write.id if to_write is not None and takes_text else None
        if drafting != self.drafting:
            self.close_finder()
            self.store_draft()
            model = self._model
        draft = model.compose.drafts.get(drafting, "") if drafting is not None else ""
        if (drafting, draft) != (self.drafting, self._draft):
            self.drafting, self._draft = drafting, draft
            self._show_draft()
        if takes_text:
            self.fit()

    def _has_more_than_text(self, model: Model, view: ConversationView) -> bool:
        """Whether something goes along with the draft that its frame does not say."""
        macro = model.compose.macros.get(view.id)
        return view.id in model.compose.attachments or (bool(macro and macro.then) and not self._is_tall)

    def _show_area(self, is_shown: bool) -> None:
        if is_shown and self.area is None:
            # What comes first has to be on the screen before: the rows, at a start.
            self.call_after_refresh(self._make_area_in_time)
            is_shown = False
        elif self.area is not None:
            self.area.display = is_shown
        self.meter.display = is_shown
        self.keys.display = is_shown and self._is_tall

    def _make_area_in_time(self) -> None:
        if self.is_attached:
            self.make_area()

    def _show_draft(self) -> None:
        if self.area is not None:
            self.area.show_draft(self._draft)
        self._in_area = self.text

    def repaint(self) -> None:
        for part in (self.head, self.transcript, self.hint, self.attachments, self.meter, self.keys):
            part.repaint()
        if self.finder is not None and self.finder.display:
            self.finder.repaint()
        if self.is_writing and self._desk.model.saved_replies.is_wanted:
            self.offer_replies()  # they may be here by now
