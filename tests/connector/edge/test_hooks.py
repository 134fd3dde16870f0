"""The door for vendors: what strangers send neither writes into the log's lines nor takes the room of what is real."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from aiohttp import web
from twilio.request_validator import RequestValidator

from connector.edge.hooks import HookDoor
from connector.pictures.files import PictureFiles
from connector.providers.base import Secret
from connector.providers.twilio import Twilio
from connector.store.sql import SqlStore
from connector.store.values import HookState
from tests.kit.ports import free_port
from tests.kit.use_cases import Office

SID, TOKEN = "AC" + "1" * 32, "2" * 32
INBOUND = "/hooks/twilio/main/inbound"


HEALTH = {"status": "warning", "store": "s1", "reasons": ["main: 3 calls without a valid signature"]}


class Door:
    def __init__(self, office: Office, url: str) -> None:
        self.office = office
        self.url = url

    async def post(self, path: str, fields: dict[str, str], token: str = TOKEN) -> int:
        signature = RequestValidator(token).compute_signature(self.url + path, fields)
        async with httpx.AsyncClient() as client:
            answer = await client.post(self.url + path, data=fields, headers={"X-Twilio-Signature": signature})
        return answer.status_code

    async def kept(self, state: HookState) -> int:
        return len(await self.office.store.read(lambda reading: reading.hooks([state], 1000)))


@pytest.fixture
async def door(store: SqlStore, tmp_path: Path) -> AsyncIterator[Door]:
    office = Office(store)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient() as client:
        settings = Twilio.Settings(account_sid=SID, auth_token=Secret(TOKEN), numbers=[], public_url=url)
        behind = HookDoor(
            store,
            office.inbound,
            {("twilio", "main"): Twilio("main", settings, client)},
            {"main": url},
            set(),
            PictureFiles(tmp_path / "pictures"),
            lambda _: None,
            office.clock,
            office.ids,
        )
        runner = web.AppRunner(behind.application(lambda: HEALTH))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield Door(office, url)
        await runner.cleanup()


async def test_an_accounts_name_writes_nothing_into_the_log(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    name = "\x1b]0;mine\x07\x1b[2J\nhook of main kept as taken: all is well\r\x9b31m\u202eend"
    with caplog.at_level(logging.INFO, "connector"):
        assert await door.post(f"/hooks/twilio/{quote(name)}/inbound", {"Body": "x"}) == 404
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("connector")]
    assert len(lines) == 1
    assert lines[0].startswith("hook of ")
    assert lines[0].isprintable()


async def test_a_genuine_call_that_cannot_be_read_is_kept_when_forged_ones_have_used_up_the_room(door: Door) -> None:
    forged = [await door.post(INBOUND, {"Body": str(number)}, token="f" * 32) for number in range(70)]
    assert set(forged) == {403}
    assert await door.kept(HookState.REFUSED) == 60
    assert await door.post(INBOUND, {"AccountSid": SID, "Body": "no id, no sender"}) == 400
    assert await door.kept(HookState.UNREADABLE) == 1


async def test_the_next_minute_has_room_again(door: Door) -> None:
    for number in range(61):
        await door.post(INBOUND, {"Body": str(number)}, token="f" * 32)
    door.office.clock.advance(60)
    await door.post(INBOUND, {"Body": "once more"}, token="f" * 32)
    assert await door.kept(HookState.REFUSED) == 61


async def test_the_internet_is_not_told_what_ails_which_account(door: Door) -> None:
    async with httpx.AsyncClient() as client:
        near = await client.get(door.url + "/health")
        far = await client.get(door.url + "/health", headers={"X-Forwarded-For": "127.0.0.1"})
    assert near.json() == HEALTH
    assert far.json() == {"status": "warning", "store": "s1"}
