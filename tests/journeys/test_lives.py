"""The life of a conversation after it was taken: answered, put off, ended and taken up again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.journeys.test_reply import talk
from tests.kit.running import BOOKINGS, CONSUMER, Desk, Town
from tests.kit.running import town as running_town
from tests.kit.staff import STAFF, about, state


async def test_a_stale_reply_is_answered_with_the_difference(floor: Town) -> None:
    async with Desk(floor.core) as ann:
        conversation_id = await talk(ann, floor)
        seen = ann.conversations[conversation_id]["last_seq"]
        await floor.text("wait, I meant the other one")
        await ann.told_of("message_received", text="wait, I meant the other one")
        body = about(conversation_id, "reply", text="Sent it.")
        refused = await ann.ask({**body, "seen": seen})
        assert refused["code"] == "stale"
        assert [one["text"] for one in refused["messages"]] == ["wait, I meant the other one"]
        assert (await ann.ask({**body, "seen": refused["details"]["last_seq"]}))["type"] == "written"
        # What the author wrote is nothing new to them.
        assert (await ann.ask({**body, "seen": refused["details"]["last_seq"]}))["type"] == "written"
        history = await ann.ask(about(conversation_id, "get_history"))
        assert [one["direction"] for one in history["messages"]] == ["inbound", "inbound", "reply", "reply"]


async def test_a_reply_is_taken_back_before_it_leaves_and_not_after(tmp_path: Path) -> None:
    async with running_town(tmp_path / "town", more=STAFF + "[skills.orders]\nundo_s = 600\n") as town:
        async with Desk(town.core) as ann:
            conversation_id = await talk(ann, town)
            waiting = ann.conversations[conversation_id]
            [undo_s] = {line["undo_s"] for line in ann.welcome["lines"] if line["skill"] == "orders"}
            assert undo_s == 600
            written = await ann.ask(about(conversation_id, "reply", text="a slip"))
            await state(ann, conversation_id, waiting_since=None, due_at=None)
            body = {"type": "take_back", "message_id": written["message_id"]}
            assert (await ann.ask(body))["type"] == "done"
            taken = await ann.told_of("reply_taken_back")
            assert taken["message"]["status"] == "withdrawn"
            await state(ann, conversation_id, waiting_since=waiting["waiting_since"], due_at=waiting["due_at"])
            assert (await ann.ask(body))["code"] == "too_late"
            assert (await ann.ask({"type": "take_back", "message_id": "none"}))["code"] == "unknown_message"
        async with Desk(town.core, agent="cid") as cid:
            other = await talk(cid, town, line=BOOKINGS)
            written = await cid.ask(about(other, "reply", text="Your table is booked."))
            await cid.status_of(written["message_id"], "delivered")
            body = {"type": "take_back", "message_id": written["message_id"]}
            assert (await cid.ask(body))["code"] == "too_late"
        assert [one["body"] for one in await town.vendor_log() if one["to"] == CONSUMER] == ["Your table is booked."]


def away(desk: Desk) -> list[dict[str, Any]]:
    """Agents of whom this desk was told that they are away."""
    return [one["agent"] for one in desk.told("agent_changed") if one["agent"]["presence"] == "away"]


async def test_nobody_signs_off_and_leaves_texts_behind(floor: Town) -> None:
    async with Desk(floor.core) as ann, Desk(floor.core, agent="cid") as watcher:
        owned = [await talk(ann, floor, sender=f"+1415555000{number}") for number in range(3)]
        refused = await ann.ask({"type": "sign_off"})
        assert (refused["code"], refused["details"]["count"]) == ("left_behind", 3)
        assert refused["details"]["conversation_id"] in owned
        assert away(watcher) == []

        due_at = ann.hello["server_at"] + 3_600_000
        choices = [{"choice": "close"}, {"choice": "return"}, {"choice": "due", "due_at": due_at}]
        leaving = [{"conversation_id": one, **choice} for one, choice in zip(owned, choices, strict=True)]
        assert (await ann.ask({"type": "sign_off", "leaving": leaving}))["type"] == "done"
        await state(watcher, owned[0], state="closed", closed_by="ann")
        await state(watcher, owned[1], state="queued", returned_by="ann")
        await state(watcher, owned[2], state="assigned", agent="ann", due_at=due_at, due_by="manual")
        told = await watcher.until(lambda: away(watcher), "ann to be away")
        assert told[-1]["reason"] == "off duty"

        await floor.text("anybody?", sender="+14155550009")
        queued = await watcher.told_of("conversation_queued", consumer="+14155550009")
        assert "nobody" in queued["conversation"]["reason"]
        spans = (await watcher.ask({"type": "get_presence", "since": 0, "agent": "ann"}))["spans"]
        assert [(one["state"], one["until_at"] is None) for one in spans] == [("online", False), ("away", True)]


async def test_a_closed_conversation_goes_on(tmp_path: Path) -> None:
    async with (
        running_town(tmp_path / "town", more=STAFF + "[skills.orders]\nreopen_s = 600\n") as town,
        Desk(town.core) as ann,
        Desk(town.core, agent="bob") as bob,
    ):
        await bob.ask({"type": "set_presence", "presence": "away"})
        conversation_id = await talk(ann, town)
        before = ann.conversations[conversation_id]
        tagged = about(
            conversation_id, "close", outcome="solved", tags=["parcel", "parcel"], note="was at the neighbour's"
        )
        assert (await ann.ask(tagged))["type"] == "done"
        await state(ann, conversation_id, state="closed", outcome="solved", tags=["parcel"], closed_by="ann")
        assert (await ann.ask(about(conversation_id, "reply", text="hi")))["code"] == "closed"

        assert (await bob.ask(about(conversation_id, "reopen")))["type"] == "done"
        again = await state(bob, conversation_id, state="assigned", agent="bob")
        assert (again["waiting_since"], again["due_at"]) == (before["waiting_since"], before["due_at"])
        assert (await bob.ask(about(conversation_id, "reopen")))["code"] == "bad_request"

        await bob.ask(about(conversation_id, "close"))
        await town.text("one more thing")
        told = await ann.told_of("message_received", text="one more thing")
        assert (told["conversation"]["id"], told["message"]["seq"]) == (conversation_id, 3)
        assert (await ann.told_of("conversation_reopened", by=None))["conversation"]["id"] == conversation_id


async def test_a_close_is_undone_unless_the_consumer_has_another_by_now(tmp_path: Path) -> None:
    async with (
        running_town(tmp_path / "town", more=STAFF + "[skills.orders]\nundo_s = 600\n") as town,
        Desk(town.core) as ann,
        Desk(town.core, agent="cid") as cid,
    ):
        other = await talk(cid, town, line=BOOKINGS, sender="+14155550999")
        await cid.ask(about(other, "close"))
        first = await talk(ann, town)
        await ann.ask(about(first, "close"))
        assert (await ann.ask(about(first, "reopen")))["type"] == "done"
        await ann.ask(about(first, "close"))
        await town.text("and now something else")
        told = await ann.told_of("message_received", text="and now something else")
        refused = await ann.ask(about(first, "reopen"))
        assert refused["code"] == "already_open"
        assert refused["details"]["conversation_id"] == told["conversation"]["id"] != first
        assert (await cid.ask(about(other, "reopen")))["code"] == "too_late", "bookings can neither be undone nor go on"


async def test_a_wrap_up_keeps_its_place_until_it_is_over(tmp_path: Path) -> None:
    async with (
        running_town(tmp_path / "town", more=STAFF + "[skills.orders]\nwrap_up_s = 600\n") as town,
        Desk(town.core) as ann,
    ):
        conversation_id = await talk(ann, town)
        await ann.ask(about(conversation_id, "close"))
        told = await ann.told_of("wrap_up_began")
        assert told["conversation"]["state"] == "wrap_up"
        assert told["conversation"]["wrap_up_until"] > ann.hello["server_at"]
        assert (await ann.ask(about(conversation_id, "close")))["code"] == "closed"
        await town.text("and thank you")
        await state(ann, conversation_id, state="assigned", agent="ann", wrap_up_until=None)
        await ann.ask(about(conversation_id, "close"))
        assert (await ann.ask(about(conversation_id, "wrap_up", outcome="solved")))["type"] == "done"
        await state(ann, conversation_id, state="closed", outcome="solved")


async def test_a_due_time_set_by_hand_alarms_and_is_cleared_by_an_answer(floor: Town) -> None:
    async with Desk(floor.core) as ann:
        conversation_id = await talk(ann, floor)
        by_rule = ann.conversations[conversation_id]["due_at"]
        assert (await ann.ask(about(conversation_id, "set_due", due_at=1)))["code"] == "bad_request"
        due_at = ann.conversations[conversation_id]["last_at"] + 3_000
        await ann.ask(about(conversation_id, "set_due", due_at=due_at))
        await ann.told_of("due_set", by="ann")
        await ann.told_of("due_soon")
        overdue = await ann.told_of("overdue")
        assert (overdue["conversation"]["due_at"], overdue["conversation"]["due_by"]) == (due_at, "manual")
        await ann.ask(about(conversation_id, "set_due", due_at=None))
        await state(ann, conversation_id, due_at=by_rule, due_by="response", due_told="")
        await ann.ask(about(conversation_id, "reply", text="Here it is."))
        await state(ann, conversation_id, due_at=None)
