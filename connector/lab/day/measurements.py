"""Measurements of a day, taken from the events that desks receive: waiting times, moves and routing's decisions.

Both sets of rules are measured alike: a first answer counts from the moment the consumer pressed send to the moment
the provider accepted the reply, and the scenario's rules say when an answer was due, whichever are played.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from connector.domain.due import deadline_for
from connector.domain.skill_rules import Rules
from connector.lab.day.core import Cause
from connector.wire import events, requests
from connector.wire.views import ConversationView

_PLACEMENTS = (events.ConversationAssigned, events.ConversationRang, events.ConversationQueued)


class ConversationRecord(Struct):
    """One conversation. `overdue` counts how often its consumer waited too long."""

    id: str
    skill: str
    said_at: int
    is_open: bool = True
    owner: str | None = None
    answer_at: int | None = None  # when the provider accepted the first reply
    is_in_time: bool | None = None  # the first answer; None: it is not due yet, or not needed
    due_at: int | None = None
    overdue: int = 0
    given_back: int = 0
    moved: int = 0  # taken from an agent who was silent, away or gone
    transferred: int = 0
    reopened: int = 0
    closed_by_itself: bool = False


class PlacementDecision(Struct, frozen=True):
    """Where routing placed a conversation, and why."""

    at: int
    conversation: str
    consumer: str
    skill: str
    what: str  # assigned, rang, queued
    agents: list[str]
    reason: str


class Measurements:
    def __init__(self, measure: Rules) -> None:
        self.records: dict[str, ConversationRecord] = {}
        self.decisions: list[PlacementDecision] = []
        self.handled: dict[str, dict[str, None]] = {}  # the conversations an agent has had
        self.replies: dict[str, int] = {}  # by agent
        self.most_at_once: dict[str, int] = {}  # by agent
        self.alarms = 0  # of overdue answers, by the rules that are played
        self.unsent = 0  # replies that the provider never accepted
        self._measure = measure
        self._held: dict[str, int] = {}
        self._known: set[str] = set()  # consumers with a closed conversation
        self._first_replies: dict[str, str] = {}

    def on_event(self, event: events.Event, cause: Cause, now: int) -> None:
        match event:
            case events.MessageReceived(conversation=view):
                record = self._record(view, cause.said_at or now)
                if view.waiting_since is not None:
                    self._end_deadline(record, now)  # another text postpones the deadline, unless it has passed
                    record.due_at = self._due(view, now)
            case events.ReplyWritten(conversation=view, message=message):
                self._count_reply(self._record(view, now), message.id, message.author or "", now)
            case events.StatusMoved():
                self._count_status(event)
            case events.ConversationTransferred(conversation=view):
                record = self._record(view, now)
                record.transferred += 1
                if record.due_at is not None and record.skill != view.skill:
                    self._end_deadline(record, now)
                    record.due_at = self._due(view, now)
                record.skill = view.skill
            case events.ConversationReopened(conversation=view):
                record = self._record(view, now)
                record.reopened += 1
                record.is_open = True
            case events.ConversationClosed(conversation=view) | events.WrapUpBegan(conversation=view):
                record = self._record(view, now)
                self._end_deadline(record, now)
                record.is_open = view.state != "closed"
                if not record.is_open:
                    self._known.add(view.consumer)
                    record.closed_by_itself = view.closed_by is None
            case events.Overdue():
                self.alarms += 1
        if isinstance(event, _PLACEMENTS):
            self._count_placement(event, cause, now)
        if (changed := getattr(event, "conversation", None)) is not None:
            self._count_owner(changed)

    def finish(self, now: int) -> None:
        """End the day: answers that were due by now count as overdue."""
        for record in self.records.values():
            self._end_deadline(record, now)

    def _record(self, view: ConversationView, said_at: int) -> ConversationRecord:
        record = self.records.get(view.id)
        if record is None:
            record = self.records[view.id] = ConversationRecord(view.id, view.skill, said_at)
        return record

    def _due(self, view: ConversationView, now: int) -> int:
        is_first = view.consumer not in self._known
        return deadline_for(self._measure.of(view.skill), now, is_first_contact=is_first).at

    def _count_reply(self, record: ConversationRecord, reply: str, author: str, now: int) -> None:
        self.replies[author] = self.replies.get(author, 0) + 1
        if record.answer_at is None:
            self._first_replies[reply] = record.id
        self._end_deadline(record, now)
        if record.is_in_time is None:
            record.is_in_time = True

    def _end_deadline(self, record: ConversationRecord, now: int) -> None:
        """Drop the deadline, and count it if it has passed."""
        if record.due_at is not None and now >= record.due_at:
            record.overdue += 1
            if record.is_in_time is None:  # no answer, or none before it was due
                record.is_in_time = False
        record.due_at = None

    def _count_status(self, event: events.StatusMoved) -> None:
        if event.status == "failed":
            self.unsent += 1
        if event.status == "accepted" and (conversation_id := self._first_replies.pop(event.message_id, None)):
            record = self.records[conversation_id]
            record.answer_at = record.answer_at or event.status_at

    def _count_placement(self, event: events.Event, cause: Cause, now: int) -> None:
        assert isinstance(event, _PLACEMENTS)
        view = event.conversation
        record = self._record(view, now)
        if cause.part in ("leases", "timers") and record.owner is not None:
            record.moved += 1
        record.given_back += _is_given_back(record, cause)
        agents = view.rings or ([view.agent] if view.agent else [])
        what = type(event).__struct_config__.tag.removeprefix("conversation_")  # type: ignore[union-attr]
        self.decisions.append(PlacementDecision(now, view.id, view.consumer, view.skill, what, agents, view.reason))

    def _count_owner(self, view: ConversationView) -> None:
        record = self.records.get(view.id)
        owner = view.agent if view.state in ("assigned", "wrap_up") else None
        if record is None or record.owner == owner:
            return
        if record.owner is not None:
            self._held[record.owner] -= 1
        if owner is not None:
            self._held[owner] = self._held.get(owner, 0) + 1
            self.most_at_once[owner] = max(self.most_at_once.get(owner, 0), self._held[owner])
            self.handled.setdefault(owner, {})[view.id] = None
        record.owner = owner


def _is_given_back(record: ConversationRecord, cause: Cause) -> bool:
    match cause.command:
        case requests.GiveBack(conversation_id=conversation_id):
            return conversation_id == record.id
        case requests.SignOff():
            return record.owner == cause.agent
    return False


def percentile(values: Collection[int], share: float) -> int | None:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-round(share * 1000) * len(ordered) // 1000) - 1)] if ordered else None
