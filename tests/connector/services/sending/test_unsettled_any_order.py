"""Any order of replies, outcomes, receipts, closes and resends: what did not arrive always waits with a person."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Direction, Message
from connector.domain.refusals import Refused
from connector.domain.skill_rules import SkillRules
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
from connector.services.sending import attempt_outcomes, holds, look_ups, outbox
from connector.store.ports import Store
from connector.store.sql.store import open_store
from connector.wire import requests
from connector.wire.saved_replies import ReplyActions
from tests.kit import invariants
from tests.kit.floor import desks
from tests.kit.folding import folded, stored
from tests.kit.postgres import Postgres
from tests.kit.rounds import rounds
from tests.kit.stores import LINE
from tests.kit.templates import copied
from tests.kit.use_cases import consumer

PHONES = 2
OUTCOMES = ("accepted", "accepted", "refused", "later", "held", "uncertain")
FOUND = ("found", "missing", "unknown")
REPORTED = (Status.SENT, Status.DELIVERED, *sorted(UNSUCCESSFUL))
MACROS = (ReplyActions(closes=True), ReplyActions(["late"], "sold", closes=True), ReplyActions(["late"], due_s=600))
PHONE = st.integers(1, PHONES)
REPLY = st.integers(0, 3)
STEPS = st.one_of(
    st.tuples(st.just("text"), PHONE, st.sampled_from(["Hello", "STOP", "START"])),
    st.tuples(st.just("text"), PHONE, st.just("Hello")),
    *[st.tuples(st.just("reply"), PHONE)] * 3,
    *[st.tuples(st.just("send"), st.sampled_from(OUTCOMES))] * 4,
    st.tuples(st.just("look up"), st.sampled_from(FOUND)),
    *[st.tuples(st.just("receipt"), PHONE, REPLY, st.sampled_from(REPORTED))] * 3,
    *[st.tuples(st.just("resend"), PHONE, REPLY, st.booleans())] * 2,
    st.tuples(st.just("macro"), PHONE, st.sampled_from(MACROS)),
    st.tuples(st.just("undo"), PHONE),
    *[st.tuples(st.just("close"), PHONE, st.sampled_from(["", "sold"]))] * 2,
    st.tuples(st.just("reopen"), PHONE),
    st.tuples(st.just("give back"), PHONE),
    st.tuples(st.just("put off"), PHONE, st.sampled_from([None, 600])),
    st.tuples(st.just("start"), PHONE),
    st.tuples(st.just("well again")),
    st.tuples(st.just("come")),
    st.tuples(st.just("go")),
    *[st.tuples(st.just("wait"), st.sampled_from([1, 20, 130, 1100, 7300]))] * 3,
)


class Play:
    """One agent and two consumers, checked after every step."""

    def __init__(self, store: Store, wrap_up_s: int, undo_s: int) -> None:
        rules = {"orders": SkillRules(undo_s=undo_s, reopen_s=3600, wrap_up_s=wrap_up_s, silent_s=600)}
        self.floor = desks(store, rules)  # type: ignore[arg-type]
        self.office = self.floor.office
        self.store = store
        self.refs = 0

    async def history(self, number: int) -> list[Message]:
        return await self.store.read(lambda reading: reading.history(consumer(number), None, 200))

    async def replies(self, number: int) -> list[Message]:
        return [one for one in await self.history(number) if one.direction is Direction.REPLY]

    async def conversation(self, number: int) -> Conversation | None:
        """The one that is open, else the latest."""
        messages = await self.history(number)
        if not messages:
            return None
        state = await invariants.look(self.store, self.office.now)
        mine = [one for one in state.conversations.values() if one.consumer == consumer(number)]
        opened = [one for one in mine if one.state is not ConversationState.CLOSED]
        return (opened or sorted(mine, key=lambda one: one.id))[-1]

    async def step(self, step: tuple[Any, ...]) -> None:
        try:
            await self.carry_out(step)
        except Refused as no:
            assert no.words
        await self.check()

    async def carry_out(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("text", number, words):
                self.refs += 1
                await self.office.take(InboundText(f"SM-in-{self.refs}", LINE, consumer(number), words))
            case ("send", outcome):
                for job, _ in await self.office.do(outbox.claim, "n1", 2):
                    await self.office.do(attempt_outcomes.record, job, self.outcome(outcome))
            case ("look up", found):
                for job, _ in await self.office.do(look_ups.claim, "n1", 2):
                    await self.office.do(look_ups.record, job, self.found(found))
            case ("receipt", number, which, status):
                tried = [one for one in await self.replies(number) if one.status not in (Status.QUEUED, Status.UNDONE)]
                if tried:
                    about = tried[-1 - which % len(tried)]
                    code = "30003" if status in UNSUCCESSFUL else None
                    await self.office.take(DeliveryReceipt(status, str(status), message_id=about.id, code=code))
            case ("resend", number, which, even_if_uncertain):
                if replies := await self.replies(number):
                    again = requests.Resend(replies[-1 - which % len(replies)].id, even_if_uncertain=even_if_uncertain)
                    await self.office.ask(again)
            case ("undo", number):
                if replies := await self.replies(number):
                    await self.office.ask(requests.UndoReply(replies[-1].id))
            case ("start", number):
                await self.office.ask(requests.Start(LINE, consumer(number), "About your call"))
            case ("well again",):
                await self.office.do(holds.signed_in, "main")
            case ("come",):
                await self.floor.come("ann", capacity=1)
            case ("go",):
                for place in [*self.floor.desks.values()][:1]:
                    await self.floor.go(place)
            case ("wait", seconds):
                await self.floor.wait(seconds)
            case (str(what), int(number), *more):
                if (one := await self.conversation(number)) is not None:
                    await self.ask(what, one, more)

    async def ask(self, what: str, one: Conversation, more: list[Any]) -> None:
        if one.state in (ConversationState.QUEUED, ConversationState.RINGING) and what != "reopen":
            await self.office.ask(requests.Accept(one.id))
        match what, more:
            case "reply", []:
                await self.office.ask(requests.Reply(one.id, "Hello to you"))
            case "macro", [then]:
                await self.office.ask(requests.Reply(one.id, "Hello to you", then=then))
            case "close", [outcome]:
                await self.office.ask(requests.Close(one.id, outcome))
            case "reopen", []:
                await self.office.ask(requests.Reopen(one.id))
            case "give back", []:
                await self.office.ask(requests.GiveBack(one.id))
            case "put off", [later_s]:
                due_at = None if later_s is None else self.office.now + later_s * 1000
                await self.office.ask(requests.SetDue(one.id, due_at))

    def outcome(self, outcome: str) -> Outcome:
        self.refs += 1
        return {
            "accepted": Accepted(f"SM{self.refs}"),
            "refused": Rejected("21612", "This number cannot be reached."),
            "later": TryLater("The provider is busy."),
            "held": TryLater("The sign-in was refused.", is_hold=True),
            "uncertain": Uncertain("The connection broke."),
        }[outcome]  # type: ignore[return-value]

    def found(self, found: str) -> LookUpResult:
        self.refs += 1
        return {
            "found": Accepted(f"SM{self.refs}"),
            "missing": NotFound(),
            "unknown": Uncertain("It does not answer."),
        }[found]  # type: ignore[return-value]

    async def check(self) -> None:
        state = await invariants.look(self.store, self.office.now)
        await invariants.demand_unsettled(self.store, state, [consumer(number) for number in range(1, PHONES + 1)])
        rules = self.office.brand.rules
        for one in state.conversations.values():
            invariants.demand_one_place(one)
            invariants.demand_deadline_and_sweeper(one, rules)
        known, shown = await folded(self.store), await stored(self.store, self.office.now, rules)
        assert known[0] == shown[0]
        for number in range(1, PHONES + 1):
            for message in await self.replies(number):
                await self.check_sent_again(message)

    async def check_sent_again(self, one: Message) -> None:
        """The two messages name each other, and one that was undone names none."""
        if one.resent_as is not None:
            again = await self.office.message(one.resent_as)
            assert again.resends == one.id and again.status is not Status.UNDONE
            assert not one.is_unsettled
        if one.resends is not None and one.status is not Status.UNDONE:
            assert (await self.office.message(one.resends)).resent_as == one.id


async def play(store: Store, steps: list[tuple[Any, ...]], wrap_up_s: int, undo_s: int) -> None:
    try:
        day = Play(store, wrap_up_s, undo_s)
        await day.floor.come("ann", capacity=1)
        for step in steps:
            await day.step(step)
    finally:
        await store.close()


DAYS = st.lists(STEPS, min_size=40, max_size=60)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


@settings(max_examples=rounds(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DAYS, st.sampled_from([0, 30]), st.sampled_from([0, 3]))
async def test_any_order(steps: list[tuple[Any, ...]], wrap_up_s: int, undo_s: int) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        await play(await open_store(copied(Path(folder) / "textdesk.db")), steps, wrap_up_s, undo_s)


@settings(max_examples=rounds(5), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=DAYS)
async def test_any_order_on_postgresql(postgres_server: Postgres, steps: list[tuple[Any, ...]]) -> None:
    with postgres_server.migrated() as name:
        await play(await open_store(postgres_server.url(name)), steps, 30, 3)
