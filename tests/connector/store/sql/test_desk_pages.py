"""Pages of conversations for desks: complete, by id, and of the states and scope asked for."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.domain.consent.entries import LikelyOptOut
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.rights import Visibility
from connector.store.desk_pages import DeskPages
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from connector.store.values import ConversationCount, PageScope
from tests.kit.stores import NOW, consent, conversation

QUEUED, RINGING, ASSIGNED = ConversationState.QUEUED, ConversationState.RINGING, ConversationState.ASSIGNED
ALL = PageScope()


def stored(*conversations: Conversation) -> list[Conversation]:
    """With ids and consumers of their own."""
    return [
        replace(one, id=f"C{number}", consumer=f"+1555{number:04d}", person=f"+1555{number:04d}")
        for number, one in enumerate(conversations, 1)
    ]


@pytest.fixture
async def day(store: SqlStore) -> list[Conversation]:
    found = stored(
        conversation(),
        conversation(skill="refunds", rank=5),
        conversation(account="second"),
        conversation(state=RINGING, rings=("ann", "ben"), ring_until=NOW),
        conversation(state=ASSIGNED, agent="ann"),
        conversation(state=ASSIGNED, agent="ben", joined=("ann",)),
        conversation(state=ConversationState.WRAP_UP, agent="ben", skill="refunds"),
        conversation(state=ConversationState.CLOSED, agent="ann", closed_at=NOW),
        conversation(state=ConversationState.CLOSED, agent="ben", closed_at=NOW),
        conversation(state=ConversationState.CLOSED, agent="ben", closed_at=NOW - 10),
    )

    def write(tx: Transaction) -> None:
        for one in found:
            tx.conversations.insert(one)
        tx.consent.append(consent(consumer="+15550001"))
        tx.consent.set_likely(LikelyOptOut("+15550002", NOW, "main", "+15550100", "+15550002", "M1", ""))

    await store.write(write)
    return found


def ids(found: list[Conversation]) -> list[str]:
    return [one.id for one in found]


async def test_each_page_has_the_next_of_its_states_and_scope(store: SqlStore, day: list[Conversation]) -> None:
    def look(pages: DeskPages) -> list[list[str]]:
        waiting = (QUEUED, RINGING)
        return [
            ids(pages.open_after(waiting, ALL, "", 3)),
            ids(pages.open_after(waiting, ALL, "C3", 3)),
            ids(pages.open_after(waiting, PageScope(skills=("refunds", "other")), "", 3)),
            ids(pages.open_after(waiting, PageScope(accounts=("main",), skills=("orders",)), "", 3)),
            ids(pages.closed_after("", NOW, ALL, "", 9)),
            ids(pages.closed_after("ann", NOW, PageScope(skills=("other",)), "", 9)),
            ids(pages.first_queued(ALL, 2)),
            ids(pages.first_queued(PageScope(skills=("refunds",)), 2)),
        ]

    assert await store.read(lambda reading: look(reading.desk_pages)) == [
        ["C1", "C2", "C3"],
        ["C4"],
        ["C2"],
        ["C1", "C4"],
        ["C8", "C9"],
        ["C8"],
        ["C1", "C3"],
        ["C2"],
    ]


async def test_an_agent_has_what_they_own_what_rings_at_them_and_what_they_joined(
    store: SqlStore, day: list[Conversation]
) -> None:
    def look(pages: DeskPages) -> tuple[list[str], list[str], list[str]]:
        others = pages.of_others_before("ann", ALL, None, NOW, 9)
        return ids(pages.open_of_agent("ann")), ids(pages.closed_of_agent("ann", NOW, "", 9)), ids(others)

    own, closed, others = await store.read(lambda reading: look(reading.desk_pages))
    assert (sorted(own), closed, others) == (["C4", "C5", "C6"], ["C8"], ["C9", "C7", "C6"])


async def test_counts_are_by_owner_account_and_skill(store: SqlStore, day: list[Conversation]) -> None:
    held = await store.read(lambda reading: reading.desk_pages.held_counts())
    assert held == [
        ConversationCount("ann", "main", "orders", 1),
        ConversationCount("ben", "main", "orders", 1),
        ConversationCount("ben", "main", "refunds", 1),
    ]
    closed = await store.read(lambda reading: reading.desk_pages.closed_counts(NOW))
    assert {(one.agent, one.count) for one in closed} == {("ann", 1), ("ben", 1)}
    assert await store.read(lambda reading: reading.desk_pages.owned_count("ben")) == 2


async def test_what_belongs_to_conversations_is_read_for_many_at_once(store: SqlStore, day: list[Conversation]) -> None:
    persons = [one.person for one in day] + ["odd\0name", "half \ud800", 'a "quote"']

    def look(pages: DeskPages) -> tuple[frozenset[str], list[str], dict[str, Visibility]]:
        return (
            pages.opted_out_among(persons),
            list(pages.likely_among(persons)),
            pages.visibilities(["C4", "C6", "none"]),
        )

    opted_out, likely, visibilities = await store.read(lambda reading: look(reading.desk_pages))
    assert opted_out == {"+15550001"} and likely == ["+15550002"]
    assert visibilities == {
        "C4": Visibility("main", "orders", ("ann", "ben")),
        "C6": Visibility("main", "orders", ("ben", "ann")),
    }
