"""Verbs that change conversations and presence, against a real core."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.kit.commands import Done, textdesk
from tests.kit.running import CONSUMER, Desk, Town, town
from tests.kit.staff import STAFF

OTHER = "+447700900144"


class Shell:
    """`textdesk` as one agent, or as another with `as_`."""

    def __init__(self, made: Town, agent: str) -> None:
        self._data = str(made.core.data)
        self._agent = agent

    async def __call__(self, *arguments: str, as_: str | None = None) -> Done:
        return await textdesk(*arguments, "--data", self._data, "--agent", as_ or self._agent)

    async def json(self, *arguments: str, as_: str | None = None) -> Done:
        return await self(*arguments, "--json", as_=as_)


@pytest.mark.slow
async def test_accept_transfer_take_over_and_join(tmp_path: Path) -> None:
    async with town(tmp_path / "town", more=STAFF) as made, Desk(made.core, agent="bob") as bob:
        await bob.ask({"type": "set_presence", "presence": "away"})
        await made.text("hello")
        ann = Shell(made, "ann")
        [waiting] = (await ann.json("queue")).lines
        conversation_id = waiting["id"]

        taken = await ann.json("accept", CONSUMER)
        assert (taken.code, taken.lines) == (0, [{"conversation_id": conversation_id}])
        again = await ann.json("accept", CONSUMER, as_="bob")
        assert (again.code, again.lines[0]["refused"]) == (1, "not_queued")
        assert again.lines[0]["details"]["agent"] == "ann"

        noted = await ann("note", CONSUMER, "wants a refund")
        assert noted.out == f"Conversation {conversation_id} has your note.\n"
        tagged = await ann("tag", CONSUMER, "+refund", "-late", "#vip")
        assert tagged.out == f"Conversation {conversation_id} is tagged.\n"
        assert (await ann.json("queue", "--all")).lines[0]["tags"] == ["refund", "vip"]
        assert (await ann("tag", CONSUMER, "+")).code == os.EX_USAGE
        targets = (await ann.json("targets", CONSUMER)).lines
        assert {one.get("skill") or one["agent"] for one in targets} == {"bookings", "bob", "cid"}
        assert "no one of it or of its fallbacks is online" in (await ann("targets", CONSUMER)).out

        stranded = await ann.json("transfer", CONSUMER, "--skill", "bookings")
        assert (stranded.code, stranded.lines[0]["refused"]) == (1, "would_strand")
        transferred = await ann("transfer", CONSUMER, "--to", "bob", "--note", "paid twice")
        assert transferred.out == "It is ringing Bob.\n"
        assert "(ringing bob)" in (await ann("queue", "--all")).out
        assert (await ann("accept", CONSUMER, as_="bob")).code == 0

        assert (await ann.json("join", CONSUMER)).code == 0
        assert (await ann("send", CONSUMER, "I am here, too.")).code == 0
        assert (await ann.json("leave", CONSUMER)).code == 0
        assert (await ann("send", CONSUMER, "hi")).code == 1
        assert (await ann("take-over", CONSUMER)).out == f"Conversation {conversation_id} is yours.\n"
        assert (await ann.json("return", CONSUMER, "--note", "not mine")).code == 0
        [back] = (await ann.json("queue")).lines
        assert (back["id"], back["returned_by"], back["place"]) == (conversation_id, "ann", 1)
        said = (await ann.json("show", CONSUMER)).lines
        assert [one["text"] for one in said if one["direction"] == "note"] == [
            "wants a refund",
            "paid twice",
            "not mine",
        ]
        assert "ann notes" in (await ann("show", CONSUMER)).out


@pytest.mark.slow
async def test_why_and_the_order_of_the_queue(tmp_path: Path) -> None:
    async with town(tmp_path / "town", more=STAFF) as made:
        ann = Shell(made, "ann")
        await made.text("the first")
        await made.text("the second", sender=OTHER)
        assert [one["consumer"] for one in (await ann.json("queue")).lines] == [CONSUMER, OTHER]
        assert (await ann("accept", CONSUMER)).code == 0
        assert (await ann("due", CONSUMER, "2h")).code == 0
        assert (await ann("return", CONSUMER)).code == 0
        queue = (await ann.json("queue")).lines
        assert [(one["consumer"], one["place"]) for one in queue] == [(OTHER, 1), (CONSUMER, 2)], "due later now"
        assert 7100 < queue[1]["due_in_s"] <= 7200
        assert "in 1h" in (await ann("queue")).out

        [why] = (await ann.json("why", CONSUMER)).lines
        assert (why["place"], why["conversation_id"]) == (2, queue[1]["id"])
        assert sum(part["ms"] for part in why["score"]) == queue[1]["rank"]
        words = (await ann("why", CONSUMER)).out
        assert "number 2 in its queue: nobody with the skill orders is online.\n" in words
        assert "-5m  given back" in words


@pytest.mark.slow
async def test_setting_and_clearing_due(tmp_path: Path) -> None:
    async with town(tmp_path / "town", more=STAFF) as made:
        ann = Shell(made, "ann")
        await made.text("hello")
        await ann("accept", CONSUMER)
        [by_rule] = (await ann.json("queue", "--all")).lines
        [set_] = (await ann.json("due", CONSUMER, "2099-01-01", "--keep")).lines or [{}]
        assert set_.get("words") == "That moment is more than a year away."
        with_online = await ann("presence", "online", "--reason", "lunch")
        assert "goes with away" in with_online.err
        assert "never here" in (await ann("agents")).out
        when = await ann("recover", "--since", "2099-01-01")
        assert "in milliseconds" not in when.out + when.err
        [set_] = (await ann.json("due", CONSUMER, "3h", "--keep")).lines
        assert set_["due_at"] > by_rule["due_at"]
        assert (await ann("send", CONSUMER, "Later.")).code == 0
        [kept] = (await ann.json("queue", "--all")).lines
        assert (kept["due_at"], kept["due_by"]) == (set_["due_at"], "manual")
        assert "is due as the rules say" in (await ann("due", CONSUMER, "--clear")).out
        [cleared] = (await ann.json("queue", "--all")).lines
        assert cleared["due_at"] is None
        assert cleared["unread"] == 0
        assert (await ann("unread", CONSUMER)).out.endswith("is unread.\n")
        [marked] = (await ann.json("queue", "--all")).lines
        assert marked["unread"] == 1


@pytest.mark.slow
async def test_close_and_reopen(tmp_path: Path) -> None:
    more = STAFF + "[skills.orders]\nwrap_up_s = 600\nundo_s = 600\n"
    async with town(tmp_path / "town", more=more) as made:
        ann = Shell(made, "ann")
        await made.text("hello")
        assert (await ann("close", CONSUMER)).code == 0, "taken from the queue first"
        [wrapping] = (await ann.json("queue", "--all")).lines
        assert wrapping["state"] == "wrap_up"
        assert (await ann("close", CONSUMER, "--outcome", "solved", "--tag", "parcel", "--tag", "late")).code == 0
        assert (await ann("queue", "--all")).out == "No conversation is open.\n"

        assert (await ann("reopen", CONSUMER)).code == 0
        [sent] = (await ann.json("send", CONSUMER, "a slip", "--no-wait")).lines
        undone = await ann.json("undo", sent["message_id"])
        assert undone.lines == [{"message_id": sent["message_id"]}]
        assert (await ann.json("undo", sent["message_id"])).lines[0]["refused"] == "too_late"
        nothing = await ann("undo", CONSUMER)
        assert nothing.code == 1 and "can be undone: none waits to leave, or to be sent later" in nothing.err
        await ann("send", CONSUMER, "a slip again", "--no-wait")
        assert (await ann("undo", CONSUMER)).code == 0, "the only one"
        [first] = (await ann.json("send", CONSUMER, "one", "--no-wait")).lines
        [later] = (await ann.json("send", CONSUMER, "two", "--at", "1h")).lines
        several = await ann("undo", CONSUMER)
        assert several.code == os.EX_USAGE and "2 replies to" in several.err
        assert first["message_id"] in several.err and later["scheduled_id"] in several.err
        assert (await ann("undo", later["scheduled_id"])).code == 0
        assert (await ann("undo", CONSUMER)).code == 0
        shown = (await ann.json("show", CONSUMER)).lines
        assert [one["status"] for one in shown] == ["received", *["withdrawn"] * 3]
        assert (await ann("close", CONSUMER, "--outcome", "x" * 41)).code == 1
        assert [one["body"] for one in await made.vendor_log() if one["to"] == CONSUMER] == []


@pytest.mark.slow
async def test_presence_and_sign_off(tmp_path: Path) -> None:
    async with town(tmp_path / "town", more=STAFF) as made:
        ann = Shell(made, "ann")
        here = {one["id"]: one["presence"] for one in (await ann.json("agents")).lines}
        assert here == dict.fromkeys(("ann", "bob", "cid"), "offline"), "configured, and not here yet"
        async with Desk(made.core) as desk:
            away = await ann.json("presence", "away", "--reason", "lunch")
            assert away.lines == [{"agent": "ann", "presence": "away", "reason": "lunch"}]
            one = next(one for one in (await ann.json("agents")).lines if one["id"] == "ann")
            assert (one["presence"], one["reason"], one["skills"]) == ("away", "lunch", ["orders"])
            unknown = await ann("presence", "back-soon", "--reason", "dentist")
            assert unknown.code == 1
            assert "lunch" in unknown.err
            assert (await ann("presence", "online")).out == "ann is online.\n"
            for number in range(2):
                await made.text("hello", sender=f"+1415555000{number}")
            await desk.until(lambda: len(desk.told("conversation_assigned")) == 2, "two of them")
            left = await ann.json("sign-off")
            assert (left.code, left.lines[0]["refused"], left.lines[0]["details"]["count"]) == (1, "left_behind", 2)
            assert (await ann.json("sign-off", "--due", "12h")).code == 0
            [due] = {one["due_by"] for one in (await ann.json("queue", "--all")).lines}
            assert due == "manual"
            gone = await ann("sign-off", "--return")
            assert gone.out == "ann is off duty. Conversations given back: 2.\n"
            assert len((await ann.json("queue")).lines) == 2
            one = next(one for one in (await ann.json("agents", "--since", "1h")).lines if one["id"] == "ann")
            assert (one["presence"], one["reason"], one["assigned"]) == ("away", "off duty", 0)
            assert one["seconds"].keys() == {"online", "away"}
            assert "away (off duty)" in (await ann("agents", "--since", "1h")).out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["due", "1"], "--clear"),
        (["due", "1", "2h", "--clear"], "--clear"),
        (["due", "1", "soon"], "17:30"),
        (["transfer", "1"], "--skill"),
        (["agents", "--since", "lately"], "6h"),
        (["sign-off", "--due", "soon"], "17:30"),
        (["sign-off", "--close", "--return"], "--close"),
        (["presence", "asleep"], "back-soon"),
    ],
)
async def test_wrong_usage_needs_no_core(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = await textdesk(*arguments, "--data", str(tmp_path))
    assert (done.code, done.out) == (os.EX_USAGE, "")
    assert words in done.err
