"""What an answer shows of a consumer's past is in the audit before the answer leaves, and is not shown otherwise."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from connector.base.live import Live
from connector.base.supervise import Supervisor
from connector.config.file import load
from connector.domain.agent import Agent
from connector.domain.media import Media, MediaState
from connector.edge.background.recovery import RecoveryTask
from connector.edge.desks.bounds import AgentBounds
from connector.edge.desks.request_handler import RequestHandler
from connector.edge.parts import CoreParts
from connector.pictures.files import PictureFiles
from connector.services.agents.admission import Principal
from connector.store.sql.store import SqlStore
from connector.wire import administration, answers, frames, requests
from tests.kit.stores import audit_entries, message
from tests.kit.use_cases import Office

EVE = Principal("eve", Agent("eve", "Eve"), is_administrator=True, way="OS user eve")


async def not_reloaded(actor: str, admit: object) -> answers.Reloaded:
    raise NotImplementedError


@asynccontextmanager
async def handler_of(office: Office, pictures: PictureFiles) -> AsyncIterator[RequestHandler]:
    async with Supervisor() as tasks:
        parts = CoreParts(
            config=Live(load(None)),
            clock=office.clock,
            node=office.node,
            store=office.store,
            brand=office.live,
            providers=Live({}),
            pictures=pictures,
            tasks=tasks,
        )
        yield RequestHandler(parts, RecoveryTask(office.store, office.live, Live({}), office.clock), not_reloaded)


async def asked(handler: RequestHandler, office: Office, request: requests.Request) -> object:
    frame = frames.RequestFrame("r1", request)
    answer = await handler.answer(frame, EVE, AgentBounds(office.clock), 100)
    return answer.body if isinstance(answer, frames.AnswerFrame) else answer


async def recorded(office: Office) -> list[tuple[str, str]]:
    found = await audit_entries(office.store)
    return [(one.actor, one.action) for one in found]


async def test_history_overflow_and_pictures_are_one_entry_an_hour(store: SqlStore, tmp_path: Path) -> None:
    office, pictures = Office(store), PictureFiles(tmp_path / "pictures")
    conversation = await office.text()
    digest = pictures.save(b"\x89PNG")
    media = (Media("https://x.example/1", "image/png", MediaState.STORED, digest=digest),)
    shown = message(id="M9", conversation_id=conversation.id, ref="R9", media=media)
    await store.write(lambda tx: tx.messages.add_once(shown))
    async with handler_of(office, pictures) as handler:
        assert isinstance(await asked(handler, office, requests.GetPicture("M9.0")), answers.Picture)
        assert await recorded(office) == [("eve", "past_read")]
        assert isinstance(await asked(handler, office, requests.GetHistory(conversation.id)), answers.History)
        assert isinstance(await asked(handler, office, requests.GetOverflow("M9")), answers.Overflow)
        assert await recorded(office) == [("eve", "past_read")]
        office.clock.advance(3600)
        await asked(handler, office, requests.GetHistory(conversation.id))
        assert len(await recorded(office)) == 2


async def test_what_cannot_be_recorded_is_not_shown(store: SqlStore, tmp_path: Path) -> None:
    office = Office(store)
    conversation = await office.text("a secret")
    with sqlite3.connect(tmp_path / "textdesk.db") as database:
        database.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no room'); END")
    database.close()
    async with handler_of(office, PictureFiles(tmp_path / "pictures")) as handler:
        for request in (requests.GetHistory(conversation.id), administration.GetAudit()):
            answer = await asked(handler, office, request)
            assert isinstance(answer, frames.Refusal) and "secret" not in str(answer)
