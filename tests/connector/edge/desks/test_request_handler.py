"""What the table of requests leaves to the edge is handled there."""

from __future__ import annotations

from pathlib import Path

from connector.base.live import Live
from connector.base.supervise import Supervisor
from connector.config.file import load
from connector.edge.background.recovery import RecoveryTask
from connector.edge.desks.request_handler import RequestHandler
from connector.edge.parts import CoreParts
from connector.pictures.files import PictureFiles
from connector.services.request_table import TABLE, EdgeRow
from connector.store.sql.store import SqlStore
from connector.wire import answers
from tests.kit.use_cases import Office


async def not_reloaded(actor: str) -> answers.Reloaded:
    raise NotImplementedError


async def test_every_request_without_a_use_case_has_a_handler(store: SqlStore, tmp_path: Path) -> None:
    office = Office(store)
    async with Supervisor() as tasks:
        parts = CoreParts(
            config=Live(load(None)),
            clock=office.clock,
            node=office.node,
            store=store,
            brand=office.live,
            providers=Live({}),
            pictures=PictureFiles(tmp_path),
            tasks=tasks,
        )
        recovery = RecoveryTask(store, office.live, Live({}), office.clock)
        handler = RequestHandler(parts, recovery, not_reloaded)
    assert set(handler.handlers) == {row.request for row in TABLE if isinstance(row, EdgeRow)}
