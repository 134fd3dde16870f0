"""Outages: refused connections, web pages instead of responses, and hooks held back."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from pathlib import Path

import httpx
import pytest

from connector.lab.vendors.fault_scenario import FaultScenario, VendorOutage
from tests.connector.lab.both_vendors import BOTH, VENDORS, Vendor
from tests.connector.lab.harness import CONSUMER, LINE, PATIENCE_S, SHORT_CODE, RecordingCore, Simulator, simulator
from tests.kit.clocks import WatchedClock


@pytest.mark.parametrize("vendor", VENDORS)
async def test_connections_are_refused_during_an_outage(sim: Simulator, core: RecordingCore, vendor: Vendor) -> None:
    assert (await vendor.send(sim, CONSUMER, f"{core.url}/status")).status_code == vendor.accepted
    await sim.post("/sim/door", how="refuse")
    for _ in range(3):
        with pytest.raises(httpx.ConnectError):
            await vendor.send(sim, CONSUMER, f"{core.url}/status")
    await sim.post("/sim/door", how="open")
    assert (await vendor.send(sim, CONSUMER, f"{core.url}/status")).status_code == vendor.accepted


async def test_nobody_else_gets_the_port_during_an_outage(sim: Simulator) -> None:
    await sim.post("/sim/door", how="refuse")
    with socket.socket() as other, pytest.raises(OSError):
        other.bind(("127.0.0.1", httpx.URL(sim.url).port))


@pytest.mark.parametrize(("how", "status"), [("503", 503), ("html", 200)])
@pytest.mark.parametrize("vendor", VENDORS)
async def test_one_vendor_answers_with_web_pages_and_the_other_works(
    sim: Simulator, core: RecordingCore, vendor: Vendor, how: str, status: int
) -> None:
    await sim.post("/sim/door", how=how, provider=vendor.name)
    for one in BOTH:
        answer = await one.send(sim, CONSUMER, f"{core.url}/status")
        if one is vendor:
            assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (status, "text/html")
        else:
            assert answer.status_code == one.accepted


@pytest.mark.slow
async def test_a_request_is_answered_or_refused_and_never_cut_off(sim: Simulator) -> None:
    seen: Counter[str] = Counter()
    is_over = asyncio.Event()

    async def call() -> None:
        while not is_over.is_set():
            try:
                seen[str((await sim.http.get("/v1/Services")).status_code)] += 1
            except httpx.TransportError as error:
                seen[type(error).__name__] += 1

    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(call())
        for _ in range(20):
            answered = seen["401"]
            while seen["401"] < answered + 10:
                await asyncio.sleep(0)
            await sim.post("/sim/door", how="refuse")
            await sim.post("/sim/door", how="open")
        is_over.set()
    assert seen.keys() <= {"401", "ConnectError"}


async def test_texts_during_an_outage(sim: Simulator, core: RecordingCore) -> None:
    await sim.post("/sim/door", how="refuse")
    lost = {"from": CONSUMER, "to": LINE, "text": "only in the list"}
    kept = {"from": CONSUMER, "to": SHORT_CODE, "text": "offered when it is over"}
    for text in (lost, kept):
        response = await sim.http.post(f"{sim.control_url}/sim/text", json=text)
        assert response.json()["statuses"] == [None]
    assert core.calls == []
    await sim.post("/sim/door", how="open")
    (call,) = await core.first(1)
    assert call.json["mobileOriginate"]["message"]["content"] == "offered when it is over"
    await sim.settled()
    assert len(core.calls) == 1
    assert [message.body for message in await sim.twilio.messages.list_async(to=LINE)] == ["only in the list"]


async def test_an_outage_of_a_scenario_begins_and_ends(core: RecordingCore, tmp_path: Path) -> None:
    outages = (VendorOutage(how="refuse", from_s=200, for_s=300), VendorOutage(how="503", from_s=600, for_s=300))
    clock = WatchedClock()
    settings = {"scenario": FaultScenario(outages=outages), "clock": clock, "pace": 1}
    async with simulator(tmp_path, core, **settings) as sim, asyncio.timeout(PATIENCE_S):

        async def answers(expected: object) -> bool:
            try:
                return (await sim.http.get("/v1/Services")).status_code == expected
            except httpx.ConnectError:
                return expected == "refused"

        for sleepers, expected, lasts_s in [
            (2, 401, 199.9),
            (2, 401, 0.1),
            (2, "refused", 300),
            (1, 401, 100),
            (1, 503, 300),
        ]:
            while not await answers(expected):
                await asyncio.sleep(0)
            await clock.until_sleepers(sleepers)
            assert await answers(expected)
            clock.advance(lasts_s)
        while not await answers(401):
            await asyncio.sleep(0)
