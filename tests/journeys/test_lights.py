"""What is shown of accounts and lines is what becomes of their texts."""

from __future__ import annotations

import resource

import pytest

from tests.journeys.test_reply import reply, talk
from tests.kit.running import ORDERS, Desk, Town, twilio_text


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="the limits of another process are Linux's alone")
async def test_a_core_that_cannot_write_says_so_and_goes_on_once_it_can(town: Town) -> None:
    async with Desk(town.core) as desk:
        await town.text("before")
        await desk.told_of("message_received", text="before")
        assert town.core.process is not None
        process = town.core.process.pid
        limits = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (4096, limits[1]))
        call = twilio_text("SM" + "e" * 32, "meanwhile")
        assert (await town.hook("/hooks/twilio/main/inbound", call)).status_code == 503
        await desk.until(lambda: desk.accounts["main"]["state"] == "down", "a red light")
        assert "nothing can be stored" in desk.accounts["main"]["words"]
        answer = await town.http.get(town.core.url + "/health")
        health = answer.json()
        assert (answer.status_code, health["status"]) == (503, "down")
        assert "nothing can be stored" in health["reasons"][0]
        resource.prlimit(process, resource.RLIMIT_FSIZE, limits)
        assert (await town.hook("/hooks/twilio/main/inbound", call)).status_code == 200


async def test_replies_that_all_come_back_turn_the_light_red(town: Town) -> None:
    async with Desk(town.core) as desk:
        await town.behave(number="*", receipts="undelivered:30034")
        conversation_id = await talk(desk, town)
        for _ in range(5):
            await desk.status_of(await reply(desk, conversation_id, "On its way."), "undelivered")
        await desk.until(lambda: desk.accounts["main"]["state"] == "down", "a red light")
        account = desk.accounts["main"]
        assert "5 of the last hour's 5 replies failed" in account["words"]
        assert "(30034)" in account["words"]
        assert (account["failed"], account["reasons"]) == (5, [account["words"]])
        lines = {line["line"]: line for line in (await desk.ask({"type": "get_traffic"}))["lines"]}
        assert (lines[ORDERS]["state"], lines[ORDERS]["words"]) == ("down", account["words"])
