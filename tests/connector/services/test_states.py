"""Every state that is not final has an owner, a deadline and a sweeper: docs/states.md names them, this proves them.

A state that is added to the code fails here until it has a row, and a row until a case shows its sweeper at work.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from connector.base.supervise import Supervisor
from connector.domain.account import AccountMode
from connector.domain.agent import Presence
from connector.domain.alerts import AlertRules
from connector.domain.conversation import BackFrom, ConversationState, DueAlarm
from connector.domain.media import Media, MediaState
from connector.domain.rota import Rota
from connector.domain.skill_rules import RingMode, Rules, SkillRules
from connector.domain.status import Status
from connector.edge.background.periodic import purge
from connector.pictures.values import FetchFailed, Patience
from connector.providers.values import Accepted, DeliveryReceipt, InboundText, Outcome, Rejected, TryLater, Uncertain
from connector.services import pictures, work
from connector.services.accounts.stored_hooks import set_aside
from connector.services.conversations import timers
from connector.services.on_call import watch
from connector.services.routing import absence, desks
from connector.services.sending import attempt_outcomes, look_ups, outbox, polls
from connector.services.sending.holds import AccountHolds
from connector.services.unit_of_work import UnitOfWork
from connector.services.work import FETCH, LEASE_S, LOOK_UP, POLL, SEND, WEBHOOK
from connector.store.hook_budgets import Standing
from connector.store.marks import MarkKey
from connector.store.sql.store import SqlStore
from connector.store.sql.tables.base import metadata
from connector.store.values import HookState, Work
from connector.wire import administration, requests
from tests.kit.clocks import WatchedClock
from tests.kit.stores import LINE, agent, desk, hook, upload
from tests.kit.use_cases import Office, consumer, rules

PAGE = Path(__file__).parents[3].joinpath("docs/states.md").read_text(encoding="utf-8")
DAY_MS = 24 * 3_600_000
_DEADLINE = re.compile(r"(_until|^due_at|^expires_at|^timer_at|^ready_at|^reminder_at|^is_unsettled)$")
_NO_DEADLINES = {"presence_spans.until_at", "reply_actions.reminder_at"}

STATES: dict[str, set[str]] = {
    "conversation": set(ConversationState),
    "reply": set(Status),
    "picture": set(MediaState),
    "hook": set(HookState),
    "presence": set(Presence),
    "account": set(AccountMode),
    "work": {value for name, value in vars(work).items() if name.isupper() and isinstance(value, str)},
    "mark": {name for name, value in vars(MarkKey).items() if isinstance(value, classmethod)},
}


def table(title: str) -> list[list[str]]:
    """The rows of a section, as lists of cells."""
    section = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return rows[2:]


ENDING = {row[0].replace("`", ""): row for row in table("States that end")}
LASTING = [row[0] for row in table("States that are final or hold until somebody changes them")]


@pytest.mark.parametrize("kind", STATES)
def test_every_state_has_its_row(kind: str) -> None:
    ending = {name.removeprefix(f"{kind} ") for name in ENDING if name.startswith(f"{kind} ")}
    lasting = {word for row in LASTING if row.startswith(f"{kind} ") for word in re.findall(r"`(\w+)`", row)}
    states = {str(state) for state in STATES[kind]}
    assert states - ending - lasting == set()
    assert {name for name in ending | lasting if " " not in name} - states == set()
    assert ending & lasting == set()


def test_every_stored_deadline_is_named() -> None:
    columns = [f"{each.name}.{column.name}" for each in metadata.tables.values() for column in each.columns]
    deadlines = [name for name in columns if _DEADLINE.search(name.partition(".")[2]) and name not in _NO_DEADLINES]
    assert len(deadlines) > 8
    assert [name for name in deadlines if f"`{name}`" not in PAGE] == []


@pytest.mark.parametrize("state", ENDING)
def test_every_row_has_an_owner_a_deadline_and_a_sweeper_that_exists(state: str) -> None:
    _, owner, deadline, sweeper = ENDING[state]
    assert owner and deadline
    module, _, name = sweeper.strip("`").rpartition(".")
    assert inspect.isfunction(getattr(importlib.import_module(module), name))


def test_every_row_has_a_case() -> None:
    assert set(CASES) == set(ENDING)


class Stage:
    """One office with what the cases share. `found`: the id a case is about."""

    def __init__(self, store: SqlStore) -> None:
        self.found = ""
        self.deadline = 0
        self.store = store
        self.use(SkillRules(undo_s=0, reopen_s=0))
        self._numbers = itertools.count()

    def use(self, skill: SkillRules, **line: Any) -> Office:
        """The office with these rules, at the same moment."""
        self.office = Office(
            self.store, rules(**{"segments_per_s": 1e9} | line), skills=Rules(skill, known=("orders",))
        )
        self.office.clock = WatchedClock()
        return self.office

    async def conversation(self) -> Any:
        return await self.store.read(lambda reading: reading.conversation(self.found))

    async def text(self, words: str = "Hello") -> Any:
        one = await self.office.text(words, consumer(next(self._numbers)))
        self.found = one.id
        return one

    async def reply(self) -> str:
        await self.office.sign_in()
        self.found = await self.office.reply(await self.office.text(consumer=consumer(next(self._numbers))))
        return self.found

    async def ended(self, outcome: Outcome) -> str:
        message_id = await self.reply()
        for job, _ in await self.office.do(outbox.claim, "n1", 9):
            await self.office.do(attempt_outcomes.record, job, outcome)
        return message_id

    async def due(self, kind: str) -> int:
        at = await self.store.read(lambda reading: reading.next_due(kind, self.office.now))
        assert at is not None
        return at

    def until(self, at: int) -> None:
        self.office.clock.advance((at - self.office.now) / 1000)

    # Sweepers

    async def timers(self) -> None:
        await self.office.do(timers.run, 50)

    async def on_call(self) -> None:
        await self.office.do(watch.look, {})

    async def absence(self) -> None:
        await self.office.do(absence.sweep)

    async def send(self) -> None:
        await self.office.do(outbox.claim, "n2", 9)

    async def look_up(self) -> None:
        for job, _ in await self.office.do(look_ups.claim, "n2", 9):
            await self.office.do(look_ups.record, job, Uncertain("It does not answer."))

    async def poll(self) -> None:
        for job, ref in await self.office.do(polls.claim, "n2", 9):
            await self.office.do(polls.record, job, [DeliveryReceipt(Status.DELIVERED, "delivered", ref=ref)])

    async def fetch(self) -> None:
        late = FetchFailed("It is not there.", Patience.MINUTES)
        for job, _ in await self.office.do(pictures.claim, "n2", 9):
            await self.office.do(pictures.record, job, {0: late})

    async def purge(self) -> None:
        clock = WatchedClock()
        clock.advance((self.office.now - clock.now()) / 1000)
        async with Supervisor() as tasks:
            tasks.start("purge", purge(self.store, self.office.live, clock))
            await clock.until_sleepers(1)
            tasks.stop()


Begin = Callable[[Stage], Awaitable[int]]  # brings the state about, and returns its deadline
Sweep = Callable[[Stage], Awaitable[None]]
IsOver = Callable[[Stage], Awaitable[bool]]


async def is_alarmed(stage: Stage) -> bool:
    told: DueAlarm = (await stage.conversation()).due_told
    return told is not DueAlarm.NONE


def status_is(status: Status) -> IsOver:
    async def holds(stage: Stage) -> bool:
        return (await stage.office.message(stage.found)).status is status

    return holds


def state_is_not(state: ConversationState) -> IsOver:
    async def holds(stage: Stage) -> bool:
        found: ConversationState = (await stage.conversation()).state
        return found is not state

    return holds


async def queued(stage: Stage) -> int:
    found: int = (await stage.text()).timer_at
    return found


async def ringing(stage: Stage) -> int:
    await stage.use(SkillRules(ring=RingMode.RING, ring_s=20, undo_s=0)).sign_in()
    stage.deadline = (await stage.text()).ring_until
    return stage.deadline


async def has_rung_out(stage: Stage) -> bool:
    """It rings no more, or anew."""
    until: int | None = (await stage.conversation()).ring_until
    return until != stage.deadline


async def assigned(stage: Stage) -> int:
    await stage.use(SkillRules(silent_s=60, undo_s=0)).sign_in()
    found: int = (await stage.text()).waiting_since
    return found + 60_000


async def wrap_up(stage: Stage) -> int:
    office = stage.use(SkillRules(wrap_up_s=30, undo_s=0))
    await office.sign_in()
    await office.ask(requests.Close((await stage.text()).id))
    found: int = (await stage.conversation()).wrap_up_until
    return found


async def reply_queued(stage: Stage) -> int:
    stage.use(SkillRules(undo_s=5))
    await stage.reply()
    return stage.office.now + 5_000


async def reply_sending(stage: Stage) -> int:
    await stage.reply()
    await stage.office.do(outbox.claim, "n1", 9)
    return stage.office.now + LEASE_S * 1000


async def reply_uncertain(stage: Stage) -> int:
    await stage.ended(Uncertain("The connection broke."))
    ended_at = stage.office.now
    while (at := await stage.due(LOOK_UP)) - ended_at < 1_000_000:
        stage.until(at)
        await stage.look_up()
    return at


async def is_left_to_an_agent(stage: Stage) -> bool:
    return (await stage.office.message(stage.found)).is_unsettled


def reply_taken(status: Status) -> Begin:
    async def begin(stage: Stage) -> int:
        await stage.ended(Accepted("SM1", status))
        return stage.office.now + 300_000

    return begin


async def unsettled(stage: Stage) -> int:
    message_id = await stage.ended(Rejected("21612", "This number cannot be reached."))
    message = await stage.office.message(message_id)
    assert message.is_unsettled
    stage.found = message.conversation_id
    found: int = (await stage.conversation()).timer_at
    return found


async def picture(stage: Stage) -> int:
    arrival = InboundText("SM1", LINE, consumer(1), "Look", media=(Media("https://x.example/1", "image/png"),))
    await stage.office.take(arrival)
    began_at = stage.office.now
    while (at := await stage.due(FETCH)) - began_at < 600_000:
        stage.until(at)
        await stage.fetch()
    return at


async def picture_has_failed(stage: Stage) -> bool:
    [message] = await stage.store.read(lambda reading: reading.history((consumer(1)), None, 9))
    return message.media[0].state is MediaState.FAILED


def work_of(kind: str) -> Begin:
    async def begin(stage: Stage) -> int:
        job = Work(id="W1", kind=kind, subject="M1", account="main", lane="L", ordinal="1", due_at=stage.office.now)
        await stage.store.write(lambda tx: tx.work.add(job))
        assert await stage.office.do(claim, kind)
        return stage.office.now + LEASE_S * 1000

    return begin


def claim(uow: UnitOfWork, kind: str) -> list[Work]:
    return work.claim(uow, kind, "n2", 9)


def claimed_again(kind: str) -> tuple[Sweep, IsOver]:
    async def sweep(stage: Stage) -> None:
        stage.found = ", ".join(job.id for job in await stage.office.do(claim, kind))

    async def is_over(stage: Stage) -> bool:
        return stage.found == "W1"

    return sweep, is_over


def hook_for(state: HookState, days: int) -> Begin:
    async def begin(stage: Stage) -> int:
        one = hook(id="H1", at=stage.office.now, state=state)
        if state is not HookState.TAKEN:
            standing = {60: Standing.GENUINE}.get(days, Standing.UNUSED)
            one = set_aside(one, state, "It says nothing.", standing)
        await stage.store.write(lambda tx: tx.hooks.add(one))
        return stage.office.now + days * DAY_MS + 1

    return begin


async def hook_is_gone(stage: Stage) -> bool:
    return await stage.store.read(lambda reading: reading.hook("H1")) is None


async def uploaded(stage: Stage) -> int:
    one = upload(expires_at=stage.office.now + DAY_MS)
    await stage.store.write(lambda tx: tx.uploads.add(one))
    return one.expires_at


async def upload_is_gone(stage: Stage) -> bool:
    return await stage.store.write(lambda tx: tx.uploads.get("U1")) is None


async def desk_connected(stage: Stage) -> int:
    until = stage.office.now + 30_000
    await stage.office.do(desks.connect, agent(), desk(lease_until=until))
    return until


async def desk_is_gone(stage: Stage) -> bool:
    return not await stage.office.do(lambda uow: uow.tx.agents.desks_of("n1"))


async def line_is_silent(stage: Stage) -> int:
    office = stage.use(SkillRules(gone_s=100, undo_s=0))
    place = desk(lease_until=office.now + 200_000)
    await office.do(desks.connect, agent(), place)
    await stage.text()
    await office.do(desks.line_changed, replace(place, is_silent=True))
    return office.now + 100_000


def owner_is(presence: str) -> Begin:
    async def begin(stage: Stage) -> int:
        office = stage.use(SkillRules(away_s=100, undo_s=0))
        await office.sign_in()
        await stage.text()
        await office.ask(requests.SetPresence(presence, "lunch"))
        return office.now + 100_000

    return begin


async def to_be_sent_later(stage: Stage) -> int:
    stage.use(SkillRules(undo_s=0, reopen_s=0))
    await stage.office.sign_in()
    one = await stage.text()
    send_at = stage.office.now + 3_600_000
    await stage.office.ask(requests.ScheduleReply(one.id, "Later", send_at))
    return send_at


async def is_written(stage: Stage) -> bool:
    last_text: str = (await stage.conversation()).last_text
    return last_text == "Later"


async def snoozed(stage: Stage) -> int:
    stage.use(SkillRules(undo_s=0, reopen_s=0))
    await stage.office.sign_in()
    one = await stage.text()
    until = stage.office.now + 3_600_000
    await stage.office.ask(requests.Snooze(one.id, until))
    return until


async def is_back(stage: Stage) -> bool:
    return (await stage.conversation()).back_from is BackFrom.SNOOZE


async def is_given_back(stage: Stage) -> bool:
    return (await stage.conversation()).agent is None


async def account_off(stage: Stage) -> int:
    await stage.reply()
    await stage.office.ask(administration.SetAccountMode("main", "off"))
    written_at = stage.office.now
    while (at := await stage.due(SEND)) <= written_at + 2 * 3_600_000:
        stage.until(at)
        await stage.send()
    return at


async def paced(stage: Stage) -> int:
    stage.use(SkillRules(undo_s=0), segments_per_s=0.1)
    await stage.reply()
    await stage.send()
    began_at = stage.office.now
    await stage.reply()
    await stage.send()
    return began_at + 10_000


async def paused(stage: Stage) -> int:
    await stage.ended(TryLater("Too many requests.", after_s=60, is_pause=True))
    return stage.office.now + 60_000


async def held(stage: Stage) -> int:
    await stage.reply()
    await stage.office.do(lambda uow: AccountHolds(uow).begin("main"))
    await stage.send()
    return await stage.due(SEND)


async def is_tried(stage: Stage) -> bool:
    attempt = await stage.office.attempt(stage.found)
    return attempt is not None and attempt.ended_at is None


async def alerted(stage: Stage) -> int:
    office = stage.office
    rota = Rota((), ("lea",))
    office.brand = replace(office.brand, on_call=AlertRules(rota, overdue_s=0))
    conversation = await stage.text()
    stage.until(conversation.due_at)
    await stage.timers()
    await stage.on_call()
    (alert,) = await stage.store.read(lambda reading: reading.alerts.open())
    assert alert.next_at is not None
    return alert.next_at


async def is_asked(stage: Stage) -> bool:
    (alert,) = await stage.store.read(lambda reading: reading.alerts.open())
    return bool(alert.steps)


async def likely_opt_out(stage: Stage) -> int:
    found: int = (await stage.text("please stop texting me")).timer_at
    return found


CASES: dict[str, tuple[Begin, Sweep, IsOver]] = {
    "conversation queued": (queued, Stage.timers, is_alarmed),
    "conversation ringing": (ringing, Stage.timers, has_rung_out),
    "conversation assigned": (assigned, Stage.timers, state_is_not(ConversationState.ASSIGNED)),
    "conversation that is snoozed": (snoozed, Stage.timers, is_back),
    "conversation wrap_up": (wrap_up, Stage.timers, state_is_not(ConversationState.WRAP_UP)),
    "reply to be sent later": (to_be_sent_later, Stage.timers, is_written),
    "reply queued": (reply_queued, Stage.send, status_is(Status.SENDING)),
    "reply sending": (reply_sending, Stage.send, status_is(Status.UNCERTAIN)),
    "reply uncertain": (reply_uncertain, Stage.look_up, is_left_to_an_agent),
    "reply accepted": (reply_taken(Status.ACCEPTED), Stage.poll, status_is(Status.DELIVERED)),
    "reply sent": (reply_taken(Status.SENT), Stage.poll, status_is(Status.DELIVERED)),
    "reply unsettled (messages.is_unsettled)": (unsettled, Stage.timers, is_alarmed),
    "picture waiting": (picture, Stage.fetch, picture_has_failed),
    **{f"work {kind}": (work_of(kind), *claimed_again(kind)) for kind in (SEND, LOOK_UP, POLL, FETCH, WEBHOOK)},
    "hook taken": (hook_for(HookState.TAKEN, 14), Stage.purge, hook_is_gone),
    "hook refused": (hook_for(HookState.REFUSED, 14), Stage.purge, hook_is_gone),
    "hook watched": (hook_for(HookState.WATCHED, 14), Stage.purge, hook_is_gone),
    "hook unreadable": (hook_for(HookState.UNREADABLE, 60), Stage.purge, hook_is_gone),
    "hook unused": (hook_for(HookState.UNUSED, 14), Stage.purge, hook_is_gone),
    "hook unroutable": (hook_for(HookState.UNROUTABLE, 60), Stage.purge, hook_is_gone),
    "upload": (uploaded, Stage.purge, upload_is_gone),
    "desk": (desk_connected, Stage.absence, desk_is_gone),
    "desk with a silent line": (line_is_silent, Stage.absence, is_given_back),
    "presence away": (owner_is("away"), Stage.absence, is_given_back),
    "presence back_soon": (owner_is("back_soon"), Stage.absence, is_given_back),
    "account off": (account_off, Stage.send, status_is(Status.FAILED)),
    "mark paced_until": (paced, Stage.send, is_tried),
    "mark paused_until": (paused, Stage.send, is_tried),
    "mark held_until": (held, Stage.send, is_tried),
    "alert (alerts.next_at)": (alerted, Stage.on_call, is_asked),
    "likely opt-out": (likely_opt_out, Stage.timers, is_alarmed),
}


@pytest.mark.parametrize("state", CASES)
async def test_the_sweeper_acts_at_the_deadline_and_not_before(store: SqlStore, state: str) -> None:
    begin, sweep, is_over = CASES[state]
    stage = Stage(store)
    deadline = await begin(stage)
    stage.until(deadline - 1)
    await sweep(stage)
    assert not await is_over(stage)
    stage.until(deadline)
    await sweep(stage)
    assert await is_over(stage)
