"""The door for vendors: what strangers send neither writes into the log's lines nor takes the room of what is real."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest
from aiohttp import web
from twilio.request_validator import RequestValidator

from connector.base.secret import Secret
from connector.edge.hooks.door import LONGEST_ADDRESS, HookServer
from connector.pictures.files import PictureFiles
from connector.providers.twilio.provider import TwilioProvider
from connector.services.accounts.quarantine import KEPT_BODY
from connector.store.sql.store import SqlStore
from connector.store.values import HookState
from tests.kit.ports import free_port
from tests.kit.stores import LINE
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

    async def get(self, query: dict[str, str], token: str = TOKEN) -> int:
        """A call by GET, which is signed over its address alone."""
        address = f"{self.url}{INBOUND}?{urlencode(query)}"
        signature = RequestValidator(token).compute_signature(address, {})
        async with httpx.AsyncClient() as client:
            answer = await client.get(address, headers={"X-Twilio-Signature": signature})
        return answer.status_code

    async def bare(self, data: bytes, *, hang_up: bool = False) -> bytes:
        """What is answered to these very bytes until the end of the connection."""
        host, port = self.url.removeprefix("http://").split(":")
        async with asyncio.timeout(20):
            reader, writer = await asyncio.open_connection(host, int(port))
            answer = b""
            writer.write(data)
            if hang_up:
                await writer.drain()
            else:
                answer = await reader.read()
            writer.close()
            await writer.wait_closed()
        return answer

    async def kept(self, state: HookState) -> int:
        return len(await self.office.store.read(lambda reading: reading.hooks([state], 1000)))


@pytest.fixture
async def door(store: SqlStore, tmp_path: Path) -> AsyncIterator[Door]:
    office = Office(store)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient() as client:
        settings = TwilioProvider.Settings(account_sid=SID, auth_token=Secret(TOKEN), numbers=[], public_url=url)
        behind = HookServer(
            store,
            office.inbound,
            {("twilio", "main"): TwilioProvider("main", settings, client)},
            {"main": url},
            set(),
            PictureFiles(tmp_path / "pictures"),
            lambda _: None,
            office.clock,
            office.ids,
        )
        runner = web.AppRunner(
            behind.application(lambda: HEALTH), access_log=None, logger=behind.server_log, max_line_size=LONGEST_ADDRESS
        )
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


LONG = 1024 * 1024 + 1


async def test_a_body_that_is_too_long_is_refused_and_its_start_is_kept(door: Door) -> None:
    head = f"POST {INBOUND} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {LONG}\r\n\r\n".encode()
    answer = await door.bare(head + b"Body=" + b"a" * (LONG - 5))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.endswith(b"\r\n\r\n"), "nothing is said besides"
    (hook,) = await door.office.store.read(lambda reading: reading.hooks([HookState.UNREADABLE], 10))
    assert (hook.account, hook.reason) == ("main", "longer than 1,024 KB")
    assert hook.body == b"Body=" + b"a" * (KEPT_BODY - 5)


POST = f"POST {INBOUND} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode()


@pytest.mark.parametrize(
    "data",
    [
        POST + b"X-Mine: secret\x01words\r\nContent-Length: 0\r\n\r\n",
        b"POST http://[::1/secret HTTP/1.1\r\nHost: x\r\n\r\n",
        b"secret\r\n\r\n",
        POST + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\nsecret",
        POST + b"Transfer-Encoding: chunked\r\n\r\nsecret\r\n",
    ],
    ids=["a control character in a header", "a bad address", "no HTTP", "no gzip", "no chunk"],
)
async def test_what_is_no_call_is_refused_in_one_line_without_a_trace(
    door: Door, caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    with caplog.at_level(logging.INFO):
        assert re.match(rb"HTTP/1\.[01] 400 ", await door.bare(data))
    assert [record.exc_info for record in caplog.records if record.name != "httpx"] == [None]
    assert "secret" not in caplog.text


async def test_who_hangs_up_is_told_in_one_line(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "connector"):
        await door.bare(POST + b"Content-Length: 100\r\n\r\nsecret", hang_up=True)
        async with asyncio.timeout(20):
            while not caplog.records:
                await asyncio.sleep(0.01)
    lines = [(record.getMessage(), record.exc_info) for record in caplog.records]
    assert lines == [("hook of main not read: the caller hung up before its end", None)]


async def test_a_flood_of_strangers_is_told_in_so_many_lines_a_minute(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "connector"):
        for number in range(70):
            await door.post(INBOUND, {"Body": str(number)}, token="f" * 32)
            await door.bare(b"no HTTP\r\n\r\n")
        assert len(caplog.records) == 2 * 61
        caplog.clear()
        door.office.clock.advance(60)
        await door.post(INBOUND, {"Body": "once more"}, token="f" * 32)
    assert caplog.records[0].getMessage() == "calls that prove nothing: 10 more in that minute"


GET = {"MessageSid": "SM" + "4" * 32, "AccountSid": SID, "From": "+15550123", "To": LINE, "NumMedia": "0"}


async def test_a_number_that_calls_with_get_is_read_all_the_same(door: Door) -> None:
    text = "東" * 1600  # 14,400 characters of address
    assert await door.get({**GET, "Body": text}) == 200
    assert await door.get({**GET, "Body": text}) == 200
    messages = await door.office.store.read(lambda reading: reading.history(GET["From"], None, 10))
    assert [message.text for message in messages] == [text]
    assert await door.get({**GET, "Body": "forged"}, token="f" * 32) == 403
    (refused,) = await door.office.store.read(lambda reading: reading.hooks([HookState.REFUSED], 10))
    assert refused.method == "GET"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS"])
async def test_other_methods_are_refused_and_kept(door: Door, method: str) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.request(method, door.url + INBOUND)
    assert (answer.status_code, answer.content) == (405, b"")
    (hook,) = await door.office.store.read(lambda reading: reading.hooks([HookState.UNREADABLE], 10))
    assert hook.reason.startswith(f"called with {method}")
