"""What holds for every conversation and agent at any moment, whatever was asked before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import msgspec

from connector.domain.conversation import Conversation, ConversationState, DueAlarm, DueRule
from connector.domain.load import FULL_WEIGHT, OVERBOOKING, current_capacity
from connector.domain.message import Message
from connector.domain.routing import Candidate, choose, verdicts
from connector.domain.skill_rules import Rules
from connector.domain.status import UNSUCCESSFUL, Status
from connector.domain.timers import promised_until, with_rank_and_timer
from connector.services.routing.staff_loads import staff_loads
from connector.store.ports import Reading, Store
from connector.store.values import CounterKey, CounterKind, Span
from connector.wire.refusals import RefusalCode
from tests.kit.folding import Known, folded, stored

# The documented codes of a refusal.
CODES = frozenset(RefusalCode)


class State(msgspec.Struct, frozen=True):
    """Everything rules ask about, as of one moment."""

    now: int
    position: int
    conversations: dict[str, Conversation]
    candidates: dict[str, Candidate]  # with the loads of `now`
    latest_owners: dict[str, str | None]


async def look(store: Store, now: int) -> State:
    def read(reading: Reading) -> State:
        snapshot = reading.snapshot(now, 0)
        return State(
            now,
            snapshot.position,
            {one.id: one for one in snapshot.conversations},
            {one.agent.id: one for one in staff_loads(reading, now).candidates()},
            {one.consumer: reading.latest_owner(one.consumer) for one in snapshot.conversations},
        )

    return await store.read(read)


def demand_one_place(one: Conversation) -> None:
    """It is in exactly one state, and no field of another is set."""
    is_open = one.state is not ConversationState.CLOSED
    is_held = one.state in (ConversationState.ASSIGNED, ConversationState.WRAP_UP)
    waits_to_be_taken = one.state in (ConversationState.QUEUED, ConversationState.RINGING)
    assert not is_held or one.agent is not None
    assert not waits_to_be_taken or one.agent is None
    assert (one.queued_at is not None) == waits_to_be_taken
    assert bool(one.rings) == (one.ring_until is not None) == (one.state is ConversationState.RINGING)
    assert (one.wrap_up_until is not None) == (one.state is ConversationState.WRAP_UP)
    assert (one.closed_at is not None) == (not is_open)
    if is_held:
        assert one.assigned_at is not None
        assert (one.returned_by, one.handed_by, one.tried) == (None, None, ())
        assert one.agent not in one.joined
    if one.state is not ConversationState.ASSIGNED:
        assert (one.snoozed_until, one.scheduled_at, one.back_at, one.back_from) == (None, None, None, "")
    if not is_open:
        assert one.joined == ()
    assert len(set(one.rings)) == len(one.rings) and len(set(one.joined)) == len(one.joined)
    assert one.reason


def demand_deadline_and_sweeper(one: Conversation, rules: Rules) -> None:
    """A waiting consumer has a due time, and every state that ends by a timer has that timer, at the right moment."""
    assert with_rank_and_timer(one, rules.of(one.skill)) == one
    is_done = one.state in (ConversationState.CLOSED, ConversationState.WRAP_UP)
    if is_done:
        assert (one.waiting_since, one.due_at) == (None, None)
    if one.waiting_since is not None:
        assert one.due_at is not None
    if one.state in (ConversationState.RINGING, ConversationState.WRAP_UP):
        assert one.timer_at is not None
    elif not is_done:
        # What is overdue, with its alarm raised, is left to sweeps: while it is queued, or its owner is gone.
        assert one.timer_at is not None or one.due_told is DueAlarm.OVERDUE
    assert one.due_at is not None or one.due_told is DueAlarm.NONE
    assert (one.due_by is DueRule.MANUAL) == (one.due_at is not None and one.due_at == one.reminder_at) or (
        one.due_at == one.reminder_at  # the rules say the same moment
    )
    assert (one.idle_since is None) == (one.light_at is None)


def demand_capacity(before: State, after: State, by_hand: Collection[str], rules: Rules) -> None:
    """What routing has assigned or offered since went to agents with capacity. `by_hand`: conversations that an agent
    accepted, or that were transferred to an agent by name."""
    for one in after.conversations.values():
        if one.id in by_hand or one.state is ConversationState.CLOSED:
            continue
        was = before.conversations.get(one.id)
        had = {was.agent, *was.rings} if was is not None and was.state is not ConversationState.CLOSED else set()
        for name in {*([one.agent] if one.agent else []), *one.rings} - had:
            candidate = after.candidates[name]
            limit = max(
                current_capacity(candidate.agent, rules.of(skill), after.now) for skill in rules.chain(one.skill)
            )
            assert candidate.agent.capacity > 0
            assert candidate.load <= limit * FULL_WEIGHT + OVERBOOKING, (
                one.id,
                name,
                candidate.load,
                limit,
                one.reason,
            )


def demand_swept(state: State, rules: Rules) -> None:
    """After a sweep and the timers nothing is left that was due, and nothing is queued for which there is capacity."""
    for one in state.conversations.values():
        assert one.timer_at is None or one.timer_at > state.now
        if one.state is ConversationState.QUEUED:
            found = choose(one, state.candidates.values(), rules, state.latest_owners[one.consumer], state.now)
            assert found.agents == (), (one.id, found)
        if one.state is ConversationState.ASSIGNED and one.waiting_since is not None:
            owner = state.candidates.get(one.agent or "")
            seen_at = max(owner.agent.presence_at if owner else 0, one.assigned_at or 0, promised_until(one))
            if owner is None or not owner.is_connected:
                assert state.now - seen_at < rules.of(one.skill).gone_s * 1000


def demand_explained(state: State, rules: Rules) -> None:
    for one in state.conversations.values():
        if one.state is ConversationState.QUEUED:
            asked = (one, state.candidates.values(), rules, state.latest_owners[one.consumer], state.now)
            fitting = tuple(each.agent for each in verdicts(*asked) if each.fits)
            assert fitting == choose(*asked).agents


async def demand_events_equal_snapshot(store: Store, now: int, rules: Rules, *, agents_too: bool) -> None:
    """Folding every event equals the snapshot. `agents_too`: also for agents, which holds once all ended leases have
    been swept up."""
    (conversations, agents), (shown, shown_agents) = await folded(store), await stored(store, now, rules)
    _demand_equal(conversations, shown)
    if agents_too:
        _demand_equal(agents, shown_agents)


async def demand_unsettled(store: Store, state: State, consumers: Collection[str]) -> None:
    """Every reply that waits for a decision has an open conversation that counts it, waits for us and is due."""
    messages = await store.read(
        lambda reading: [one for each in consumers for one in reading.history(each, None, 100_000)]
    )
    unsettled: dict[tuple[str, str], list[Message]] = {}
    looked_up: set[tuple[str, str]] = set()
    for one in messages:
        if one.is_unsettled:
            assert one.status in UNSUCCESSFUL or one.status is Status.UNCERTAIN
            unsettled.setdefault((one.line, one.person), []).append(one)
        elif one.status in UNSUCCESSFUL:
            assert one.settled_by is not None, one
        elif one.status is Status.UNCERTAIN and one.settled_by is None and one.resent_as is None:
            looked_up.add((one.line, one.person))
    for conversation in state.conversations.values():
        is_open = conversation.state is not ConversationState.CLOSED
        mine = unsettled.pop((conversation.line, conversation.person), []) if is_open else []
        assert conversation.unsent == len(mine), (conversation, mine)
        if mine or (conversation.line, conversation.person) not in looked_up:
            assert conversation.unsent_status == (mine[-1].status if mine else "")
        else:  # where it was closed or opened since, nothing has to say so
            assert conversation.unsent_status in ("", Status.UNCERTAIN)
        if mine:
            assert conversation.state is not ConversationState.WRAP_UP
            assert conversation.waiting_since is not None and conversation.due_at is not None
            assert conversation.agent is not None or conversation.queued_at is not None
    assert not unsettled, "replies that no conversation counts"


async def demand_counted(store: Store, consumers: Collection[str]) -> None:
    """The counters equal a recount of the messages, all of which are with these consumers."""

    def read(reading: Reading) -> tuple[list[Message], dict[Span, Counter[CounterKey]]]:
        messages = [one for each in consumers for one in reading.history(each, None, 100_000)]
        sums: dict[Span, Counter[CounterKey]] = {span: Counter() for span in Span}
        for span, counts in sums.items():
            for row in reading.counters(span, 0):
                counts[row.key._replace(words="")] += row.count
        return messages, sums

    messages, sums = await store.read(read)
    expected: Counter[CounterKey] = Counter()
    for one in messages:
        key = CounterKey(one.account, one.line, CounterKind(one.direction), one.status, one.code or "", "")
        expected[key] += 1
        if one.is_recovered:
            expected[key._replace(kind=CounterKind.RECOVERED, code="")] += 1
    for counts in sums.values():
        assert +counts == expected and min(counts.values(), default=0) >= 0


def _demand_equal(known: Known, shown: Known) -> None:
    assert known.keys() == shown.keys()
    apart = {
        key: {field: (known[key].get(field), value) for field, value in one.items() if known[key].get(field) != value}
        for key, one in shown.items()
        if known[key] != one
    }
    assert not apart, apart
