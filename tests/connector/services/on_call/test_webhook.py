"""The webhook's outbox: bounded, the oldest give way; and nothing of a consumer is in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from connector.domain.alerts import AlertRules
from connector.services.on_call import webhook
from connector.services.on_call.alert_views import alert_view
from connector.services.unit_of_work import UnitOfWork
from connector.store.sql.store import SqlStore
from connector.wire import events
from tests.connector.services.on_call.test_watch import ROTA, alerts, night_office, overdue, pass_time
from tests.kit.stores import Place, alert
from tests.kit.use_cases import Office


def with_webhook(office: Office) -> Office:
    office.brand = replace(office.brand, on_call=AlertRules(ROTA, overdue_s=60, has_webhook=True))
    return office


async def bodies(office: Office) -> list[Any]:
    found = await office.do(lambda uow: uow.tx.webhook_outbox.oldest(10_000))
    return [json.loads(one.body) for one in found]


async def test_when_too_many_wait_the_oldest_give_way(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "MOST_WAITING", 5)
    office = with_webhook(Office(await place.open()))

    def add(uow: UnitOfWork, number: int) -> None:
        webhook.add(uow, events.AlertRaised, alert_view(alert(id=f"L{number}"), office.brand))

    for number in range(8):
        await office.do(add, number)
        office.clock.advance(1)
    assert [one["data"]["id"] for one in await bodies(office)] == ["L3", "L4", "L5", "L6", "L7"]
    state = await office.store.read(webhook.state)
    assert state.waiting == 5 and state.given_up_at is not None
    claimed = await office.do(webhook.claim, "n1")
    assert claimed is not None
    job, event = claimed
    assert json.loads(event.body)["data"]["id"] == "L3"
    await office.do(add, 8)
    assert (await bodies(office))[0]["data"]["id"] == "L3", "what is being posted stays"
    assert await office.do(webhook.claim, "n2") is None, "two cores do not post at once"
    await office.do(lambda uow: webhook.taken(uow, job))
    assert (await office.store.read(webhook.state)).waiting == 5


async def test_what_a_core_that_died_was_posting_another_posts_half_a_minute_later(place: Place) -> None:
    office = with_webhook(Office(await place.open()))
    await office.do(lambda uow: webhook.add(uow, events.AlertRaised, alert_view(alert(), office.brand)))
    first = await office.do(webhook.claim, "n1")
    office.clock.advance(29)
    assert await office.do(webhook.claim, "n2") is None
    office.clock.advance(1)
    second = await office.do(webhook.claim, "n2")
    assert first is not None and second is not None and first[1] == second[1]


async def test_no_number_and_no_text_of_a_consumer_is_posted(store: SqlStore) -> None:
    office = with_webhook(night_office(store))
    await overdue(office, 3)
    await pass_time(office, 700)
    (one,) = await alerts(office)
    found = await bodies(office)
    assert [each["type"] for each in found] == ["alert.raised", *["alert.escalated"] * len(one.steps)]
    assert "Hello" not in json.dumps(found) and "+1415555" not in json.dumps(found)
    assert found[0]["data"]["count"] == 3


async def test_without_a_webhook_nothing_is_stored_for_it(store: SqlStore) -> None:
    office = night_office(store)
    await overdue(office)
    await pass_time(office, 700)
    assert await bodies(office) == []
