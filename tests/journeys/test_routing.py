"""Who answers what, and when: bare desks, written from the protocol's page, around a real core."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from websockets.asyncio.client import connect

from tests.journeys.test_reply import talk
from tests.kit.ports import free_port
from tests.kit.running import CONSUMER, Desk, Town, twilio_text
from tests.kit.running import town as running_town
from tests.kit.staff import STAFF, about, state


async def test_whoever_accepts_first_has_it_and_the_others_are_told(tmp_path: Path) -> None:
    ring_all = '[skills.orders]\nring = "ring_all"\nring_s = 600\n'
    async with (
        running_town(tmp_path / "town", more=STAFF + ring_all) as town,
        Desk(town.core) as ann,
        Desk(town.core, agent="bob") as bob,
    ):
        desks = {"ann": ann, "bob": bob}
        for number in range(20):
            consumer = f"+1415555{number:04d}"
            await town.hook("/hooks/twilio/main/inbound", twilio_text(f"SM{number:032x}", "hello", sender=consumer))
            rang = await asyncio.gather(*(each.told_of("conversation_rang", consumer=consumer) for each in (ann, bob)))
            conversation = rang[0]["conversation"]
            assert sorted(conversation["rings"]) == ["ann", "bob"]
            assert conversation["agent"] is None
            answers = await asyncio.gather(*(each.ask(about(conversation["id"], "accept")) for each in (ann, bob)))
            won, lost = ("ann", "bob") if answers[0].get("type") == "done" else ("bob", "ann")
            refusal = next(answer for answer in answers if "code" in answer)
            assert (refusal["code"], refusal["details"]["agent"]) == ("not_queued", won)
            told = await desks[lost].told_of("conversation_assigned", consumer=consumer)
            assert (told["conversation"]["agent"], told["also_rang"]) == (won, [lost])
            await desks[won].ask(about(conversation["id"], "close", outcome="done"))


async def test_a_ring_ends_at_its_moment_and_the_next_is_asked(tmp_path: Path) -> None:
    ring = '[skills.orders]\nring = "ring"\nring_s = 1\n'
    async with (
        running_town(tmp_path / "town", more=STAFF + ring) as town,
        Desk(town.core) as ann,
        Desk(town.core, agent="bob"),
    ):
        await town.text("hello")
        await ann.until(lambda: len(ann.told("conversation_rang")) >= 2, "the second ring")
        first, second = (event["conversation"] for event in ann.told("conversation_rang")[:2])
        assert sorted(first["rings"] + second["rings"]) == ["ann", "bob"]
        assert second["ring_until"] >= first["ring_until"] + 1000
        assert second["state"] == "ringing"


async def test_who_declines_is_asked_again_only_after_the_others(tmp_path: Path) -> None:
    ring = '[skills.orders]\nring = "ring"\nring_s = 600\n'
    async with (
        running_town(tmp_path / "town", more=STAFF + ring) as town,
        Desk(town.core) as ann,
        Desk(town.core, agent="bob") as bob,
    ):
        await town.text("hello")
        rang = (await ann.told_of("conversation_rang"))["conversation"]
        first, second = (ann, bob) if rang["rings"] == ["ann"] else (bob, ann)
        assert (await second.ask(about(rang["id"], "decline")))["code"] == "not_ringing"
        assert (await second.ask(about(rang["id"], "accept")))["code"] == "not_queued"
        assert (await first.ask(about(rang["id"], "decline")))["type"] == "done"
        await state(first, rang["id"], state="ringing", rings=[second.agent])
        assert (await second.ask(about(rang["id"], "decline")))["type"] == "done"
        waits = await state(first, rang["id"], state="queued", rings=[])
        assert waits["reason"] == "ann, bob did not take it, and nobody else has room; asked again a little later"
        assert (await first.ask(about(rang["id"], "accept")))["type"] == "done"
        owned = await state(second, rang["id"], state="assigned", agent=first.agent)
        assert (owned["rings"], owned["ring_until"]) == ([], None)


async def test_handed_to_an_agent_and_to_a_skill_with_a_note(floor: Town) -> None:
    async with Desk(floor.core) as ann:
        conversation_id = await talk(ann, floor)
        targets = await ann.ask(about(conversation_id, "get_targets"))
        assert {one["skill"]: one["goes_to"] for one in targets["skills"]} == {"bookings": None}
        stranded = await ann.ask(about(conversation_id, "transfer", skill="bookings"))
        assert stranded["code"] == "would_strand"
        for unknown, code in (({"skill": "magic"}, "unknown_skill"), ({"agent": "zoe"}, "unknown_agent")):
            assert (await ann.ask(about(conversation_id, "transfer", **unknown)))["code"] == code
        assert (await ann.ask(about(conversation_id, "transfer", agent="ann")))["code"] == "bad_request"

        async with Desk(floor.core, agent="bob") as bob, Desk(floor.core, agent="cid") as cid:
            targets = await ann.ask(about(conversation_id, "get_targets"))
            assert {one["agent"]: one["can_take"] for one in targets["agents"]} == {"bob": True, "cid": True}
            assert {one["skill"]: one["goes_to"] for one in targets["skills"]} == {"bookings": "bookings"}

            done = await ann.ask(about(conversation_id, "transfer", agent="bob", note="wants a refund"))
            assert done["type"] == "transferred"
            assert "Bob" in done["words"]
            assert (await bob.told_of("note_written"))["message"]["text"] == "wants a refund"
            assert (await bob.told_of("conversation_transferred", by="ann"))["to_agent"] == "bob"
            ringing = await state(bob, conversation_id, state="ringing", rings=["bob"], handed_by="ann")
            due_at = ringing["due_at"]
            refused = await ann.ask(about(conversation_id, "reply", text="one more thing"))
            assert (refused["code"], refused["details"]["agent"]) == ("not_owner", None)
            await bob.ask(about(conversation_id, "accept"))
            owned = await state(bob, conversation_id, agent="bob", handed_by=None)
            assert owned["due_at"] == due_at, "the same skill's clock goes on"

            done = await bob.ask(about(conversation_id, "transfer", skill="bookings", note="a booking after all"))
            assert "Cid" in done["words"]
            moved = await state(cid, conversation_id, agent="cid", skill="bookings")
            assert moved["moves"] == 2
            assert moved["due_at"] > due_at, "another skill's clock starts anew"
            history = await cid.ask(about(conversation_id, "get_history"))
            assert [(one["direction"], one["text"]) for one in history["messages"]] == [
                ("inbound", "hello"),
                ("note", "wants a refund"),
                ("note", "a booking after all"),
            ]
    assert [one["body"] for one in await floor.vendor_log() if one["to"] == CONSUMER] == []


async def test_nobody_takes_what_was_handed_to_an_agent_and_it_goes_on(tmp_path: Path) -> None:
    async with (
        running_town(tmp_path / "town", more=STAFF + "[skills.orders]\ntransfer_s = 1\n") as town,
        Desk(town.core) as ann,
        Desk(town.core, agent="bob") as bob,
    ):
        await bob.ask({"type": "set_presence", "presence": "back_soon", "reason": "lunch"})
        conversation_id = await talk(ann, town)
        await ann.ask(about(conversation_id, "transfer", agent="bob"))
        assert (await ann.told_of("conversation_rang"))["conversation"]["rings"] == ["bob"]
        # Bob is away and Ann has let it go: it waits for the next of their skill.
        await state(ann, conversation_id, state="queued", skill="orders")
        await bob.ask({"type": "set_presence", "presence": "online"})
        await state(ann, conversation_id, state="assigned", agent="bob")


async def test_why_it_waits_and_for_whom(floor: Town) -> None:
    async with Desk(floor.core) as ann, Desk(floor.core, agent="cid", role="tool") as tool:
        await ann.ask({"type": "set_presence", "presence": "away", "reason": "training"})
        for number in range(2):
            await floor.text("hello", sender=f"+1415555000{number}")
        await tool.until(lambda: len(tool.told("conversation_queued")) == 2, "two to wait")
        _, waiting = sorted(tool.conversations.values(), key=lambda one: int(one["rank"]))
        found = await tool.ask(about(waiting["id"], "explain"))
        assert (found["type"], found["place"]) == ("explained", 2)
        assert found["reason"] == "nobody with the skill orders is online"
        assert sum(part["ms"] for part in found["score"]) == waiting["rank"]
        assert [(one["agent"], one["fits"]) for one in found["agents"]] == [
            (name, False) for name in ("ann", "bob", "cid")
        ]
        assert any("ann" in words for words in found["next"])
        assert any("due in" in words for words in found["next"])


async def test_a_hold_ends_and_somebody_else_may_go_on(tmp_path: Path) -> None:
    async with (
        running_town(tmp_path / "town", more=STAFF + "[skills.orders]\ngone_s = 1\n") as town,
        Desk(town.core, role="tool") as tool,
        Desk(town.core, agent="cid") as watcher,
    ):
        async with Desk(town.core) as ann:
            conversation_id = await talk(ann, town)
            assert (await ann.ask(about(conversation_id, "reply", text="On its way.")))["type"] == "written"
        gone = await watcher.until(
            lambda: [one["agent"] for one in watcher.told("agent_changed") if one["agent"]["presence"] == "offline"],
            "ann to be gone",
        )
        await clock_reaches(tool, gone[-1]["since"] + 1000)
        refused = await tool.ask(about(conversation_id, "reply", text="are you there?"))
        assert refused["code"] == "hold_over"
        async with Desk(town.core, agent="bob") as bob:
            assert (await bob.ask(about(conversation_id, "accept")))["type"] == "done"
            refused = await tool.ask(about(conversation_id, "reply", text="are you there?"))
            assert (refused["code"], refused["details"]["agent"]) == ("not_owner", "bob")
            assert (await bob.ask(about(conversation_id, "reply", text="I am.")))["type"] == "written"


async def clock_reaches(tool: Desk, at: int) -> None:
    """Until the core's clock says so, which it does to everybody who connects."""
    while tool.hello["server_at"] < at:
        await tool.disconnect()
        await tool.connect()


async def test_a_lead_takes_over_and_joins(floor: Town) -> None:
    """Who owns the core, and with it all desks on its Unix socket, is an administrator and so a lead."""
    async with Desk(floor.core) as ann, Desk(floor.core, agent="bob") as bob:
        conversation_id = await talk(ann, floor)
        owner, lead = (ann, bob) if ann.conversations[conversation_id]["agent"] == "ann" else (bob, ann)
        assert lead.welcome["is_lead"] is True
        reply = about(conversation_id, "reply", text="hi")
        assert (await lead.ask(reply))["code"] == "not_owner"
        assert (await lead.ask(about(conversation_id, "join")))["type"] == "done"
        await state(owner, conversation_id, joined=[lead.agent])
        assert (await lead.ask(reply))["type"] == "written"
        assert (await lead.ask(about(conversation_id, "leave")))["type"] == "done"
        assert (await lead.ask(reply))["code"] == "not_owner"
        assert (await lead.ask(about(conversation_id, "take_over")))["type"] == "done"
        told = await owner.told_of("conversation_taken_over", by=lead.agent)
        assert told["owner"] == owner.agent
        assert (await owner.ask(reply))["code"] == "not_owner"


async def test_who_is_no_lead_may_not(tmp_path: Path) -> None:
    port = free_port()
    more = f"""
[desks]
listen = "127.0.0.1:{port}"
[agents.ann]
token = "anns-token"
[agents.lea]
token = "leas-token"
lead = true
"""
    async with running_town(tmp_path / "town", more=more) as town, Desk(town.core, agent="bob") as bob:
        conversation_id = await talk(bob, town)
        request = {"kind": "request", "id": "take-it", "body": about(conversation_id, "take_over")}
        for token, is_lead in (("anns-token", False), ("leas-token", True)):
            async with connect(f"ws://127.0.0.1:{port}/desk", compression=None) as socket:
                await socket.recv()
                sign_in = {"kind": "sign_in", "protocol": 1, "desk": "tcp", "token": token, "role": "tool"}
                await socket.send(json.dumps(sign_in))
                assert json.loads(await socket.recv())["is_lead"] is is_lead
                await socket.send(json.dumps(request))
                while (frame := json.loads(await socket.recv()))["kind"] not in ("answer", "refusal"):
                    continue
            assert frame.get("code") == (None if is_lead else "not_allowed")
        await state(bob, conversation_id, agent="lea")
