"""The server for hooks: what unauthenticated callers send forges no log lines and costs genuine hooks nothing."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

import httpx
import pytest
from msgspec.structs import replace
from twilio.request_validator import RequestValidator

from connector.base.clock import SteppingClock
from connector.base.ids import Ids
from connector.base.live import Live
from connector.base.secret import Secret
from connector.base.supervise import Supervisor
from connector.composition import brand_settings
from connector.config.file import load
from connector.edge.hooks.server import HookServer
from connector.edge.parts import CoreParts
from connector.pictures.files import PictureFiles
from connector.providers.outbound import OutboundClient
from connector.providers.settings import NumberSettings
from connector.providers.twilio.provider import TwilioProvider
from connector.services.accounts.stored_hooks import STORED_BODY
from connector.store.sql.store import SqlStore
from connector.store.values import HookState
from tests.kit.ports import free_port
from tests.kit.pseudonyms import PSEUDONYMS
from tests.kit.stores import LINE

SID, TOKEN = "AC" + "1" * 32, "2" * 32
INBOUND = "/hooks/twilio/main/inbound"
PATIENCE_S = 60.0


HEALTH = {"status": "warning", "store": "s1", "reasons": ["main: 3 calls without a valid signature"]}


def web_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=PATIENCE_S)


class RunningServer:
    def __init__(self, store: SqlStore, clock: SteppingClock, url: str) -> None:
        self.store = store
        self.clock = clock
        self.url = url

    async def post(self, path: str, fields: dict[str, str], token: str = TOKEN) -> int:
        signature = RequestValidator(token).compute_signature(self.url + path, fields)
        async with web_client() as client:
            answer = await client.post(self.url + path, data=fields, headers={"X-Twilio-Signature": signature})
        return answer.status_code

    async def get(self, query: dict[str, str], token: str = TOKEN) -> int:
        """A hook by GET, which is signed over its URL alone."""
        address = f"{self.url}{INBOUND}?{urlencode(query)}"
        signature = RequestValidator(token).compute_signature(address, {})
        async with web_client() as client:
            answer = await client.get(address, headers={"X-Twilio-Signature": signature})
        return answer.status_code

    async def bare(self, data: bytes, *, closes_early: bool = False) -> bytes:
        """The answer to these bytes, until the connection closes."""
        host, port = self.url.removeprefix("http://").split(":")
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection(host, int(port))
            answer = b""
            writer.write(data)
            if closes_early:
                await writer.drain()
            else:
                answer = await reader.read()
            writer.close()
            await writer.wait_closed()
        return answer

    async def stored(self, state: HookState) -> int:
        return len(await self.store.read(lambda reading: reading.hooks([state], 1000)))


@pytest.fixture
async def server(store: SqlStore, tmp_path: Path) -> AsyncIterator[RunningServer]:
    async with running_server(store, tmp_path) as made:
        yield made


@asynccontextmanager
async def running_server(
    store: SqlStore, tmp_path: Path, signatures: Literal["enforce", "watch"] = "enforce"
) -> AsyncIterator[RunningServer]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    numbers = [NumberSettings(address=LINE)]
    settings = TwilioProvider.Settings(
        account_sid=SID, auth_token=Secret(TOKEN), numbers=numbers, public_url=url, signatures=signatures
    )
    config = replace(load(None), accounts={"main": settings})
    clock = SteppingClock()
    ids = Ids(clock)
    async with OutboundClient() as client, Supervisor() as tasks:
        providers = {"main": TwilioProvider("main", settings, client)}
        parts = CoreParts(
            config=Live(config),
            clock=clock,
            node="n1",
            store=store,
            brand=Live(brand_settings(config, providers, ids, PSEUDONYMS)),
            providers=Live(providers),
            pictures=PictureFiles(tmp_path / "pictures"),
            tasks=tasks,
        )
        made = HookServer(parts, lambda: HEALTH, lambda _: None)
        assert await made.listen("127.0.0.1", port) == url
        yield RunningServer(store, clock, url)
        await made.close()


async def test_an_accounts_name_cannot_forge_log_lines(server: RunningServer, caplog: pytest.LogCaptureFixture) -> None:
    name = "\x1b]0;mine\x07\x1b[2J\nhook of main kept as taken: all is well\r\x9b31m\u202eend"
    with caplog.at_level(logging.INFO, "connector"):
        assert await server.post(f"/hooks/twilio/{quote(name)}/inbound", {"Body": "x"}) == 404
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("connector")]
    assert len(lines) == 1
    assert lines[0].startswith("hook of ")
    assert lines[0].isprintable()


async def forge(server: RunningServer, count: int, **fields: str) -> None:
    for number in range(count):
        assert await server.post(INBOUND, {"Body": str(number), **fields}, token="f" * 32) == 403


async def test_a_genuine_hook_that_cannot_be_read_is_stored_when_forged_ones_have_reached_their_limit(
    server: RunningServer,
) -> None:
    await forge(server, 12)
    assert await server.stored(HookState.REFUSED) == 10
    assert await server.post(INBOUND, {"AccountSid": SID, "Body": "no id, no sender"}) == 400
    assert await server.stored(HookState.UNREADABLE) == 1


async def test_a_hook_that_is_likely_genuine_is_stored_when_others_have_reached_their_limit(
    server: RunningServer,
) -> None:
    """Signed with a secret that is not configured yet, and sent to one of our numbers."""
    await forge(server, 12)
    for number in range(12):
        assert await server.post(f"/hooks/twilio/made-up-{number}/inbound", {"Body": "x"}) == 404
    assert await server.stored(HookState.UNROUTABLE) == 10
    await forge(server, 1, To=LINE)
    assert await server.stored(HookState.REFUSED) == 11


async def test_the_limit_is_for_each_minute(server: RunningServer, caplog: pytest.LogCaptureFixture) -> None:
    await forge(server, 12)
    server.clock.advance(60)
    with caplog.at_level(logging.INFO, "connector"):
        await forge(server, 1)
    assert await server.stored(HookState.REFUSED) == 11
    assert caplog.records[-2].getMessage() == "2 more hooks in that minute were not stored (unproven main)"


async def test_the_reasons_of_a_warning_are_not_for_the_internet(server: RunningServer) -> None:
    async with web_client() as client:
        local = await client.get(server.url + "/health")
        remote = await client.get(server.url + "/health", headers={"X-Forwarded-For": "127.0.0.1"})
    assert local.json() == HEALTH
    assert remote.json() == {"status": "warning", "store": "s1"}


async def test_a_body_that_is_too_long_is_refused_before_it_is_read(server: RunningServer) -> None:
    head = f"POST {INBOUND} HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: x\r\nContent-Length: {128 * 1024 + 1}\r\n\r\n"
    answer = await server.bare(head.encode())
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.endswith(b"\r\n\r\n"), "the answer has no body"
    (hook,) = await server.store.read(lambda reading: reading.hooks([HookState.UNREADABLE], 10))
    assert (hook.account, hook.reason, hook.body) == ("main", "longer than 128 KB", b"")


async def test_the_start_of_a_body_that_turns_out_too_long_is_stored(server: RunningServer) -> None:
    chunk = b"4000\r\nBody=" + b"a" * (0x4000 - 5) + b"\r\n"
    answer = await server.bare(POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk + b"1\r\na")
    assert answer.startswith(b"HTTP/1.1 413 ")
    (hook,) = await server.store.read(lambda reading: reading.hooks([HookState.UNREADABLE], 10))
    assert (hook.reason, hook.body[:6]) == ("longer than 16 KB", b"Body=a")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, identity"])
async def test_an_encoded_body_is_refused_unread(server: RunningServer, encoding: str) -> None:
    answer = await server.bare(POST + f"Content-Encoding: {encoding}\r\nContent-Length: 1000000\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 415 ")
    (hook,) = await server.store.read(lambda reading: reading.hooks([HookState.UNREADABLE], 10))
    assert hook.body == b""


POST = f"POST {INBOUND} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode()


@pytest.mark.parametrize(
    "data",
    [
        POST + b"X-Mine: secret\x01words\r\nContent-Length: 0\r\n\r\n",
        b"secret\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nsecret\r\n",
    ],
    ids=["a control character in a header", "not HTTP", "not a chunk"],
)
async def test_what_is_not_http_is_refused_and_logged_in_one_line_without_a_traceback(
    server: RunningServer, caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    with caplog.at_level(logging.INFO):
        assert re.match(rb"HTTP/1\.[01] 400 ", await server.bare(data))
    assert [record.exc_info for record in caplog.records if record.name != "httpx"] == [None]
    assert "secret" not in caplog.text


async def test_a_connection_that_closes_early_is_logged_in_one_line(
    server: RunningServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "connector"):
        await server.bare(POST + b"Content-Length: 100\r\n\r\nsecret", closes_early=True)
        async with asyncio.timeout(PATIENCE_S):
            while not caplog.records:
                await asyncio.sleep(0.01)
    lines = [(record.getMessage(), record.exc_info) for record in caplog.records]
    assert lines == [("hook of main not read: the connection closed before its end", None)]


GET = {"MessageSid": "SM" + "4" * 32, "AccountSid": SID, "From": "+15550123", "To": LINE, "NumMedia": "0"}


async def test_a_hook_by_get_is_read(server: RunningServer) -> None:
    text = "東" * 1600  # 14,400 characters of URL
    assert await server.get({**GET, "Body": text}) == 200
    assert await server.get({**GET, "Body": text}) == 200
    messages = await server.store.read(lambda reading: reading.history(GET["From"], None, 10))
    assert [message.text for message in messages] == [text]
    assert await server.get({**GET, "Body": "forged"}, token="f" * 32) == 403
    (refused,) = await server.store.read(lambda reading: reading.hooks([HookState.REFUSED], 10))
    assert refused.method == "GET"


async def test_an_address_of_many_parameters_is_refused_before_its_proof_is_checked(server: RunningServer) -> None:
    many = {str(number): "1" for number in range(200)}
    assert await server.get({**GET, "Body": "x", **many}) == 400
    assert await server.get({**GET, "Body": "x", **dict(list(many.items())[:150])}) == 200


async def test_long_forged_addresses_of_one_caller_keep_no_genuine_hook_out(server: RunningServer) -> None:
    """Their proofs are charged to the room of large hooks, however short their bodies are."""
    query = urlencode({**GET, "Body": "東" * 6000})
    forged = f"GET {INBOUND}?{query} HTTP/1.1\r\nHost: a\r\nX-Twilio-Signature: forged\r\n\r\n".encode()
    assert (await server.bare(forged)).startswith(b"HTTP/1.1 403 ")
    async with asyncio.timeout(PATIENCE_S):  # how many it takes depends on the processor
        while not (await server.bare(forged)).startswith(b"HTTP/1.1 503 "):
            pass
    assert await server.get({**GET, "Body": "genuine"}) == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS"])
async def test_other_methods_are_refused_and_stored(server: RunningServer, method: str) -> None:
    async with web_client() as client:
        answer = await client.request(method, server.url + INBOUND)
    assert (answer.status_code, answer.content) == (405, b"")
    (hook,) = await server.store.read(lambda reading: reading.hooks([HookState.UNREADABLE], 10))
    assert hook.reason.startswith(f"called with {method}")


async def test_only_needed_headers_and_no_secrets_are_stored(server: RunningServer) -> None:
    headers = {
        "Authorization": "Basic geheim",
        "Cookie": "geheim",
        "X-Api-Key": "geheim",
        "X-Anything": "x" * 5_000,
        "X-Twilio-Signature": "a",
        "X-Forwarded-Host": "sms.example.com",
        "User-Agent": "u" * 5_000,
    }
    async with web_client() as client:
        url = f"{server.url}{INBOUND}?KEY=geheim&%74oken=geheim&m=1"
        answer = await client.post(url, headers=headers, data={"Body": "x", "Pass Word": "geheim"})
    assert answer.status_code == 403
    (hook,) = await server.store.read(lambda reading: reading.hooks([HookState.REFUSED], 10))
    assert hook.url == f"{server.url}{INBOUND}?KEY=•••&%74oken=•••&m=1"
    assert hook.body == "Body=x&Pass+Word=•••".encode()
    kept = {"host", "content-length", "content-type", "user-agent", "x-twilio-signature", "x-forwarded-host"}
    assert set(hook.headers) == kept
    assert hook.headers["user-agent"] == "u" * 512


async def test_a_body_that_was_not_read_to_its_end_is_marked(server: RunningServer) -> None:
    head = f"POST {INBOUND} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    data = f"{head}Content-Length: 200000\r\n\r\nBody=".encode() + b"a" * 200_000
    assert b" 413 " in await server.bare(data)
    (hook,) = await server.store.read(lambda reading: reading.hooks([HookState.UNREADABLE], 10))
    assert hook.cut == "body"


async def test_of_a_watched_hook_only_the_beginning_is_stored_and_its_message_whole(
    store: SqlStore, tmp_path: Path
) -> None:
    text = "a" * 100_000
    async with (
        running_server(store, tmp_path, signatures="watch") as server,
        web_client() as client,
    ):
        fields = {**GET, "Body": text}
        answer = await client.post(server.url + INBOUND, data=fields)
    assert answer.status_code == 200
    (hook,) = await store.read(lambda reading: reading.hooks([HookState.WATCHED], 10))
    assert (len(hook.body), hook.cut) == (STORED_BODY, "body")
    assert (hook.budget, hook.size > STORED_BODY) == ("unproven main", True)
    (message,) = await store.read(lambda reading: reading.history(GET["From"], None, 10))
    assert message.text + message.overflow == text


async def test_a_watched_hook_for_an_unknown_line_stays_unproven_and_is_logged(
    store: SqlStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        running_server(store, tmp_path, signatures="watch") as server,
        web_client() as client,
    ):
        await client.post(server.url + INBOUND, data={**GET, "To": "+15550199", "Body": "x"})
    assert (
        "hook of main from 127.0.0.1 quarantined as unroutable: +15550199 is not one of its numbers" in caplog.messages
    )
    (hook,) = await store.read(lambda reading: reading.hooks([HookState.UNROUTABLE], 10))
    assert hook.budget == "unproven main"


async def test_a_genuine_hook_for_an_unknown_line_is_logged(
    server: RunningServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert await server.post(INBOUND, {**GET, "To": "+15550199", "Body": "x"}) == 200
    words = "a genuine hook of main from 127.0.0.1 is quarantined as unroutable: +15550199 is not one of its numbers"
    assert words in caplog.messages


async def test_a_hook_for_another_provider_than_its_accounts_says_so(server: RunningServer) -> None:
    assert await server.post("/hooks/openmarket/main/inbound", {"Body": "x"}) == 404
    (hook,) = await server.store.read(lambda reading: reading.hooks([HookState.UNROUTABLE], 10))
    assert hook.reason == "the account is one of twilio, and its address another provider's"
