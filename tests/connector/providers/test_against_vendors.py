"""Both vendors' providers against the vendor website, which was written from the same documents by other hands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from connector.domain.status import Status
from connector.lab.simulator.world import DEMO
from connector.providers.openmarket.provider import OpenMarketProvider
from connector.providers.twilio.provider import TwilioProvider
from connector.providers.values import Accepted, Arrival, DeliveryReceipt, InboundText, Outgoing
from tests.connector.lab.harness import CONSUMER, LINE, SHORT_CODE, Simulator, recording_core, simulator
from tests.kit.provider_table import secret


@pytest.fixture
async def sim(tmp_path: Path) -> AsyncIterator[Simulator]:
    async with recording_core() as core, simulator(tmp_path, core) as sim:
        yield sim


def twilio(sim: Simulator) -> TwilioProvider:
    section = {
        "provider": "twilio",
        "public_url": "https://sms.example.com",
        "numbers": [{"address": LINE}],
        "account_sid": DEMO.twilio.sid,
        "auth_token": DEMO.twilio.auth_token,
        "api_base": sim.url,
    }
    return TwilioProvider("main", msgspec.convert(section, type=TwilioProvider.Settings, dec_hook=secret), sim.outbound)


def openmarket(sim: Simulator) -> OpenMarketProvider:
    section = {
        "provider": "openmarket",
        "public_url": "https://sms.example.com",
        "numbers": [{"address": SHORT_CODE}],
        "account_id": DEMO.openmarket.account_id,
        "password": DEMO.openmarket.password,
        "api_base": sim.url,
        "status_base": sim.url,
    }
    return OpenMarketProvider(
        "main", msgspec.convert(section, type=OpenMarketProvider.Settings, dec_hook=secret), sim.outbound
    )


def reply(line: str, text: str, message_id: str = "01J00000000000000000000001") -> Outgoing:
    return Outgoing(message_id=message_id, line=line, consumer=CONSUMER, text=text, written_at=0)


async def delivered(sim: Simulator, count: int = 1) -> None:
    await sim.logged(lambda log: sum(message["status"] == "delivered" for message in log) == count)


async def test_twilio_tells_what_came_in_and_how_replies_fare(sim: Simulator) -> None:
    provider = twilio(sim)
    await sim.text(CONSUMER, LINE, "First, and a picture", media=1)
    await sim.text(CONSUMER, LINE, "Second " * 100)
    accepted = await provider.send(reply(LINE, "Answer"))
    assert isinstance(accepted, Accepted)
    await delivered(sim)
    missed: list[Arrival] = [arrival async for arrival in provider.list_since(0)]
    first, second, answered = missed
    assert isinstance(first, InboundText) and first.text == "First, and a picture" and first.at is not None
    assert isinstance(second, InboundText) and second.text == "Second " * 100 and second.media == ()
    assert answered == DeliveryReceipt(Status.DELIVERED, "delivered", ref=accepted.ref, billed=1)
    assert await provider.poll(accepted.ref) == [answered]
    [picture] = first.media
    call = provider.media_call(picture.url)
    assert call.login is not None
    led = await sim.http.get(call.url, auth=(call.login[0], call.login[1].reveal()))
    assert led.is_redirect and urlsplit(led.headers["location"]).hostname in call.hosts
    fetched = await sim.http.get(led.headers["location"])
    assert fetched.headers["content-type"] == picture.content_type == "image/png"
    assert [arrival async for arrival in provider.list_since(4_000_000_000_000)] == []


async def test_twilio_s_account_is_sound(sim: Simulator) -> None:
    health = await twilio(sim).check()
    assert (health.ok, health.words, health.balance) == (True, "Signed in.", "42.17 USD")


async def test_openmarket_tells_how_each_part_fares(sim: Simulator) -> None:
    provider = openmarket(sim)
    accepted = await provider.send(reply(SHORT_CODE, "Answer " * 40))
    assert isinstance(accepted, Accepted)
    await delivered(sim)
    reports = await provider.poll(accepted.ref)
    assert [(report.status, report.part, report.parts) for report in reports] == [
        (Status.DELIVERED, 1, 2),
        (Status.DELIVERED, 2, 2),
    ]
    assert (await provider.check()).ok
