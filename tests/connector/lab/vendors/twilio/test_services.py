"""Messaging Services, through Twilio's own client."""

from __future__ import annotations

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from connector.lab.simulator.world import DEMO
from tests.connector.lab.harness import CONSUMER, LINE, RecordingCore, Simulator

ACCOUNT = DEMO.twilio
ORDERS, BOOKINGS = ACCOUNT.lines


async def made(sim: Simulator, *numbers: str, **more: Any) -> Any:
    service = await sim.twilio.messaging.v1.services.create_async(friendly_name="Shop", **more)
    for number in numbers:
        await sim.twilio.messaging.v1.services(service.sid).phone_numbers.create_async(phone_number_sid=number)
    return service


async def code(call: Any) -> int:
    with pytest.raises(TwilioRestException) as refused:
        await call
    return int(refused.value.code)


async def test_services_and_their_numbers_are_listed(sim: Simulator) -> None:
    assert await sim.twilio.messaging.v1.services.list_async() == []
    service = await made(sim, ORDERS.sid, inbound_request_url="https://sms.example.com/in", sticky_sender=False)
    (listed,) = await sim.twilio.messaging.v1.services.list_async()
    assert (listed.sid, listed.friendly_name, listed.sticky_sender) == (service.sid, "Shop", False)
    assert listed.inbound_request_url == "https://sms.example.com/in"
    assert listed.use_inbound_webhook_on_number is False
    (number,) = await sim.twilio.messaging.v1.services(service.sid).phone_numbers.list_async()
    assert (number.sid, number.phone_number, number.country_code) == (ORDERS.sid, ORDERS.number, "US")
    await sim.twilio.messaging.v1.services(service.sid).phone_numbers(ORDERS.sid).delete_async()
    assert await sim.twilio.messaging.v1.services(service.sid).phone_numbers.list_async() == []


async def test_paths_that_end_in_json(sim: Simulator) -> None:
    service = await made(sim, ORDERS.sid)
    login = (ACCOUNT.sid, ACCOUNT.auth_token)
    services = (await sim.http.get("/v1/Services.json", auth=login)).json()
    assert [one["sid"] for one in services["services"]] == [service.sid]
    numbers = (await sim.http.get(f"/v1/Services/{service.sid}/PhoneNumbers.json", auth=login)).json()
    assert [one["sid"] for one in numbers["phone_numbers"]] == [ORDERS.sid]
    assert (await sim.http.get("/v1/Services.json")).status_code == 401
    assert (await sim.http.get("/v1/Other", auth=login)).status_code == 404


async def test_refused_requests(sim: Simulator) -> None:
    services = sim.twilio.messaging.v1.services
    first, second = await made(sim, ORDERS.sid), await made(sim)
    add = services(second.sid).phone_numbers.create_async
    assert await code(services.create_async(friendly_name="Shop", inbound_request_url="nowhere")) == 21402
    assert await code(services("MG" + "0" * 32).fetch_async()) == 20404
    assert await code(services(first.sid).phone_numbers.create_async(phone_number_sid=ORDERS.sid)) == 21710
    assert await code(add(phone_number_sid=ORDERS.sid)) == 21712
    assert await code(add(phone_number_sid="PN" + "9" * 32)) == 21421


@pytest.mark.parametrize("of_number", [False, True])
async def test_a_service_gets_its_numbers_texts_unless_set_otherwise(
    sim: Simulator, core: RecordingCore, of_number: bool
) -> None:
    service = await made(sim, ORDERS.sid, inbound_request_url=f"{core.url}/service")
    await sim.twilio.messaging.v1.services(service.sid).update_async(use_inbound_webhook_on_number=of_number)
    await sim.text(CONSUMER, ORDERS.number, "hello")
    await sim.text(CONSUMER, BOOKINGS.number, "hello")
    mine, other = core.calls
    assert mine.path == ("/hooks/twilio/main/inbound" if of_number else "/service")
    assert mine.form["MessagingServiceSid"] == service.sid and mine.is_signed()
    assert other.path == "/hooks/twilio/main/inbound"
    assert "MessagingServiceSid" not in other.form


async def test_a_service_without_an_address_sends_no_hook(sim: Simulator, core: RecordingCore) -> None:
    service = await made(sim, ORDERS.sid)
    assert (await sim.text(CONSUMER, LINE, "hello"))["statuses"] == [None]
    assert core.calls == []
    (listed,) = await sim.twilio.messages.list_async(to=LINE)
    assert listed.messaging_service_sid == service.sid


async def test_a_service_sends_from_one_of_its_numbers_and_has_its_own_callback(
    sim: Simulator, core: RecordingCore
) -> None:
    service = await made(sim, ORDERS.sid, BOOKINGS.sid, status_callback=f"{core.url}/status")
    sent = [
        await sim.twilio.messages.create_async(to=CONSUMER, messaging_service_sid=service.sid, body="hello")
        for _ in range(4)
    ]
    assert {message.status for message in sent} == {"accepted"}
    assert len({message.from_ for message in sent}) == 1, "the same number to the same phone"
    await sim.settled()
    own = [call.form for call in core.calls if call.form["MessageSid"] == sent[0].sid]
    assert [fields["MessageStatus"] for fields in own] == ["queued", "sent", "delivered"]
    assert {fields["MessagingServiceSid"] for fields in own} == {service.sid}


async def test_refused_sends_of_a_service(sim: Simulator) -> None:
    empty, service = await made(sim), await made(sim, ORDERS.sid)
    create = sim.twilio.messages.create_async
    assert await code(create(to=CONSUMER, messaging_service_sid="MG" + "0" * 32, body="hello")) == 21701
    assert await code(create(to=CONSUMER, messaging_service_sid=empty.sid, body="hello")) == 21704
    named = create(to=CONSUMER, from_=BOOKINGS.number, messaging_service_sid=service.sid, body="hello")
    assert await code(named) == 21711
