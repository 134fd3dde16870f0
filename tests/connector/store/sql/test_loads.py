"""The loads of agents, as the engines sum them up and as `connector.domain.load` weighs each conversation."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.domain import load
from connector.domain.conversation import Conversation, ConversationState
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from tests.kit.rounds import rounds
from tests.kit.stores import conversation

NOW = 1_790_000_000_000
moments = st.one_of(st.none(), st.integers(NOW - 1000, NOW + 1000), st.integers(0, 2 * NOW))


@st.composite
def held(draw: st.DrawFn) -> Conversation:
    """A conversation with an owner; it is at its lightest some time after it began to wait for the consumer."""
    since, light_at = draw(moments), draw(moments)
    if since is not None and light_at is not None:
        since, light_at = min(since, light_at), max(since, light_at)
    return conversation(
        state=draw(st.sampled_from([ConversationState.ASSIGNED, ConversationState.WRAP_UP])),
        agent=draw(st.sampled_from(["ann", "bob"])),
        idle_since=since,
        light_at=light_at,
        light=draw(st.integers(0, 1000)),
    )


def reckoned(all_held: list[Conversation], now: int) -> dict[str, tuple[int, int]]:
    return {
        agent: (len(theirs), sum(load.weight(one, now) for one in theirs))
        for agent in ("ann", "bob")
        if (theirs := [one for one in all_held if one.agent == agent])
    }


class Undone(Exception):
    """Rolls back the use case."""


@settings(max_examples=rounds(200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(held(), max_size=8), st.one_of(st.integers(NOW - 1000, NOW + 1000), st.integers(0, 2 * NOW)))
async def test_loads_equal_the_sum_of_the_domains_weights(
    store: SqlStore, all_held: list[Conversation], now: int
) -> None:
    def ask(tx: Transaction) -> None:
        for number, one in enumerate(all_held):
            tx.conversations.insert(replace(one, id=f"C{number}", person=f"+1415555{number:04d}"))
        found = tx.staff(now).loads
        assert {agent: (one.count, one.weight) for agent, one in found.items()} == reckoned(all_held, now)
        raise Undone

    with pytest.raises(Undone):
        await store.write(ask)
