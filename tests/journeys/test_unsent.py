"""Replies that do not arrive, on a running core: they come back to a person, are sent again, or are held."""

from __future__ import annotations

from typing import Any

from tests.journeys.test_reply import reply, sent, talk
from tests.kit.running import CONSUMER, Desk, Town


async def resend(desk: Desk, message_id: str, **more: Any) -> dict[str, Any]:
    return await desk.ask({"type": "resend", "message_id": message_id, **more})


async def arrange(town: Town, what: str, **fields: Any) -> None:
    (await town.http.post(f"{town.vendors}/sim/{what}", json=fields)).raise_for_status()


async def test_a_refused_reply_waits_for_a_decision_and_is_sent_again_once(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        asked_at = desk.conversations[conversation_id]["waiting_since"]
        await town.behave(number=CONSUMER, send="reject:30007", times=1)
        message_id = await reply(desk, conversation_id, "Try our new offer")
        failed = await desk.told_of("send_failed", id=message_id)
        view = failed["conversation"]
        assert (view["unsent"], view["unsent_status"], view["waiting_since"]) == (1, "failed", asked_at)
        assert view["due_at"] is not None and failed["message"]["is_unsettled"]
        await desk.until(lambda: desk.accounts["main"]["unsent"] == 1, "it to be counted")
        again = await resend(desk, message_id, seen=view["last_seq"])
        assert again["type"] == "written", again
        await desk.status_of(again["message_id"], "delivered")
        settled = await desk.told_of("status_moved", message_id=message_id, is_unsettled=False, status="failed")
        assert settled["resent_as"] == again["message_id"]
        written = await desk.told_of("reply_written", id=again["message_id"])
        assert written["message"]["resends"] == message_id
        assert (desk.conversations[conversation_id]["unsent"], desk.conversations[conversation_id]["due_at"]) == (
            0,
            None,
        )
        twice = await resend(desk, message_id)
        assert (twice["code"], twice["details"]) == ("too_late", {"message_id": again["message_id"]})
        assert (await resend(desk, again["message_id"]))["code"] == "too_late"
    assert await sent(town) == ["Try our new offer"]
    log = town.core.log.read_text()
    assert f"account main: a reply did not arrive: failed, code 30007 (message {message_id})" in log
    assert CONSUMER not in log and "offer" not in log


async def test_an_undelivered_reply_opens_its_closed_conversation_again(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        await town.behave(number=CONSUMER, receipts="undelivered:30003")
        message_id = await reply(desk, conversation_id, "It is at the shop")
        await desk.ask({"type": "close", "conversation_id": conversation_id})
        await desk.status_of(message_id, "undelivered")
        await desk.told_of("send_failed", id=message_id)
        view = desk.conversations[conversation_id]
        assert (view["state"], view["agent"], view["unsent"]) == ("assigned", "ann", 1)


async def test_the_replies_of_a_suspended_account_are_held_over_a_restart_and_sent_when_it_is_well(town: Town) -> None:
    async with Desk(town.core) as desk:
        first, second = await talk(desk, town), await talk(desk, town, sender="+14155550144")
        await arrange(town, "account", status="suspended")
        held = [await reply(desk, first, "one"), await reply(desk, second, "two")]
        await desk.until(lambda: desk.accounts["main"]["held"] == 2, "both to be held")
        account = desk.accounts["main"]
        assert account["state"] == "down"
        assert account["words"].startswith("replies are held: Twilio") and account["words"].endswith("; 2 waiting")
        health = (await town.http.get(town.core.url + "/health")).json()
        assert any("replies are held" in reason for reason in health["reasons"])
        assert not desk.told("send_failed")
        await town.core.stop()
        await arrange(town, "account", status="active")
        await town.core.start()
        await desk.connect()
        for message_id in held:
            await desk.status_of(message_id, "delivered")
        await desk.until(lambda: desk.accounts["main"]["held"] == 0, "none to be held")
    assert (await sent(town), await sent(town, "+14155550144")) == (["one"], ["two"])
    assert "account main: its replies are held: Twilio" in town.core.log.read_text()
