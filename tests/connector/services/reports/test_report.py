"""Reports: what leads, agents and administrators are told, for days of the brand's clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from connector.domain.agent import Role
from connector.domain.days import DAY_MS, date_of
from connector.domain.prices import Prices, read_prices
from connector.domain.refusals import Refused
from connector.domain.retention import Retention
from connector.domain.skill_rules import Rules, SkillRules
from connector.domain.status import Status
from connector.providers.values import Accepted, DeliveryReceipt
from connector.services.erasure import retention
from connector.services.sending import attempt_outcomes, outbox
from connector.store.sql.store import SqlStore
from connector.store.values import Cutoffs
from connector.wire import answers, requests
from connector.wire.views import ReportRowView
from tests.kit.stores import LINE, Place
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

SKILLS = Rules(SkillRules(undo_s=0, reopen_s=0, response_s=60), known=("orders", "bookings", "refunds"))


class Bureau(Office):
    """Two lines, of two skills and accounts; answers are due within a minute."""

    def __init__(self, store: SqlStore) -> None:
        quick = {"segments_per_s": 1_000_000.0}
        other = rules(address=OTHER_LINE, account="other", skill="bookings", **quick)
        lines = rules(entry_point="poster", **quick), other
        super().__init__(store, *lines, skills=SKILLS)

    async def report(
        self,
        by: str = "agent",
        *,
        since: int | None = None,
        until: int | None = None,
        only: dict[str, str] | None = None,
        name: str = "ann",
        is_administrator: bool = True,
    ) -> answers.Report:
        question = requests.GetReport(self.now if since is None else since, by, until, only or {})
        found = await self.question(question, name=name, is_administrator=is_administrator)
        assert isinstance(found, answers.Report)
        return found

    async def by(self, by: str, since: int | None = None) -> dict[str, ReportRowView]:
        return {row.key: row for row in (await self.report(by, since=since)).rows}

    async def answered(self, after_s: float, who: str, *, name: str = "ann", line: str = LINE) -> str:
        """A consumer writes, and this agent answers after so long. The conversation's id."""
        found = await self.text("Hello", who, line=line)
        self.clock.advance(after_s)
        await self.ask(requests.Reply(found.id, "Hello to you", accept=True), name=name)
        return found.id

    async def sent(self) -> None:
        for job, message in await self.do(outbox.claim, "n1", 100):
            await self.do(attempt_outcomes.record, job, Accepted(f"SM of {message.message_id}"))


@pytest.fixture
async def bureau(place: Place) -> AsyncIterator[Bureau]:
    yield Bureau(await place.open())


async def test_a_day_by_each_of_what_it_is_kept_apart_by(bureau: Bureau) -> None:
    for name in ("ann", "bob"):
        await bureau.sign_in(name, capacity=0)
    first = await bureau.answered(20, consumer(1))
    await bureau.answered(120, consumer(2), name="bob", line=OTHER_LINE)
    await bureau.text("Still waiting", consumer(3))
    await bureau.sent()
    await bureau.ask(requests.Close(first, "sold"))
    by_agent = await bureau.by("agent")
    assert {key: (row.answers, row.late, row.closed, row.segments) for key, row in by_agent.items()} == {
        "ann": (1, 0, 1, 1),
        "bob": (1, 1, 0, 1),
        "": (0, 0, 0, 0),
    }
    assert (by_agent[""].texts, by_agent[""].opened, by_agent[""].name) == (3, 3, "no agent")
    assert (by_agent["ann"].name, by_agent["ann"].first_answers) == ("ann", 1)
    assert by_agent["ann"].median_s is not None and 10 <= by_agent["ann"].median_s <= 20
    assert {key: (row.texts, row.replies) for key, row in (await bureau.by("skill")).items()} == {
        "orders": (2, 1),
        "bookings": (1, 1),
    }
    assert {key: row.texts for key, row in (await bureau.by("line")).items()} == {LINE: 2, OTHER_LINE: 1}
    assert {key: row.opened for key, row in (await bureau.by("entry_point")).items()} == {"poster": 2, "text_in": 1}
    by_outcome = await bureau.by("outcome")
    assert {key: (row.closed, row.replies, row.answers) for key, row in by_outcome.items()} == {"sold": (1, 1, 1)}
    (today,) = (await bureau.by("day")).values()
    assert (today.texts, today.replies, today.answer_ms) == (3, 2, 140_000)
    report = await bureau.report(by="hour")
    assert len(report.rows) == 24 and sum(row.texts for row in report.rows) == report.total.texts == 3
    only = await bureau.report(by="agent", only={"line": OTHER_LINE})
    assert [row.key for row in only.rows] == ["bob", ""] and only.total.replies == 1


async def test_an_answer_that_was_lost_or_undone_is_none_and_the_next_one_is(bureau: Bureau) -> None:
    await bureau.sign_in()
    conversation = await bureau.text("Hello")
    bureau.clock.advance(30)
    lost = await bureau.reply(conversation)
    await bureau.sent()
    assert (await bureau.report()).total.answers == 1
    await bureau.take(DeliveryReceipt(Status.UNDELIVERED, "undelivered", message_id=lost, code="30003"))
    report = await bureau.report()
    assert (report.total.answers, report.total.replies, report.total.failed) == (0, 1, 1)
    bureau.clock.advance(30)
    undone = await bureau.reply(conversation, "Again")
    assert (await bureau.report()).total.answer_ms // 1000 == 60
    await bureau.ask(requests.UndoReply(undone))
    assert (await bureau.report()).total.answers == 0
    await bureau.ask(requests.Resend(lost))
    total = (await bureau.report()).total
    assert (total.answers, total.first_answers, total.replies, total.answer_ms // 1000) == (1, 1, 2, 60)


async def test_a_closing_that_is_undone_counts_no_more(bureau: Bureau) -> None:
    await bureau.sign_in()
    key = await bureau.answered(5, consumer(1))
    await bureau.ask(requests.Close(key, "sold"))
    await bureau.sent()  # after it was counted
    await bureau.ask(requests.Reopen(key))
    assert not await bureau.by("outcome")
    assert (await bureau.report()).total.closed == 0
    await bureau.ask(requests.Close(key, "kept"))
    row = (await bureau.by("outcome"))["kept"]
    assert (row.closed, row.replies, row.segments) == (1, 1, 1)


async def test_an_outcome_is_masked_as_other_texts(bureau: Bureau) -> None:
    await bureau.sign_in()
    key = await bureau.answered(5, consumer(1))
    await bureau.ask(requests.Close(key, "paid 4242 4242 4242 4242"))
    (row,) = (await bureau.report("outcome")).rows
    assert row.key == row.name and "4242 4242" not in row.name and row.name.startswith("paid ")


async def test_moves_count_for_who_moves(bureau: Bureau) -> None:
    for name in ("ann", "bob", "lea"):
        await bureau.sign_in(name, capacity=0)
    one = (await bureau.text("Hello")).id
    await bureau.ask(requests.Accept(one), name="ann")
    await bureau.ask(requests.Transfer(one, agent="bob"), name="ann")
    await bureau.ask(requests.Accept(one), name="bob")
    await bureau.ask(requests.TakeOver(one), name="lea")
    await bureau.ask(requests.GiveBack(one), name="lea")
    moved = {key: (row.transfers, row.take_overs, row.give_backs) for key, row in (await bureau.by("agent")).items()}
    assert moved == {"ann": (1, 0, 0), "lea": (0, 1, 1), "": (0, 0, 0)}


async def test_leads_are_told_of_what_they_lead_and_agents_of_themselves(bureau: Bureau) -> None:
    await bureau.sign_in("ann", capacity=0)
    await bureau.sign_in("bob", capacity=0, skills=("bookings",))
    await bureau.sign_in("lea", capacity=0, role=Role.LEAD, skills=("bookings",))
    await bureau.sign_in("leo", capacity=0, role=Role.LEAD, accounts=("main",))
    await bureau.answered(20, consumer(1))
    await bureau.answered(20, consumer(2), name="bob", line=OTHER_LINE)

    async def told(name: str) -> tuple[list[str], bool]:
        report = await bureau.report(name=name, is_administrator=False)
        return sorted(row.key for row in report.rows if row.replies), report.is_own

    assert await told("ann") == (["ann"], True)
    assert await told("bob") == (["bob"], True)
    assert await told("lea") == (["bob"], False)
    assert await told("leo") == (["ann"], False)
    report = await bureau.report(is_administrator=False, only={"agent": "bob"})
    assert not [row for row in report.rows if row.replies]


async def test_days_are_those_of_the_brands_clock_and_outlast_the_messages(bureau: Bureau) -> None:
    zone = ZoneInfo("Asia/Kolkata")
    kept = {"main": Retention(messages_days=7), "other": Retention(messages_days=7)}
    bureau.brand = msgspec.structs.replace(bureau.brand, zone=zone, retention=kept)
    await bureau.sign_in()
    start = bureau.now
    for number in range(4):
        key = await bureau.answered(30, consumer(number))
        await bureau.ask(requests.Close(key, "sold" if number % 2 else ""))
        bureau.clock.advance(12 * 3600)
    until, kinds = bureau.now, ("agent", "day", "outcome", "line")
    before = [await bureau.report(by, since=start, until=until) for by in kinds]
    assert [row.replies for row in before[1].rows if row.replies] in ([2, 2], [1, 2, 1])
    assert all(row.name[:2] == "20" for row in before[1].rows)
    bureau.clock.advance(9 * 86_400)
    while await bureau.do(retention.expire):
        pass
    assert not await bureau.store.read(lambda reading: reading.history(consumer(1), None, 9))
    after = [await bureau.report(by, since=start, until=until) for by in kinds]
    for one in (*before, *after):
        for row in one.rows:
            assert row.online_ms >= 0
    plain = [[msgspec.structs.replace(row, online_ms=0) for row in one.rows] for one in (*before, *after)]
    assert plain[:4] == plain[4:]


async def test_what_it_cost_by_the_prices_of_each_day_and_country(bureau: Bureau) -> None:
    await bureau.sign_in()
    start = bureau.now
    day = date_of(start, None)
    prices = Prices(
        read_prices({day.isoformat(): "0.0079 USD", (day + timedelta(days=2)).isoformat(): "0.01 USD"}),
        read_prices("0.005 EUR"),
        {"49": read_prices("0.09 USD")},
    )
    bureau.lines[LINE] = msgspec.structs.replace(bureau.lines[LINE], prices=prices)
    for who in (consumer(1), "+4915112345678"):
        await bureau.answered(5, who)
        await bureau.answered(5, who, line=OTHER_LINE)
    await bureau.sent()
    bureau.clock.advance(2 * 86_400)
    await bureau.answered(5, consumer(2))
    await bureau.sent()
    report = await bureau.report("line", since=start)
    rows = {row.key: (row.cost, row.unpriced) for row in report.rows}
    assert rows == {LINE: ({"EUR": "0.015", "USD": "0.1079"}, 0), OTHER_LINE: ({}, 2)}
    assert (report.total.cost, report.total.unpriced) == ({"EUR": "0.015", "USD": "0.1079"}, 2)
    assert [row.cost.get("USD") for row in (await bureau.report("day", since=start)).rows] == ["0.0979", None, "0.01"]


async def test_how_long_agents_were_online(bureau: Bureau) -> None:
    await bureau.sign_in("ann")
    await bureau.sign_in("bob")
    bureau.clock.advance(1800)
    await bureau.ask(requests.SetPresence("away"), name="ann")
    bureau.clock.advance(900)
    online = {key: row.online_ms for key, row in (await bureau.by("agent", since=bureau.now - DAY_MS)).items()}
    assert online == {"ann": 1_800_000, "bob": 2_700_000}
    report = await bureau.report(by="hour", since=bureau.now - DAY_MS)
    assert report.total.online_ms == 4_500_000 == sum(row.online_ms for row in report.rows)
    assert (await bureau.report(by="line", since=bureau.now - DAY_MS)).total.online_ms == 0


async def test_hours_are_kept_for_some_weeks(bureau: Bureau) -> None:
    await bureau.sign_in()
    with pytest.raises(Refused, match="What was counted by hour stays for 35 days"):
        await bureau.report("hour", since=0, until=bureau.now - 50 * DAY_MS)


async def test_old_hours_and_days_are_deleted_in_steps(bureau: Bureau) -> None:
    await bureau.sign_in()
    start = bureau.now
    await bureau.answered(5, consumer(1))
    bureau.clock.advance(40 * 86_400)
    await bureau.answered(5, consumer(2))
    cutoffs = Cutoffs(tally_hours_before=bureau.now - 35 * DAY_MS, tally_days_before=start - DAY_MS)
    while await bureau.store.write(lambda tx: tx.purge(cutoffs, 1000)):
        pass
    assert (await bureau.report(since=start)).total.replies == 2
    later = Cutoffs(tally_hours_before=bureau.now - 35 * DAY_MS, tally_days_before=bureau.now - DAY_MS)
    while await bureau.store.write(lambda tx: tx.purge(later, 1000)):
        pass
    assert (await bureau.report(since=start)).total.replies == 1
