"""Each fact has who may see its conversation after it, and before it where others may."""

from __future__ import annotations

import msgspec
import pytest

from connector.domain import fact_visibility
from connector.domain.conversation import ConversationState
from connector.domain.fact_visibility import AgentVisibility, FactVisibility
from connector.domain.rights import Rights, Visibility
from connector.edge.desks.snapshot import Snapshot
from connector.edge.desks.visible_facts import LatestVisibilities, frames_for
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from connector.store.values import FactRow
from connector.wire import requests
from tests.kit.stores import conversation, told
from tests.kit.use_cases import Office, consumer


@pytest.fixture
def office(store: SqlStore) -> Office:
    return Office(store)


def of(row: FactRow) -> tuple[FactVisibility | None, FactVisibility | None]:
    return _decoded(row.fact.visibility), _decoded(row.fact.visibility_before)


def _decoded(text: str | None) -> FactVisibility | None:
    return None if text is None else fact_visibility.decode(text)


def orders(*people: str) -> tuple[Visibility, ...]:
    return (Visibility("main", "orders", people),)


async def test_a_fact_has_who_may_see_its_conversation_and_before_where_that_differs(office: Office) -> None:
    waiting = await office.text()
    await office.sign_in("ann")  # it is given to her
    await office.ask(requests.MarkRead(waiting.id))
    await office.ask(requests.GiveBack(waiting.id))
    found = [(row.fact.kind, *of(row)) for row in await told(office.store) if row.fact.conversation_id == waiting.id]
    by_kind = {kind: seen for kind, *seen in found}
    assert by_kind["message_received"] == [orders(), None]
    assert by_kind["conversation_assigned"] == [orders("ann"), orders()]
    assert by_kind["conversation_read"] == [orders("ann"), None]
    assert found[-1][2] != found[-1][1]


async def test_of_several_events_of_one_change_the_first_has_what_was_before(office: Office) -> None:
    await office.sign_in("ann")
    await office.sign_in("ben")
    held = await office.text()
    other = "ben" if held.agent == "ann" else "ann"
    before = len(await told(office.store))
    await office.ask(requests.Transfer(held.id, agent=other), name=held.agent or "")
    rows = (await told(office.store))[before:]
    moved, rang = [of(row) for row in rows if row.fact.conversation_id == held.id]
    assert moved[1] == orders(held.agent or "") != moved[0]
    assert rang == (orders(other), moved[0])


async def test_a_fact_about_an_agent_is_for_those_with_an_account_in_common(office: Office) -> None:
    await office.sign_in("ann", accounts=("main", "second"))
    (row,) = [row for row in await told(office.store) if row.fact.kind == "agent_changed"]
    visibility, _ = of(row)
    assert visibility == AgentVisibility("ann", ("main", "second"))
    assert fact_visibility.may_see(Rights("ben", accounts=("second",)), visibility)
    assert not fact_visibility.may_see(Rights("ben", accounts=("other",)), visibility)
    assert fact_visibility.may_see(Rights("ann", accounts=("other",)), visibility)


async def test_how_much_an_agent_owns_counts_what_is_in_the_accounts_of_who_is_sent_it(office: Office) -> None:
    await office.sign_in("ann", accounts=("main", "second"))

    def put(tx: Transaction) -> None:
        for number, account in enumerate(("main", "second", "second")):
            theirs = {"consumer": consumer(number), "account": account, "agent": "ann"}
            tx.conversations.insert(conversation(id=f"C{number}", state=ConversationState.ASSIGNED, **theirs))

    await office.store.write(put)
    await office.ask(requests.SetPresence("away", "lunch"))
    rows = [row for row in await told(office.store) if row.fact.kind == "agent_changed"][-1:]
    sent = {
        name: frames_for(Rights(name, accounts=accounts), LatestVisibilities().of(rows))[0]
        for name, accounts in (("ben", ("main",)), ("cid", ("second",)), ("dan", ()), ("ann", ("main",)))
    }
    counted = {name: msgspec.json.decode(text)["body"]["agent"]["assigned"] for name, [text] in sent.items()}
    assert counted == {"ben": 1, "cid": 2, "dan": 3, "ann": 3}
    views = {}
    for name, accounts in (("ben", ("main",)), ("dan", ())):
        snapshot = Snapshot(Rights(name, accounts=accounts), office.brand, office.now, with_others=False)
        page = await office.store.read(snapshot.first)
        views[name] = {one["id"]: one["assigned"] for one in msgspec.json.decode(page.text)["agents"]}
    assert views == {"ben": {"ann": 1}, "dan": {"ann": 3}}


async def test_consent_is_for_those_who_may_see_a_conversation_with_the_person(office: Office) -> None:
    await office.sign_in("ann")
    await office.ask(requests.OptOut(consumer(1), "by phone"))
    held = await office.text(consumer=consumer(1))
    await office.ask(requests.OptIn(consumer(1), "by phone"))
    await office.ask(requests.Close(held.id))
    await office.ask(requests.OptOut(consumer(1), "by phone again"))
    found = [of(row)[0] for row in await told(office.store) if row.fact.kind == "consent_changed"]
    assert found == [(), orders("ann"), orders("ann")]
    assert not fact_visibility.may_see(Rights("ben", skills=("orders",)), ())
    assert fact_visibility.may_see(Rights("ben"), ())
