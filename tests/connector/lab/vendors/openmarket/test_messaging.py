from __future__ import annotations

import asyncio
import email
import json
from pathlib import Path
from typing import Any

import pytest

from connector.base.clock import SystemClock
from connector.lab.clocks import FastClock
from connector.lab.simulator.world import DEMO
from connector.lab.vendors.hook_client import basic
from connector.sms.segments import split
from tests.connector.lab.harness import (
    CONSUMER,
    PATIENCE_S,
    SHORT_CODE,
    RecordingCore,
    Simulator,
    recording_core,
    simulator,
)
from tests.kit.clocks import WatchedClock

LONG = "A text of several segments, with é and [brackets]; " * 8


def originate(core: RecordingCore, place: int = 0) -> Any:
    return core.calls[place].json["mobileOriginate"]


async def test_a_short_text_is_plain(sim: Simulator, core: RecordingCore) -> None:
    delivery = await sim.text(CONSUMER, SHORT_CODE, "Héllo 👩‍👩‍👧")
    (call,) = core.calls
    body = originate(core)
    assert delivery == {"ids": [body["ticketId"]], "statuses": [200]}
    assert call.path == "/hooks/openmarket/short/inbound"
    assert call.headers["authorization"] == basic(DEMO.openmarket.hook_user, DEMO.openmarket.hook_password)
    assert call.headers["content-type"] == "application/json"
    assert (call.headers["user-agent"], call.headers["x-api-version"]) == ("OpenMarket", "4")
    assert body["message"] == {"type": "text", "content": "Héllo 👩‍👩‍👧"}
    assert body["source"] == {"ton": 1, "address": CONSUMER[1:], "mobileOperatorId": 383}
    assert body["destination"] == {"ton": 3, "address": SHORT_CODE}
    assert body["submittedDate"].endswith("+00:00")


@pytest.mark.parametrize("text", ["two\nlines", "\x1b[31mred", "nul \x00"])
async def test_a_text_with_a_control_character_is_hex(sim: Simulator, core: RecordingCore, text: str) -> None:
    await sim.text(CONSUMER, SHORT_CODE, text)
    message = originate(core)["message"]
    assert (message["type"], message["udh"]) == ("hexEncodedText", False)
    assert bytes.fromhex(message["content"]).decode() == text


@pytest.mark.parametrize("text", [LONG, "Ünïcödé 👩‍👩‍👧 " * 30, "x" * 161], ids=["gsm", "emoji", "just two"])
async def test_every_segment_is_a_hook_of_its_own(sim: Simulator, core: RecordingCore, text: str) -> None:
    delivery = await sim.text(CONSUMER, SHORT_CODE, text)
    parts = split(text)
    assert len(core.calls) == len(parts) > 1
    assert delivery["statuses"] == [200] * len(parts)
    assert len(set(delivery["ids"])) == len(parts)
    references = set()
    for place, part in enumerate(parts):
        body = originate(core, place)
        raw = bytes.fromhex(body["message"]["content"])
        assert body["ticketId"] == delivery["ids"][place]
        assert (body["message"]["type"], body["message"]["udh"]) == ("hexEncodedText", True)
        assert (raw[:3], raw[4], raw[5]) == (b"\x05\x00\x03", len(parts), place + 1)
        assert raw[6:].decode() == part
        references.add(raw[3])
    assert len(references) == 1


async def test_each_long_text_has_the_next_reference(sim: Simulator, core: RecordingCore) -> None:
    for _ in range(3):
        await sim.text(CONSUMER, SHORT_CODE, "x" * 161)
    first, second, third = (bytes.fromhex(originate(core, place)["message"]["content"])[3] for place in (0, 2, 4))
    assert (second, third) == ((first + 1) % 256, (first + 2) % 256)


async def test_a_refused_segment_is_retried(core: RecordingCore, tmp_path: Path) -> None:
    core.statuses = [503, 200, 0]
    clock = WatchedClock()
    async with simulator(tmp_path, core, clock=clock, pace=1) as sim:
        delivery = await sim.text(CONSUMER, SHORT_CODE, "x" * 161)
        assert delivery["statuses"] == [503, 200]
        for calls in (3, 4):
            await clock.until_sleepers(1)
            assert len(core.calls) == calls - 1
            clock.advance(60)
            await core.first(calls)
        tickets = [call.json["mobileOriginate"]["ticketId"] for call in core.calls]
        assert tickets == [delivery["ids"][0], delivery["ids"][1], *[delivery["ids"][0]] * 2]
        (message,) = await sim.logged(lambda log: len(log[0]["answers"]) == 4)
        assert message["answers"] == [503, 200, None, 200]


async def test_the_same_segments_can_be_sent_again(sim: Simulator, core: RecordingCore) -> None:
    delivery = await sim.text(CONSUMER, SHORT_CODE, LONG, sid="03155-0331L-1439U-51SLFX")
    assert delivery["ids"][0] == "03155-0331L-1439U-51SLFX"
    assert await sim.text(CONSUMER, SHORT_CODE, LONG, sid=delivery["ids"][0]) == delivery
    bodies = [call.body for call in core.calls]
    assert bodies[: len(bodies) // 2] == bodies[len(bodies) // 2 :]


@pytest.mark.parametrize(
    ("rule", "code"), [({}, 4), ({"receipts": "undelivered:581"}, 581), ({"receipts": "failed:345"}, 345)]
)
async def test_a_receipt_for_every_segment(
    sim: Simulator, core: RecordingCore, rule: dict[str, str], code: int
) -> None:
    await sim.arrange(CONSUMER, **rule)
    url = f"{core.url}/hooks/openmarket/short/receipt?message=01ARZ"
    response = await sim.openmarket(
        {
            "destination": {"address": CONSUMER[1:]},
            "source": {"ton": 3, "address": SHORT_CODE},
            "message": {"type": "text", "content": LONG, "mlc": "segment"},
            "delivery": {"receiptRequested": "final", "url": url},
        }
    )
    ticket = response.headers["location"].rpartition("/")[2]
    total = len(split(LONG))
    calls = await core.first(total)
    receipts = [call.json["deliveryReceipt"] for call in calls]
    assert {call.url for call in calls} == {url}
    assert [(receipt["ticketId"], receipt["segmentNumber"], receipt["totalSegments"]) for receipt in receipts] == [
        (ticket, number, total) for number in range(1, total + 1)
    ]
    assert {receipt["code"] for receipt in receipts} == {code}
    assert all(receipt["description"] for receipt in receipts)


async def test_a_failed_segment_is_in_its_receipt_and_in_the_status(sim: Simulator, core: RecordingCore) -> None:
    await sim.arrange(CONSUMER, receipts="undelivered:581@2")
    response = await sim.openmarket(
        {
            "destination": {"address": CONSUMER[1:]},
            "message": {"content": LONG, "mlc": "segment", "validityPeriod": 600},
            "delivery": {"receiptRequested": "final"},
        }
    )
    total = len(split(LONG))
    expected = {number: 581 if number == 2 else 4 for number in range(1, total + 1)}
    receipts = [call.json["deliveryReceipt"] for call in await core.first(total)]
    assert {receipt["segmentNumber"]: receipt["code"] for receipt in receipts} == expected
    (message,) = await sim.logged(lambda log: log[0]["status"] == "undelivered")
    assert (message["validity_s"], message["error_code"]) == (600, 581)
    account = (DEMO.openmarket.account_id, DEMO.openmarket.password)
    status = (await sim.http.get(f"{response.headers['location']}/status", auth=account)).json()["status"]
    assert status["code"] == 830
    assert {part["segmentNumber"]: part["code"] for part in status["segments"]} == expected


async def test_segments_in_transit_are_open(core: RecordingCore, tmp_path: Path) -> None:
    async with simulator(tmp_path, core, pace=1000) as sim:
        response = await sim.openmarket({"destination": {"address": CONSUMER[1:]}, "message": {"content": "hello"}})
        account = (DEMO.openmarket.account_id, DEMO.openmarket.password)
        status = (await sim.http.get(f"{response.headers['location']}/status", auth=account)).json()["status"]
        assert (status["code"], [part["code"] for part in status["segments"]]) == (831, [3])


async def test_a_status_is_too_old_after_five_days(core: RecordingCore, tmp_path: Path) -> None:
    # Five days pass within a second.
    clock = FastClock(1_000_000, SystemClock().now())
    async with simulator(tmp_path, core, clock=clock) as sim, asyncio.timeout(PATIENCE_S):
        response = await sim.openmarket({"destination": {"address": CONSUMER[1:]}, "message": {"content": "hello"}})
        account = (DEMO.openmarket.account_id, DEMO.openmarket.password)
        while True:
            status = await sim.http.get(f"{response.headers['location']}/status", auth=account)
            if status.status_code != 200:
                break
        assert (status.status_code, status.json()["error"]["code"]) == (400, 711)


async def test_without_delivery_there_is_a_status_and_no_receipt(sim: Simulator, core: RecordingCore) -> None:
    response = await sim.openmarket({"destination": {"address": CONSUMER[1:]}, "message": {"content": "hello"}})
    await sim.logged(lambda log: log[0]["status"] == "delivered")
    account = (DEMO.openmarket.account_id, DEMO.openmarket.password)
    status = (await sim.http.get(f"{response.headers['location']}/status", auth=account)).json()["status"]
    assert status["code"] == 4
    assert [(part["segmentNumber"], part["totalSegments"], part["code"]) for part in status["segments"]] == [(1, 1, 4)]
    assert core.calls == []


async def test_receipts_go_to_the_accounts_address_by_default(sim: Simulator, core: RecordingCore) -> None:
    await sim.openmarket(
        {
            "destination": {"address": CONSUMER[1:]},
            "message": {"content": "hello"},
            "delivery": {"receiptRequested": "final"},
        }
    )
    assert [call.path for call in await core.first(1)] == ["/hooks/openmarket/short/receipt"]


async def test_a_text_with_pictures_is_one_hook_with_them_inside(tmp_path: Path) -> None:
    async with recording_core() as core, simulator(tmp_path, core) as sim:
        sent = await sim.text(CONSUMER, SHORT_CODE, "look", media=2)
        assert sent["statuses"] == [200]
        [call] = core.calls
        assert call.headers["content-type"].startswith("multipart/mixed; boundary=")
        head = f"Content-Type: {call.headers['content-type']}\n\n"
        whole: Any = email.message_from_bytes(head.encode() + call.body)
        about, text, *pictures = whole.get_payload()
    assert json.loads(about.get_payload(decode=True))["moId"] == sent["ids"][0]
    assert text.get_payload(decode=True) == b"look"
    assert [one.get_payload(decode=True)[:4] for one in pictures] == [b"\x89PNG"] * 2


async def test_fields_of_the_message_can_be_replaced(tmp_path: Path) -> None:
    async with recording_core() as core, simulator(tmp_path, core) as sim:
        await sim.text(CONSUMER, SHORT_CODE, "look", fields={"type": "hexEncodedText", "content": "4869f"})
        [call] = core.calls
    assert json.loads(call.body)["mobileOriginate"]["message"] == {"type": "hexEncodedText", "content": "4869f"}
