"""Every genuine hook that is answered 2xx is to be seen: as a message, at a message, or in the list with a reason.

Written from the vendors' pages: https://www.twilio.com/docs/messaging/guides/webhook-request,
https://www.openmarket.com/docs/Content/apis/v4http/receive-mo-json.htm and docs/generic-provider.md.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from twilio.request_validator import RequestValidator

from connector.base.clock import SystemClock
from connector.base.ids import Ids
from connector.base.live import Live
from connector.base.supervise import Supervisor
from connector.composition import brand_settings
from connector.config.file import load
from connector.edge.hooks.server import HookServer
from connector.edge.parts import CoreParts
from connector.pictures.files import PictureFiles
from connector.providers.outbound import AccountClients
from connector.providers.registry import open_providers
from connector.services.accounts import quarantine
from connector.store.sql.store import SqlStore
from tests.kit.ports import free_port
from tests.kit.pseudonyms import PSEUDONYMS

SID, TOKEN, KEY, SECRET = "AC" + "1" * 32, "2" * 32, "k" * 32, "s" * 32
CONSUMER, TWILIO, CODE, GATEWAY = "+14155550123", "+14155550100", "12345", "+14155550102"
CONFIG = f"""
[accounts.main]
provider = "twilio"
account_sid = "{SID}"
auth_token = "{TOKEN}"
public_url = "URL"
numbers = [{{ address = "{TWILIO}" }}]

[accounts.code]
provider = "openmarket"
account_id = "1-2"
password = "p"
hook_key = "{KEY}"
public_url = "URL"
numbers = [{{ address = "{CODE}" }}]

[accounts.gate]
provider = "generic"
secret = "{SECRET}"
send_url = "http://127.0.0.1:1/send"
public_url = "URL"
numbers = [{{ address = "{GATEWAY}" }}]
"""


class Vendors:
    """Calls of three vendors, and what there is to see afterwards."""

    def __init__(self, store: SqlStore, url: str, http: httpx.AsyncClient, clock: SystemClock) -> None:
        self._store = store
        self._url = url
        self._http = http
        self._clock = clock

    async def twilio(self, fields: dict[str, str], kind: str = "inbound", path: str = "/hooks") -> int:
        url = f"{self._url}{path}/twilio/main/{kind}"
        signature = RequestValidator(TOKEN).compute_signature(url, fields)
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        return (await self._http.post(url, content=urlencode(fields), headers=headers)).status_code

    async def openmarket(
        self, body: bytes | dict[str, Any], kind: str = "inbound", type_: str = "", key: str = KEY
    ) -> int:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": type_ or "application/json; charset=UTF-8"}
        url = f"{self._url}/hooks/openmarket/code/{kind}?key={key}"
        return (await self._http.post(url, content=content, headers=headers)).status_code

    async def gateway(self, body: bytes | dict[str, Any], kind: str = "inbound") -> int:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = self._clock.now() // 1000
        digest = hmac.digest(SECRET.encode(), b"%d." % at + content, "sha256").hex()
        url = f"{self._url}/hooks/generic/gate/{kind}"
        headers = {"X-Textdesk-Signature": f"t={at},v1={digest}", "Content-Type": "application/json"}
        return (await self._http.post(url, content=content, headers=headers)).status_code

    async def seen(self) -> list[str]:
        """A line for each message, and for each hook in the list."""
        messages = await self._store.read(lambda reading: reading.history(CONSUMER, None, 50))
        hooks = await self._store.read(lambda reading: quarantine.latest(reading, 50))
        lines = [f"{one.text}{''.join(f'<{media.state}>' for media in one.media)}" for one in messages]
        return [*lines, *(f"{one.state}: {one.reason}" for one in hooks)]


@pytest.fixture
async def vendors(store: SqlStore, tmp_path: Path) -> AsyncIterator[Vendors]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    file = tmp_path / "textdesk.toml"
    file.write_text(CONFIG.replace("URL", url))
    file.chmod(0o600)
    config, clock = load(file), SystemClock()
    async with AccountClients() as clients, Supervisor() as tasks, httpx.AsyncClient(timeout=60) as http:
        clients.use(opened := clients.prepared(config.accounts))
        providers = open_providers(config.accounts, opened)
        parts = CoreParts(
            config=Live(config),
            clock=clock,
            node="n1",
            store=store,
            brand=Live(brand_settings(config, providers, Ids(clock), PSEUDONYMS)),
            providers=Live(providers),
            pictures=PictureFiles(tmp_path / "pictures"),
            tasks=tasks,
        )
        server = HookServer(parts, dict, lambda _: None)
        await server.listen("127.0.0.1", port)
        yield Vendors(store, url, http, clock)
        await server.close()


TEXT = {"MessageSid": "SM1", "From": CONSUMER, "To": TWILIO}
PICTURE = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/1", "MediaContentType0": "image/jpeg"}


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({**TEXT, "Body": "Hello"}, "Hello"),
        ({**TEXT, **PICTURE}, "<waiting>"),
        ({**TEXT, **PICTURE, "Body": " "}, "<waiting>"),
        ({**TEXT, "NumMedia": "1"}, "<failed>"),
        ({**TEXT, "Body": "", "ButtonText": "Yes"}, "Yes"),
        ({**TEXT, "Body": ""}, "[a text without anything to see]"),
        ({**TEXT, "Body": "", "OptOutType": "STOP"}, "[without words; Twilio took it for STOP]"),
        ({**TEXT, "To": "whatsapp:+15550100", "Body": "x"}, "unroutable: whatsapp:+15550100 is not a number"),
        ({**TEXT, "To": "rcs:brand_1", "Body": "x"}, "unroutable: rcs:brand_1 is not a number"),
        ({"CallSid": "CA1", "From": CONSUMER, "To": TWILIO}, "unused: a voice call"),
        ({"EventType": "onTypingStarted"}, "unused: the event onTypingStarted"),
        ({"MessageSid": "SM9", "MessageStatus": "read", "From": TWILIO}, "unused: a receipt for a message that"),
        ({"MessageSid": "SM9", "MessageStatus": "receiving"}, "unused: an unknown status of a message"),
    ],
)
@pytest.mark.parametrize("kind", ["inbound", "status"])
async def test_twilio(vendors: Vendors, fields: dict[str, str], line: str, kind: str) -> None:
    if kind == "status" and "MessageSid" in fields and "MessageStatus" not in fields:
        fields = {**fields, "SmsStatus": "received", "NumSegments": "1"}
    if kind == "inbound" and fields.get("MessageStatus") == "receiving":
        fields = {**fields, "From": CONSUMER, "To": TWILIO}
        line = "[a text without anything to see]"
    assert await vendors.twilio(fields, kind) == 200
    [seen] = await vendors.seen()
    assert seen.startswith(line)


async def test_an_address_with_two_slashes_is_ours(vendors: Vendors) -> None:
    assert await vendors.twilio({**TEXT, "Body": "Hello"}, path="//hooks") == 200
    assert await vendors.seen() == ["Hello"]


PARTIES = {"source": {"address": "14155550123"}, "destination": {"address": CODE}}


def originate(content: str, **more: Any) -> dict[str, Any]:
    message = {"type": "hexEncodedText", "content": content, **more}
    return {"mobileOriginate": {**PARTIES, "ticketId": "T1", "message": message}}


@pytest.mark.parametrize(
    ("body", "kind", "lines"),
    [
        (originate("Hi", type="text"), "inbound", ["Hi"]),
        (originate("48692"), "inbound", ["Hi", "unreadable: its hexadecimal content ends within an octet"]),
        (originate("050003080203" + "4869", udh=True), "inbound", ["Hi", "unreadable: its user data header names no"]),
        (originate("Hi", type="text"), "receipt", ["Hi"]),
        (
            b'{"mobileOriginate": {"source": {"address": "14155550123"}, "destination": {"address": "12345"},'
            b' "message": {"content": "\\ud800"}}}',
            "inbound",
            ["\ufffd"],
        ),
        ({"deliveryReceipt": {"ticketId": "T9", "code": 4}}, "receipt", ["unused: a receipt for a message"]),
    ],
)
async def test_openmarket(vendors: Vendors, body: bytes | dict[str, Any], kind: str, lines: list[str]) -> None:
    assert await vendors.openmarket(body, kind) == 200
    seen = await vendors.seen()
    assert len(seen) == len(lines)
    assert all(one.startswith(line) for one, line in zip(seen, lines, strict=True))


async def test_a_message_with_pictures_by_openmarket_is_taken_once(vendors: Vendors) -> None:
    about = {"type": "MO", "moId": "M1", "source": "14155550123", "destinations": [CODE], "subject": "Look"}
    picture = b"\xff\xd8\xff" + b"\0" * 900_000
    body = b"--b\r\nContent-Type: application/json\r\n\r\n" + json.dumps(about).encode()
    body += b"\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n" + picture + b"\r\n--b--\r\n"
    for _ in range(2):
        assert await vendors.openmarket(body, type_="multipart/mixed; boundary=b") == 200
    message, *listed = await vendors.seen()
    assert message == "Look<failed>"
    assert listed == ["unused: a message with pictures or files (1), which cannot be taken from OpenMarket"] * 2


async def test_a_large_body_without_proof_is_not_read(vendors: Vendors) -> None:
    assert await vendors.openmarket(b"x" * 900_000, type_="multipart/mixed; boundary=b", key="guess") == 413


@pytest.mark.parametrize(
    ("body", "kind", "line"),
    [
        ({"text": "Hi"}, "inbound", "Hi"),
        ({}, "inbound", "[a text without anything to see]"),
        ({"media": [{"url": "http://127.0.0.1:1/p"}]}, "inbound", "<waiting>"),
        ({"media": [{}]}, "inbound", "<failed>"),
        ({"id": "r9", "status": "delivered"}, "status", "unused: a receipt for a message"),
        ({"id": "r9", "status": "typing"}, "status", "unused: an unknown status of a message"),
    ],
)
async def test_gateway(vendors: Vendors, body: dict[str, Any], kind: str, line: str) -> None:
    parties = {"id": "1", "from": CONSUMER, "to": GATEWAY} if kind == "inbound" else {}
    assert await vendors.gateway({**parties, **body}, kind) == 200
    [seen] = await vendors.seen()
    assert seen.startswith(line)
