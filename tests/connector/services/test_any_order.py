"""Any order of requests, texts and time: nothing is lost, nothing is in two states, nothing waits for ever.

`TESTS_ROUNDS=20 pytest -s` on this file plays twenty times as many days, and says how many steps those were.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.domain.consent.entries import ConsentKind
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.hours import Hours, Shift
from connector.domain.message import Direction
from connector.domain.refusals import Refused
from connector.domain.skill_rules import RingMode, Rules, SkillRules
from connector.domain.status import UNSUCCESSFUL, Status
from connector.providers.values import (
    Accepted,
    DeliveryReceipt,
    InboundText,
    LookUpResult,
    NotFound,
    Outcome,
    Rejected,
    TryLater,
    Uncertain,
)
from connector.services import work
from connector.services.request_table import execute
from connector.services.routing.explanation import explain
from connector.services.routing.presence import spans
from connector.services.routing.transfer_targets import targets
from connector.services.sending import attempt_outcomes, look_ups, outbox
from connector.services.unit_of_work import UnitOfWork
from connector.store.ports import Store, Transaction
from connector.store.sql import writer_cache
from connector.store.sql.store import open_store
from connector.store.values import Work
from connector.wire import answers, contacts, requests
from tests.connector.domain.test_hours import BERLIN
from tests.kit import invariants
from tests.kit.floor import Floor
from tests.kit.invariants import State
from tests.kit.postgres import Postgres
from tests.kit.pseudonyms import PSEUDONYMS
from tests.kit.rounds import rounds
from tests.kit.stores import LINE
from tests.kit.tallying import demand_tallied
from tests.kit.templates import copied
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

pytestmark = pytest.mark.slow

THIRD_LINE = "+15550102"
LINES = {LINE: "orders", OTHER_LINE: "bookings", THIRD_LINE: "refunds"}
SKILLS = Rules(
    SkillRules(undo_s=5),
    {
        "orders": SkillRules(
            fallback="bookings", silent_s=60, wrap_up_s=30, undo_s=5, reopen_s=120, auto_close_s=900, soon_s=60
        ),
        "bookings": SkillRules(
            ring=RingMode.RING,
            ring_s=20,
            fallback="refunds",
            warm_up_s=60,
            transfer_s=40,
            reopen_s=0,
            first_contact_s=120,
            response_s=300,
            hours=Hours(BERLIN, ((Shift(8 * 60, 20 * 60),),) * 7),
        ),
        "refunds": SkillRules(
            ring=RingMode.RING_ALL,
            ring_s=30,
            fallback="orders",
            away_is_absent=False,
            away_s=100,
            gone_s=50,
            idle_after_s=30,
            old_after_s=200,
            wrap_up_s=10,
        ),
    },
)
AGENTS: dict[str, dict[str, Any]] = {
    "ann": {"capacity": 2},
    "bob": {"capacity": 3, "skills": ("orders", "bookings")},
    "cid": {"capacity": 1, "skills": ("refunds",)},
    "lea": {"capacity": 0},
}
NAMES = st.sampled_from([*AGENTS])
CONSUMERS = st.integers(1, 5)
WHICH = st.integers(0, 7)  # a conversation
PASS = st.sampled_from([0, 1, 10, 21, 31, 61, 130, 700])


def asking(command: str, *more: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Mostly by an agent who may, about a conversation in a fitting state; the rest is refused."""
    return st.tuples(st.just(command), NAMES, WHICH, st.sampled_from([True, True, True, False]), *more)


OUTCOMES: dict[str, Callable[[str], Outcome]] = {
    "accepted": Accepted,
    "refused": lambda _: Rejected("21612", "This number cannot be reached."),
    "later": lambda _: TryLater("The provider is busy."),
    "held": lambda _: TryLater("The sign-in was refused.", is_hold=True),
    "uncertain": lambda _: Uncertain("The connection broke."),
}
LOOKED_UP: dict[str, Callable[[str], LookUpResult]] = {
    "found": Accepted,
    "missing": lambda _: NotFound(),
    "unknown": lambda _: Uncertain("It does not answer."),
}
REPORTED = [Status.SENT, Status.DELIVERED, *sorted(UNSUCCESSFUL)]


STEPS = st.one_of(
    *[st.tuples(st.just("text"), CONSUMERS, st.sampled_from([*LINES]), st.just("Hello"))] * 3,
    st.tuples(st.just("text"), CONSUMERS, st.sampled_from([*LINES]), st.sampled_from(["Hello", "STOP", "START"])),
    st.tuples(st.just("find"), CONSUMERS, st.sampled_from([*LINES]), st.sampled_from([0, 60, 600])),
    st.tuples(st.just("come"), NAMES),
    st.tuples(st.just("go"), NAMES),
    st.tuples(st.just("kill")),
    st.tuples(st.just("wait"), PASS),
    st.tuples(st.just("wait"), PASS),
    st.tuples(st.just("pass"), PASS),
    st.tuples(st.just("clock goes back"), st.sampled_from([1, 45, 1000])),
    st.tuples(st.just("timers")),
    st.tuples(st.just("send")),
    st.tuples(st.just("end sends"), st.sampled_from([*OUTCOMES])),
    st.tuples(st.just("end sends"), st.sampled_from([*OUTCOMES])),
    st.tuples(st.just("look up"), st.sampled_from([*LOOKED_UP])),
    *[st.tuples(st.just("receipt"), CONSUMERS, WHICH, st.sampled_from(REPORTED))] * 2,
    asking("accept"),
    asking("accept own"),
    asking("decline"),
    asking("reply", st.sampled_from(["blind", "current", "stale"])),
    asking("reply", st.just("current")),
    asking("take back"),
    asking("resend", st.integers(0, 3), st.booleans()),
    asking("resend", st.integers(0, 3), st.booleans()),
    asking("note", st.sampled_from(["", "A note"])),
    asking("return", st.sampled_from(["", "A note"])),
    asking("transfer", st.sampled_from([*LINES.values(), "nonsense"]), st.none(), st.sampled_from(["", "A note"])),
    asking("transfer", st.sampled_from(["orders", None]), st.sampled_from([*AGENTS, "nobody"]), st.just("")),
    asking("take over"),
    asking("join"),
    asking("leave"),
    asking("due", st.sampled_from([None, -5, 30, 700, 4000]), st.booleans()),
    asking("close", st.sampled_from(["", "sold", "x" * 99])),
    asking("wrap up", st.sampled_from(["", "sold"])),
    asking("reopen"),
    asking("tag", st.sampled_from(["vip", "late", "x" * 99]), st.sampled_from(["VIP", "late"])),
    asking("schedule", st.sampled_from([-5, 30, 700, 4000]), st.sampled_from(["blind", "stale"])),
    asking("cancel", st.integers(0, 3)),
    asking("name", st.sampled_from(["Ana", "Renée", "", "x" * 999]), st.booleans()),
    asking("snooze", st.sampled_from([None, -5, 30, 700, 4000])),
    asking("read"),
    asking("unread"),
    asking("start", st.integers(1, 7)),
    asking("sign off", st.sampled_from(["close", "return", "due", "nonsense", None])),
    asking("presence", st.sampled_from(["online", "away", "back_soon", "asleep"]), st.sampled_from(["", "lunch"])),
    asking("look"),
)  # fmt: skip
HELD = [ConversationState.ASSIGNED]
SUITS = {
    "accept": [ConversationState.QUEUED],
    "accept own": [ConversationState.RINGING],
    "decline": [ConversationState.RINGING],
    **dict.fromkeys(["reply", "take back", "resend", "note", "return", "transfer", "due", "snooze"], HELD),
    **dict.fromkeys(["schedule", "cancel", "close", "read", "unread"], HELD),
    **dict.fromkeys(["take over", "join", "leave"], HELD),
    "wrap up": [ConversationState.WRAP_UP],
    "reopen": [ConversationState.CLOSED, ConversationState.WRAP_UP],
    "look": [*ConversationState],
    "tag": [*ConversationState],
    "name": [*ConversationState],
}
UNSENT = (Status.QUEUED, Status.UNDONE)
BY_HAND = ("accept", "accept own", "take over", "reopen", "start")
counted: Counter[str] = Counter()


def claim_for_good(uow: UnitOfWork) -> list[Work]:
    return uow.tx.work.claim(work.SEND, "n1", uow.now, 2, uow.now + 10**9)


class Day:
    """One desk for a day, checked after every step."""

    def __init__(self, store: Store) -> None:
        lines = [rules(address=address, skill=skill) for address, skill in LINES.items()]
        self.office = Office(store, *lines, skills=SKILLS)
        self.floor = Floor(self.office)
        self.store = store
        self.before = State(0, 0, {}, {}, {})
        self.is_turned_back = False

    async def look(self) -> State:
        return await invariants.look(self.store, self.office.now)

    async def step(self, step: tuple[Any, ...]) -> None:
        self.before = await self.look()
        by_hand: set[str] = set()
        match step:
            case (("text" | "find"), *_):
                by_hand = await self.write(*step)
            case ("come", name):
                await self.floor.come(name, **AGENTS[name])
            case ("go", name):
                for place in [one for one in self.floor.desks.values() if one.agent == name][:1]:
                    await self.floor.go(place)
            case ("kill",):
                await self.floor.kill()
            case ("wait", seconds):
                await self.floor.wait(seconds)
            case ("pass", seconds):
                self.office.clock.advance(seconds)
            case ("clock goes back", seconds):
                self.office.clock.advance(-seconds)
                self.is_turned_back = True  # leases that had ended are live again; the next renewal publishes it
            case ("timers",):
                await self.floor.run_timers()
            case ("send",):
                await self.office.do(claim_for_good)
            case ("end sends", outcome):
                await self.end_sends(OUTCOMES[outcome])
                by_hand = self.in_wrap_up()
            case ("look up", found):
                await self.look_up_sends(LOOKED_UP[found])
                by_hand = self.in_wrap_up()
            case ("receipt", int(number), int(which), status):
                await self.take_receipt(consumer(number), which, status)
                by_hand = self.in_wrap_up()
            case (str(wish), str(name), int(number), bool(rightly), *more):
                by_hand = await self.ask(wish, name, number, rightly, more)
        await self.check(by_hand, is_swept=step[0] == "wait")
        counted["steps"] += 1

    async def write(self, how: str, number: int, line: str, what: Any) -> set[str]:
        """A consumer writes, or their text is recovered later. Returns the conversations in wrap-up, which stay with
        their owners beyond any capacity."""
        arrival = InboundText(self.office.ids.new(), line, consumer(number), what if how == "text" else "Hello")
        if how == "find":
            arrival = InboundText(arrival.ref, line, arrival.consumer, "Hello", at=self.office.now - what * 1000)
        await self.office.take(arrival, is_recovered=how == "find")
        return self.in_wrap_up()

    def in_wrap_up(self) -> set[str]:
        return {one.id for one in self.before.conversations.values() if one.state is ConversationState.WRAP_UP}

    async def end_sends(self, outcome: Callable[[str], Outcome]) -> None:
        for job, message in await self.office.do(outbox.claim, "n1", 3):
            await self.office.do(attempt_outcomes.record, job, outcome(f"ref of {message.message_id}"))

    async def look_up_sends(self, found: Callable[[str], LookUpResult]) -> None:
        for job, message in await self.office.do(look_ups.claim, "n1", 3):
            await self.office.do(look_ups.record, job, found(f"ref of {message.message_id}"))

    async def take_receipt(self, who: str, which: int, status: Status) -> None:
        """About a reply that has been tried."""
        history = await self.store.read(lambda reading: reading.history(who, None, 50))
        sent = [one for one in history if one.direction is Direction.REPLY and one.status not in UNSENT]
        if sent:
            one = sent[-1 - which % len(sent)]
            receipt = DeliveryReceipt(status, str(status), message_id=one.id, code=None if which % 2 else "30003")
            await self.office.take(receipt, account=one.account)
            counted[f"receipt: {status}"] += 1

    async def ask(self, wish: str, name: str, number: int, rightly: bool, more: list[Any]) -> set[str]:
        found = [*self.before.conversations.values()]
        if rightly:
            found = [one for one in found if one.state in SUITS.get(wish, [*ConversationState])]
        one = found[number % len(found)] if found else None
        if one is None and wish in SUITS:
            return set()
        if one is not None and rightly and wish in SUITS and wish not in ("accept", "take over", "join", "reopen"):
            name = (one.rings or one.joined[: wish == "leave"] or (one.agent or name,))[0]
        if wish == "look" and one is not None:
            await self.look_up(one)
            return set()
        command = await self.command(wish, name, one, more)
        key = self.office.ids.new()
        try:
            answer = await self.carry_out(name, key, command)
        except Refused as no:
            await self.demand_nothing_changed(no)
            return set()
        position = (await self.look()).position
        assert await self.carry_out(name, key, command) == answer
        assert (await self.look()).position == position  # once is enough
        counted[wish] += 1
        if isinstance(answer, answers.Started):
            return {answer.conversation_id}
        to_agent = isinstance(command, requests.Transfer) and command.agent is not None
        return {one.id} if one is not None and (wish in BY_HAND or to_agent) else set()

    async def carry_out(self, name: str, key: str, command: requests.Request) -> answers.Answer:
        return await self.office.do(execute, name, key, command)

    async def command(self, wish: str, name: str, one: Conversation | None, more: list[Any]) -> requests.Request:
        now = self.office.now
        key = one.id if one else "unknown"
        match wish, more:
            case ("presence", [presence, reason]):
                return requests.SetPresence(presence, reason)
            case ("sign off", [choice]):
                owned = await self.office.do(lambda uow: uow.tx.conversations.assigned_to(name))
                leaving = [requests.SignOffChoice(each.id, choice or "", now + 700_000) for each in owned]
                return requests.SignOff(leaving if choice else [])
            case ("start", [number]):
                return requests.Start([*LINES][number % 3], consumer(number), "About your call")
            case ("reply", [how]):
                last = one.last_seq if one else 0
                return requests.Reply(key, "Hi", seen={"blind": None, "current": last, "stale": last - 1}[how])
            case ("take back", _):
                history = await self.store.read(lambda reading: reading.history(one.consumer if one else "", None, 50))
                mine = [each.id for each in history if each.direction is Direction.REPLY and each.author == name]
                return requests.UndoReply(mine[-1] if mine else "unknown")
            case ("resend", [which, even_if_uncertain]):
                history = await self.store.read(lambda reading: reading.history(one.consumer if one else "", None, 50))
                mine = [each.id for each in history if each.direction is Direction.REPLY]
                message_id = mine[-1 - which % len(mine)] if mine else "unknown"
                return requests.Resend(message_id, even_if_uncertain=even_if_uncertain)
            case ("note", [text]):
                return requests.WriteNote(key, text)
            case ("return", [note]):
                return requests.GiveBack(key, note)
            case ("transfer", [skill, to, note]):
                return requests.Transfer(key, skill, to, note)
            case ("due", [after_s, keep]):
                return requests.SetDue(key, None if after_s is None else now + after_s * 1000, keep)
            case ("close", [outcome]):
                return requests.Close(key, outcome)
            case ("schedule", [after_s, how]):
                seen = {"blind": None, "stale": one.last_seq - 1 if one else None}[how]
                return requests.ScheduleReply(key, "Later", now + after_s * 1000, seen)
            case ("cancel", [which]):
                own = await self.store.read(lambda reading: reading.scheduled_in(key))
                return requests.CancelScheduled(own[which % len(own)].id if own else "unknown")
            case ("snooze", [after_s]):
                return requests.Snooze(key, None if after_s is None else now + after_s * 1000)
            case ("name", [text, is_current]):
                contact = await self.store.read(lambda reading: reading.contact(one.person if one else ""))
                version = contact.version if contact is not None and is_current else ""
                return contacts.SetContact(conversation_id=key, based_on=version, name=text)
            case ("tag", [added, removed]):
                return requests.SetTags(key, [added], [removed])
            case ("wrap up", [outcome]):
                return requests.WrapUp(key, outcome)
        simple: dict[str, requests.Request] = {
            "accept": requests.Accept(key),
            "accept own": requests.Accept(key),
            "decline": requests.Decline(key),
            "take over": requests.TakeOver(key),
            "join": requests.Join(key),
            "leave": requests.Leave(key),
            "reopen": requests.Reopen(key),
            "read": requests.MarkRead(key),
            "unread": requests.MarkUnread(key),
        }
        return simple[wish]

    async def look_up(self, one: Conversation) -> None:
        await self.office.look(targets, requests.GetTargets(one.id))
        await self.office.look(explain, requests.Explain(one.id))
        await self.office.look(spans, requests.GetPresence(0))

    async def demand_nothing_changed(self, no: Refused) -> None:
        assert no.code in invariants.CODES and no.words
        counted[f"refused: {no.code}"] += 1
        assert await self.look() == self.before

    async def demand_writer_knows_what_is_stored(self, after: State) -> None:
        """What the writer remembers of earlier transactions equals what a reader finds in the database."""
        places = [(line, consumer(number)) for line in LINES for number in range(1, 8)]

        def by_writer(tx: Transaction) -> tuple[Any, ...]:
            entries = [tx.consent.latest(who, PSEUDONYMS) for _, who in places]
            opted_out = {one.consumer for one in entries if one and one.kind is ConsentKind.OPTED_OUT}
            known = {key: tx.conversations.get(key) for key in after.conversations}
            return known, {place: tx.conversations.open_for(*place) for place in places}, opted_out, tx.staff(now)

        now = self.office.now
        snapshot, stored_opt_outs = await self.store.read(
            lambda reading: (reading.snapshot(now, 0), reading.desk_pages.opted_out_among({who for _, who in places}))
        )
        known, open_ones, opted_out, staff = await self.store.write(by_writer)
        stored = {one.id: one for one in snapshot.conversations}
        is_open = {(one.line, one.consumer): one for one in stored.values() if one.state != ConversationState.CLOSED}
        assert known == stored
        assert open_ones == {place: is_open.get(place) for place in places}
        assert opted_out == stored_opt_outs
        assert staff == await self.store.read(lambda reading: reading.staff(now))

    async def demand_named(self, after: State) -> None:
        """Each conversation has the name of its person's contact."""
        persons = {one.person for one in after.conversations.values()}
        known = await self.store.read(lambda reading: reading.contacts_among(persons))
        names = {person: contact.name for person, contact in known.items()}
        assert all(one.name == names.get(one.person, "") for one in after.conversations.values())

    async def check(self, by_hand: set[str], *, is_swept: bool) -> None:
        after = await self.look()
        await self.demand_writer_knows_what_is_stored(after)
        await self.demand_named(after)
        for one in after.conversations.values():
            invariants.demand_one_place(one)
            invariants.demand_deadline_and_sweeper(one, SKILLS)
            was = self.before.conversations.get(one.id)
            assert was is None or was.version <= one.version
        invariants.demand_capacity(self.before, after, by_hand, SKILLS)
        invariants.demand_explained(after, SKILLS)
        if is_swept:
            invariants.demand_swept(after, SKILLS)
        await invariants.demand_unsettled(self.store, after, [consumer(number) for number in range(1, 8)])
        await invariants.demand_counted(self.store, [consumer(number) for number in range(1, 8)])
        await demand_tallied(self.store, [consumer(number) for number in range(1, 8)], after.conversations.values())
        now = self.office.now
        self.is_turned_back = self.is_turned_back and not is_swept
        is_unswept = self.is_turned_back or bool(await self.office.do(lambda uow: uow.tx.agents.expired_desks(now)))
        await invariants.demand_events_equal_snapshot(self.store, now, SKILLS, agents_too=not is_unswept)


async def play(store: Store, steps: list[tuple[Any, ...]]) -> None:
    day = Day(store)
    try:
        for name in ("ann", "bob", "cid"):
            await day.floor.come(name, **AGENTS[name])
        for step in steps:
            await day.step(step)
    finally:
        await store.close()


@pytest.fixture(scope="module", autouse=True)
def told_how_many() -> Iterator[None]:
    yield
    print(f"\n{counted['steps']} steps; " + ", ".join(f"{what} {count}" for what, count in sorted(counted.items())))


ROUNDS = int(os.environ.get("TESTS_ROUNDS", "1"))
DAYS = st.lists(STEPS, min_size=30, max_size=120)
# Without a disk, a day takes a third of the time; that commits are durable is proven elsewhere.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


@settings(max_examples=rounds(16 * ROUNDS), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DAYS, st.sampled_from([2, writer_cache.CAPACITY]))
async def test_any_order(steps: list[tuple[Any, ...]], remembered: int) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer_cache, "CAPACITY", remembered)
        await play(await open_store(copied(Path(folder) / "textdesk.db")), steps)


@settings(max_examples=rounds(3 * ROUNDS), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=DAYS)
async def test_any_order_on_postgresql(postgres_server: Postgres, steps: list[tuple[Any, ...]]) -> None:
    with postgres_server.migrated() as name:
        await play(await open_store(postgres_server.url(name)), steps)
