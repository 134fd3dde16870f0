from __future__ import annotations

import re
from typing import Any

import pytest

from connector.lab.simulator.world import DEMO
from connector.lab.vendors.hook_client import basic
from tests.connector.lab.harness import CONSUMER, SHORT_CODE, Simulator

ACCOUNT = (DEMO.openmarket.account_id, DEMO.openmarket.password)
GOOD: dict[str, Any] = {
    "destination": {"address": CONSUMER[1:]},
    "source": {"ton": 3, "address": SHORT_CODE},
    "message": {"type": "text", "content": "hello", "mlc": "segment"},
    "delivery": {"receiptRequested": "final", "url": "http://127.0.0.1:9/receipt"},
    "options": {"note1": "ours"},
}


async def test_a_text_is_accepted_with_a_location_and_nothing_else(sim: Simulator) -> None:
    response = await sim.openmarket(GOOD)
    assert (response.status_code, response.content) == (202, b"")
    assert re.fullmatch(r"\d{5}-\d{4}[A-Z]-\d{4}[A-Z]-\d\d[A-Z]{4}", response.headers["location"].rpartition("/")[2])
    assert response.headers["location"].startswith(f"{sim.url}/sms/v4/mt/")
    assert response.headers["x-request-id"]
    (message,) = await sim.log(CONSUMER)
    assert (message["from"], message["to"], message["body"]) == (SHORT_CODE, CONSUMER, "hello")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"destination": None}, 301),
        ({"destination": {"address": "12"}}, 321),
        ({"destination": {"address": "+" + CONSUMER[1:]}}, 321),
        ({"source": {"address": "12345"}}, 322),
        ({"message": {"content": ""}}, 301),
        ({"message": {"content": "x" * 161}}, 301),
        ({"message": {"content": "00", "type": "wapPush"}}, 301),
        ({"delivery": {"receiptRequested": "final", "url": "nowhere-at-all"}}, 301),
        ({"delivery": {"receiptRequested": "always"}}, 301),
    ],
)
async def test_refused_sends(sim: Simulator, change: dict[str, Any], code: int) -> None:
    response = await sim.openmarket({**GOOD, **change})
    assert response.status_code == 400
    assert response.json()["error"]["code"] == code
    assert await sim.log() == []


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"mobileTerminate": {}}', b"\xff"])
async def test_malformed_requests(sim: Simulator, body: bytes) -> None:
    response = await sim.http.post("/sms/v4/mt", content=body, auth=ACCOUNT)
    assert (response.status_code, response.json()["error"]["code"]) == (400, 301)


async def test_sign_in(sim: Simulator) -> None:
    wrong = (basic(ACCOUNT[0], "wrong"), basic("wrong", ACCOUNT[1]), "Bearer é", "")
    headers = [{b"Authorization": value.encode()} for value in wrong] + [{b"Authorization": b"Basic \xff"}, {}]
    for given in headers:
        response = await sim.http.post("/sms/v4/mt", json={"mobileTerminate": GOOD}, headers=given)
        assert (response.status_code, response.json()["error"]["code"]) == (401, 401)


async def test_an_unknown_ticket(sim: Simulator) -> None:
    inbound = (await sim.text(CONSUMER, SHORT_CODE, "hello"))["ids"][0]
    for ticket in ("00000-0000A-0000A-00AAAA", inbound):
        assert (await sim.http.get(f"/sms/v4/mt/{ticket}/status", auth=ACCOUNT)).status_code == 404
