"""The controller of a desk: its state, changed by frames from the core and by its agent. No screen.

The model is frozen, the listing is updated beside it row by row. After a call the screens look at both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from immutables import Map
from msgspec.structs import replace

from connector.wire import administration, frames, limits, requests
from connector.wire.views import ConversationView
from tui.actions import keys, reading
from tui.actions.keys import Action
from tui.desk_search import DeskSearch
from tui.model import (
    compose,
    erased,
    fold,
    new_conversation,
    notices,
    others,
    over_limit,
    panes,
    pending,
    sight,
    snapshots,
    transcripts,
)
from tui.model.attention import Place
from tui.model.conversations import consumer_name, open_conversation, undo_window_ms, undoable_elsewhere, undoable_reply
from tui.model.key_names import KeyNames
from tui.model.listing import Listing, Scope
from tui.model.state import (
    Attachment,
    DraftSync,
    Limited,
    LinkPhase,
    Macro,
    Model,
    PendingRequest,
    SavedDraft,
    ShownPicture,
)

_SLID_MS = 1_000  # a key pressed so soon after the list has moved may be meant for what was shown before

# What is done about a conversation that needs the agent, after which it may need them no more.
_MEETS_NEED = (
    *(requests.Reply, requests.Resend, requests.DecideOptOut, requests.SetDue, requests.Decline),
    *(requests.Transfer, requests.GiveBack, requests.Close),
)

_WITHOUT_LINK = (LinkPhase.LOST, LinkPhase.AWAITING, LinkPhase.REFUSED)
_HAS_OTHERS = (Scope.ALL, Scope.COLLEAGUE)

_Body = TypeVar("_Body", bound=requests.Request)


class DeskController(DeskSearch):
    def __init__(
        self,
        *,
        ask: Callable[[str, requests.Request], None],
        new_id: Callable[[], str],
        now: Callable[[], int],
        drafts: Mapping[str, str],
        attachments: Mapping[str, Sequence[Attachment]],
        unanswered: Iterable[frames.RequestFrame],
        saved_drafts: Mapping[str, SavedDraft] = MappingProxyType({}),
        macros: Mapping[str, Macro] = MappingProxyType({}),
        key_names: KeyNames = keys.DEFAULT_NAMES,
    ) -> None:
        at = now()
        known = {request.id: PendingRequest(request.id, request.body, at) for request in unanswered}
        stored, lost = compose.from_disk(drafts, attachments, macros)
        stored = replace(stored, sync=DraftSync(saved=Map(saved_drafts)))
        super().__init__(Model(compose=stored, pending=Map(known), keys=key_names), ask=ask, new_id=new_id, now=now)
        self.listing = Listing()
        self.row = 0
        """The cursor's row; that of the shown conversation, where the list has it."""
        self._cursors: dict[Scope, str] = {}  # the conversation that the cursor of each list was on
        self._stays_at_top = True  # rows that come in above the cursor do not move it down
        self._was_whole = False
        self._is_paused = False  # the cursor may move on at once: nothing is asked for yet
        self._slid_at = 0  # when another conversation was shown without a key
        self._looked_for: set[str] = set()  # conversations of drafts that the core was asked about
        if lost:
            self.warn(f"Not yet with the core when the desk ended, so attach it again: {', '.join(lost)}.")

    # What comes from the core.

    def take(self, came: Iterable[frames.FromCore]) -> None:
        self.hold_row()
        for frame in came:
            before = self.model
            change = partial(fold.fold, frame=frame, now=self._now())
            self.model = panes.in_both(before, change, partial(fold.concerns_shown, frame=frame))
            if undone := pending.named_to_undo(before, frame):
                self.ask(requests.UndoReply(undone))
            changed = [*fold.changed_rows(before, frame)]
            if isinstance(frame, frames.SnapshotFrame) and not before.connection.in_snapshot:
                me = self.model.agents.me
                self.listing.refill(self.model.conversations.by_id, me.id if me else None)
            else:
                self._follow(before, changed)
            self._follow_marks(before, changed)
            self._follow_mentions(before)
        self._settle()
        self._say_missed()
        self.load_transcript()
        self.load_others()
        self.search_on()
        self._look_for_erased()
        self.fetch_missing()

    def _look_for_erased(self) -> None:
        """Ask once for each draft of a conversation that is not here, whether it was erased while the desk was away."""
        if not self.model.connection.is_complete:
            return
        unseen = [one for one in erased.unseen_drafts(self.model) if one not in self._looked_for]
        if page := unseen[: limits.PAGE_SIZE]:
            self._looked_for.update(page)
            self.ask(administration.GetErased(page))

    def _follow(self, before: Model, changed: Iterable[str]) -> None:
        """Bring the lists up to date with these rows."""
        old_rows, rows, added = before.conversations.by_id, self.model.conversations.by_id, []
        for conversation_id in dict.fromkeys(changed):
            old, new = old_rows.get(conversation_id), rows.get(conversation_id)
            if old is None and new is not None:
                added.append(new)
            elif old is not new:
                self.listing.change(old, new)
        self.listing.add(added)

    def _follow_mentions(self, before: Model) -> None:
        old, new = before.mentions.unread, self.model.mentions.unread
        if old is new:
            return
        for one in {*old, *new}:
            if (now := new.get(one)) is not old.get(one):
                view = self.model.conversations.by_id.get(one)
                self.listing.mention(one, None if now is None else now.at, view)

    def link_changed(self, phase: LinkPhase, words: str) -> None:
        if phase is LinkPhase.SHUT_OUT:
            before, self.model = self.model, sight.shut_out(self.model)
            self.listing.refill(self.model.conversations.by_id, None)
            self._follow_mentions(before)
            self._without_link = None
        elif phase in _WITHOUT_LINK:
            self._link_is_lost()
        self.model = replace(self.model, connection=replace(self.model.connection, phase=phase, words=words))
        self._say_missed()

    def stop_catching_up(self) -> None:
        """After a reconnection, no further missed events are awaited."""
        if self.model.connection.catch_up_to is not None and self.model.connection.is_complete:
            self.model = fold.caught_up(self.model)
            self._say_missed()

    # Requests.

    def begin(self, body: requests.Request) -> str:
        if isinstance(body, Limited):
            self.model = notices.text_sent(self.model, self.model.shown)
        if isinstance(body, _MEETS_NEED):
            self.listing.begin_round(self.model.conversations.by_id.get(self.model.shown or ""))
        return super().begin(body)

    def overridden(self, body: _Body) -> _Body:
        """The request, with the limit of sending set aside that it was just refused for, if the agent was asked so."""
        again = over_limit.overridden(self.model, body)
        if again is not body:
            self.clear_notice()
        return again

    def unanswered_texts(self) -> list[frames.RequestFrame]:
        """The texts a crash must not lose."""
        return [frames.RequestFrame(request.id, body) for request, body in pending.unanswered_texts(self.model)]

    def load_transcript(self) -> None:
        """Ask for what the shown transcript lacks, and that of the other pane."""
        for side in (0, 1):
            is_paused = self._is_paused and side == self.model.panes.active
            seen = panes.seen_in(self.model, side)
            for wanted in (reading.history(seen), reading.about(seen)):
                if wanted is not None and not is_paused and self.model.connection.has_lists:
                    self.ask(wanted)

    def load_others(self) -> None:
        """Ask for the next page of what the snapshot left out, while a list is shown that has it."""
        if look_up := snapshots.look_up(self.model):
            self.ask_once(look_up)
        if self.listing.scope in _HAS_OTHERS and (wanted := others.next_page(self.model)):
            self.ask_once(wanted)

    def load_older(self, side: int) -> None:
        """Ask for older messages of the conversation in one of the panes."""
        if wanted := reading.older(panes.seen_in(self.model, side)):
            self.ask(wanted)

    def mark_read(self, *, sees_both: bool) -> None:
        """The agent sees the open transcript; `sees_both`: that of the other pane as well. What they see there is no
        preview, unless it follows the list's cursor."""
        model, side = self.model, 1 - self.model.panes.active
        beside = sees_both and side != model.panes.follower
        for wanted in (
            reading.mark_read(model),
            reading.see_mentions(model, is_open=model.is_entered),
            reading.see_mentions(panes.seen_in(model, side), is_open=beside),
        ):
            if wanted is not None:
                self.ask(wanted)

    def ask_hooks(self) -> None:
        """Ask for the quarantined hooks anew: those shown last time are old."""
        self.model = replace(self.model, fetched=replace(self.model.fetched, hooks=None))
        self.ask(administration.GetHooks())

    def drop_reports(self) -> None:
        """The page of reports is opened: what was asked for last time is old."""
        self.model = replace(self.model, fetched=replace(self.model.fetched, reports=Map()))

    def unmask(self, message_ids: Iterable[str]) -> None:
        for message_id in message_ids:
            self.ask(administration.Unmask(message_id))

    def drop_unmasked(self) -> None:
        """Drop the clear texts: the dialog that shows them is closed."""
        self.model = replace(self.model, fetched=replace(self.model.fetched, unmasked=Map()))

    def forget_card(self) -> None:
        """A contact is saved anew: what came of it before does not count."""
        self.model = replace(self.model, fetched=replace(self.model.fetched, card=None))

    def show_picture(self, picture_id: str) -> None:
        self.model = replace(self.model, fetched=replace(self.model.fetched, picture=ShownPicture(picture_id)))
        self.ask(requests.GetPicture(picture_id))

    def may(self, action_id: str) -> bool:
        """Whether the agent's role allows an action; if not, say so."""
        refusal = keys.refusal(self.model, keys.BY_ID[action_id])
        if refusal is not None:
            self.say(refusal, is_error=True)
        return refusal is None

    def request(self, action: Action, view: ConversationView | None) -> None:
        """Carry out an action that is one request, after a confirmation where something speaks against it."""
        if action.request is None:
            return
        intent = action.request(self.model, view)
        if not isinstance(intent, str) and (again := self.overridden(intent)) is not intent:
            self.submit(again)
            return
        doubt = action.doubt(self.model, view) if action.doubt and view is not None else None
        if isinstance(intent, str) or view is None or self.is_meant(action.id, view, doubt):
            self.submit(intent)

    def is_meant(self, action_id: str, view: ConversationView, doubt: str | None = None) -> bool:
        """Whether the agent means this conversation, and has confirmed it where something speaks against it."""
        if doubt is None and self._now() - self._slid_at < _SLID_MS:
            doubt = f"The list has just moved: this is {consumer_name(view)}. Press the key again."
        return doubt is None or self.is_confirmed(f"{action_id} {view.id}", doubt)

    # Conversations and lists.

    def current(self, view: ConversationView) -> ConversationView:
        """A conversation as it is by now, after a dialog was open for a while."""
        return self.model.conversations.by_id.get(view.id, view)

    def preview(self, conversation_id: str, *, by_agent: bool = True) -> None:
        """Show a conversation without any effect; what its transcript lacks is asked for by `load_preview`."""
        self._is_paused, self._stays_at_top = True, self._stays_at_top and not by_agent
        if not by_agent and self.model.shown is not None:
            self._slid_at = self._now()
        model = panes.before_showing(self.model, conversation_id)
        self.model = replace(transcripts.show(model, conversation_id), is_entered=False)
        self.hold_row()

    def load_preview(self) -> None:
        """The cursor rests."""
        self._is_paused = False
        self.load_transcript()

    def open(self, conversation_id: str, *, is_led: bool = False) -> None:
        """Open a conversation. `is_led`: by `next_need`, not by the agent's own choice."""
        self._led_to = conversation_id if is_led else None
        left = self.model.shown if self.model.is_entered and self.model.shown != conversation_id else None
        known = self.model.conversations.by_id
        self.listing.opened(known.get(conversation_id), known.get(left or ""))
        self._is_paused, self._stays_at_top = False, False
        model = panes.before_showing(self.model, conversation_id)
        self.model = panes.entered(transcripts.enter(model, conversation_id))
        self.load_transcript()

    def split(self) -> None:
        """Leave the shown conversation in its pane, and go on in a second one."""
        self.model = panes.split(self.model)

    def unsplit(self) -> None:
        """Show only the active pane."""
        self.model = panes.unsplit(self.model)

    def switch_pane(self) -> None:
        """Show the conversation of the other pane; it is a preview until the agent enters it."""
        self.model = panes.switch(self.model)
        self.load_transcript()

    def leave(self) -> None:
        """The agent goes back to the list: the shown conversation is a preview."""
        self.model = replace(self.model, is_entered=False)
        self.leave_place()
        self._settle()

    @property
    def next_need(self) -> Place | None:
        """Where `n` leads: to the most urgent that the agent has not been to in this round."""
        return self.listing.next_need(self.model.shown if self.model.is_entered else None)

    @property
    def need_before(self) -> Place | None:
        """The one before the shown conversation among those that need the agent."""
        return self.listing.need_before(self.model.conversations.by_id.get(self.model.shown or ""))

    def go_to_row(self, row: int) -> None:
        """The cursor goes to a row of the list."""
        if len(self.listing):
            self.row = max(0, min(row, len(self.listing) - 1))
            self.preview(self.listing.at(self.row))

    def hold_row(self) -> None:
        """The row of the shown conversation stays where it is, whatever changes, until another is shown."""
        self.listing.hold(open_conversation(self.model))

    def go_back_to_row(self) -> None:
        """Another list is shown: go to the conversation that its cursor was on, else to its top."""
        view = self.model.conversations.by_id.get(self._cursors.get(self.listing.scope, ""))
        row = None if view is None else self.listing.row_of(view)
        if row is None:
            self.go_to_top()
        else:
            self.go_to_row(row)

    def go_to_top(self) -> None:
        """Another list is shown, from its top; where it is empty, no conversation."""
        self.row = 0
        if len(self.listing):
            self.preview(self.listing.at(0))
        else:
            self.model = replace(transcripts.put_aside(self.model), is_entered=False)
            self.model = replace(self.model, conversations=replace(self.model.conversations, gone=None))
        self._stays_at_top, self._was_whole = True, False

    @property
    def is_whole(self) -> bool:
        """All rows of the shown list are here."""
        connection, scope = self.model.connection, self.listing.scope
        if scope in (Scope.MINE, Scope.SNOOZED):
            return connection.has_lists
        return connection.is_complete and (scope is Scope.QUEUE or self.model.others.is_complete)

    def _settle(self) -> None:
        """The cursor is on a row where nothing is shown yet; at the top of a list that loads it stays there. Else it
        stays on its conversation, be it one that has left the list: no row takes its place by itself."""
        model, count = self.model, len(self.listing)
        was_whole, self._was_whole = self._was_whole, self.is_whole
        if model.is_entered or model.conversations.gone is not None or not count:
            return
        if model.shown is None:
            row = min(self.row, count - 1)
        elif self._stays_at_top and not was_whole:
            row = 0
        else:
            return
        if self.listing.at(row) != model.shown:
            self.row = row
            self.preview(self.listing.at(row), by_agent=False)

    def start(self, line: str, consumer: str, begun: str = "", typed: str = "", name: str = "") -> None:
        """Show where a first text to a consumer can be written; `begun`: the new conversation whose draft it has;
        `typed`: the number as the agent has written it; `name`: of the consumer, where it is known."""
        self.model = new_conversation.show_new(self.model, line, consumer, self.now(), begun, typed, name)
        self.ask_once(new_conversation.past_wanted(consumer))

    def show_list(self, scope: Scope, words: str = "") -> None:
        self._cursors[self.listing.scope] = self.model.shown or ""
        names = {agent.id: agent.name for agent in self.model.agents.by_id.values()}
        self.listing.show(scope, words, self.model.conversations.by_id, names)
        self.model = others.retried(self.model)
        self.load_others()

    def search(self, is_over: Callable[[], bool]) -> None:
        """Go on finding the rows that the filter asks for."""
        self.listing.search(self.model.conversations.by_id, is_over)

    @property
    def is_loading_others(self) -> bool:
        """A list is shown that has others' conversations, and not all of them are here."""
        connection = self.model.connection
        return self.listing.scope in _HAS_OTHERS and connection.is_complete and not self.model.others.is_complete

    def counts_seconds(self) -> bool:
        """Whether something on the screen changes every second."""
        if (writing := self.model.writing) is not None and writing.until > self.now() - 1000:
            return True  # until it is no longer shown
        may_undo = undoable_elsewhere(self.model, self.now()) is not None or any(map(self._may_undo, (0, 1)))
        return may_undo or self.listing.ringing > 0 or self.listing.wrapping > 0

    def _may_undo(self, side: int) -> bool:
        """Whether a reply of one of the panes can be undone."""
        model = panes.seen_in(self.model, side)
        sent, view = undoable_reply(model), open_conversation(model)
        return sent is not None and view is not None and self.now() < sent.at + undo_window_ms(model, view)
