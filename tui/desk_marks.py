"""What the controller of a desk does with marked conversations: mark them, and carry out one action for all of them.

Each conversation is a request of its own, so each is a transaction of its own, and none is done twice after a lost
connection. A few are under way at a time, so that what the agent does meanwhile does not wait behind hundreds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from connector.base.counted import count
from connector.wire.views import ConversationView
from tui.actions import bulk
from tui.actions.bulk import Ask
from tui.desk_drafts import DeskDrafts
from tui.desk_state import DeskState
from tui.model import bulk_runs
from tui.model.conversations import agent_name, consumer_name, is_new, open_conversation
from tui.model.listing import Scope, sort_key
from tui.model.marked import MOST_MARKED, BulkRun, Marks
from tui.model.notices import set_notice, tell_news
from tui.model.state import Model, Notice

if TYPE_CHECKING:
    from tui.model.listing import Listing

_UNDER_WAY = 8
_MOST_LOOKED_AT = 5_000  # rows


class DeskMarks(DeskDrafts):
    listing: Listing
    row: int

    # Marks.

    @property
    def marked(self) -> list[ConversationView]:
        """The marked conversations, the oldest first."""
        known = self.model.conversations.by_id
        return [known[one] for one in sorted(self.model.marks.scopes) if one in known]

    def toggle_mark(self, conversation_id: str) -> None:
        marks, scope = self.model.marks, self.listing.scope
        if scope is Scope.COLLEAGUE:
            self._say_not_here()
        elif is_new(conversation_id):
            self.say("Nothing has been sent here yet: there is nothing to mark.", is_error=True)
        elif conversation_id in marks:
            self._mark(Marks(marks.scopes.delete(conversation_id), conversation_id))
        elif len(marks) >= MOST_MARKED:
            self._say_full()
        else:
            self._mark(Marks(marks.scopes.set(conversation_id, scope), conversation_id))

    def mark_range(self) -> None:
        """Mark the rows from the one marked last to the cursor's."""
        last = self.model.conversations.by_id.get(self.model.marks.last or "")
        start = None if last is None else self.listing.row_of(last)
        if start is None:
            self.say(f"A range begins at a mark in this list: {self.model.keys.name('mark')} sets one.", is_error=True)
            return
        first, end = sorted((start, self.row))
        self.mark_rows(self.listing.at(row) for row in range(first, min(end, len(self.listing) - 1) + 1))

    def mark_rows(self, conversation_ids: Iterable[str]) -> None:
        """Mark these too, as many as can be marked; the next range begins at the last."""
        scopes, last = self.model.marks.scopes, self.model.marks.last
        if self.listing.scope is Scope.COLLEAGUE:
            self._say_not_here()
            return
        for one in conversation_ids:
            if one not in scopes and len(scopes) >= MOST_MARKED:
                self._mark(Marks(scopes, last))
                self._say_full()
                return
            scopes, last = scopes.set(one, self.listing.scope), one
        self._mark(Marks(scopes, last))

    def drop_marks(self) -> bool:
        """Whether there were any."""
        had = len(self.model.marks) > 0
        self._mark(Marks())
        return had

    def rows_to_mark(self) -> list[ConversationView]:
        """The conversations of the shown list, as far as they are looked through."""
        known = self.model.conversations.by_id
        return [known[self.listing.at(row)] for row in range(min(len(self.listing), _MOST_LOOKED_AT))]

    def _mark(self, marks: Marks) -> None:
        self.model = replace(self.model, marks=marks)

    def _say_not_here(self) -> None:
        self.say("This is a colleague's list: nothing is marked here.", is_error=True)

    def _say_full(self) -> None:
        self.say(f"At most {MOST_MARKED} can be marked at once.", is_error=True)

    def _follow_marks(self, before: Model, changed: Iterable[str]) -> None:
        """After a frame: go on with what is done with the marked ones, and take the mark of what has left the list in
        which it was marked."""
        model = self.model
        if model.bulk is not before.bulk:
            self.go_on_with_bulk()
        if not model.marks or not model.connection.is_complete:
            return
        if not before.connection.is_complete:  # what a snapshot has left out
            changed = list(model.marks.scopes)
        worked_on = model.bulk.worked_on if model.bulk is not None and model.bulk.runs else {}
        lost = [one for one in changed if one in model.marks and one not in worked_on and self._has_left(one)]
        for one in lost:
            self.model = bulk_runs.unmarked(self.model, one)
        if lost:
            self.model = tell_news(self.model, Notice(self._lost_words(lost), is_news=True))

    def _has_left(self, conversation_id: str) -> bool:
        """Whether a marked one is not in the list any more in which it was marked."""
        me, scope = self.model.agents.me, self.model.marks.scopes[conversation_id]
        view = self.model.conversations.by_id.get(conversation_id)
        return view is None or sort_key(Scope(scope), view, me.id if me else None) is None

    def _lost_words(self, lost: list[str]) -> str:
        view = self.model.conversations.by_id.get(lost[0])
        if len(lost) > 1:
            return f"{count(len(lost), 'conversation')} are no longer marked: they have left the list."
        if view is None:
            return "A conversation is no longer marked: you no longer see it."
        owner = agent_name(self.model, view.agent)
        why = "it is closed" if view.state == "closed" else f"{owner} has it" if view.agent else "it has left the list"
        return f"{consumer_name(view)} is no longer marked: {why}."

    # Batches.

    def begin_bulk(self, asked: BulkRun) -> None:
        """Carry out what is asked for several conversations."""
        self.model = replace(self.model, bulk=asked)
        if (shown := open_conversation(self.model)) is not None and shown.id in asked.worked_on:
            self.listing.begin_round(shown)
        self.clear_notice()
        self.go_on_with_bulk()

    def go_on_with_bulk(self) -> None:
        """Ask for the next, and say how it has ended."""
        while (run := self.model.bulk) is not None and run.waiting and len(run.asked) < _UNDER_WAY:
            body = run.waiting[0].steps[0]
            request_id = DeskState.begin(self, body)
            self.model = bulk_runs.begun(self.model, request_id)
            self._ask(request_id, body)
        if run is not None and not run.runs:
            key = self.model.keys.name
            words = bulk.ended(run, key("explain"), key("undo"))
            notice = Notice(words, is_error=bool(run.refused or run.not_told), is_local=run.total == 1)
            self.model = set_notice(self.model, notice)

    def ask_of_marked(self, action_id: str, ask: Ask, key: str) -> bool:
        """Ask this for every marked conversation, once it is confirmed. Whether it was begun."""
        views = self.marked
        asked = bulk.run_of(self.model, action_id, views, ask)
        if words := self.why_not_begun(asked):
            self.say(words, is_error=True)
            return False
        if not self.is_confirmed(f"{action_id} {len(views)}", bulk.doubt(self.model, asked, views, key)):
            return False
        self.begin_bulk(asked)
        return True

    def why_not_begun(self, asked: BulkRun) -> str | None:
        """Why a run cannot begin, if it cannot."""
        running = self.model.bulk
        if running is not None and running.runs:
            return f"Still {bulk.progress(running)}: {self.model.keys.name('undo')} stops it."
        return None if asked.waiting else bulk.nothing_possible(asked)

    def bulk_to_explain(self) -> BulkRun | None:
        """The run whose refusals are to be looked at: those of which the agent was told and has not seen the reasons
        yet, or one of which is shown and still marked."""
        run, shown = self.model.bulk, self.model.shown
        if run is None or run.runs or not run.refused:
            return None
        is_shown = shown in self.model.marks and any(one.conversation_id == shown for one in run.refused)
        if run.is_explained and not is_shown:
            return None
        self.model = replace(self.model, bulk=replace(run, is_explained=True))
        return run

    def undo_bulk(self, run: BulkRun, key: str) -> None:
        """Stop it where it runs; else undo what it has done, once that is confirmed."""
        if run.runs:
            self.model = bulk_runs.stopped(self.model, self.now())
            self.go_on_with_bulk()
            return
        undoing = bulk.undo(self.model, run)
        if words := self.why_not_begun(undoing):
            self.say(words, is_error=True)
        elif self._is_about_shown(run) or self.is_confirmed(f"undo {run.ended_at}", bulk.undo_doubt(run, key)):
            self.begin_bulk(undoing)

    def _is_about_shown(self, run: BulkRun) -> bool:
        """It was about the shown conversation alone."""
        return len(run.done) == 1 and run.done[0].conversation_id == self.model.shown
