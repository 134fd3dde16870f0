"""What the table of requests leaves to the edge is handled there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from connector.base.live import Live
from connector.base.secret import Secret
from connector.base.supervise import Supervisor
from connector.config.file import load
from connector.domain.agent import Agent, Role
from connector.domain.audit import AuditAction
from connector.edge.background.recovery import RecoveryTask
from connector.edge.desks.bounds import AgentBounds
from connector.edge.desks.request_handler import RequestHandler
from connector.edge.parts import CoreParts
from connector.pictures.files import PictureFiles
from connector.providers.outbound import OutboundClient
from connector.providers.settings import NumberSettings
from connector.providers.twilio.provider import TwilioProvider
from connector.providers.values import Arrival, InboundText
from connector.services.agents.admission import Principal
from connector.services.request_table import TABLE, EdgeRow
from connector.store.sql.store import SqlStore
from connector.store.values import HookState
from connector.wire import administration, answers, frames, requests
from connector.wire.refusals import RefusalCode
from tests.connector.pictures.samples import PNG
from tests.kit.stores import LINE, audit_entries, hook
from tests.kit.use_cases import Office, consumer

ANN = Agent("ann", "Ann", role=Role.ADMINISTRATOR)


class ChangingStore:
    """Something happens after the first reading."""

    def __init__(self, store: SqlStore, happens: Callable[[], Awaitable[Any]]) -> None:
        self._store = store
        self._happens: Callable[[], Awaitable[Any]] | None = happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def read(self, query: Callable[[Any], Any]) -> Any:
        value = await self._store.read(query)
        if (happens := self._happens) is not None:
            self._happens = None
            await happens()
        return value


async def not_reloaded(actor: str, admit: object) -> answers.Reloaded:
    raise NotImplementedError


@asynccontextmanager
async def handler_of(
    office: Office, store: Any, folder: Path, provider: type[TwilioProvider] = TwilioProvider
) -> AsyncIterator[RequestHandler]:
    settings = TwilioProvider.Settings(
        account_sid="AC" + "1" * 32,
        auth_token=Secret("2" * 32),
        numbers=[NumberSettings(address=LINE)],
        public_url="https://desk.example.com",
    )
    async with Supervisor() as tasks:
        parts = CoreParts(
            config=Live(load(None)),
            clock=office.clock,
            node=office.node,
            store=store,
            brand=office.live,
            providers=Live({"main": provider("main", settings, OutboundClient())}),
            pictures=PictureFiles(folder),
            tasks=tasks,
        )
        yield RequestHandler(parts, RecoveryTask(store, office.live, parts.providers, office.clock), not_reloaded)


async def test_every_request_without_a_use_case_has_a_handler(store: SqlStore, tmp_path: Path) -> None:
    async with handler_of(Office(store), store, tmp_path) as handler:
        assert set(handler.handlers) == {row.request for row in TABLE if isinstance(row, EdgeRow)}


@pytest.mark.parametrize(
    ("request_", "becomes"),
    [
        (administration.ReleaseHook("H1"), replace(ANN, role=Role.AGENT)),
        (requests.PutPicture(PNG), replace(ANN, is_disabled=True)),
        (administration.Forget("+15550123"), replace(ANN, role=Role.LEAD)),
    ],
    ids=["release", "upload", "forget"],
)
async def test_what_the_edge_writes_needs_the_rights_of_its_own_transaction(
    store: SqlStore, tmp_path: Path, request_: requests.Request, becomes: Agent
) -> None:
    office = Office(store)
    body = f"MessageSid=SM{'1' * 32}&From=%2B15550123&To=%2B{LINE[1:]}&Body=Hello".encode()
    path = "/hooks/twilio/main/inbound"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    raw = hook(id="H1", account="main", path=path, url=path, headers=headers, body=body, state=HookState.REFUSED)
    await store.write(lambda tx: tx.hooks.add(raw))
    for agent, answer in ((becomes, frames.Refusal), (ANN, frames.AnswerFrame)):
        await store.write(lambda tx: tx.agents.save(ANN))
        changes = partial(store.write, partial(_save, agent=agent))
        async with handler_of(office, ChangingStore(store, changes), tmp_path) as handler:
            person = Principal("ann", ANN, is_administrator=False, way="test")
            frame = frames.RequestFrame("r1", request_)
            found = await handler.answer(frame, person, AgentBounds(office.clock), 100)
        assert isinstance(found, answer), found
        if isinstance(found, frames.Refusal):
            assert found.code == RefusalCode.NOT_ALLOWED
            assert {one.action for one in await audit_entries(store)} <= {"request_refused"}


async def test_who_sets_a_limit_aside_and_may_not_is_recorded(store: SqlStore, tmp_path: Path) -> None:
    office = Office(store)
    agent = replace(ANN, role=Role.AGENT)
    await store.write(lambda tx: tx.agents.save(agent))
    async with handler_of(office, store, tmp_path) as handler:
        person = Principal("ann", agent, is_administrator=False, way="test")
        for number in range(2):
            start = requests.Start(LINE, "+14155550133", "Hello", override=True)
            found = await handler.answer(frames.RequestFrame(f"r{number}", start), person, AgentBounds(office.clock), 9)
            assert isinstance(found, frames.Refusal) and found.code == RefusalCode.NOT_ALLOWED
    assert [(one.action, one.details) for one in await audit_entries(store)] == [
        ("request_refused", '{"request":"start"}')
    ]


class Listing(TwilioProvider):
    """Lists 120 texts; its administrator is changed after 60."""

    changes: Callable[[], Awaitable[Any]]

    async def list_since(self, since: int) -> AsyncIterator[Arrival]:
        for number in range(120):
            if number == 60:
                await self.changes()
            yield InboundText(f"SM-{number}", LINE, consumer(number), "Hello", at=since)


@pytest.mark.parametrize("becomes", [replace(ANN, is_disabled=True), replace(ANN, role=Role.LEAD)])
async def test_a_recovery_ends_with_the_rights_of_its_administrator(
    store: SqlStore, tmp_path: Path, becomes: Agent
) -> None:
    office = Office(store)
    await store.write(lambda tx: tx.agents.save(ANN))
    async with handler_of(office, store, tmp_path, Listing) as handler:
        Listing.changes = partial(store.write, partial(_save, agent=becomes))
        person = Principal("ann", ANN, is_administrator=False, way="test")
        frame = frames.RequestFrame("r1", administration.Recover("main", office.now - 60_000))
        found = await handler.answer(frame, person, AgentBounds(office.clock), 100)
    assert isinstance(found, frames.Refusal) and found.code == RefusalCode.NOT_ALLOWED
    assert "50 texts taken in until then" in found.words
    assert len(await office.events("message_received")) == 50
    # What was taken in is recorded all the same.
    (entry,) = [one for one in await audit_entries(store) if one.action is AuditAction.RECOVERED]
    assert '"taken_in":50' in entry.details


def _save(tx: Any, agent: Agent) -> None:
    tx.agents.save(agent)
