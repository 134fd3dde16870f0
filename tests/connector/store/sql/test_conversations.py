from __future__ import annotations

from msgspec.structs import replace

from connector.domain.conversation import Conversation, ConversationState, DueAlarm, DueRule
from connector.domain.load import weight
from connector.domain.message import Direction, Part
from connector.store.ports import Raced, Transaction
from connector.store.sql.store import SqlStore
from connector.store.values import Load, Staff
from tests.kit.stores import CONSUMER, LINE, NOW, conversation

WHOLE = conversation(
    state=ConversationState.ASSIGNED,
    agent="ann",
    queued_at=None,
    waiting_since=NOW + 5,
    last_seq=7,
    unread=3,
    last_text="Is it “open”?",
    last_direction=Direction.REPLY,
    last_part=Part(reference=300, total=3, number=2, wide=True),
    returned_by="bob",
    reason="ann is the least loaded",
    version=9,
    entry_point="poster",
    due_at=NOW + 1,
    due_by=DueRule.MANUAL,
    due_told=DueAlarm.SOON,
    reminder_at=NOW + 2,
    is_reminder_kept=True,
    idle_since=NOW + 3,
    light_at=NOW + 4,
    light=100,
    assigned_at=NOW + 5,
    rings=("cid", "dot"),
    ring_until=NOW + 6,
    tried=("eve",),
    handed_by="fay",
    moves=2,
    joined=("gus",),
    outcome="solved",
    tags=("vip", "größer"),
    closed_by="hal",
    wrap_up_until=NOW + 7,
    rank=10**15 + 1,
    timer_at=NOW + 8,
)


async def people_at(store: SqlStore, moment: int) -> Staff:
    return await store.read(lambda reading: reading.staff(moment))


async def insert_all(store: SqlStore, *conversations: Conversation) -> None:
    def insert(tx: Transaction) -> None:
        for each in conversations:
            tx.conversations.insert(each)

    await store.write(insert)


async def test_what_was_inserted_is_read_back_whole(store: SqlStore) -> None:
    await insert_all(store, WHOLE)
    assert await store.write(lambda tx: tx.conversations.get("C1")) == WHOLE
    assert await store.write(lambda tx: tx.conversations.open_for(LINE, CONSUMER)) == WHOLE
    assert await store.read(lambda reading: reading.conversation("C1")) == WHOLE


async def test_what_is_not_there_is_none(store: SqlStore) -> None:
    assert await store.write(lambda tx: tx.conversations.get("C1")) is None
    assert await store.write(lambda tx: tx.conversations.open_for(LINE, CONSUMER)) is None
    assert await store.read(lambda reading: reading.conversation("no\0where")) is None


async def test_an_update_replaces_every_field(store: SqlStore) -> None:
    await insert_all(store, WHOLE)
    other = conversation(
        account="short",
        line="12345",
        consumer="+15550199",
        skill="returns",
        state=ConversationState.CLOSED,
        opened_at=1,
        last_at=2,
        agent="bob",
        queued_at=3,
        waiting_since=None,
        closed_at=4,
        last_seq=8,
        unread=0,
        last_text="bye",
        last_direction=Direction.INBOUND,
        returned_by=None,
        reason="closed by bob",
        version=10,
    )
    await store.write(lambda tx: tx.conversations.update(other))
    assert await store.read(lambda reading: reading.conversation("C1")) == other


async def test_a_transaction_sees_what_it_wrote(store: SqlStore) -> None:
    def open_and_find(tx: Transaction) -> Conversation | None:
        tx.conversations.insert(WHOLE)
        tx.conversations.update(replace(WHOLE, unread=4))
        return tx.conversations.open_for(LINE, CONSUMER)

    assert await store.write(open_and_find) == replace(WHOLE, unread=4)


async def test_a_second_open_one_for_line_and_consumer_is_raced(store: SqlStore) -> None:
    await insert_all(store, conversation())

    def insert(tx: Transaction) -> bool:
        try:
            tx.conversations.insert(conversation(id="C2"))
        except Raced:
            return True
        return False

    assert await store.write(insert)
    await insert_all(store, conversation(id="C3", line="12345"), conversation(id="C4", consumer="+15550124"))
    await store.write(lambda tx: tx.conversations.update(conversation(state=ConversationState.CLOSED)))
    assert not await store.write(insert)


async def test_the_queue_of_a_skill_is_ordered_by_rank_then_id(store: SqlStore) -> None:
    ranks = {"A": 9, "B": 2, "C": 1, "D": 2, "E": -5}
    await insert_all(store, *(conversation(id=each, consumer=each, rank=rank) for each, rank in ranks.items()))
    await insert_all(store, conversation(id="F", consumer="F", state=ConversationState.ASSIGNED, rank=-9))
    await insert_all(store, conversation(id="G", consumer="G", state=ConversationState.CLOSED, rank=-9))
    await insert_all(store, conversation(id="H", consumer="H", skill="refunds", rank=-9))

    async def queued(limit: int) -> list[str]:
        return [each.id for each in await store.write(lambda tx: tx.conversations.queued(limit, "orders"))]

    assert await queued(10) == ["E", "C", "B", "D", "A"]
    assert await queued(2) == ["E", "C"]
    assert await store.write(lambda tx: tx.conversations.queued_skills()) == ["orders", "refunds"]
    assert await store.read(lambda reading: reading.queue_lengths()) == {"orders": 5, "refunds": 1}
    third = conversation(id="B", rank=2)
    assert await store.read(lambda reading: reading.ahead_of(third)) == 2


async def test_loads_count_and_weigh_the_conversations_of_agents(store: SqlStore) -> None:
    states = ConversationState
    owned = [("A", "ann", states.ASSIGNED), ("B", "bob", states.ASSIGNED), ("C", "ann", states.WRAP_UP)]
    others = [("D", "ann", states.CLOSED), ("E", None, states.QUEUED), ("F", None, states.RINGING)]
    await insert_all(
        store, *(conversation(id=each, consumer=each, agent=who, state=state) for each, who, state in owned + others)
    )
    for people in (await store.write(lambda tx: tx.staff(NOW)), await store.read(lambda reading: reading.staff(NOW))):
        assert people.loads == {"ann": Load(2, 2000), "bob": Load(1, 1000)}
        assert [each.id for each in people.ringing] == ["F"]
    assert [each.id for each in await store.write(lambda tx: tx.conversations.assigned_to("ann"))] == ["A"]


async def test_weights_equal_those_of_the_domain(store: SqlStore) -> None:
    light = {"state": ConversationState.ASSIGNED, "light": 100}
    spans = {
        "ann": (NOW, NOW + 240_000),
        "bob": (NOW + 5, NOW + 5),
        "cid": (None, None),
        "dot": (NOW + 50_000, NOW + 60_001),
    }
    made = [
        conversation(id=who, consumer=who, agent=who, idle_since=since, light_at=at, **light)
        for who, (since, at) in spans.items()
    ]
    await insert_all(store, *made)
    for moment in (NOW, NOW + 1, NOW + 7, NOW + 55_555, NOW + 100_000, NOW + 240_000, NOW + 10**9):
        people = await people_at(store, moment)
        assert {who: load.weight for who, load in people.loads.items()} == {
            one.agent: weight(one, moment) for one in made
        }


async def test_timers_are_due_at_their_time_and_the_earliest_first(store: SqlStore) -> None:
    timers = {"A": NOW + 5, "B": NOW, "C": None, "D": NOW + 6}
    await insert_all(store, *(conversation(id=each, consumer=each, timer_at=at) for each, at in timers.items()))
    assert await store.read(lambda reading: reading.next_timer()) == NOW

    async def due(now: int, limit: int = 10) -> list[str]:
        return [each.id for each in await store.write(lambda tx: tx.conversations.due_timers(now, limit))]

    assert [await due(NOW - 1), await due(NOW + 5), await due(NOW + 9, 2)] == [[], ["B", "A"], ["B", "A"]]


async def test_the_latest_closed_one_is_found_for_its_line(store: SqlStore) -> None:
    closed = ConversationState.CLOSED
    assert await store.write(lambda tx: tx.conversations.latest_closed(LINE, CONSUMER)) is None
    assert not await store.write(lambda tx: tx.conversations.has_closed(CONSUMER))
    await insert_all(
        store,
        conversation(id="A", state=closed, closed_at=NOW + 2),
        conversation(id="B", state=closed, closed_at=NOW + 3, line="12345"),
        conversation(id="C", state=closed, closed_at=NOW + 1),
    )
    found = await store.write(lambda tx: tx.conversations.latest_closed(LINE, CONSUMER))
    assert found is not None and found.id == "A"
    assert await store.write(lambda tx: tx.conversations.has_closed(CONSUMER))


async def test_the_latest_owner_is_of_the_conversation_closed_last(store: SqlStore) -> None:
    closed = ConversationState.CLOSED
    assert await store.write(lambda tx: tx.conversations.latest_owner(CONSUMER)) is None
    await insert_all(
        store,
        conversation(id="A", state=closed, agent="ann", closed_at=NOW + 2),
        conversation(id="B", state=closed, agent="bob", closed_at=NOW + 3, line="12345"),
        conversation(id="C", state=closed, agent="cid", closed_at=NOW + 1),
        conversation(id="D", state=closed, agent="dot", closed_at=NOW + 9, consumer="+15550199"),
        conversation(id="E", state=ConversationState.ASSIGNED, agent="eve"),
    )
    assert await store.write(lambda tx: tx.conversations.latest_owner(CONSUMER)) == "bob"
