"""The pages of a snapshot: what is in the first, what is only counted, and that no page misses any."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connector.domain.conversation import Conversation, ConversationState
from connector.domain.rights import Rights
from connector.edge.desks import snapshot as snapshots
from connector.edge.desks.snapshot import Snapshot, SnapshotPage
from connector.store.ports import Reading, Transaction
from connector.store.sql.store import SqlStore
from connector.wire import frames
from tests.kit.stores import agent, conversation
from tests.kit.use_cases import Office

ASSIGNED, CLOSED = ConversationState.ASSIGNED, ConversationState.CLOSED


async def stored(office: Office, *conversations: Conversation) -> None:
    def write(tx: Transaction) -> None:
        for name in ("ann", "bob"):
            tx.agents.save(agent(id=name, name=name))
        for one in conversations:
            tx.conversations.insert(one)

    await office.store.write(write)


def numbered(number: int, **changes: object) -> Conversation:
    return conversation(id=f"C{number:02d}", consumer=f"+1555{number:04d}", rank=-number, **changes)


async def pages(office: Office, rights: Rights, *, with_others: bool = False) -> list[frames.SnapshotFrame]:
    snapshot = Snapshot(rights, office.brand, office.now, with_others=with_others)
    found: list[frames.SnapshotFrame] = []

    async def read(page: Callable[[Reading], SnapshotPage]) -> bool:
        made = await office.store.read(page)
        (frame,) = frames.decode_from_core(made.text)
        assert isinstance(frame, frames.SnapshotFrame) and frame.more is not made.is_last
        found.append(frame)
        return made.is_last

    is_last = await read(snapshot.first)
    while not is_last:
        is_last = await read(snapshot.next)
    return found


def ids(frame: frames.SnapshotFrame) -> list[str]:
    return [one.id for one in frame.conversations]


async def test_the_first_page_has_what_is_the_agents_and_the_beginning_of_the_queue(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_PAGE", 4)
    office = Office(store)
    now = office.now
    await stored(
        office,
        *(numbered(number) for number in range(1, 7)),
        numbered(7, state=ASSIGNED, agent="ann"),
        numbered(8, state=ASSIGNED, agent="bob"),
        numbered(9, state=ASSIGNED, agent="bob"),
        numbered(10, state=CLOSED, agent="ann", closed_at=now),
        numbered(11, state=CLOSED, agent="bob", closed_at=now),
    )
    first, *rest = await pages(office, Rights("ann"))
    assert ids(first)[0] == "C07" and ids(first)[1:] == ["C06", "C05", "C04", "C03"]
    assert first.held_by_others == {"bob": 2, "": 1}
    assert [one.assigned for one in first.agents] == [1, 2]
    assert sorted(key for frame in rest for key in ids(frame)) == ["C01", "C02", "C10"]

    everything = await pages(office, Rights("ann"), with_others=True)
    assert sorted(key for frame in everything for key in ids(frame)) == [f"C{number:02d}" for number in range(1, 12)]
    assert everything[0].held_by_others == {} and len({frame.position for frame in everything}) == 1


async def test_what_a_lead_has_joined_out_of_their_skills_was_never_counted(store: SqlStore) -> None:
    office = Office(store)
    await stored(
        office,
        numbered(1, state=ASSIGNED, agent="bob"),
        numbered(2, state=ASSIGNED, agent="bob", joined=("ann",)),
        numbered(3, state=ASSIGNED, agent="bob", skill="refunds", joined=("ann",)),
        numbered(4, state=ASSIGNED, agent="bob", skill="refunds"),
    )
    (frame,) = await pages(office, Rights("ann", skills=("orders",)))
    assert sorted(ids(frame)) == ["C02", "C03"]
    assert frame.held_by_others == {"bob": 1}
