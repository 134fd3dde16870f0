"""A reply becomes a tick: written once, sent once, in order, and true about how it fared."""

from __future__ import annotations

import asyncio

import pytest

from tests.kit.running import CONSUMER, SHORT_CODE, Desk, Town


async def talk(desk: Desk, town: Town, *, line: str | None = None, sender: str = CONSUMER) -> str:
    """A consumer has texted and `desk` owns the conversation: its id."""
    await town.text("hello", sender=sender, **({"line": line} if line else {}))
    event = await desk.told_of("conversation_assigned", consumer=sender)
    conversation_id: str = event["conversation"]["id"]
    return conversation_id


async def reply(desk: Desk, conversation_id: str, text: str, request_id: str | None = None) -> str:
    answer = await desk.ask({"type": "reply", "conversation_id": conversation_id, "text": text}, request_id)
    assert answer["type"] == "written", answer
    message_id: str = answer["message_id"]
    return message_id


async def sent(town: Town, number: str = CONSUMER) -> list[str]:
    """The texts the vendor took from us for this consumer, oldest first."""
    return [message["body"] for message in await town.vendor_log(number) if message["to"] == number]


@pytest.mark.parametrize("line", [None, SHORT_CODE], ids=["twilio", "openmarket"])
async def test_up_to_delivered(town: Town, line: str | None) -> None:
    async with Desk(town.core) as desk:
        message_id = await reply(desk, await talk(desk, town, line=line), "On its way, promised for Friday.")
        await desk.status_of(message_id, "delivered")
        statuses = [event["status"] for event in desk.told("status_moved", message_id=message_id)]
        assert statuses[0] == "sending"
        assert len(statuses) == len(set(statuses)), "each status is told once"
    assert await sent(town) == ["On its way, promised for Friday."]


async def test_the_same_request_twice_sends_once(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        first = await reply(desk, conversation_id, "once", "my-request")
        await desk.status_of(first, "delivered")
        await desk.disconnect()
        await desk.connect()
        assert await reply(desk, conversation_id, "once", "my-request") == first
    assert await sent(town) == ["once"]


async def test_limits_and_ownership_are_the_cores(town: Town) -> None:
    async with Desk(town.core) as desk, Desk(town.core, agent="bob") as other:
        conversation_id = await talk(desk, town)
        owner, stranger = desk, other
        if desk.conversations[conversation_id]["agent"] == "bob":
            owner, stranger = other, desk
        body = {"type": "reply", "conversation_id": conversation_id}
        too_long = await owner.ask({**body, "text": "x" * 1601})
        assert (too_long["code"], too_long["details"]) == (
            "too_long",
            {"limit": 1600, "length": 1601, "unit": "code_points"},
        )
        assert (await owner.ask({**body, "text": " \n"}))["code"] == "empty"
        assert (await stranger.ask({**body, "text": "hi"}))["code"] == "not_owner"
        assert (await owner.ask({**body, "conversation_id": "none", "text": "hi"}))["code"] == "unknown_conversation"
        message_id = await reply(owner, conversation_id, "é" * 1600)
        await owner.status_of(message_id, "delivered")
    assert await sent(town) == ["é" * 1600]


async def test_who_texted_stop_is_not_texted_until_start(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town, line=SHORT_CODE)
        await town.text("Stop.", line=SHORT_CODE)
        assert (await desk.told_of("consent_changed"))["opted_out"] is True
        body = {"type": "reply", "conversation_id": conversation_id, "text": "one more thing"}
        assert (await desk.ask(body))["code"] == "opted_out"
        await town.text("START", line=SHORT_CODE)
        await desk.told_of("consent_changed", opted_out=False)
        message_id = await reply(desk, conversation_id, "welcome back")
        await desk.status_of(message_id, "delivered")
    assert await sent(town) == ["welcome back"]


async def test_a_refusal_of_the_provider_is_shown_in_words(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        await town.behave(number=CONSUMER, send="reject:21610", times=1)
        message_id = await reply(desk, conversation_id, "hello?")
        failed = await desk.status_of(message_id, "failed")
        assert failed["code"] == "21610"
        assert "opted out" in failed["words"]
        await desk.told_of("consent_changed", opted_out=True)


async def test_a_carriers_refusal_comes_with_its_reason(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town, sender="+14155550190")
        message_id = await reply(desk, conversation_id, "hello?")
        undelivered = await desk.status_of(message_id, "undelivered")
        assert undelivered["code"] == "30003"
        assert undelivered["words"]


async def test_too_many_requests_is_tried_again(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        await town.behave(number=CONSUMER, send="429", times=1)
        message_id = await reply(desk, conversation_id, "patience")
        await desk.status_of(message_id, "delivered")
    assert await sent(town) == ["patience"]


async def test_a_call_that_ends_without_an_answer_is_looked_up_and_never_repeated(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        await town.behave(number=CONSUMER, send="accept_then_drop", receipts="none", times=1)
        message_id = await reply(desk, conversation_id, "did you get this?")
        await desk.status_of(message_id, "uncertain")
        await desk.until(
            lambda: desk.told("status_moved", message_id=message_id)[-1]["status"] in ("accepted", "sent", "delivered"),
            "the look-up to find it",
        )
    assert await sent(town) == ["did you get this?"]


async def test_receipts_before_the_answer_are_kept_and_matched(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        await town.behave(number=CONSUMER, receipts="early", times=1)
        message_id = await reply(desk, conversation_id, "faster than its own answer")
        await desk.status_of(message_id, "delivered")
        assert desk.told("status_moved", message_id=message_id)[-1]["status"] == "delivered"


async def test_what_is_written_first_is_sent_first(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        await town.behave(number=CONSUMER, send="429", times=1)
        texts = [f"part {number}" for number in range(5)]
        ids = [await reply(desk, conversation_id, text) for text in texts]
        await asyncio.gather(*(desk.status_of(one, "delivered") for one in ids))
    assert await sent(town) == texts


async def test_a_reply_survives_the_kill_of_the_core_and_is_sent_once(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        first = await reply(desk, conversation_id, "before the kill")
        await desk.status_of(first, "delivered")
        await town.behave(number=CONSUMER, send="429", times=1)
        message_id = await reply(desk, conversation_id, "through the kill")
        await desk.told_of("status_moved", message_id=message_id, code="20429")
        await town.core.kill()
        await town.core.start()
        await desk.connect()
        assert desk.welcome["resumed"] is True
        await desk.status_of(message_id, "delivered")
    assert await sent(town) == ["before the kill", "through the kill"]


async def test_a_call_cut_by_the_kill_of_the_core_is_uncertain_and_never_repeated(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        await town.behave(number=CONSUMER, send="timeout")
        message_id = await reply(desk, conversation_id, "hanging in the air")
        await desk.status_of(message_id, "sending")
        await town.core.kill()
        await town.behave(number=CONSUMER)
        await town.core.start()
        await desk.connect()
        uncertain = await desk.status_of(message_id, "uncertain")
        assert "stopped during the call" in uncertain["words"]
        after = await reply(desk, conversation_id, "the next one is not held up")
        await desk.status_of(after, "delivered")
    assert await sent(town) == ["the next one is not held up"]


async def test_a_clean_stop_loses_nothing(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        ids = [await reply(desk, conversation_id, f"number {number}") for number in range(3)]
        assert await town.core.stop() == 0
        await town.core.start()
        await desk.connect()
        # Receipts that came while nobody was there are gone; what was sent is known all the same.
        await asyncio.gather(*(desk.is_taken(one) for one in ids))
    assert await sent(town) == [f"number {number}" for number in range(3)]
