"""What the controller of a desk does for the search: asks as the agent types, and goes to what was found."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from connector.wire import requests
from connector.wire.views import ConversationView, HitView, PersonHitView
from tui.actions import reading
from tui.desk_attention import DeskAttention
from tui.model import panes, pending, search, transcripts
from tui.model.conversations import open_conversation, person
from tui.model.state import FoundPlace, Model, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable

Found = HitView | PersonHitView


class DeskSearch(DeskAttention):
    search_at: Hashable | None = None
    """What the cursor was on in the page of hits, when a hit was gone to."""
    _found_in: str | None = None  # the conversation that was gone to from there
    _searched_from: str | None = None  # the one that was open before

    def begin_search(self) -> None:
        """The page of hits is opened, perhaps again."""
        if not self.came_from_search:
            self._searched_from = self.model.shown if self.model.is_entered else None
            self._found_in = None

    def search_for(self, text: str) -> None:
        """The agent has typed: another text is searched for."""
        if text != self.model.search.text:
            self.model = replace(self.model, search=search.typed(self.model.search, text))
            self.search_on()

    def search_again(self) -> None:
        self.model = replace(self.model, search=search.again(self.model.search))
        self.search_on()

    def more_hits(self) -> None:
        """The end of the hits is in sight."""
        self.model = replace(self.model, search=search.more_wanted(self.model.search))
        self.search_on()

    def search_on(self) -> None:
        """Ask for what is searched for now: one question at a time, so that what was typed since is the next one."""
        if any(isinstance(one.body, requests.Search) for one in self.model.pending.values()):
            return
        if (wanted := search.question(self.model.search, self._utc_offset_s())) is not None:
            self.ask(wanted)

    def _utc_offset_s(self) -> int:
        offset = datetime.fromtimestamp(self._now() / 1000).astimezone().utcoffset()
        return 0 if offset is None else round(offset.total_seconds())

    @property
    def is_searching(self) -> bool:
        """What was found is not of what is typed."""
        return bool(self.model.search.text.strip()) and self.model.search.is_old

    def fetch(self, found: Found) -> bool:
        """Whether the conversation of what was found is here; if not, ask for it."""
        if found.conversation_id in self.model.conversations.by_id:
            return True
        self.ask_once(requests.GetConversation(found.conversation_id))
        return False

    def is_fetching(self, found: Found) -> bool:
        return pending.is_pending(self.model, requests.GetConversation(found.conversation_id))

    def open_found(self, found: Found, open_: Callable[[str], None]) -> None:
        """Go to what was found, whose conversation is here; `open_` opens it as the list does."""
        open_(found.conversation_id)
        self._found_in = found.conversation_id
        if isinstance(found, HitView) and found.message_id:
            self._go_to_place(found)

    def go_to_hit_beside(self, by: int) -> bool:
        """Go to the hit above (-1) or below (1) in the shown transcript. Whether there is one, or it is asked for."""
        shown, state = self.model.transcript, self.model.search
        view = open_conversation(self.model)
        if shown is None or view is None or not self.came_from_search:
            return False
        here = [one for one in state.hits if one.message_id and self._is_of(one, view)]
        hit = search.beside(here, shown.found.message_id if shown.found is not None else None, by)
        if hit is None and by < 0 and state.more:
            self.more_hits()
            self.say("Looking for hits further back: press the key again.")
            return True
        if hit is None:
            return False
        self._go_to_place(hit)
        self.search_at = hit.conversation_id, hit.message_id
        return True

    def _is_of(self, hit: HitView, view: ConversationView) -> bool:
        """Whether a message that was found stands in the transcript of this conversation, which has all with its
        consumer."""
        other = self.model.conversations.by_id.get(hit.conversation_id)
        return hit.consumer == view.consumer or (other is not None and person(other) == person(view))

    def _go_to_place(self, hit: HitView) -> None:
        """In the shown transcript."""
        if self.model.transcript is not None:
            marks = tuple((first + hit.offset, end + hit.offset) for first, end in hit.marks)
            self._show(transcripts.at_place(self.model.transcript, FoundPlace(hit.message_id, marks)))

    @property
    def came_from_search(self) -> bool:
        """The shown conversation was gone to from the page of hits, and nothing else since."""
        return self.model.is_entered and self._found_in is not None and self._found_in == self.model.shown

    def left_search(self) -> str | None:
        """The page of hits is left for good. Answers which conversation was open before, if it can still be seen."""
        self._found_in = None
        return self._searched_from if self._searched_from in self.model.conversations.by_id else None

    def go_to_present(self, side: int) -> None:
        """Load the latest messages of the conversation in one of the panes."""
        shown = panes.seen_in(self.model, side).transcript
        if shown is None or not shown.has_newer:
            return
        present = transcripts.at_present(shown)
        if side == self.model.panes.active:
            self._show(present)
        else:
            self.model = replace(self.model, panes=replace(self.model.panes, other=present))
            self.load_transcript()

    def load_newer(self, side: int) -> None:
        """Ask for newer messages of the conversation in one of the panes."""
        if wanted := reading.newer(panes.seen_in(self.model, side)):
            self.ask(wanted)

    def leave_place(self) -> None:
        """What was found is left: the shown conversation is at its latest message again."""
        if self.model.transcript is not None:
            self._show(transcripts.at_present(self.model.transcript))

    def _show(self, transcript: Transcript) -> None:
        self.model: Model = replace(self.model, transcript=transcript)
        self.load_transcript()

    def load_transcript(self) -> None:
        """Ask for what the shown transcript lacks."""
        raise NotImplementedError
