"""An SMS becomes a row: from the vendor's call to every desk, once, whole, and on disk before the 2xx."""

from __future__ import annotations

import asyncio
import json

from connector.lab.simulator.world import DEMO
from tests.kit.running import BOOKINGS, CONSUMER, ORDERS, SHORT_CODE, Desk, Town, twilio_text

HOSTILE = "[bold]hi[/] \x1b[2J\x1b]0;owned\x07 \u202ereversed\u202c nul:\0 end"


async def test_a_text_is_assigned_to_the_agent_at_the_desk(town: Town) -> None:
    async with Desk(town.core) as desk:
        await town.text("where is my parcel?")
        event = await desk.told_of("message_received", text="where is my parcel?")
        assert event["message"]["seq"] == 1
        assert (event["conversation"]["line"], event["conversation"]["consumer"]) == (ORDERS, CONSUMER)
        assigned = await desk.told_of("conversation_assigned")
        assert assigned["conversation"]["agent"] == "ann"
        assert assigned["conversation"]["reason"]


async def test_without_anybody_it_waits_in_the_queue_and_is_given_to_who_comes(town: Town) -> None:
    async with Desk(town.core, role="tool") as watcher:
        await town.text("anybody there?")
        queued = await watcher.told_of("conversation_queued")
        assert queued["conversation"]["state"] == "queued"
        async with Desk(town.core):
            assigned = await watcher.told_of("conversation_assigned")
            assert assigned["conversation"]["id"] == queued["conversation"]["id"]


async def test_a_hundred_copies_of_one_hook_are_one_message(town: Town) -> None:
    async with Desk(town.core) as desk:
        fields = twilio_text("SM" + "1" * 32, "only once")
        answers = await asyncio.gather(*(town.hook("/hooks/twilio/main/inbound", fields) for _ in range(100)))
        assert {answer.status_code for answer in answers} == {200}
        await town.hook("/hooks/twilio/main/inbound", twilio_text("SM" + "2" * 32, "only once"))
        await desk.told_of("message_received", seq=2)
        assert len(desk.told("message_received")) == 2, "an equal text with another id is another message"


async def test_two_hundred_first_texts_open_one_conversation(town: Town) -> None:
    async with Desk(town.core) as desk:
        hooks = [
            town.hook("/hooks/twilio/main/inbound", twilio_text(f"SM{number:032x}", f"text {number}"))
            for number in range(200)
        ]
        answers = await asyncio.gather(*hooks)
        assert {answer.status_code for answer in answers} == {200}
        await desk.told_of("message_received", seq=200)
        received = desk.told("message_received")
        assert len({event["conversation"]["id"] for event in received}) == 1
        assert [event["message"]["seq"] for event in received] == list(range(1, 201))


async def test_what_was_answered_with_2xx_survives_the_kill_of_the_core(town: Town) -> None:
    accepted = 0

    async def text(number: int) -> None:
        nonlocal accepted
        fields = twilio_text(f"SM{number:032x}", f"text {number}", sender=f"+1415555{number:04d}")
        answer = await town.hook("/hooks/twilio/main/inbound", fields)
        accepted += answer.status_code == 200
        if accepted == 40:
            await town.core.kill()

    await asyncio.gather(*(text(number) for number in range(200)), return_exceptions=True)
    assert accepted >= 40
    await town.core.start()
    async with Desk(town.core, role="tool") as desk:
        assert len(desk.conversations) >= accepted


async def test_openmarket_segments_stay_messages_of_their_own(town: Town) -> None:
    async with Desk(town.core) as desk:
        handed = await town.text("part of something long. " * 16, line=SHORT_CODE)
        assert len(handed["ids"]) == 3
        await desk.told_of("message_received", seq=3)
        messages = [event["message"] for event in desk.told("message_received")]
        assert sorted(message["part"]["number"] for message in messages) == [1, 2, 3]
        assert {message["part"]["total"] for message in messages} == {3}
        in_order = sorted(messages, key=lambda message: int(message["part"]["number"]))
        assert "".join(message["text"] for message in in_order) == "part of something long. " * 16
        row = desk.conversations[messages[0]["conversation_id"]]
        assert (row["unread"], row["last_seq"], row["last_part"]["number"]) == (1, 3, 1)
        assert in_order[0]["text"].startswith(row["last_text"])


async def test_a_consumers_text_is_whole_up_to_5000_and_marked_beyond(town: Town) -> None:
    async with Desk(town.core) as desk:
        for number, length in enumerate((5000, 5001)):
            fields = twilio_text(f"SM{number:032x}", "é" * length)
            assert (await town.hook("/hooks/twilio/main/inbound", fields)).status_code == 200
        await desk.told_of("message_received", seq=2)
        whole, longer = (event["message"] for event in desk.told("message_received"))
        assert (len(whole["text"]), whole["overflow"]) == (5000, 0)
        assert (len(longer["text"]), longer["overflow"]) == (5000, 1)


async def test_hostile_text_arrives_as_data(town: Town) -> None:
    async with Desk(town.core) as desk:
        await town.hook("/hooks/twilio/main/inbound", twilio_text("SM" + "a" * 32, HOSTILE))
        event = await desk.told_of("message_received")
        assert event["message"]["text"] == HOSTILE.replace("\0", "\u2400")
    await town.core.stop()
    log = town.core.log.read_text()
    assert "\x1b" not in log
    assert "reversed" not in log, "message text has no place in log lines"


async def test_pictures_are_kept_as_what_they_are(town: Town) -> None:
    async with Desk(town.core) as desk:
        await town.text("look at this", media=2)
        event = await desk.told_of("message_received")
        assert len(event["message"]["pictures"]) == 2


async def test_one_consumer_on_two_lines_is_two_conversations_and_one_history(town: Town) -> None:
    async with Desk(town.core) as desk:
        await town.text("about my order")
        await town.text("about my booking", line=BOOKINGS)
        second = await desk.told_of("message_received", line=BOOKINGS)
        assert len(desk.conversations) == 2
        history = await desk.ask({"type": "get_history", "conversation_id": second["conversation"]["id"]})
        assert [message["text"] for message in history["messages"]] == ["about my order", "about my booking"]


async def test_forged_and_unsigned_hooks_are_refused_and_kept_for_an_administrator(town: Town) -> None:
    async with Desk(town.core) as desk:
        fields = twilio_text("SM" + "f" * 32, "give me your money")
        forged = await town.hook("/hooks/twilio/main/inbound", fields, token="guessed")
        unsigned = await town.http.post(town.core.url + "/hooks/twilio/main/inbound", data=fields)
        body = {"mobileOriginate": {"ticketId": "x"}}
        no_password = await town.http.post(town.core.url + "/hooks/openmarket/short/inbound", json=body)
        for answer in (forged, unsigned, no_password):
            assert (answer.status_code, answer.text) == (403, ""), "no hint for the forger"
        hooks = (await desk.ask({"type": "get_hooks"}))["hooks"]
        assert [hook["state"] for hook in hooks] == ["refused"] * 3
        assert "give me your money" in hooks[1]["body"].replace("+", " ")
        await desk.until(lambda: desk.accounts.get("main", {}).get("refused_hooks") == 2, "the panel to count them")
        assert desk.accounts["main"]["state"] == "warning"
        assert not desk.conversations


async def test_garbage_and_unknown_numbers_are_kept_and_open_nothing(town: Town) -> None:
    login = (DEMO.openmarket.hook_user, DEMO.openmarket.hook_password)
    door = town.core.url + "/hooks/openmarket/short/inbound"
    async with Desk(town.core) as desk:
        garbage = await town.http.post(door, content=b"\xff{not json", auth=login)
        assert garbage.status_code == 400
        fields = twilio_text("SM" + "b" * 32, "to a number that is not ours", line="+14155559999")
        assert (await town.hook("/hooks/twilio/main/inbound", fields)).status_code == 200
        nobody = await town.http.post(town.core.url + "/hooks/twilio/nobody/inbound", data=fields)
        assert nobody.status_code == 404
        assert (await town.http.post(town.core.url + "/hooks/twilio/main/dance", data=fields)).status_code in (400, 403)
        hooks = (await desk.ask({"type": "get_hooks"}))["hooks"]
        assert {"unreadable", "unroutable"} <= {hook["state"] for hook in hooks}
        assert any("+14155559999" in hook["reason"] for hook in hooks)
        assert not desk.conversations


async def test_odd_bytes_in_address_and_headers_do_no_harm(town: Town) -> None:
    odd = await town.http.post(
        town.core.url + "/hooks/twilio/%00%ff/inbound?x=%ed%a0%80", content=b"\0\xff", headers={b"X-Odd": b"\xff\xfe"}
    )
    assert odd.status_code == 404
    async with Desk(town.core) as desk:
        hooks = (await desk.ask({"type": "get_hooks"}))["hooks"]
        assert hooks[0]["state"] == "unroutable"


async def test_health_says_why(town: Town) -> None:
    answer = await town.http.get(town.core.url + "/health")
    assert answer.json()["status"] in ("ok", "warning")
    await town.http.post(town.core.url + "/hooks/twilio/main/inbound", data={"a": "b"})
    async with Desk(town.core) as desk:
        await desk.until(lambda: desk.accounts.get("main", {}).get("state") == "warning", "the account to be amber")
    health = json.loads((await town.http.get(town.core.url + "/health")).text)
    assert health["status"] == "warning"
    assert health["reasons"][0].startswith("main: ")


async def test_the_octets_of_a_character_cut_between_segments_reach_the_desk(town: Town) -> None:
    """`so 😀!` in UTF-16 with the smiley in two halves: two messages, and both say what they lack."""
    login = (DEMO.openmarket.hook_user, DEMO.openmarket.hook_password)
    url = f"{town.core.url}/hooks/openmarket/short/inbound"
    async with Desk(town.core) as desk:
        for number, octets in enumerate(("0073006f0020d83d", "de000021"), start=1):
            content = f"05000308020{number}{octets}"
            called = {
                "ticketId": f"T{number}",
                "source": {"address": CONSUMER.removeprefix("+")},
                "destination": {"address": SHORT_CODE},
                "message": {"type": "hexEncodedText", "content": content, "charset": "UTF-16", "udh": True},
            }
            answer = await town.http.post(url, json={"mobileOriginate": called}, auth=login)
            assert answer.status_code == 200
        await desk.until(lambda: len(desk.told("message_received")) == 2, "both segments")
        first, last = (event["message"] for event in desk.told("message_received"))
        assert (first["text"], last["text"]) == ("so \ufffd", "\ufffd!")
        assert (first["part"]["tail"], last["part"]["head"], last["part"]["charset"]) == ("d83d", "de00", "utf-16-be")
