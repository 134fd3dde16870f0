"""Arranged behaviour of sends, as clients of both vendors see it."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.connector.lab.both_vendors import VENDORS, Vendor
from tests.connector.lab.harness import CONSUMER, PATIENCE_S, Call, RecordingCore, Simulator

OTHER = "+14155550134"

pytestmark = pytest.mark.parametrize("vendor", VENDORS)


@pytest.mark.parametrize(
    ("send", "status", "codes"),
    [("429", 429, {20429, 429}), ("500", 500, {20500, 500}), ("reject:30450", 400, {30450})],
)
async def test_refused_and_then_accepted(
    sim: Simulator, core: RecordingCore, vendor: Vendor, send: str, status: int, codes: set[int]
) -> None:
    await sim.arrange(CONSUMER, send=send, times=2)
    for _ in range(2):
        response = await vendor.send(sim, CONSUMER, f"{core.url}/status")
        assert response.status_code == status
        assert vendor.code(response) in codes
    assert await sim.log() == []
    assert (await vendor.send(sim, CONSUMER, f"{core.url}/status")).status_code == vendor.accepted


async def test_accepted_and_then_the_connection_is_cut(sim: Simulator, core: RecordingCore, vendor: Vendor) -> None:
    await sim.arrange(CONSUMER, send="accept_then_drop", times=1)
    with pytest.raises(httpx.TransportError):
        await vendor.send(sim, CONSUMER, f"{core.url}/status")
    (message,) = await sim.logged(lambda log: log[0]["status"] == "delivered")
    assert message["to"] == CONSUMER
    await core.first(1)


async def test_a_timeout_accepts_nothing(sim: Simulator, vendor: Vendor) -> None:
    await sim.arrange(CONSUMER, send="timeout", times=1)
    usual, sim.http.timeout = sim.http.timeout, httpx.Timeout(PATIENCE_S, read=0.2)
    with pytest.raises(httpx.ReadTimeout):
        await vendor.send(sim, CONSUMER, "http://127.0.0.1:9/status")
    sim.http.timeout = usual
    assert await sim.log() == []


async def test_receipts_before_the_response(sim: Simulator, core: RecordingCore, vendor: Vendor) -> None:
    await sim.arrange(CONSUMER, receipts="early", times=1)
    happened: list[str] = []
    core.reply = lambda call: happened.append("receipt")
    response = await vendor.send(sim, CONSUMER, f"{core.url}/status")
    happened.append("answer")
    assert response.status_code == vendor.accepted
    assert happened[-1] == "answer" and happened.count("receipt") >= 1
    assert (await sim.log())[0]["status"] == "delivered"


async def test_no_receipts(sim: Simulator, core: RecordingCore, vendor: Vendor) -> None:
    await sim.arrange(CONSUMER, receipts="none")
    await vendor.send(sim, CONSUMER, f"{core.url}/none")
    await sim.logged(lambda log: log[0]["status"] == "delivered")
    await vendor.send(sim, OTHER, f"{core.url}/some")
    assert [call.path for call in await core.first(1)] == ["/some"]


async def test_a_rule_for_a_number_precedes_the_rule_for_all(sim: Simulator, vendor: Vendor) -> None:
    callback = "http://127.0.0.1:9/status"
    await sim.arrange("*", send="500")
    await sim.arrange(CONSUMER, send="429", times=1)
    statuses = [(await vendor.send(sim, number, callback)).status_code for number in (CONSUMER, CONSUMER, OTHER)]
    assert statuses == [429, 500, 500]
    await sim.arrange("*")
    assert (await vendor.send(sim, OTHER, callback)).status_code == vendor.accepted


async def test_concurrent_sends_use_a_rule_once_each(sim: Simulator, core: RecordingCore, vendor: Vendor) -> None:
    await sim.arrange("*", send="429", times=3)
    sends = (vendor.send(sim, CONSUMER, f"{core.url}/status") for _ in range(8))
    statuses = [response.status_code for response in await asyncio.gather(*sends)]
    assert sorted(statuses) == [*[vendor.accepted] * 5, *[429] * 3]


async def test_an_error_response_to_a_receipt_does_not_stop_the_simulator(
    sim: Simulator, core: RecordingCore, vendor: Vendor
) -> None:
    core.statuses = [500, 0, 404]
    await vendor.send(sim, CONSUMER, f"{core.url}/status")

    def is_last(call: Call) -> bool:
        return b"delivered" in call.body

    await core.until(lambda calls: any(is_last(call) for call in calls))
    assert (await vendor.send(sim, CONSUMER, "http://127.0.0.1:9/closed")).status_code == vendor.accepted
    await sim.logged(lambda log: all(message["status"] == "delivered" for message in log))
