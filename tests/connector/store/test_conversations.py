from __future__ import annotations

from msgspec.structs import replace

from connector.domain.values import Conversation, ConversationState, Direction, Part
from connector.store.base import Raced, Transaction
from connector.store.sql import SqlStore
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
)


async def keep(store: SqlStore, *conversations: Conversation) -> None:
    def insert(tx: Transaction) -> None:
        for each in conversations:
            tx.conversations.insert(each)

    await store.write(insert)


async def test_what_was_inserted_is_read_back_whole(store: SqlStore) -> None:
    await keep(store, WHOLE)
    assert await store.write(lambda tx: tx.conversations.get("C1")) == WHOLE
    assert await store.write(lambda tx: tx.conversations.open_for(LINE, CONSUMER)) == WHOLE
    assert await store.read(lambda reading: reading.conversation("C1")) == WHOLE


async def test_what_is_not_there_is_none(store: SqlStore) -> None:
    assert await store.write(lambda tx: tx.conversations.get("C1")) is None
    assert await store.write(lambda tx: tx.conversations.open_for(LINE, CONSUMER)) is None
    assert await store.read(lambda reading: reading.conversation("no\0where")) is None


async def test_an_update_replaces_every_field(store: SqlStore) -> None:
    await keep(store, WHOLE)
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
    await keep(store, conversation())

    def insert(tx: Transaction) -> bool:
        try:
            tx.conversations.insert(conversation(id="C2"))
        except Raced:
            return True
        return False

    assert await store.write(insert)
    await keep(store, conversation(id="C3", line="12345"), conversation(id="C4", consumer="+15550124"))
    await store.write(lambda tx: tx.conversations.update(conversation(state=ConversationState.CLOSED)))
    assert not await store.write(insert)


async def test_the_queue_goes_by_waiting_then_id_and_those_not_waiting_come_last(store: SqlStore) -> None:
    waits = {"A": None, "B": NOW + 2, "C": NOW + 1, "D": NOW + 2, "E": NOW}
    await keep(store, *(conversation(id=each, consumer=each, waiting_since=since) for each, since in waits.items()))
    await keep(store, conversation(id="F", consumer="F", state=ConversationState.ASSIGNED, waiting_since=1))
    await keep(store, conversation(id="G", consumer="G", state=ConversationState.CLOSED, waiting_since=1))

    async def queued(limit: int) -> list[str]:
        return [each.id for each in await store.write(lambda tx: tx.conversations.queued(limit))]

    assert await queued(10) == ["E", "C", "B", "D", "A"]
    assert await queued(2) == ["E", "C"]


async def test_loads_count_what_is_assigned(store: SqlStore) -> None:
    states = ConversationState
    owned = [("A", "ann", states.ASSIGNED), ("B", "bob", states.ASSIGNED), ("C", "ann", states.ASSIGNED)]
    others = [("D", "ann", states.CLOSED), ("E", None, states.QUEUED)]
    await keep(
        store, *(conversation(id=each, consumer=each, agent=who, state=state) for each, who, state in owned + others)
    )
    assert await store.write(lambda tx: tx.conversations.loads()) == {"ann": 2, "bob": 1}
    assert await store.read(lambda reading: reading.loads()) == {"ann": 2, "bob": 1}
    assert [each.id for each in await store.write(lambda tx: tx.conversations.assigned_to("ann"))] == ["A", "C"]


async def test_the_latest_owner_is_of_the_conversation_closed_last(store: SqlStore) -> None:
    closed = ConversationState.CLOSED
    assert await store.write(lambda tx: tx.conversations.latest_owner(CONSUMER)) is None
    await keep(
        store,
        conversation(id="A", state=closed, agent="ann", closed_at=NOW + 2),
        conversation(id="B", state=closed, agent="bob", closed_at=NOW + 3, line="12345"),
        conversation(id="C", state=closed, agent="cid", closed_at=NOW + 1),
        conversation(id="D", state=closed, agent="dot", closed_at=NOW + 9, consumer="+15550199"),
        conversation(id="E", state=ConversationState.ASSIGNED, agent="eve"),
    )
    assert await store.write(lambda tx: tx.conversations.latest_owner(CONSUMER)) == "bob"
