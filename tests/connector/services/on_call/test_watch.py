"""Alerts of a real store: raised for what is overdue, asked about, acknowledged by who may see them, and over."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from connector.domain import fact_visibility
from connector.domain.agent import Role
from connector.domain.alerts import GATHER_S, AlertRules
from connector.domain.refusals import Refused
from connector.domain.rights import Rights, rights_of
from connector.domain.rota import Rota
from connector.services.conversations import timers
from connector.services.on_call import watch
from connector.store.ports import Store
from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from tests.connector.domain.test_rota import shift
from tests.kit.stores import Place, agent, audit_entries, told
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

ROTA = Rota((shift(0, 24, "ann", "ben"),), ("lea",))


def night_office(store: Store, *, node: str = "n1", **more: Any) -> Office:
    """An office of a shop and a hotel in which Ann, then Ben, then Lea are on call."""
    office = Office(
        store, rules(account="shop"), rules(address=OTHER_LINE, account="hotel", skill="bookings"), node=node
    )
    office.brand = replace(office.brand, on_call=AlertRules(ROTA, **{"overdue_s": 60, **more}))
    return office


async def look(office: Office, **down: int) -> bool:
    """What a core does every two seconds. Whether anything was to be done."""
    await office.do(timers.run, 100)
    is_due = await office.store.read(lambda reading: watch.has_changed(reading, office.brand, office.now, down))
    if is_due:
        await office.do(watch.look, down)
    return is_due


async def pass_time(office: Office, seconds: float, **down: int) -> None:
    ends_at = office.now + seconds * 1000
    while office.now < ends_at:
        office.clock.advance(min(10, (ends_at - office.now) / 1000))
        await look(office, **down)


async def alerts(office: Office, name: str = "ann", *, since: int | None = None, **rights: Any) -> list[Any]:
    answer = await office.question(requests.GetAlerts(since), name=name, **rights)
    return list(answer.alerts)


async def known(office: Office, name: str, **rights: Any) -> None:
    """An agent of the store."""
    await office.do(lambda uow: uow.tx.agents.save(agent(id=name, name=name, **rights)))


async def overdue(office: Office, number: int = 1, *, line: str | None = None) -> None:
    """So many consumers have waited for too long."""
    for each in range(number):
        await office.text("Hello", consumer(each), **({"line": line} if line else {}))
    due_s = office.brand.rules.of("orders").response_s
    await pass_time(office, due_s + 70)


async def test_twenty_overdue_are_one_alert_that_goes_from_one_to_the_next(place: Place) -> None:
    office = night_office(await place.open())
    await overdue(office, 20)
    (alert,) = await alerts(office)
    assert (alert.kind, alert.account, alert.skill, alert.count) == ("overdue", "shop", "orders", 20)
    await pass_time(office, GATHER_S + 620)
    (alert,) = await alerts(office)
    assert [(step.people, step.asked_as) for step in alert.steps] == [
        (["ann"], "on_call"),
        (["ben"], "next"),
        (["lea"], "lead"),
    ]
    assert alert.next == ["ann"] and alert.next_at > office.now
    answer = await office.ask(requests.Acknowledge(), name="ben")
    assert isinstance(answer, answers.Acknowledged)
    assert [(one.id, one.acknowledged_by) for one in answer.alerts] == [(alert.id, "ben")]
    await pass_time(office, 2000)
    (after,) = await alerts(office)
    assert len(after.steps) == 3 and after.next_at is None
    kinds = [row.fact.kind for row in await told(office.store) if row.fact.kind.startswith("alert")]
    assert kinds == ["alert_raised", "alert_escalated", "alert_escalated", "alert_escalated", "alert_acknowledged"]
    audited = [(entry.actor, entry.action) for entry in await audit_entries(office.store)]
    assert audited == [("", "alert_raised"), *[("", "alert_escalated")] * 3, ("ben", "alert_acknowledged")]


async def test_it_ends_when_the_last_is_answered_and_the_count_is_true_until_then(place: Place) -> None:
    office = night_office(await place.open())
    await overdue(office, 3)
    await office.sign_in("zoe")
    first, *others = [await office.open_for(consumer(number)) for number in range(3)]
    await office.reply(first)
    await look(office)
    assert [one.count for one in await alerts(office)] == [2]
    for one in others:
        await office.reply(one)
    await look(office)
    assert await alerts(office) == []
    (over,) = await alerts(office, since=0)
    assert over.ended_at == office.now
    assert not await look(office), "nothing more is to be done"


async def test_what_becomes_overdue_after_the_acknowledgement_is_another_alert(place: Place) -> None:
    office = night_office(await place.open())
    await overdue(office)
    (first,) = await alerts(office)
    await office.ask(requests.Acknowledge([first.id]), name="ben")
    await pass_time(office, 60)
    await office.text("Me too", consumer(7))
    await pass_time(office, office.brand.rules.of("orders").response_s + 70)
    found = {one.id: one for one in await alerts(office)}
    assert len(found) == 2 and found.pop(first.id).count == 1
    (second,) = found.values()
    assert second.count == 1 and second.acknowledged_at is None
    await office.sign_in("zoe")
    await office.reply(await office.open_for(consumer(0)))
    await look(office)
    assert [one.id for one in await alerts(office)] == [second.id]


async def test_a_reminder_of_ones_own_calls_nobody(place: Place) -> None:
    office = night_office(await place.open())
    await office.sign_in("zoe")
    conversation = await office.text()
    await office.reply(conversation)
    await office.ask(requests.SetDue(conversation.id, office.now + 60_000), name="zoe")
    await pass_time(office, 3600)
    assert await alerts(office) == []


async def test_two_cores_ask_once(place: Place) -> None:
    one, other = await place.cores(2)
    here, there = night_office(one), night_office(other, node="n2")
    there.clock = here.clock
    await here.text("Hello")
    for _ in range(200):
        here.clock.advance(10)
        await look(here)
        await look(there)
    (alert,) = await alerts(here)
    times = [step.at for step in alert.steps]
    assert len(times) == len(set(times)) >= 3


async def test_a_repeated_request_and_one_about_what_is_acknowledged_change_nothing(store: SqlStore) -> None:
    office = night_office(store)
    await overdue(office)
    (alert,) = await alerts(office)
    for name in ("ben", "ann"):
        answer = await office.ask(requests.Acknowledge([alert.id]), name=name)
        assert isinstance(answer, answers.Acknowledged)
        assert answer.alerts[0].acknowledged_by == "ben"
    nothing = await office.ask(requests.Acknowledge(), name="ann")
    assert isinstance(nothing, answers.Acknowledged) and nothing.alerts == []


async def test_what_an_agent_does_not_see_does_not_exist(store: SqlStore) -> None:
    office = night_office(store)
    await known(office, "hal", accounts=("hotel",))
    await known(office, "sue", accounts=("shop",), skills=("orders",))
    await known(office, "ref", accounts=("shop",), skills=("refunds",))
    await overdue(office)
    seen = {name: await alerts(office, name, is_administrator=False) for name in ("hal", "sue", "ref")}
    assert {name: len(found) for name, found in seen.items()} == {"hal": 0, "sue": 1, "ref": 0}
    alert_id = seen["sue"][0].id
    with pytest.raises(Refused) as no:
        await office.ask(requests.Acknowledge([alert_id]), name="hal", is_administrator=False)
    assert no.value.code == RefusalCode.UNKNOWN_ALERT
    everything = await office.ask(requests.Acknowledge(), name="ref", is_administrator=False)
    assert isinstance(everything, answers.Acknowledged) and everything.alerts == []
    facts = [row.fact for row in await told(store) if row.fact.kind.startswith("alert")]
    for fact in facts:
        visibility = fact_visibility.decode(fact.visibility or "[]")
        assert fact_visibility.may_see(rights_of(agent(id="sue", accounts=("shop",), skills=("orders",))), visibility)
        assert not fact_visibility.may_see(rights_of(agent(id="hal", accounts=("hotel",))), visibility)


async def test_who_was_asked_sees_it_whatever_their_rights(store: SqlStore) -> None:
    office = night_office(store)
    await known(office, "ann", accounts=("hotel",))
    await overdue(office)
    assert await alerts(office, "ann", is_administrator=False) == []
    await pass_time(office, GATHER_S + 10)
    (alert,) = await alerts(office, "ann", is_administrator=False)
    await office.ask(requests.Acknowledge([alert.id]), name="ann", is_administrator=False)


async def test_an_account_that_is_down_is_for_who_answers_its_conversations(store: SqlStore) -> None:
    office = night_office(store)
    since = office.now
    await pass_time(office, 200, hotel=since)
    (alert,) = await alerts(office)
    assert (alert.kind, alert.account, alert.skill, alert.since) == ("account_down", "hotel", "", since)
    for rights, expected in (
        (Rights("x", skills=("bookings",)), 1),
        (Rights("x", accounts=("hotel",)), 1),
        (Rights("x", accounts=("shop",)), 0),
        (Rights("x", skills=("orders",)), 0),
        (Rights("x", Role.ADMINISTRATOR, accounts=("shop",)), 1),
    ):
        name = f"of {rights.accounts}{rights.skills}{rights.role}"
        await known(office, name, accounts=rights.accounts, skills=rights.skills, role=rights.role)
        assert len(await alerts(office, name, is_administrator=False)) == expected, name
    await pass_time(office, 120)
    assert await alerts(office) == []


async def test_who_is_on_call_is_told_for_ones_own_skills(store: SqlStore) -> None:
    office = night_office(store)
    answer = await office.question(requests.GetAlerts())
    assert [one.skill for one in answer.on_call] == ["bookings", "orders", "refunds"]
    assert (answer.on_call[0].people, answer.on_call[0].leads, answer.on_call[0].is_gap) == (
        ["ann", "ben"],
        ["lea"],
        False,
    )
    await known(office, "sue", skills=("orders",))
    own = await office.question(requests.GetAlerts(), name="sue", is_administrator=False)
    assert [one.skill for one in own.on_call] == ["orders"]


async def test_a_lead_who_is_first_of_the_shift_is_asked_first_and_told_so(place: Place) -> None:
    rota = Rota((shift(0, 24, "lea", "ann"),), ("lea",))
    office = night_office(await place.open())
    office.brand = replace(office.brand, on_call=AlertRules(rota, overdue_s=60))
    told_of = (await office.question(requests.GetAlerts())).on_call[0]
    assert (told_of.people, told_of.leads, told_of.is_gap) == (["lea", "ann"], [], False)
    await overdue(office)
    await pass_time(office, GATHER_S + 620)
    (alert,) = await alerts(office)
    assert [(step.people, step.asked_as) for step in alert.steps] == [
        (["lea"], "on_call"),
        (["ann"], "next"),
        (["lea"], "on_call"),  # the next round
    ]


async def test_without_a_rota_there_are_no_alerts_and_old_ones_end(store: SqlStore) -> None:
    office = night_office(store)
    await overdue(office)
    office.brand = replace(office.brand, on_call=None)
    await look(office)
    answer = await office.question(requests.GetAlerts())
    assert (answer.alerts, answer.on_call) == ([], [])
    await pass_time(office, 600)
    assert await alerts(office) == []
