"""The core's use cases on a real database, at moments a test chooses."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec

from connector.base.clock import SteppingClock
from connector.base.ids import Ids
from connector.base.live import Live
from connector.domain.address import person_of
from connector.domain.agent import Agent, Role
from connector.domain.attempts import Attempt
from connector.domain.consent.entries import ConsentEntry
from connector.domain.conversation import Conversation
from connector.domain.message import Message
from connector.domain.rights import Rights
from connector.domain.skill_rules import Rules, SkillRules
from connector.providers.values import Arrival, InboundText
from connector.services import save
from connector.services.agents.definition import with_definition
from connector.services.audit.record import record_notes
from connector.services.conversations import inbound
from connector.services.conversations.inbound import Intake
from connector.services.query import Query
from connector.services.request_table import QuestionRow, ask, execute, row_of
from connector.services.routing import desks, queue
from connector.services.settings import BrandSettings, LineSettings
from connector.services.unit_of_work import UnitOfWork, in_unit_of_work
from connector.sms.lengths import LengthLimit
from connector.store.ports import Store, Transaction
from connector.wire import answers, requests
from tests.kit.pseudonyms import PSEUDONYMS
from tests.kit.stores import CONSUMER, LINE, agent, desk, told

P = ParamSpec("P")
Q = TypeVar("Q")
T = TypeVar("T")

OTHER_LINE = "+15550101"
PLAIN = Rules(SkillRules(undo_s=0, reopen_s=0), known=("orders", "bookings", "refunds"))


def rules(**changes: Any) -> LineSettings:
    usual: dict[str, Any] = {
        "address": LINE,
        "account": "main",
        "skill": "orders",
        "public_url": "https://desk.example.com",
        "segments_per_s": 1000.0,
        "can_look_up": True,
        "is_polled": True,
        "fetches_pictures": True,
        "most_pictures": 10,
        "reply_limit": LengthLimit(1600),
        "cannot_answer": lambda _: None,
    }
    return LineSettings(**(usual | changes))


class Office:
    """One core's use cases. Everything written is committed before a method returns."""

    def __init__(self, store: Store, *lines: LineSettings, node: str = "n1", skills: Rules | None = None) -> None:
        """`skills`: their rules; the usual ones, without undo and reopening."""
        self.store = store
        self.clock = SteppingClock()
        self.ids = Ids(self.clock, random.Random(1))
        self.lines = {line.address: line for line in lines or (rules(),)}
        self.brand = BrandSettings(self.ids, self.lines, skills or PLAIN, PSEUDONYMS, away_reasons=("lunch",))
        self.node = node
        self.before_commit: Callable[[], None] | None = None  # may raise, so that nothing is stored
        self._numbers = itertools.count(1)

    @property
    def now(self) -> int:
        return self.clock.now()

    @property
    def live(self) -> Live[BrandSettings]:
        return Live(self.brand)

    async def sign_in(self, name: str = "ann", *, capacity: int = 1000, **more: Any) -> None:
        """An agent defined so, with a desk that lasts for the whole test."""
        person = agent(id=name, name=name, capacity=capacity, **more)
        place = desk(id=f"desk of {name}", agent=name, lease_until=self.now + 10**12)
        await self.do(define, person)
        await self.do(desks.connect, person, place)

    async def take(
        self, *arrivals: Arrival, account: str = "main", is_recovered: bool = False, is_proven: bool = True
    ) -> Intake:
        return await self.do(inbound.take_arrivals, account, arrivals, is_recovered=is_recovered, is_proven=is_proven)

    async def text(self, text: str = "Hello", consumer: str = CONSUMER, *, line: str = LINE) -> Conversation:
        """A consumer writes; the conversation it opened or went on with."""
        arrival = InboundText(ref=f"SM-in-{next(self._numbers)}", line=line, consumer=consumer, text=text)
        await self.take(arrival, account=self.lines[line].account)
        return await self.open_for(consumer, line=line)

    async def open_for(self, consumer: str, *, line: str = LINE) -> Conversation:
        found = await self.store.write(lambda tx: tx.conversations.open_for(line, person_of(consumer)))
        assert found is not None
        return found

    async def ask(
        self, command: requests.Request, *, name: str = "ann", is_administrator: bool = True
    ) -> answers.Answer:
        """Carry out a command, whatever the stored rights of this agent unless `is_administrator` is False."""
        return await self.do(execute, name, str(next(self._numbers)), command, is_administrator=is_administrator)

    async def question(self, question: requests.Request, *, name: str = "ann", is_administrator: bool = True) -> Any:
        """The answer to a question by the table of requests, for this agent as in `ask`; recorded as in the core."""
        answer, notes = await self.store.read(
            lambda reading: ask(reading, self.brand, self.now, name, question, is_administrator=is_administrator)
        )
        if isinstance(row_of(type(question)), QuestionRow):  # of the others the edge records
            await self.do(record_notes, name, notes)
        return answer

    async def reply(self, conversation: Conversation, text: str = "Hello to you") -> str:
        """The new message's id."""
        answer = await self.ask(requests.Reply(conversation.id, text), name=conversation.agent or "ann")
        assert isinstance(answer, answers.Written)
        return answer.message_id

    async def message(self, message_id: str) -> Message:
        found = await self.store.read(lambda reading: reading.message(message_id))
        assert found is not None
        return found

    async def attempt(self, message_id: str) -> Attempt | None:
        return await self.store.write(lambda tx: tx.attempts.latest(message_id))

    async def last_word(self, consumer: str = CONSUMER) -> ConsentEntry | None:
        return await self.store.write(lambda tx: tx.consent.latest(consumer, PSEUDONYMS))

    async def do(self, use_case: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Run a use case now."""
        run = in_unit_of_work(self.live, self.now, use_case, *args, **named)

        def then_checked(tx: Transaction) -> T:
            value = run(tx)
            if self.before_commit is not None:
                self.before_commit()
            return value

        return await self.store.write(then_checked)

    async def look(self, answer: Callable[[Query, Q], T], question: Q) -> T:
        """Answer a question now."""
        everything = Rights("ann", Role.ADMINISTRATOR)
        return await self.store.read(lambda reading: answer(Query(reading, self.brand, self.now, everything), question))

    async def events(self, kind: str) -> list[dict[str, Any]]:
        """Every event of this type, in order."""
        return [msgspec.json.decode(row.fact.body) for row in await told(self.store) if row.fact.kind == kind]


def define(uow: UnitOfWork, person: Agent) -> None:
    """Change an agent who is stored already to one defined so."""
    known = uow.tx.agents.get(person.id)
    if known is not None and (changed := with_definition(known, person)) != known:
        save.agent(uow, changed)
        uow.at_end(queue.offer)


def consumer(number: int) -> str:
    return f"+1415555{number:04d}"
