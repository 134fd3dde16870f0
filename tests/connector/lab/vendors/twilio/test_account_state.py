"""Accounts and numbers with arranged limits: suspended, on trial, without pictures, with a pace."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from twilio.base.exceptions import TwilioRestException

from connector.lab.simulator.world import DEMO
from connector.lab.vendors.twilio.account_state import AccountState, LineRule
from tests.connector.lab.harness import CONSUMER, LINE, RecordingCore, Simulator, simulator, twilio_client

ACCOUNT = DEMO.twilio
OTHER_LINE = ACCOUNT.lines[1].number


async def send(sim: Simulator, **more: Any) -> Any:
    return await sim.twilio.messages.create_async(**{"to": CONSUMER, "from_": LINE, "body": "hello", **more})


async def refused(sim: Simulator, **more: Any) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as error:
        await send(sim, **more)
    return error.value.status, error.value.code


@pytest.mark.parametrize("status", ["suspended", "closed"])
async def test_a_suspended_account_can_be_read_and_nothing_else(sim: Simulator, status: str) -> None:
    await sim.post("/sim/account", status=status)
    assert (await sim.twilio.api.v2010.accounts(ACCOUNT.sid).fetch_async()).status == status
    assert await refused(sim) == (401, 20003)
    with pytest.raises(TwilioRestException):
        await sim.twilio.api.v2010.accounts(ACCOUNT.sid).balance.fetch_async()
    await sim.post("/sim/account")
    assert (await send(sim)).status == "queued"


async def test_a_trial_account_texts_verified_numbers_and_says_so(sim: Simulator) -> None:
    await sim.post("/sim/account", type="Trial", verified=[CONSUMER])
    assert (await sim.twilio.api.v2010.accounts(ACCOUNT.sid).fetch_async()).type == "Trial"
    assert (await send(sim)).body == "Sent from your Twilio trial account - hello"
    assert await refused(sim, to="+14155550134") == (400, 21608)


async def test_balance(sim: Simulator) -> None:
    await sim.post("/sim/account", balance="-0.07", currency="EUR")
    balance = await sim.twilio.api.v2010.accounts(ACCOUNT.sid).balance.fetch_async()
    assert (balance.balance, balance.currency) == ("-0.07", "EUR")


async def test_a_new_token_authenticates_and_signs(sim: Simulator, core: RecordingCore) -> None:
    await sim.post("/sim/account", auth_token="another")
    assert await refused(sim) == (401, 20003)
    client = twilio_client(sim, ACCOUNT.sid, "another")
    assert (await client.messages.create_async(to=CONSUMER, from_=LINE, body="hello")).status == "queued"
    await sim.text(CONSUMER, LINE, "hello")
    assert core.calls[0].is_signed("another") and not core.calls[0].is_signed()


async def test_a_number_that_cannot_text(sim: Simulator) -> None:
    await sim.post("/sim/line", number=LINE, sms=False, mms=False)
    (number,) = await sim.twilio.incoming_phone_numbers.list_async(phone_number=LINE)
    assert number.capabilities == {"voice": True, "sms": False, "mms": False, "fax": False}
    assert await refused(sim) == (400, 21606)
    assert (await send(sim, from_=OTHER_LINE)).status == "queued"


async def test_a_number_that_cannot_send_pictures(sim: Simulator) -> None:
    await sim.post("/sim/line", number=LINE, mms=False)
    assert await refused(sim, media_url=["https://shop.example/1.png"]) == (400, 21621)
    assert (await send(sim)).status == "queued"


async def test_a_number_with_an_application_ignores_its_own_address(sim: Simulator, core: RecordingCore) -> None:
    numbers = sim.twilio.incoming_phone_numbers
    await sim.post("/sim/line", number=LINE, application_sid="AP" + "0" * 32)
    (number,) = await numbers.list_async(phone_number=LINE)
    assert number.sms_application_sid == "AP" + "0" * 32
    assert (await sim.text(CONSUMER, LINE, "hello"))["statuses"] == [None]
    await numbers(number.sid).update_async(sms_application_sid="")
    assert (await sim.text(CONSUMER, LINE, "hello"))["statuses"] == [200]
    assert len(core.calls) == 1


async def test_a_line_keeps_its_pace_counted_in_segments(core: RecordingCore, tmp_path: Path) -> None:
    lines = (msgspec.structs.replace(ACCOUNT.lines[0], segments_per_s=0.01), ACCOUNT.lines[1])
    world = msgspec.structs.replace(DEMO, twilio=msgspec.structs.replace(ACCOUNT, lines=lines))
    async with simulator(tmp_path, core, world=world) as sim:
        answers = await asyncio.gather(*(send(sim) for _ in range(3)), return_exceptions=True)
        assert [getattr(answer, "code", None) for answer in answers].count(20429) == 2
        assert (await send(sim, from_=OTHER_LINE)).status == "queued"
        await sim.post("/sim/line", number=LINE)
        assert [(await send(sim)).status for _ in range(3)] == ["queued"] * 3


def test_the_pace_of_a_line() -> None:
    state = AccountState(ACCOUNT)
    assert not any(state.is_too_fast(LINE, 5, 1000) for _ in range(9)), "without a pace nothing is"
    state.set_line(LineRule(number=LINE, segments_per_s=2.0))
    asked = [(0, 1), (499, 1), (500, 3), (1999, 1), (2000, 1)]
    assert [state.is_too_fast(LINE, segments, now) for now, segments in asked] == [False, True, False, True, False]


async def test_only_numbers_of_the_account_can_be_arranged(sim: Simulator) -> None:
    response = await sim.http.post("/sim/line", json={"number": "+19999"})
    assert (response.status_code, response.json()) == (
        400,
        {"error": "number: +19999 is not a number of the Twilio account."},
    )
