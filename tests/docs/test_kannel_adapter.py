"""Textdesk's generic provider, the adapter for Kannel, and a Kannel that answers as a test says: all over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import msgspec
import pytest
from aiohttp import web

from connector.domain.status import Status
from connector.providers.generic.provider import GenericProvider
from connector.providers.outbound import OutboundClient
from connector.providers.values import (
    Accepted,
    Arrival,
    DeliveryReceipt,
    Hook,
    InboundText,
    NotFound,
    Outgoing,
    Rejected,
    TryLater,
    Uncertain,
)
from docs.kannel_adapter import Adapter
from tests.kit.provider_table import secret
from tests.kit.vendor_server import Behaviour, VendorServer, answer, closed_port, hang_up, loopback_client

ACCEPTED = answer(202, "0: Accepted for delivery", "text/plain")
MESSAGE = Outgoing(
    message_id="01J00000000000000000000001", line="12345", consumer="+15550123123", text="Grüße & 1+1", written_at=0
)


@dataclass
class Stage:
    """The three of them; `taken` is what reached Textdesk, which answers with `says`."""

    provider: GenericProvider
    kannel: VendorServer
    http: OutboundClient
    adapter: str = ""
    taken: list[Arrival] = field(default_factory=list)
    says: int = 200

    async def hook(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        headers = {name.lower(): value for name, value in request.headers.items()}
        called = Hook(kind=kind, method="POST", url=str(request.url), headers=headers, body=await request.read())
        self.provider.authenticate(called)
        if self.says == 200:
            self.taken += self.provider.read(called)
        return web.Response(status=self.says)

    def asked(self) -> dict[str, str]:
        """What the latest call asked of Kannel."""
        query = parse_qs(urlsplit(self.kannel.calls[-1].path).query, keep_blank_values=True)
        return {name: values[0] for name, values in query.items()}


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def stage(folder: Path, behaviour: Behaviour = ACCEPTED, kannel: str | None = None) -> AsyncIterator[Stage]:
    async with VendorServer().running() as server, loopback_client() as (http, _):
        server.behaviour = behaviour
        desk = web.Application()
        shown = Stage(provider=None, kannel=server, http=http)  # type: ignore[arg-type]  # once its address is known
        desk.router.add_post("/hooks/generic/main/{kind}", shown.hook)
        async with serving(desk) as textdesk:
            settings = {
                "SECRET": "secret-of-both",
                "KANNEL": f"{kannel or server.url}/cgi-bin/sendsms",
                "KANNEL_USER": "textdesk",
                "KANNEL_PASSWORD": "pass word&",
                "TEXTDESK": f"{textdesk}/hooks/generic/main",
                "STORE": str(folder / "sent.db"),
                "SELF": "http://127.0.0.1:8200",
            }
            async with serving(Adapter(settings).application()) as adapter:
                shown.adapter = adapter
                shown.provider = made(adapter, http)
                yield shown


def made(adapter: str, http: OutboundClient, key: str = "secret-of-both") -> GenericProvider:
    section = {
        "provider": "generic",
        "public_url": "https://sms.example.com",
        "numbers": [{"address": "12345"}],
        "send_url": f"{adapter}/send",
        "status_url": f"{adapter}/status",
        "secret": key,
    }
    return GenericProvider("main", msgspec.convert(section, type=GenericProvider.Settings, dec_hook=secret), http)


async def test_a_reply_goes_to_kannel_and_its_receipts_come_back(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        assert (await on.provider.check()).words == "Signed in."
        assert await on.provider.send(MESSAGE) == Accepted(MESSAGE.message_id, Status.ACCEPTED)
        asked = on.asked()
        callback = asked.pop("dlr-url")
        assert asked == {
            "username": "textdesk",
            "password": "pass word&",
            "from": "12345",
            "to": "+15550123123",
            "text": "Grüße & 1+1",
            "charset": "UTF-8",
            "coding": "0",
            "dlr-mask": "31",
        }
        assert callback == f"http://127.0.0.1:8200/report?id={MESSAGE.message_id}&status=%d&code=%A"
        for value, said in (("8", ""), ("2", "NACK/0x58")):
            url = urlsplit(callback.replace("%d", value).replace("%A", quote(said)))
            assert (await on.http.get(f"{on.adapter}{url.path}?{url.query}")).status_code == 200
        ref = MESSAGE.message_id
        words = "The gateway says: NACK/0x58."
        assert on.taken == [
            DeliveryReceipt(Status.SENT, "sent", ref=ref, message_id=ref),
            DeliveryReceipt(Status.UNDELIVERED, "undelivered", ref=ref, message_id=ref, words=words),
        ]
        [polled] = await on.provider.poll(MESSAGE.message_id)
        assert polled.status is Status.UNDELIVERED


@pytest.mark.parametrize(
    ("text", "coding"), [("1+1 [€]", "0"), ("a backtick `", "2"), ("😀", "2"), ("Добрый день", "2")]
)
async def test_nothing_turns_into_a_question_mark(tmp_path: Path, text: str, coding: str) -> None:
    async with stage(tmp_path) as on:
        await on.provider.send(msgspec.structs.replace(MESSAGE, text=text, valid_for_s=600))
        asked = on.asked()
        assert (asked["text"], asked["coding"], asked["validity"]) == (text, coding, "10")


async def test_an_id_is_passed_on_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        first, again = await on.provider.send(MESSAGE), await on.provider.send(MESSAGE)
        assert first == again == Accepted(MESSAGE.message_id, Status.ACCEPTED)
        assert len(on.kannel.calls) == 1
    async with stage(tmp_path) as on:  # started anew
        assert isinstance(await on.provider.send(MESSAGE), Accepted)
        assert on.kannel.calls == []


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (answer(403, "Authorization failed for sendsms", "text/plain"), Rejected),
        (answer(503, "Temporal failure, try again later.", "text/plain"), TryLater),
    ],
)
async def test_what_kannel_did_not_take_can_be_sent_again(
    tmp_path: Path, behaviour: Behaviour, outcome: type[object]
) -> None:
    async with stage(tmp_path, behaviour) as on:
        assert isinstance(await on.provider.send(MESSAGE), outcome)
        assert await on.provider.look_up(MESSAGE) == NotFound()
        on.kannel.behaviour = ACCEPTED
        assert isinstance(await on.provider.send(MESSAGE), Accepted)


async def test_a_kannel_that_is_not_there_is_tried_later(tmp_path: Path) -> None:
    with closed_port() as nowhere:
        async with stage(tmp_path, kannel=nowhere) as on:
            outcome = await on.provider.send(MESSAGE)
            assert isinstance(outcome, TryLater) and outcome.after_s == 10


@pytest.mark.parametrize("behaviour", [hang_up, answer(500, "", "text/plain"), answer(200, "Sent.", "text/plain")])
async def test_a_call_of_unknown_outcome_stays_so_until_a_receipt(tmp_path: Path, behaviour: Behaviour) -> None:
    async with stage(tmp_path, behaviour) as on:
        assert isinstance(await on.provider.send(MESSAGE), Uncertain)
        assert isinstance(await on.provider.look_up(MESSAGE), Uncertain)
        assert (await on.http.get(f"{on.adapter}/report?id={MESSAGE.message_id}&status=1&code=")).status_code == 200
        assert await on.provider.look_up(MESSAGE) == Accepted(MESSAGE.message_id, Status.DELIVERED)


@pytest.mark.parametrize(
    ("text", "charset", "spelled"),
    [
        ("Hello  world\n1+1", "GSM", "utf-8"),
        ("Grüße 😀", "UTF-16BE", "utf-16-be"),
        ("Grüße “hier”", "WINDOWS-1252", "cp1252"),
        ("Grüße", "", "utf-8"),
        ("", "GSM", "utf-8"),
    ],
)
async def test_texts_come_in(tmp_path: Path, text: str, charset: str, spelled: str) -> None:
    query = f"from=15550123123&to=12345&text={quote(text.encode(spelled))}&charset={charset}&id=f81d4fae-7dec"
    async with stage(tmp_path) as on:
        assert (await on.http.get(f"{on.adapter}/in?{query}")).status_code == 200
        assert on.taken == [InboundText(ref="f81d4fae-7dec", line="12345", consumer="+15550123123", text=text)]


async def test_kannel_offers_again_what_textdesk_did_not_take(tmp_path: Path) -> None:
    query = "from=%2B15550123123&to=12345&text=Hi&charset=GSM&id=1"
    async with stage(tmp_path) as on:
        on.says = 503
        assert (await on.http.get(f"{on.adapter}/in?{query}")).status_code == 502
        on.says = 200
        assert (await on.http.get(f"{on.adapter}/in?{query}")).status_code == 200
        assert [arrival.ref for arrival in on.taken] == ["1"]  # and once


async def test_another_secret_reaches_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        stranger = made(on.adapter, on.http, key="guess")
        outcomes = await asyncio.gather(stranger.send(MESSAGE), stranger.check())
        assert isinstance(outcomes[0], Rejected) and "wrong secret" in outcomes[0].words
        assert not outcomes[1].ok
        assert on.kannel.calls == []
