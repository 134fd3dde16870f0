from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from connector.base.secret import Secret
from connector.providers.twilio.admin import NotSignedIn, TwilioAdmin
from connector.providers.twilio.numbers import TwilioAccountInfo, WebhookSettings
from connector.providers.values import CallFailed
from tests.kit.vendor_server import (
    Behaviour,
    VendorServer,
    answer,
    break_off,
    closed_port,
    hang_up,
    loopback_client,
)
from tests.kit.vendors import TWILIO, Vendors

ORDERS, BOOKINGS = (line.number for line in TWILIO.lines)
OURS = "https://sms.example.com/hooks/twilio/main/inbound#rc=5&rp=ct,rt,5xx&rt=4000"
HOOKS = WebhookSettings(url=OURS, fallback_url=OURS)


@asynccontextmanager
async def admin_of(url: str, token: str = TWILIO.auth_token) -> AsyncIterator[TwilioAdmin]:
    async with loopback_client() as (http, _):
        yield TwilioAdmin(TWILIO.sid, Secret(token), http, url)


@pytest.mark.parametrize(
    ("rule", "words", "trouble"),
    [
        ({}, "active", None),
        ({"type": "Trial"}, "on trial", None),
        ({"type": "Trial", "status": "suspended"}, "on trial", "The trial has ended"),
        ({"status": "suspended"}, "suspended", "payment"),
        ({"status": "closed"}, "closed", "closed"),
    ],
)
async def test_the_account(rule: dict[str, str], words: str, trouble: str | None, vendors: Vendors) -> None:
    await vendors.arrange("account", **rule)
    async with admin_of(vendors.url) as admin:
        account = await admin.account()
    assert words in account.words
    assert account.trouble is None if trouble is None else trouble in (account.trouble or "")


def test_an_account_is_shown_without_its_token() -> None:
    assert TwilioAccountInfo.__struct_fields__ == ("name", "status", "kind")


async def test_numbers_and_what_they_can_do(vendors: Vendors) -> None:
    await vendors.arrange("line", number=BOOKINGS, mms=False)
    async with admin_of(vendors.url) as admin:
        numbers = await admin.numbers()
        await vendors.arrange("line", number=BOOKINGS, sms=False, mms=False)
        later = await admin.numbers()
    assert [(one.address, one.abilities) for one in numbers] == [(ORDERS, "SMS, MMS"), (BOOKINGS, "SMS")]
    assert later[1].abilities == "no SMS"


async def test_a_number_is_set_and_then_as_it_should_be(vendors: Vendors) -> None:
    await vendors.set_number(
        ORDERS, SmsUrl="https://old.example.com/", SmsMethod="GET", SmsApplicationSid="AP" + "0" * 32
    )
    async with admin_of(vendors.url) as admin:
        [number, _] = await admin.numbers()
        assert (number.hooks.url, number.hooks.method) == ("https://old.example.com/", "GET")
        assert number.application_sid
        await admin.set_number(number.sid, HOOKS, clears_application=True)
        [number, _] = await admin.numbers()
    assert (number.hooks, number.application_sid) == (HOOKS, "")


async def test_a_service_is_set_and_its_numbers_are_known(vendors: Vendors) -> None:
    sid = await vendors.service(BOOKINGS, InboundRequestUrl="https://old.example.com/")
    async with admin_of(vendors.url) as admin:
        [service] = await admin.services()
        [orders, bookings] = await admin.numbers()
        assert service.sid == sid
        assert (service.overrides(orders), service.overrides(bookings)) == (False, True)
        await admin.set_service(sid, HOOKS)
        [service] = await admin.services()
    assert service.hooks == HOOKS


async def test_a_wrong_token(vendors: Vendors) -> None:
    async with admin_of(vendors.url, "wrong") as admin:
        for ask in (admin.account, admin.numbers, admin.services):
            with pytest.raises(NotSignedIn) as error:
                await ask()
            assert "wrong" not in str(error.value)


ASKS: list[Callable[[TwilioAdmin], Awaitable[object]]] = [
    lambda admin: admin.account(),
    lambda admin: admin.numbers(),
    lambda admin: admin.services(),
]


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (answer(200, "<h1>Welcome</h1>", "text/html"), "unknown form"),
        (answer(503, "<h1>Sorry</h1>", "text/html"), "HTTP 503"),
        (answer(200, "[]"), "unknown form"),
        (answer(500, '{"code": 20500, "message": "x"}'), "trouble of its own"),
        (answer(404, '{"code": 20404}'), "does not know"),
        (answer(400, '{"code": 99999, "message": "\\u001b[31mred\\u001b[0m"}'), "99999"),
        (hang_up, "could not be reached"),
        (break_off, "could not be reached"),
    ],
)
async def test_answers_that_are_none(
    ask: Callable[[TwilioAdmin], Awaitable[object]], behaviour: Behaviour, words: str
) -> None:
    async with VendorServer().running() as server, admin_of(server.url) as admin:
        server.behaviour = behaviour
        with pytest.raises(CallFailed) as error:
            await ask(admin)
    assert words in str(error.value)
    assert str(error.value).isprintable()
    assert "administrator" not in str(error.value)


@pytest.mark.parametrize("ask", ASKS[:3])
@pytest.mark.parametrize("body", ["{}", '{"incoming_phone_numbers": [1], "meta": {"key": "x"}}', '{"status": 5}'])
async def test_json_of_another_kind(ask: Callable[[TwilioAdmin], Awaitable[object]], body: str) -> None:
    async with VendorServer().running() as server, admin_of(server.url) as admin:
        server.behaviour = answer(200, body)
        with pytest.raises(CallFailed) as error:
            await ask(admin)
    assert "could not be read" in str(error.value)


async def test_a_closed_port() -> None:
    with closed_port() as url:
        async with admin_of(url) as admin:
            with pytest.raises(CallFailed) as error:
                await admin.account()
    assert "could not be reached" in str(error.value)


@pytest.mark.parametrize(
    ("api_base", "host"),
    [
        ("https://api.twilio.com", "messaging.twilio.com"),
        ("https://api.dublin.ie1.twilio.com", "messaging.dublin.ie1.twilio.com"),
        ("https://api.example.com", "api.example.com"),
    ],
)
async def test_services_have_a_host_of_their_own(api_base: str, host: str) -> None:
    async with loopback_client() as (http, transport):
        admin = TwilioAdmin(TWILIO.sid, Secret("token"), http, api_base)
        with pytest.raises(CallFailed):
            await admin.services()
        assert transport.strayed == [host]
        with pytest.raises(CallFailed):
            await admin.numbers()
        assert transport.strayed[1:] == [httpx.URL(api_base).host]
