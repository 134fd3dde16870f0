"""`textdesk alerts` and `textdesk ack` against a real core."""

from __future__ import annotations

import asyncio
import json
from argparse import Namespace
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connector.base.clock import SystemClock
from connector.cli.verbs import ack, alerts
from connector.client.core_address import CoreAddress
from connector.client.errors import RequestRefused
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.domain.alerts import AlertKind
from connector.store.sql.store import open_store
from tests.kit.commands import PATIENCE_S
from tests.kit.door import open_door
from tests.kit.stores import alert
from tests.kit.templates import copied

ROTA = '[on_call]\nzone = "UTC"\nlead = ["ann"]\n'


@pytest.fixture
async def link(tmp_path: Path) -> AsyncIterator[Link]:
    """To a core in which the accounts of two alerts are down."""
    path, now = copied(tmp_path / "night.db"), SystemClock().now()
    store = await open_store(path)
    for number in (1, 2):
        down = alert(
            id=f"0L{number}", kind=AlertKind.ACCOUNT_DOWN, account=f"main{number}", skill="", raised_at=now - 60_000,
            since=now - 240_000, next_at=now + number * 60_000, seen_at=now + 60_000,
        )  # fmt: skip
        await store.write(lambda tx, down=down: tx.alerts.add(down))  # type: ignore[misc]
    await store.close()
    async with (
        asyncio.timeout(PATIENCE_S),
        open_door(tmp_path, database=str(path), desks=ROTA),
        Link(CoreAddress(tmp_path, agent="ann")) as link,
    ):
        yield link


async def said(link: Link, capsys: pytest.CaptureFixture[str], *, since: str | None = None, **options: bool) -> str:
    assert await alerts.run(link, Namespace(since=since, json=options.get("json", False))) == 0
    return capsys.readouterr().out


async def acknowledged(link: Link, capsys: pytest.CaptureFixture[str], *ids: str) -> str:
    options = Namespace(alert=list(ids), json=False)
    ack.check(options)
    assert await ack.run(link, options) == 0
    return capsys.readouterr().out


async def test_alerts_are_listed_acknowledged_and_in_the_table_of_the_night(
    link: Link, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = await said(link, capsys)
    assert "main1 is down" in listed and "nobody asked yet" in listed and "ann at " in listed
    as_json = [json.loads(line) for line in (await said(link, capsys, json=True)).splitlines()]
    assert [line["id"] for line in as_json if "id" in line] == ["0L1", "0L2"]
    assert await acknowledged(link, capsys, "0l1") == "0L1 acknowledged by ann: main1 is down\n"
    assert await acknowledged(link, capsys, "all") == "0L2 acknowledged by ann: main2 is down\n"
    assert await acknowledged(link, capsys, "all") == "No alert waits for anybody.\n"
    night = (await said(link, capsys, since="1h")).splitlines()
    head = next(line for line in night if line.startswith("AT"))
    assert head.split() == ["AT", "ALERT", "WHAT", "WHO", "HOW"]
    assert sum("raised" in line for line in night) == sum("acknowledged  ann" in line for line in night) == 2


async def test_what_is_no_alert_is_refused_in_words(link: Link, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RequestRefused, match="no alert 9"):
        await acknowledged(link, capsys, "9")
    with pytest.raises(CommandFailed, match="beginning of 2 alerts"):
        await acknowledged(link, capsys, "0L")
    with pytest.raises(CommandFailed, match="Either all"):
        await acknowledged(link, capsys, "all", "0L1")
