from __future__ import annotations

import pytest

from tests.connector.lab.harness import CONSUMER, LINE, Simulator


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/sim/text", "[]", "Expected `object`"),
        ("/sim/text", "{", "truncated"),
        ("/sim/text", '{"from": "+14155550133", "to": "+14155550100"}', "`text`"),
        ("/sim/text", '{"from": "12", "to": "+14155550100", "text": "x"}', "not a possible number"),
        ("/sim/text", '{"from": "+14155550133", "to": "+19999", "text": "x"}', "not a line"),
        ("/sim/text", '{"from": "+14155550133", "to": "+14155550100", "text": "x", "media": 99}', "media"),
        ("/sim/behaviour", '{"number": "*", "send": "perhaps"}', "perhaps"),
        ("/sim/behaviour", '{"number": "*", "receipts": "undelivered"}', "undelivered"),
        ("/sim/behaviour", '{"number": "*", "times": 0}', "times"),
        ("/sim/behaviour", '{"number": "*", "sends": "accept"}', "sends"),
        ("/sim/core", '{"url": "here"}', "address"),
        ("/sim/door", '{"how": "ajar"}', "ajar"),
        ("/sim/door", '{"how": "503", "provider": "carrier"}', "carrier"),
        ("/sim/account", '{"status": "angry"}', "angry"),
        ("/sim/line", '{"number": "+14155550100", "segments_per_s": 0}', "segments_per_s"),
    ],
)
async def test_a_refused_request_has_an_error(sim: Simulator, path: str, body: str, said: str) -> None:
    response = await sim.http.post(path, content=body)
    assert response.status_code == 400
    assert said in response.json()["error"]


async def test_the_log_of_one_number(sim: Simulator) -> None:
    for sender in (CONSUMER, "+14155550134"):
        await sim.text(sender, LINE, f"I am {sender}")
    assert [message["from"] for message in await sim.log()] == [CONSUMER, "+14155550134"]
    assert [message["body"] for message in await sim.log("+14155550134")] == ["I am +14155550134"]


async def test_an_id_of_another_text_is_refused(sim: Simulator) -> None:
    sid = (await sim.text("+14155550134", LINE, "hello"))["ids"][0]
    response = await sim.http.post("/sim/text", json={"from": CONSUMER, "to": LINE, "text": "hello", "sid": sid})
    assert response.json() == {"error": f"sid: {sid} is not of a text from {CONSUMER} to {LINE}."}


async def test_a_text_can_have_an_id_of_its_own(sim: Simulator) -> None:
    delivery = await sim.text(CONSUMER, LINE, "hello", sid="SM" + "a" * 32)
    assert delivery == {"ids": ["SM" + "a" * 32], "statuses": [200]}
