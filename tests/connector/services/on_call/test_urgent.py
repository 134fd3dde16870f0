"""The most urgent of all skills and owners: in order, whole, and only what the asker may see."""

from __future__ import annotations

from typing import Any

from connector.domain.skill_rules import RingMode, Rules, SkillRules
from connector.providers.values import Accepted, Rejected
from connector.services.conversations import timers
from connector.services.sending import attempt_outcomes, outbox
from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from tests.connector.services.on_call.test_watch import known
from tests.kit.stores import Place
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules


async def urgent(office: Office, name: str = "ann", limit: int = 100, **rights: Any) -> answers.Urgent:
    found = await office.question(requests.GetUrgent(limit), name=name, **rights)
    assert isinstance(found, answers.Urgent)
    return found


def numbers(found: answers.Urgent) -> list[int]:
    return [int(view.consumer[-4:]) for view in found.conversations]


async def busy_night(place: Place) -> Office:
    """0 is overdue with Bob, 1 rings, 2 has a reply that was not sent, 3 may be an opt-out, 4 is due soon with Bob, 5
    and 6 wait in the queue, 7 was answered."""
    skills = Rules(
        SkillRules(undo_s=0, reopen_s=0, response_s=1000, soon_s=300, gone_s=10**6),
        {"bookings": SkillRules(ring=RingMode.RING, ring_s=900, undo_s=0, response_s=3000, soon_s=300)},
        known=("orders", "bookings"),
    )
    office = Office(await place.open(), rules(), rules(address=OTHER_LINE, skill="bookings"), skills=skills)
    await office.sign_in("bob", skills=("orders",))
    await office.text("Hello", consumer(0))
    await office.reply(await office.text("Hello", consumer(7)))
    office.clock.advance(252)
    await office.text("please leave me alone", consumer(3))
    await office.text("Hello", consumer(4))
    office.clock.advance(500)
    await office.reply(await office.text("Hello", consumer(2)))
    for _ in range(2):
        office.clock.advance(0.1)  # the line's pace
        for job, outgoing in await office.do(outbox.claim, "n1", 9):
            failed = Rejected("30006", "Landline.") if outgoing.consumer == consumer(2) else Accepted(job.id)
            await office.do(attempt_outcomes.record, job, failed)
    await known(office, "bob", skills=("orders",), capacity=0)
    await office.sign_in("cid", skills=("bookings",), capacity=1)
    await office.text("Hello", consumer(1), line=OTHER_LINE)
    for number in (5, 6):
        await office.text("Hello", consumer(number), line=OTHER_LINE)
        office.clock.advance(1)
    office.clock.advance(260)
    for _ in range(3):
        await office.do(timers.run, 50)
    return office


async def test_all_that_needs_somebody_in_order_whoever_has_it(place: Place) -> None:
    office = await busy_night(place)
    found = await urgent(office)
    assert numbers(found)[0] == 0 and 7 not in numbers(found)
    assert set(numbers(found)) == {0, 1, 2, 3, 4, 5, 6} and not found.more
    order = numbers(found)
    assert order[1] == 1 and {*order[2:4]} == {2, 3} and order[4:] == [4, 5, 6]
    views = {int(view.consumer[-4:]): view for view in found.conversations}
    assert (views[0].agent, views[0].due_told) == ("bob", "overdue")
    assert views[2].unsent == 1 and views[3].likely_opt_out


async def test_the_first_of_them_alone(place: Place) -> None:
    office = await busy_night(place)
    whole = numbers(await urgent(office))
    for limit in (1, 3, 6):
        found = await urgent(office, limit=limit)
        assert numbers(found) == whole[:limit] and found.more
    assert not (await urgent(office, limit=7)).more


async def test_only_what_one_may_see_and_ones_own_beyond_that(store: SqlStore) -> None:
    office = Office(store, rules(), rules(address=OTHER_LINE, account="other", skill="bookings"))
    await office.sign_in("ann", skills=("orders",), accounts=("main",), capacity=0)
    await office.text("Hello", consumer(1))
    await office.text("Hello", consumer(2), line=OTHER_LINE)
    assert numbers(await urgent(office, is_administrator=False)) == [1]
    assert numbers(await urgent(office)) == [1, 2]
