"""The lists of conversations in their order, updated one row at a time. Mutable.

Mine: what needs the agent, in the order of `attention`; then reminders, wrap-ups, answered ones latest first.
Queue: by rank, then those ringing at other agents. All: what needs anybody, in that order; then latest message first.
Snoozed: the agent's, which are in none of the others but all, by when they come back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from connector.wire.views import ConversationView
from tui.model.attention import Attention, Need, Place, need_key
from tui.model.conversations import is_looked_up
from tui.model.key_list import Key, KeyList
from tui.model.packed_rows import PackedRows
from tui.model.row_texts import RowTexts, Sought, matches, sought

_AT_ONCE = 2_000  # rows that a filter is compared with at once: 3 ms
_MOST_CHANGED = 1_000  # rows since their texts were made


class Scope(StrEnum):
    MINE = "mine"
    QUEUE = "queue"
    ALL = "all"
    SNOOZED = "snoozed"  # there while there are any
    COLLEAGUE = "colleague"  # while an agent looks at what a colleague has, in the colleague's order


# The groups of a list after those of `Need`.
_REMINDER, _WRAP_UP, _ANSWERED, _SNOOZED = range(len(Need), len(Need) + 4)


def sort_key(scope: Scope, view: ConversationView, me: str | None) -> Key | None:
    """Sort key of a conversation in a list, ending in its id; None when it is not in the list. `me`: whose list it is;
    None of a colleague: nobody's is looked at."""
    match scope:
        case Scope.ALL:
            whose = view.rings[0] if view.state == "ringing" and view.rings else view.agent
            return need_key(view, whose) or (_ANSWERED, -view.last_at, view.id)
        case Scope.MINE:
            return (need_key(view, me) or _at_rest(view, me)) if view.state != "queued" else None
        case Scope.QUEUE:
            if view.state == "queued":
                return Need.WAITING, view.rank, view.id
            return (_REMINDER, view.rank, view.id) if view.state == "ringing" and me not in view.rings else None
        case Scope.SNOOZED:
            is_theirs = view.state == "assigned" and view.agent == me
            return (0, view.snoozed_until, view.id) if is_theirs and view.snoozed_until is not None else None
        case Scope.COLLEAGUE:
            if me is None or view.state == "queued":
                return None
            is_theirs = view.state == "assigned" and view.agent == me
            if is_theirs and view.snoozed_until is not None:
                return _SNOOZED, view.snoozed_until, view.id
            return need_key(view, me) or _at_rest(view, me)


def _at_rest(view: ConversationView, me: str | None) -> Key | None:
    """Sort key of one of the agent's conversations that does not need them."""
    if view.agent != me:
        return None
    if view.state == "wrap_up":
        return _WRAP_UP, view.wrap_up_until or 0, view.id
    if view.state != "assigned" or view.snoozed_until is not None:
        return None
    if (at := view.scheduled_at or view.due_at) is not None:
        return _REMINDER, at, view.id
    return _ANSWERED, -view.last_at, view.id


class Listing:
    """The three lists, one of which is shown, perhaps filtered."""

    def __init__(self) -> None:
        self._me: str | None = None
        self._colleague: str | None = None
        self._lists: dict[Scope, KeyList] = {scope: KeyList() for scope in Scope}
        self._scope = Scope.MINE
        self._words: tuple[str, ...] = ()
        self._sought: tuple[Sought, ...] = ()
        self._filtered: KeyList | None = None
        self._texts: RowTexts | None = None  # of the shown list, while it has or may soon have a filter
        self._part = 0  # of them that the filter is compared with next
        self._changed: set[str] = set()  # ids of rows that are not as they are in `_texts`
        self._owned: Counter[str] = Counter()
        self._late: Counter[str] = Counter()  # overdue ones by owner
        self._due_counts: Counter[str] = Counter()
        self._unsent: Counter[str] = Counter()
        self._attention = Attention()
        self._held: Key | None = None  # where the row of the shown conversation stands until another is shown
        self._now: Key | None = None  # where it belongs by now

    @property
    def scope(self) -> Scope:
        return self._scope

    @property
    def scopes(self) -> list[Scope]:
        """The lists that there are, in their order."""
        always = (Scope.MINE, Scope.QUEUE, Scope.ALL)
        return [
            one for one in Scope if one in always or one is self._scope or (one is Scope.SNOOZED and self.count(one))
        ]

    @property
    def colleague(self) -> str | None:
        """The agent whose list is shown."""
        return self._colleague if self._scope is Scope.COLLEAGUE else None

    def look_at(self, colleague: str, conversations: Mapping[str, ConversationView]) -> None:
        """The list of a colleague, to be shown."""
        self._colleague = colleague
        keys = (self._key(Scope.COLLEAGUE, view) for view in conversations.values())
        self._lists[Scope.COLLEAGUE] = KeyList()
        self._lists[Scope.COLLEAGUE].update(key for key in keys if key is not None)

    @property
    def filter(self) -> str:
        return " ".join(self._words)

    def refill(self, conversations: Mapping[str, ConversationView], me: str | None) -> None:
        """Build the lists from all conversations."""
        self._me = me
        self._lists = {scope: KeyList() for scope in Scope}
        self._filtered = KeyList() if self._words else None
        self._texts = None
        self._owned, self._late, self._due_counts, self._unsent = Counter(), Counter(), Counter(), Counter()
        self._attention = Attention(me, self._attention.mentions)
        self.add(list(conversations.values()))

    def add(self, views: Sequence[ConversationView]) -> None:
        """Put conversations into the lists that are in none."""
        for view in views:
            self._count(view, 1)
            self._moved(view)
        self._attention.add(views)
        for scope, keys in self._lists.items():
            keys.update(key for view in views if (key := self._key(scope, view)) is not None)
        if self._texts is not None:
            self._changed.update(view.id for view in views)
        if self._filtered is not None:
            found = (self._key(self._scope, view) for view in views if matches(view, self._sought))
            self._filtered.update(key for key in found if key is not None)

    def change(self, old: ConversationView | None, new: ConversationView | None) -> None:
        """A conversation has changed, is new (`old` None) or is gone (`new` None)."""
        self._count(old, -1)
        self._count(new, 1)
        self._moved(new)
        self._attention.change(old, new)
        for scope, keys in self._lists.items():
            _move(keys, self._key(scope, old), self._key(scope, new))
        if self._texts is not None:
            self._changed.update(view.id for view in (old, new) if view is not None)
        if self._filtered is not None:
            was = old if old and matches(old, self._sought) else None
            now = new if new and matches(new, self._sought) else None
            # One after the other: the search may not have come to it yet, and leaves out what has changed.
            _move(self._filtered, self._key(self._scope, was), None)
            _move(self._filtered, None, self._key(self._scope, now))

    def _count(self, view: ConversationView | None, by: int) -> None:
        if view is None:
            return
        if view.state == "assigned" and view.agent is not None:
            self._owned[view.agent] += by
            self._late[view.agent] += by * (view.due_told == "overdue")
        concerns_me = view.state in ("queued", "ringing") or view.agent == self._me
        if view.due_told and concerns_me and view.snoozed_until is None and view.scheduled_at is None:
            self._due_counts[view.due_told] += by
        if (view.unsent or is_looked_up(view)) and view.state != "closed" and concerns_me:
            self._unsent["not sure" if view.unsent_status == "uncertain" else "not sent"] += by

    def _key(self, scope: Scope, view: ConversationView | None) -> Key | None:
        return (
            None if view is None else sort_key(scope, view, self._colleague if scope is Scope.COLLEAGUE else self._me)
        )

    def show(
        self, scope: Scope, text: str, conversations: PackedRows, names: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Show another list, or with another filter. In a long list `search` finds the rows. `names`: of the agents, by
        their logins."""
        words = tuple(text.casefold().split())
        if scope is not self._scope or len(self._changed) > _MOST_CHANGED or not words:
            self._texts = None
        self._scope, self._words, self._held = scope, words, None
        self._sought = sought(words, names)
        if not words:
            self._filtered = None
            return
        self._begin_search()
        self._filtered = KeyList()
        changed = (conversations.get(one) for one in self._changed)
        found = (self._key(scope, view) for view in changed if view is not None and matches(view, self._sought))
        self._filtered.update(key for key in found if key is not None)
        if self.is_short:
            self.search(conversations)

    def expect_filter(self, is_expected: bool) -> None:
        """Whether a filter is about to be typed: `search` then makes the rows ready for it."""
        if not self._words:
            self._texts = None
            if is_expected:
                self._begin_search()

    def _begin_search(self) -> None:
        self._part = 0
        if self._texts is None:
            self._texts = RowTexts(self._lists[self._scope])
            self._changed.clear()

    @property
    def is_short(self) -> bool:
        """The list, without its filter, is compared with one at once."""
        return len(self._lists[self._scope]) <= _AT_ONCE

    @property
    def is_searching(self) -> bool:
        """The filter has not been compared with all rows yet."""
        return self._filtered is not None and self.has_to_search

    @property
    def has_to_search(self) -> bool:
        """`search` has something to do."""
        return self._texts is not None and self._part < len(self._texts)

    def search(self, conversations: PackedRows, is_over: Callable[[], bool] = lambda: False) -> None:
        """Go on comparing rows with the filter, from the top of the list, until all are or `is_over`."""
        while self._texts is not None and self.has_to_search:
            part, self._part = self._part, self._part + 1
            if self._filtered is None:
                self._texts.make(part, conversations)
            else:
                self._filtered.add_run(self._texts.found(part, self._sought, conversations, self._changed))
            if is_over():
                return

    @property
    def _shown(self) -> KeyList:
        return self._lists[self._scope] if self._filtered is None else self._filtered

    def __len__(self) -> int:
        """Rows of the shown list."""
        return len(self._shown)

    def hold(self, view: ConversationView | None) -> None:
        """Let the row of the shown conversation stand where it is, whatever changes its order, until it is another."""
        key = self._key(self._scope, view)
        if view is None or self._held is None or self._held[2] != view.id:
            self._held = key
        self._now = key

    def _moved(self, view: ConversationView | None) -> None:
        if self._held is not None and view is not None and view.id == self._held[2]:
            self._now = self._key(self._scope, view)

    def at(self, row: int) -> str:
        """The conversation id in a row, from 0."""
        held = self._held_row
        if held is None or self._held is None:
            return self._shown[row][2]
        stands, belongs = held
        if row == stands:
            return self._held[2]
        row -= row > stands
        return self._shown[row + (row >= belongs)][2]

    def row_of(self, view: ConversationView) -> int | None:
        key = self._key(self._scope, view)
        if key is None or key not in self._shown:
            return None
        row, held = self._shown.index(key), self._held_row
        if held is None or self._held is None:
            return row
        stands, belongs = held
        if view.id == self._held[2]:
            return stands
        row -= row > belongs
        return row + (row >= stands)

    @property
    def _held_row(self) -> tuple[int, int] | None:
        """The row in which the shown conversation stands and that in which it belongs, if those are two."""
        if self._held is None or self._now is None or self._now == self._held or self._now not in self._shown:
            return None
        belongs = self._shown.index(self._now)
        return self._shown.bisect_left(self._held) - (self._now < self._held), belongs

    def count(self, scope: Scope) -> int:
        """Rows of a list without its filter."""
        return len(self._lists[scope])

    def owned(self, agent: str) -> int:
        """Conversations an agent owns."""
        return self._owned[agent]

    def overdue(self, agent: str) -> int:
        """Overdue ones among them."""
        return self._late[agent]

    def due_count(self, alarm: str) -> int:
        """How many of mine and of the queue are `soon` or `overdue`, by the core's alarms."""
        return self._due_counts[alarm]

    @property
    def unsent(self) -> int:
        """How many of mine and of the queue have replies that did not arrive."""
        return self._unsent["not sent"]

    @property
    def unsure(self) -> int:
        """How many have replies of which it is not known whether they were sent."""
        return self._unsent["not sure"]

    @property
    def ringing(self) -> int:
        """How many conversations ring here."""
        return self._between(Need.RINGING, Need.UNSENT)

    @property
    def waiting(self) -> int:
        """How many of mine wait for an answer, or for a decision about a reply that did not arrive."""
        return self._between(Need.OVERDUE, _REMINDER) - self.ringing

    @property
    def wrapping(self) -> int:
        """How many are in this agent's wrap-up."""
        return self._between(_WRAP_UP, _ANSWERED)

    @property
    def open_mine(self) -> list[str]:
        """Ids of this agent's open conversations, those waiting for an answer first, snoozed ones last."""
        awake = [key[2] for key in self._lists[Scope.MINE] if key[0] not in (Need.RINGING, _WRAP_UP)]
        return list(dict.fromkeys((*awake, *(key[2] for key in self._lists[Scope.SNOOZED]))))

    def _between(self, group: int, end: int) -> int:
        """Rows of mine from one group on and before another."""
        start, stop = (self._lists[Scope.MINE].bisect_left((each, -(1 << 62), "")) for each in (group, end))
        return stop - start

    # What needs the agent, in one order over mine and the queue.

    @property
    def needs(self) -> int:
        """How many of mine and of the queue need the agent."""
        return len(self._attention)

    @property
    def why_needed(self) -> dict[str, Need]:
        """Those that need the agent, and why."""
        return self._attention.needs

    def next_need(self, after: str | None) -> Place | None:
        """Where `n` leads from the conversation `after`, and its place: 2 of 5."""
        return self._attention.next(after)

    def need_before(self, shown: ConversationView | None) -> Place | None:
        """The one before the shown conversation in the order; before the first the last."""
        return self._attention.before(shown)

    def need_place(self, view: ConversationView | None) -> Place | None:
        """Where a conversation stands in the order, if it needs the agent."""
        return self._attention.place(view)

    def mention(self, conversation_id: str, at: int | None, view: ConversationView | None) -> None:
        """A note there mentions the agent, who has not opened it since; `at` None: none any more."""
        self._attention.mention(conversation_id, at, view)

    def begin_round(self, done: ConversationView | None) -> None:
        """The agent has done something about a conversation: `next_need` begins at the most urgent again."""
        self._attention.begin_round(done)

    def opened(self, view: ConversationView | None, left: ConversationView | None = None) -> None:
        """The agent goes to a conversation, from the one that they have `left`: both count as been to."""
        self._attention.go(left, view)


def _move(keys: KeyList, old: Key | None, new: Key | None) -> None:
    if old == new:
        return
    if old is not None:
        keys.discard(old)
    if new is not None:
        keys.add(new)
