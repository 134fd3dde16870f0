"""Every stored moment is bounded: after the clock was set back, what was put too far ahead is counted from now."""

from __future__ import annotations

import inspect
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import BigInteger, select, update

from connector.domain.agent import Presence, PresenceSpan
from connector.domain.alerts import SELDOM_S, AlertRules
from connector.domain.attempts import RECEIPT_WITHIN_S
from connector.domain.conversation import Conversation, ConversationState, DueRule
from connector.domain.rota import Rota
from connector.domain.skill_rules import RingMode, Rules, SkillRules
from connector.providers.values import Accepted, InboundText, TryLater, Uncertain
from connector.services import work
from connector.services.accounts.recent_counts import RecentCounts, total
from connector.services.conversations import timers
from connector.services.routing import absence
from connector.services.routing.desks import LEASE_S
from connector.services.sending import attempt_outcomes, look_ups, outbox
from connector.services.stored_moments import MARKS, MOMENTS, after_step, bring_back, limits_of
from connector.store.marks import MarkKey
from connector.store.ports import Reading, Transaction
from connector.store.sql.columns import Serial
from connector.store.sql.engines import engines_for
from connector.store.sql.tables.base import metadata
from connector.store.values import CounterKind, Span
from connector.wire import requests
from tests.kit import stores
from tests.kit.stores import LINE, Place
from tests.kit.use_cases import Office, rules

HOUR_S, DAY_S = 3600, 24 * 3600
STEPS_S = (-HOUR_S, HOUR_S, DAY_S)
FAR_MS = 30 * DAY_S * 1000


def test_every_stored_moment_has_a_bound() -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, BigInteger) and column.type is not Serial
    }
    assert MOMENTS.keys() == columns


def test_every_mark_has_a_bound() -> None:
    constructors = {name for name, _ in inspect.getmembers(MarkKey, inspect.ismethod)}
    assert constructors == MARKS.keys()


def _everything(tx: Transaction) -> None:
    """A row of each table that has a bounded moment."""
    tx.conversations.insert(stores.conversation())
    tx.messages.add_once(stores.message())
    tx.agents.save(stores.agent(presence=Presence.AWAY))  # so that nothing is placed
    tx.agents.save_desk(stores.desk())
    tx.agents.begin_span(PresenceSpan("ann", "online", "", stores.NOW))
    tx.attempts.add(stores.attempt())
    tx.work.add(stores.work())
    tx.uploads.add(stores.upload())
    tx.alerts.add(stores.alert())
    tx.marks.set(MarkKey.paused_until("main"), stores.NOW)


def _latest(office: Office, name: str) -> int:
    """The latest that this moment can be now, by the rules' own values."""
    rule, now, of_work = SkillRules(), office.now, limits_of(office.brand, office.now)
    ahead_s = {
        "alerts.next_at": SELDOM_S,
        "conversations.again_at": rule.ring_s,
        "conversations.due_at": rule.response_s,
        "conversations.light_at": rule.idle_after_s,
        "conversations.ring_until": rule.transfer_s,
        "conversations.wrap_up_until": rule.wrap_up_s,
        "desks.lease_until": LEASE_S,
        "uploads.expires_at": DAY_S,
        "work.due_at": max(one.due_at for one in of_work.work if one.kind == work.SEND and one.tries == 0) / 1000
        - now / 1000,
    }
    ahead_s["work.ready_at"] = ahead_s["work.due_at"]
    return now + round(ahead_s.get(name, 0) * 1000)


@pytest.mark.parametrize("name", sorted(name for name, bound in MOMENTS.items() if bound.is_bounded))
async def test_what_is_too_far_ahead_is_brought_back(place: Place, name: str) -> None:
    store = await place.open()
    office = Office(store)
    await store.write(_everything)
    table_name, column_name = name.split(".")
    column = metadata.tables[table_name].c[column_name]
    far = {column_name: office.now + FAR_MS}
    if name == "work.due_at":
        far["ready_at"] = office.now + FAR_MS  # which follows it
    await _set(place, table_name, far)
    store = await place.open()  # which remembers nothing
    office = Office(store)
    office.brand = replace(office.brand, on_call=AlertRules(Rota((), ("lea",))))
    await office.do(bring_back)
    engines = engines_for(place.where, readers=1)
    with engines.reading.connect() as connection:
        (found,) = connection.execute(select(column)).scalars()
    engines.dispose()
    assert found == _latest(office, name)


async def _set(place: Place, table_name: str, values: dict[str, Any]) -> None:
    engines = engines_for(place.where, readers=1)
    with engines.writing.begin() as connection:
        connection.execute(update(metadata.tables[table_name]).values(**values))
    engines.dispose()


@pytest.mark.parametrize("of", ["paced_until", "paused_until", "recovered_until", "recovery_began"])
async def test_marks_are_brought_back(place: Place, of: str) -> None:
    office = Office(await place.open(), rules(segments_per_s=1.0))
    key = getattr(MarkKey, of)(LINE if of == "paced_until" else "main")
    await office.store.write(lambda tx: tx.marks.set(key, office.now + FAR_MS))
    await office.do(bring_back)
    at = await office.store.read(lambda reading: reading.mark(key))
    assert at is not None
    assert at == office.now


async def test_marks_that_a_rule_can_set_stay(place: Place) -> None:
    office = Office(await place.open(), rules(segments_per_s=1.0))
    for key, ahead_ms in {MarkKey.paced_until(LINE): 49_000, MarkKey.paused_until("main"): 900_000}.items():
        await _set_mark(office, key, office.now + ahead_ms)
        await office.do(bring_back)
        assert await office.store.read(partial(_mark, key=key)) == office.now + ahead_ms


async def _set_mark(office: Office, key: MarkKey, at: int) -> None:
    await office.store.write(lambda tx: tx.marks.set(key, at))


def _mark(reading: Reading, key: MarkKey) -> int | None:
    return reading.mark(key)


async def test_what_is_set_by_hand_stays(place: Place) -> None:
    office = Office(await place.open())
    by_hand = office.now + 300 * DAY_S * 1000
    await office.store.write(
        lambda tx: tx.conversations.insert(
            stores.conversation(due_at=by_hand, due_by=DueRule.MANUAL, reminder_at=by_hand)
        )
    )
    before = await _conversation(office)
    await office.do(bring_back)
    assert await _conversation(office) == before


async def _conversation(office: Office, conversation_id: str = "C1") -> Conversation:
    found = await office.store.read(lambda reading: reading.conversation(conversation_id))
    assert found is not None
    return found


async def _step_and_back(office: Office, step_s: int, *, lasts_s: int = 10) -> None:
    """The clock is set, goes on, and is set right."""
    office.clock.set_by(step_s)
    await office.do(bring_back)
    office.clock.advance(lasts_s)
    office.clock.set_by(-step_s)
    await office.do(bring_back)


@pytest.mark.parametrize("step_s", STEPS_S)
async def test_replies_leave_at_the_pace_of_their_line_after_a_step(place: Place, step_s: int) -> None:
    office = Office(await place.open(), rules(segments_per_s=1.0))
    await office.sign_in()
    conversation = await office.text()
    office.clock.set_by(step_s)
    await office.do(bring_back)
    for number in range(4):
        await office.reply(conversation, f"number {number}")
    await _send_what_is_due(office)  # which sets the mark of the line's pace
    office.clock.set_by(-step_s)
    await office.do(bring_back)
    sent = 0
    for _ in range(8):
        sent += await _send_what_is_due(office)
        office.clock.advance(1)
    assert sent == 3
    assert not await office.store.read(lambda reading: reading.work_depths(work.SEND, office.now))


async def _send_what_is_due(office: Office) -> int:
    claimed = await office.do(outbox.claim, "n1", 10)
    for job, _ in claimed:
        await office.do(attempt_outcomes.record, job, Accepted(ref=f"ref of {job.id}"))
    return len(claimed)


@pytest.mark.parametrize("step_s", STEPS_S)
async def test_a_pause_and_a_retry_end_in_time_after_a_step(place: Place, step_s: int) -> None:
    office = Office(await place.open())
    await office.sign_in()
    conversation = await office.text()
    office.clock.set_by(step_s)
    await office.do(bring_back)
    await office.reply(conversation)
    ((job, _),) = await office.do(outbox.claim, "n1", 10)
    await office.do(attempt_outcomes.record, job, TryLater("too much", after_s=30, is_pause=True))
    office.clock.set_by(-step_s)
    await office.do(bring_back)
    office.clock.advance(30)
    assert await _send_what_is_due(office) == 1


@pytest.mark.parametrize("step_s", [HOUR_S, DAY_S])
async def test_what_was_sent_by_a_wrong_clock_is_sought_before_it(place: Place, step_s: int) -> None:
    office = Office(await place.open())
    await office.sign_in()
    conversation = await office.text()
    office.clock.set_by(step_s)
    await office.do(bring_back)
    await office.reply(conversation)
    ((job, _),) = await office.do(outbox.claim, "n1", 10)
    await office.do(attempt_outcomes.record, job, Uncertain("The connection broke."))
    office.clock.set_by(-step_s)
    await office.do(bring_back)
    office.clock.advance(RECEIPT_WITHIN_S)
    ((_, sought),) = await office.do(look_ups.claim, "n1", 10)
    assert sought.written_at < office.now - HOUR_S * 1000


@pytest.mark.parametrize("step_s", STEPS_S)
async def test_rings_and_wrap_ups_end_in_time_after_a_step(place: Place, step_s: int) -> None:
    ring = SkillRules(ring=RingMode.RING, ring_s=60, transfer_s=60, wrap_up_s=30, undo_s=0, reopen_s=0, gone_s=10**6)
    office = Office(await place.open(), skills=Rules(ring, known=("orders",)))
    await office.sign_in("ann", capacity=2)
    closing = await office.text(consumer="+14155550001")
    await office.ask(requests.Accept(closing.id))
    office.clock.set_by(step_s)
    await office.do(bring_back)
    await office.ask(requests.Close(closing.id))
    ringing = await office.text(consumer="+14155550002")
    assert ringing.rings == ("ann",)
    office.clock.set_by(-step_s)
    await office.do(bring_back)
    office.clock.advance(61)
    while await office.do(timers.run, 10):
        pass
    assert (await _conversation(office, closing.id)).state is ConversationState.CLOSED
    rung = await _conversation(office, ringing.id)
    assert rung.tried == ("ann",), "the ring has ended"


@pytest.mark.parametrize("step_s", STEPS_S)
async def test_alarms_are_raised_in_time_after_a_step(place: Place, step_s: int) -> None:
    office = Office(await place.open())
    await office.sign_in()
    office.clock.set_by(step_s)
    await office.do(bring_back)
    conversation = await office.text()
    while await office.do(timers.run, 10):
        pass
    office.clock.set_by(-step_s)
    await office.do(bring_back)
    office.clock.advance(SkillRules().response_s)
    while await office.do(timers.run, 10):
        pass
    assert (await _conversation(office, conversation.id)).due_told == "overdue"
    assert len(await office.events("overdue")) == 1


@pytest.mark.parametrize("step_s", STEPS_S)
async def test_a_desk_that_is_gone_is_not_connected_for_longer_after_a_step(place: Place, step_s: int) -> None:
    office = Office(await place.open())
    office.clock.set_by(step_s)
    await office.store.write(lambda tx: tx.agents.save(stores.agent()))
    await office.store.write(lambda tx: tx.agents.save_desk(stores.desk(lease_until=office.now + LEASE_S * 1000)))
    office.clock.set_by(-step_s)
    await office.do(bring_back)
    office.clock.advance(LEASE_S)
    await office.do(absence.sweep)
    assert not await office.store.write(lambda tx: tx.agents.connected(office.now))


@pytest.mark.parametrize("step_s", [HOUR_S, DAY_S])
async def test_a_step_forward_takes_no_work_from_another_core(place: Place, step_s: int) -> None:
    office = Office(await place.open())
    await office.sign_in()
    await office.reply(await office.text())
    ((job, _),) = await office.do(outbox.claim, "n1", 10)
    before = office.now
    office.clock.set_by(step_s)
    for _ in range(2):  # each core does so
        await office.do(after_step, before)
    assert await office.do(outbox.claim, "n2", 10) == []
    office.clock.advance(work.LEASE_S - 1)
    assert await office.do(outbox.claim, "n2", 10) == []
    office.clock.advance(2)
    await office.do(outbox.claim, "n2", 10)
    attempt = await office.attempt(job.subject)
    assert attempt is not None
    assert attempt.outcome == "uncertain", "a worker that is dead is noticed"


async def test_the_last_hour_holds_nothing_of_hours_to_come(place: Place) -> None:
    office = Office(await place.open())
    office.clock.set_by(DAY_S)
    await office.take(InboundText(ref="SM1", line=LINE, consumer="+14155550001", text="Hello"))
    office.clock.set_by(-DAY_S)
    await office.take(InboundText(ref="SM2", line=LINE, consumer="+14155550001", text="Hello"))
    counts = RecentCounts()
    await office.store.read(lambda reading: counts.refresh(reading, office.now))
    assert total(counts.hour.of("main"), CounterKind.INBOUND) == 1
    stored = await office.store.read(lambda reading: reading.counters(Span.MINUTE, 0))
    assert sum(row.count for row in stored if row.kind is CounterKind.INBOUND) == 2


async def test_bringing_back_twice_changes_nothing_more(place: Place) -> None:
    office = Office(await place.open())
    await office.sign_in()
    await office.text()
    await _step_and_back(office, HOUR_S)
    told = await office.events("conversation_updated")
    await office.do(bring_back)
    assert await office.events("conversation_updated") == told
