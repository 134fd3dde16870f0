from __future__ import annotations

from functools import partial

from connector.domain.agent import Agent, AgentToken, Desk, Presence, PresenceSpan
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from tests.kit.stores import NOW, agent, desk


def put(tx: Transaction, agent: Agent) -> None:
    tx.agents.save(agent)


def put_desk(tx: Transaction, desk: Desk) -> None:
    tx.agents.save_desk(desk)


def begin_span(tx: Transaction, span: PresenceSpan) -> None:
    tx.agents.begin_span(span)


async def test_an_agent_is_inserted_and_replaced(store: SqlStore) -> None:
    first = agent(skills=("orders", "returns"), capacity=2, presence=Presence.AWAY, presence_at=NOW, assigned_at=NOW)
    await store.write(lambda tx: tx.agents.save(first))
    assert await store.write(lambda tx: tx.agents.get("ann")) == first
    await store.write(lambda tx: tx.agents.save(agent(name="Anna")))
    assert await store.write(lambda tx: tx.agents.get("ann")) == agent(name="Anna")
    assert await store.write(lambda tx: tx.agents.get("bob")) is None


async def test_all_agents_are_ordered_by_the_code_points_of_their_ids(store: SqlStore) -> None:
    ids = ["b", "A", "a", "B", "ä", "_", "1"]
    for each in ids:
        await store.write(partial(put, agent=agent(id=each)))
    assert [each.id for each in await store.write(lambda tx: tx.agents.all())] == sorted(ids)


async def test_a_desk_counts_until_its_lease_ends(store: SqlStore) -> None:
    desks = [
        desk(id="D1", lease_until=NOW + 10),
        desk(id="D2", lease_until=NOW + 20),
        desk(id="D3", agent="bob", lease_until=NOW + 10),
    ]
    for each in desks:
        await store.write(partial(put_desk, desk=each))

    async def at(now: int) -> tuple[set[str], list[Desk]]:
        return await store.write(lambda tx: (tx.agents.connected(now), tx.agents.expired_desks(now)))

    assert await at(NOW + 9) == ({"ann", "bob"}, [])
    assert await at(NOW + 10) == ({"ann"}, [desks[0], desks[2]])
    longer = desk(id="D1", lease_until=NOW + 40)
    await store.write(lambda tx: tx.agents.save_desk(longer))
    assert await at(NOW + 30) == ({"ann"}, [desks[2], desks[1]])
    await store.write(lambda tx: tx.agents.remove_desk("D2"))
    assert await at(NOW + 50) == (set(), [desks[2], longer])


async def test_the_desks_of_a_restarted_core_can_be_removed(store: SqlStore) -> None:
    def two_nodes(tx: Transaction) -> set[str]:
        tx.agents.save_desk(desk(id="D1", agent="ann", node="n1"))
        tx.agents.save_desk(desk(id="D2", agent="bob", node="n2"))
        tx.agents.save_desk(desk(id="D3", agent="cid", node="n1"))
        for each in tx.agents.desks_of("n1"):
            tx.agents.remove_desk(each.id)
        return tx.agents.connected(NOW)

    assert await store.write(two_nodes) == {"bob"}


async def test_one_span_ends_where_the_next_begins(store: SqlStore) -> None:
    spans = [
        PresenceSpan("ann", "online", "", NOW),
        PresenceSpan("bob", "online", "", NOW + 1),
        PresenceSpan("ann", "online", "", NOW + 2),  # says nothing new
        PresenceSpan("ann", "away", "lunch", NOW + 3),
        PresenceSpan("ann", "away", "", NOW + 9),
    ]
    for each in spans:
        await store.write(partial(begin_span, span=each))
    ended = [
        PresenceSpan("ann", "online", "", NOW, NOW + 3),
        PresenceSpan("ann", "away", "lunch", NOW + 3, NOW + 9),
        PresenceSpan("ann", "away", "", NOW + 9),
        PresenceSpan("bob", "online", "", NOW + 1),
    ]
    assert await store.read(lambda reading: reading.presence_spans(NOW, None, 9)) == ended
    assert await store.read(lambda reading: reading.presence_spans(NOW + 3, "ann", 9)) == ended[1:3]
    assert len(await store.read(lambda reading: reading.presence_spans(NOW, None, 3))) == 3
    assert len(await store.read(lambda reading: reading.presence_spans(NOW, "ann", 2))) == 2


async def test_agents_are_found_by_their_os_user_and_page_by_page(store: SqlStore) -> None:
    staff = [agent(id="ann", os_user="anna"), agent(id="bob"), agent(id="cid", os_user="anna"), agent(id="Zoe")]
    for each in staff:
        await store.write(partial(put, agent=each))
    assert await store.read(lambda reading: reading.agents_of_os_user("anna")) == [staff[0], staff[2]]
    assert await store.read(lambda reading: reading.agent("cid")) == staff[2]
    assert await store.read(lambda reading: reading.agent("dot")) is None
    assert await store.read(lambda reading: reading.agents_after("", 2)) == [staff[3], staff[0]]
    assert await store.read(lambda reading: reading.agents_after("ann", 9)) == [staff[1], staff[2]]


async def test_tokens_are_found_by_digest_agent_and_beginning(store: SqlStore) -> None:
    tokens = [
        AgentToken("ab1", "ann", NOW + 1),
        AgentToken("ab2", "ann", NOW, is_provisioned=True),
        AgentToken("b", "bob", NOW),
    ]
    for each in tokens:
        await store.write(lambda tx, each=each: tx.tokens.save(each))  # type: ignore[misc]
    assert await store.read(lambda reading: reading.token("ab1")) == tokens[0]
    assert await store.read(lambda reading: reading.token("ab")) is None
    assert await store.write(lambda tx: tx.tokens.of("ann")) == [tokens[1], tokens[0]]
    assert await store.read(lambda reading: reading.tokens_of("ann", "bob")) == [tokens[1], tokens[0], tokens[2]]
    assert await store.write(lambda tx: tx.tokens.beginning_with("ab")) == tokens[:2]
    await store.write(lambda tx: tx.tokens.remove("ab1"))
    assert await store.write(lambda tx: tx.tokens.get("ab1")) is None


async def test_desks_say_from_where_they_are_signed_in(store: SqlStore) -> None:
    desks = [
        desk(id="D2", lease_until=NOW + 9, signed_in_at=1, way="token ab12", source="192.0.2.7"),
        desk(id="D1", lease_until=NOW + 9, signed_in_at=2, way="OS user anna"),
        desk(id="D3", lease_until=NOW),
        desk(id="D4", agent="bob", lease_until=NOW + 9),
    ]
    for each in desks:
        await store.write(partial(put_desk, desk=each))
    assert await store.read(lambda reading: reading.live_desks_of("ann", "ann", NOW)) == desks[:2]
    assert await store.write(lambda tx: tx.agents.desks_of_agent("ann")) == [desks[1], desks[0], desks[2]]
