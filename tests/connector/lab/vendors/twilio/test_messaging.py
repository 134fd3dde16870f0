from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from connector.lab.simulator.world import DEMO
from tests.connector.lab.harness import CONSUMER, LINE, Call, RecordingCore, Simulator, recording_core, simulator
from tests.kit.vendor_server import closed_port

INBOUND = "/hooks/twilio/main/inbound"


async def test_an_inbound_hook_has_all_fields_and_is_signed_over_them(sim: Simulator, core: RecordingCore) -> None:
    delivery = await sim.text(CONSUMER, LINE, "Héllo [b]you[/b] \x1b[31m & = 100% 👩‍👩‍👧")
    (call,) = core.calls
    sid = delivery["ids"][0]
    assert delivery["statuses"] == [200]
    assert call.path == INBOUND
    assert call.headers["content-type"].startswith("application/x-www-form-urlencoded")
    expected = {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": DEMO.twilio.sid,
        "From": CONSUMER,
        "To": LINE,
        "Body": "Héllo [b]you[/b] \x1b[31m & = 100% 👩‍👩‍👧",
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
        "FromCountry": "US",
        "FromCity": "",
        "ToZip": "",
    }
    assert call.form | expected == call.form
    assert call.is_signed()
    changed = Call(call.url, call.headers, call.body.replace(b"SmsStatus=received", b"SmsStatus=delivered"))
    assert not changed.is_signed()


async def test_the_query_of_the_hook_is_signed_and_the_fragment_is_not(sim: Simulator, core: RecordingCore) -> None:
    url = f"{core.url}/in?shop=M%C3%B6bel&x=%2F#rc=2&rp=5xx"
    await sim.twilio.incoming_phone_numbers(DEMO.twilio.lines[0].sid).update_async(sms_url=url)
    await sim.text(CONSUMER, LINE, "hello")
    (call,) = core.calls
    assert call.url == f"{core.url}/in?shop=M%C3%B6bel&x=%2F"
    assert call.is_signed()


async def test_a_long_text_is_joined(sim: Simulator, core: RecordingCore) -> None:
    text = "long enough " * 50
    await sim.text(CONSUMER, LINE, text)
    (call,) = core.calls
    assert call.form["Body"] == text
    assert call.form["NumSegments"] == "4"


@pytest.mark.parametrize(
    ("fragment", "statuses", "expected"),
    [
        ("", [500, 200], [500]),
        ("", [0, 200], [None]),
        ("#rc=2&rp=5xx", [500, 503, 500, 200], [500, 503, 500]),
        ("#rc=5&rp=ct,rt,5xx", [0, 502, 200], [None, 502, 200]),
        ("#rc=3&rp=all", [404, 200], [404, 200]),
        ("#rc=3&rp=4xx", [500], [500]),
        ("#rc=0&rp=all", [500], [500]),
    ],
)
async def test_retries(
    sim: Simulator, core: RecordingCore, fragment: str, statuses: list[int], expected: list[int | None]
) -> None:
    line = DEMO.twilio.lines[0]
    await sim.twilio.incoming_phone_numbers(line.sid).update_async(sms_url=f"{core.url}/in{fragment}")
    core.statuses = statuses
    delivery = await sim.text(CONSUMER, LINE, "hello")
    assert delivery["statuses"] == expected[-1:]
    (message,) = await sim.log()
    assert message["answers"] == expected
    assert len({call.headers["i-twilio-idempotency-token"] for call in core.calls}) == 1
    assert len({call.body for call in core.calls}) == 1


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [("rt=100", [None]), ("rt=100&rp=rt&rc=2", [None] * 3), ("rt=15000&tt=100&rp=all&rc=5", [None])],
)
async def test_a_core_that_does_not_respond_in_time(
    sim: Simulator, core: RecordingCore, fragment: str, expected: list[None]
) -> None:
    line = DEMO.twilio.lines[0]
    await sim.twilio.incoming_phone_numbers(line.sid).update_async(sms_url=f"{core.url}/in#{fragment}")
    core.held = asyncio.Event()
    assert (await sim.text(CONSUMER, LINE, "hello"))["statuses"] == [None]
    core.held.set()
    assert (await sim.log())[0]["answers"] == expected


async def test_an_unreachable_core_is_tried_twice(tmp_path: Path) -> None:
    with closed_port() as url:
        async with simulator(tmp_path, RecordingCore(url)) as sim:
            assert (await sim.text(CONSUMER, LINE, "hello"))["statuses"] == [None]
            (message,) = await sim.log()
            assert (message["answers"], message["alert"]) == ([None, None], 11200)
            (listed,) = await sim.twilio.messages.list_async(to=LINE)
            assert (listed.sid, listed.status, listed.direction) == (message["id"], "received", "inbound")


async def test_no_other_machine_is_called(tmp_path: Path) -> None:
    async with recording_core() as core, simulator(tmp_path, core) as sim:
        line = DEMO.twilio.lines[0].sid
        await sim.twilio.incoming_phone_numbers(line).update_async(sms_url="http://192.0.2.1/in")
        assert (await sim.text(CONSUMER, LINE, "hello"))["statuses"] == [None]


async def test_the_fallback_address_gets_the_error_code(sim: Simulator, core: RecordingCore) -> None:
    line = DEMO.twilio.lines[0]
    url, fallback = f"{core.url}/in#rc=0", f"{core.url}/fallback"
    changed = await sim.twilio.incoming_phone_numbers(line.sid).update_async(sms_url=url, sms_fallback_url=fallback)
    assert changed.sms_fallback_url == fallback
    core.statuses = [500, 200]
    assert (await sim.text(CONSUMER, LINE, "hello"))["statuses"] == [200]
    first, second = core.calls
    assert (first.path, second.path) == ("/in", "/fallback")
    assert second.form | first.form == second.form
    assert (second.form["ErrorCode"], second.form["ErrorUrl"]) == ("11200", url)
    assert second.is_signed()


async def test_a_get_hook_has_its_fields_in_the_address(sim: Simulator, core: RecordingCore) -> None:
    line = DEMO.twilio.lines[0]
    await sim.twilio.incoming_phone_numbers(line.sid).update_async(sms_url=f"{core.url}/in?a=1", sms_method="GET")
    await sim.text(CONSUMER, LINE, "hello & bye")
    (call,) = core.calls
    assert call.body == b""
    assert call.url.startswith(f"{core.url}/in?a=1&") and "Body=hello+%26+bye" in call.url
    assert RequestValidator(DEMO.twilio.auth_token).validate(call.url, {}, call.headers["x-twilio-signature"])


@pytest.mark.parametrize(
    ("content_type", "text", "alert"),
    [
        ("text/xml", "<Response></Response>", None),
        ("application/xml", '<?xml version="1.0"?><Response />', None),
        ("text/plain", "", None),
        ("text/plain", "ok", 12300),
        ("application/json", "{}", 12300),
        ("text/xml", "<Response>", 12100),
        ("text/xml", "<html/>", 12100),
    ],
)
async def test_a_response_that_is_not_twiml_raises_an_alert(
    sim: Simulator, core: RecordingCore, content_type: str, text: str, alert: int | None
) -> None:
    core.content_type, core.text = content_type, text
    await sim.text(CONSUMER, LINE, "hello")
    assert (await sim.log())[0]["alert"] == alert


async def test_the_same_text_can_be_sent_again(sim: Simulator, core: RecordingCore) -> None:
    delivery = await sim.text(CONSUMER, LINE, "hello")
    assert await sim.text(CONSUMER, LINE, "hello", sid=delivery["ids"][0]) == delivery
    first, second = core.calls
    assert first.body == second.body
    assert len(await sim.log()) == 1


@pytest.mark.parametrize("word", ["STOP", " stop\n", "Unsubscribe", "QUIT", "OPTOUT"])
async def test_stop_blocks_a_consumer_until_start(sim: Simulator, core: RecordingCore, word: str) -> None:
    async def send(line: str = LINE) -> Any:
        return await sim.twilio.messages.create_async(to=CONSUMER, from_=line, body="hello")

    await sim.text(CONSUMER, LINE, word)
    assert core.calls[0].form["Body"] == word and "OptOutType" not in core.calls[0].form
    with pytest.raises(TwilioRestException) as refused:
        await send()
    assert (refused.value.status, refused.value.code) == (400, 21610)
    assert (await send(DEMO.twilio.lines[1].number)).sid, "an opt-out holds for one sender"
    await sim.text(CONSUMER, LINE, "start")
    assert (await send()).sid
    log = await sim.log()
    own = [message["body"].split(" messages")[0] for message in log if message["direction"] == "outbound-reply"]
    assert own == [
        "You have successfully been unsubscribed. You will not receive any more",
        "You have successfully been re-subscribed to",
    ]


@pytest.mark.parametrize(
    ("text", "answers"), [("help", 1), ("INFO", 1), ("yes", 0), ("please stop", 0), ("START", 0), ("stop it", 0)]
)
async def test_words_twilio_answers_itself(sim: Simulator, text: str, answers: int) -> None:
    await sim.text(CONSUMER, LINE, text)
    log = await sim.log()
    assert sum(message["direction"] == "outbound-reply" for message in log) == answers
    assert (await sim.twilio.messages.create_async(to=CONSUMER, from_=LINE, body="hello")).status == "queued"


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [
        (CONSUMER, [("sent", None), ("delivered", None)]),
        ("+14155550190", [("sent", None), ("undelivered", "30003")]),
        ("+14155550191", [("sent", None), ("undelivered", "30005")]),
        ("+14155550192", [("failed", "30008")]),
    ],
)
async def test_status_callbacks(
    sim: Simulator, core: RecordingCore, recipient: str, expected: list[tuple[str, str | None]]
) -> None:
    callback = f"{core.url}/hooks/twilio/main/status?message=01ARZ&x=%20"
    sent = await sim.twilio.messages.create_async(to=recipient, from_=LINE, body="hello", status_callback=callback)
    calls = await core.first(len(expected))
    assert [(call.form["MessageStatus"], call.form.get("ErrorCode")) for call in calls] == expected
    for call in calls:
        assert call.url == callback
        assert call.is_signed()
        common = {"MessageSid": sent.sid, "SmsSid": sent.sid, "To": recipient, "From": LINE}
        assert call.form | common | {"SmsStatus": call.form["MessageStatus"]} == call.form
    fetched = await sim.twilio.messages(sent.sid).fetch_async()
    assert (fetched.status, fetched.error_code) == (expected[-1][0], int(expected[-1][1] or 0) or None)


async def test_without_receipts_the_status_is_in_the_resource(sim: Simulator, core: RecordingCore) -> None:
    sent = await sim.twilio.messages.create_async(
        to="+14155550194", from_=LINE, body="hello", status_callback=f"{core.url}/status"
    )
    await sim.logged(lambda log: log[0]["status"] == "delivered")
    assert (await sim.twilio.messages(sent.sid).fetch_async()).status == "delivered"
    assert core.calls == []
