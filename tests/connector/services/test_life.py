"""Conversations among agents: rings, transfers, holds, due times, ends. Each through the requests a desk sends."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from connector.domain.refusals import Refused
from connector.domain.skills import Ring, Rules, SkillRules
from connector.domain.values import Conversation, ConversationState, Direction
from connector.services import presence
from connector.services.desk import Command, look_up
from connector.services.reply import SEND
from connector.store.sql import SqlStore
from connector.wire import requests
from tests.kit.floor import Floor
from tests.kit.folding import folded, stored
from tests.kit.stores import LINE
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

S = ConversationState


class Desks(Floor):
    """A floor with shorter words for what tests ask."""

    @property
    def now(self) -> int:
        return self.office.now

    async def refused(self, command: Command, name: str) -> str:
        with pytest.raises(Refused) as no:
            await self.office.ask(command, name=name)
        assert no.value.words
        return no.value.code

    async def ask(self, command: Command, name: str) -> requests.Answer:
        return await self.office.ask(command, name=name)

    async def at(self, one: Conversation) -> tuple[str, str | None]:
        found = await self.conversation(one.id)
        return found.state, found.agent

    async def rings(self, one: Conversation) -> tuple[str, ...]:
        return (await self.conversation(one.id)).rings

    async def demand_told(self) -> None:
        assert await folded(self.office.store) == await stored(self.office.store, self.now, self.office.brand.rules)


def desks(store: SqlStore, skills: dict[str, SkillRules] | None = None, **usual: Any) -> Desks:
    """`usual`: rules of every skill. Lines: orders, and bookings at the other."""
    every = SkillRules(**({"undo_s": 0, "reopen_s": 0} | usual))
    named = Rules(every, skills, known=("orders", "bookings", "refunds"))
    return Desks(Office(store, rules(), rules(address=OTHER_LINE, skill="bookings"), skills=named))


# Rings


async def test_a_ring_goes_to_the_next_and_round_again(store: SqlStore) -> None:
    floor = desks(store, ring=Ring.RING, ring_s=20)
    await floor.come("ann")
    await floor.come("bob")
    one = await floor.office.text()
    rung = [*await floor.rings(one)]
    for _ in range(3):
        await floor.wait(19)
        assert [*await floor.rings(one)] == rung[-1:]
        await floor.wait(1)
        rung += await floor.rings(one)
    assert rung == ["ann", "bob", "ann", "bob"]
    assert (await floor.conversation(one.id)).reason
    await floor.ask(requests.Accept(one.id), "bob")
    assert await floor.at(one) == (S.ASSIGNED, "bob")
    assert await floor.refused(requests.Accept(one.id), "ann") == requests.NOT_QUEUED
    await floor.demand_told()


async def test_a_ring_ends_on_time_although_nobody_looked(store: SqlStore) -> None:
    floor = desks(store, ring=Ring.RING, ring_s=20)
    await floor.come("ann")
    one = await floor.office.text()
    floor.office.clock.advance(3600)
    assert (await floor.conversation(one.id)).ring_until == floor.now - 3_580_000
    await floor.keep()
    await floor.run_timers()
    assert (await floor.conversation(one.id)).state in (S.RINGING, S.QUEUED)


async def test_declined_it_rings_at_the_next(store: SqlStore) -> None:
    floor = desks(store, ring=Ring.RING)
    await floor.come("ann")
    await floor.come("bob")
    one = await floor.office.text()
    assert await floor.refused(requests.Decline(one.id), "bob") == requests.NOT_RINGING
    await floor.ask(requests.Decline(one.id), "ann")
    assert await floor.rings(one) == ("bob",)
    assert await floor.refused(requests.Decline(one.id), "ann") == requests.NOT_RINGING


async def test_two_never_ring_for_one_place(store: SqlStore) -> None:
    floor = desks(store, ring=Ring.RING_ALL)
    await floor.come("ann", capacity=1)
    first, second = [await floor.office.text(consumer=consumer(number)) for number in (1, 2)]
    assert (await floor.rings(first), await floor.rings(second)) == (("ann",), ())


async def test_ring_all_the_first_wins_and_the_others_are_told(store: SqlStore) -> None:
    floor = desks(store, ring=Ring.RING_ALL)
    for name in ("ann", "bob", "cid"):
        await floor.come(name)
    one = await floor.office.text()
    assert await floor.rings(one) == ("ann", "bob", "cid")
    await floor.ask(requests.Decline(one.id), "bob")
    assert await floor.rings(one) == ("ann", "cid")
    await floor.ask(requests.Accept(one.id), "cid")
    with pytest.raises(Refused) as no:
        await floor.ask(requests.Accept(one.id), "ann")
    assert (no.value.code, no.value.details) == (requests.NOT_QUEUED, {"state": "assigned", "agent": "cid"})
    (told,) = await floor.office.told("conversation_assigned")
    assert told["also_rang"] == ["ann"]


# Places that time frees


async def test_the_queue_is_offered_places_that_time_alone_frees(store: SqlStore) -> None:
    floor = desks(store, idle_after_s=60)
    await floor.come("ann", capacity=1)
    first, second = [await floor.office.text(consumer=consumer(number)) for number in (1, 2)]
    await floor.office.reply(first)
    await floor.wait(30)
    assert await floor.at(second) == (S.QUEUED, None)
    await floor.wait(5)
    assert await floor.at(second) == (S.ASSIGNED, "ann")


async def test_whoever_comes_last_does_not_go_before_the_queue(store: SqlStore) -> None:
    floor = desks(store, idle_after_s=20)
    await floor.come("ann", capacity=1)
    first, second = [await floor.office.text(consumer=consumer(number)) for number in (1, 2)]
    await floor.office.reply(first)
    floor.office.clock.advance(25)  # and no sweep
    third = await floor.office.text(consumer=consumer(3))
    assert (await floor.at(second), await floor.at(third)) == ((S.ASSIGNED, "ann"), (S.QUEUED, None))


async def test_warming_up_gives_one_more_each_time(store: SqlStore) -> None:
    floor = desks(store, warm_up_s=90)
    for number in range(4):
        await floor.office.text(consumer=consumer(number))
    await floor.come("ann")
    owned = []
    for _ in range(4):
        owned.append(len(await floor.office.do(lambda tx: tx.conversations.assigned_to("ann"))))
        await floor.wait(90)
    assert owned == [1, 2, 3, 4]


# Transfers


async def transferring(store: SqlStore, **usual: Any) -> tuple[Desks, Conversation]:
    """ann owns one of orders; bob is of bookings."""
    floor = desks(store, **({"response_s": 900} | usual), skills={"bookings": SkillRules(response_s=60, undo_s=0)})
    await floor.come("ann", skills=("orders",))
    one = await floor.office.text()
    await floor.come("bob", skills=("bookings",))
    return floor, one


async def test_handed_to_another_skill_its_clock_begins_anew_and_the_note_is_in_the_transcript(store: SqlStore) -> None:
    floor, one = await transferring(store)
    await floor.wait(100)
    answer = await floor.ask(requests.Transfer(one.id, skill="bookings", note="Wants a table"), "ann")
    assert answer == requests.Transferred("bob has it now")
    moved = await floor.conversation(one.id)
    assert (moved.skill, moved.agent, moved.due_at, moved.moves) == ("bookings", "bob", floor.now + 60_000, 1)
    assert "handed over by ann" in moved.reason
    messages = await store.read(lambda reading: reading.history(one.consumer, None, 9))
    assert [(each.direction, each.text, each.author) for each in messages[1:]] == [
        (Direction.NOTE, "Wants a table", "ann")
    ]
    (told,) = await floor.office.told("conversation_transferred")
    assert (told["by"], told["to_skill"], told["to_agent"]) == ("ann", "bookings", None)
    await floor.demand_told()


async def test_handed_to_an_agent_of_the_same_skill_it_keeps_its_clock(store: SqlStore) -> None:
    floor, one = await transferring(store)
    await floor.come("cid", skills=("orders",))
    await floor.wait(100)
    await floor.ask(requests.Transfer(one.id, agent="cid"), "ann")
    rung = await floor.conversation(one.id)
    assert (rung.state, rung.rings, rung.handed_by, rung.due_at) == (S.RINGING, ("cid",), "ann", one.due_at)
    assert "ann" in rung.reason and "cid" in rung.reason  # from whom, and for whom
    assert await floor.refused(requests.Reply(one.id, "Hi"), "ann") == requests.NOT_OWNER
    await floor.ask(requests.Accept(one.id), "cid")
    assert "handed over by ann" in (await floor.conversation(one.id)).reason


@pytest.mark.parametrize("presence_", ["online", "away"])
async def test_a_transfer_that_nobody_takes_goes_on_to_the_skill(store: SqlStore, presence_: str) -> None:
    floor, one = await transferring(store, transfer_s=300)
    await floor.come("cid", skills=("orders",), capacity=0)  # full, or away: it waits for them all the same
    await floor.ask(requests.SetPresence(presence_), "cid")
    await floor.come("dan", skills=("orders",))
    await floor.ask(requests.Transfer(one.id, agent="cid"), "ann")
    await floor.wait(299)
    assert await floor.rings(one) == ("cid",)
    await floor.wait(1)
    assert await floor.at(one) == (S.ASSIGNED, "dan")  # neither back to ann nor to cid while there is another


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ({"skill": "refunds"}, requests.WOULD_STRAND),
        ({"skill": "nonsense"}, requests.UNKNOWN_SKILL),
        ({"skill": "orders"}, requests.BAD_REQUEST),
        ({"agent": "ann"}, requests.BAD_REQUEST),
        ({"agent": "nobody"}, requests.UNKNOWN_AGENT),
        ({"agent": "gone"}, requests.WOULD_STRAND),
        ({"agent": "bob", "skill": "refunds"}, requests.BAD_REQUEST),
        ({}, requests.BAD_REQUEST),
        ({"skill": "bookings", "note": "  "}, requests.EMPTY),
        ({"skill": "bookings", "note": "x" * 5001}, requests.TOO_LONG),
    ],
)
async def test_a_transfer_that_would_strand_is_refused_and_leaves_no_trace(
    store: SqlStore, command: dict[str, str], code: str
) -> None:
    floor, one = await transferring(store)
    await floor.go(await floor.come("gone"))
    before = await floor.conversation(one.id)
    assert await floor.refused(requests.Transfer(one.id, **command), "ann") == code
    assert await floor.conversation(one.id) == before


async def test_before_a_transfer_the_core_says_what_would_become_of_it(store: SqlStore) -> None:
    floor, one = await transferring(store)
    question = requests.GetTargets(one.id)
    found = await store.read(partial(look_up, question=question, brand=floor.office.brand, now=floor.now))
    assert isinstance(found, requests.Targets)
    skills = {each.skill: (each.online, each.waiting, each.goes_to, each.words) for each in found.skills}
    assert skills == {
        "bookings": (1, 0, "bookings", "taken at once"),
        "refunds": (0, 0, None, "nobody is online, nor of its fallbacks"),
    }
    assert [(each.agent, each.can_take, each.words) for each in found.agents] == [
        ("bob", True, "0 of 4 places taken; is asked as bookings")
    ]


# Given back, taken over, joined, held


async def test_given_back_it_goes_to_somebody_else_or_waits(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.ReturnToQueue(one.id, note="Not mine"), "ann")
    assert await floor.at(one) == (S.QUEUED, None)
    await floor.come("bob")
    assert await floor.at(one) == (S.ASSIGNED, "bob")


async def test_who_gave_it_back_has_it_again_the_next_morning(store: SqlStore) -> None:
    floor = desks(store)
    place = await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.ReturnToQueue(one.id), "ann")
    await floor.wait(20)
    await floor.go(place)
    await floor.wait(8 * 3600)
    assert await floor.at(one) == (S.QUEUED, None)
    await floor.come("ann")
    assert await floor.at(one) == (S.ASSIGNED, "ann")


async def test_a_lead_joins_takes_over_and_leaves(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    assert await floor.refused(requests.Reply(one.id, "Hi"), "lea") == requests.NOT_OWNER
    await floor.ask(requests.Join(one.id), "lea")
    assert await floor.refused(requests.Join(one.id), "lea") == requests.BAD_REQUEST
    await floor.ask(requests.Reply(one.id, "Hi from the lead"), "lea")
    assert await floor.at(one) == (S.ASSIGNED, "ann")
    await floor.ask(requests.Leave(one.id), "lea")
    assert await floor.refused(requests.Leave(one.id), "lea") == requests.BAD_REQUEST
    assert await floor.refused(requests.Reply(one.id, "Hi"), "lea") == requests.NOT_OWNER
    await floor.ask(requests.TakeOver(one.id), "lea")
    assert await floor.at(one) == (S.ASSIGNED, "lea")
    assert await floor.refused(requests.Reply(one.id, "Hi"), "ann") == requests.NOT_OWNER
    (told,) = await floor.office.told("conversation_taken_over")
    assert (told["by"], told["owner"]) == ("lea", "ann")
    await floor.demand_told()


async def test_a_hold_ends_and_somebody_else_may_accept(store: SqlStore) -> None:
    floor = desks(store, gone_s=120)
    place = await floor.come("ann")
    one = await floor.office.text()
    await floor.office.reply(one)  # nobody waits: the sweep leaves it with ann
    await floor.go(place)
    await floor.wait(119)
    assert await floor.refused(requests.Accept(one.id), "bob") == requests.NOT_QUEUED
    await floor.ask(requests.Reply(one.id, "Still here"), "ann")
    await floor.wait(1)
    assert await floor.refused(requests.Reply(one.id, "And still"), "ann") == requests.HOLD_OVER
    await floor.ask(requests.Accept(one.id), "bob")
    assert await floor.refused(requests.Reply(one.id, "And still"), "ann") == requests.NOT_OWNER


async def test_a_lease_that_just_ended_costs_nobody_their_hold(store: SqlStore) -> None:
    """The database was away for a minute, and no sweep or renewal has been since."""
    floor = desks(store, gone_s=120)
    await floor.come("ann")
    await floor.wait(0)
    floor.office.clock.advance(3600)
    await floor.keep()
    one = await floor.office.text()
    floor.office.clock.advance(presence.LEASE_S + 30)
    await floor.ask(requests.Reply(one.id, "Hello"), "ann")
    assert await floor.refused(requests.Accept(one.id), "bob") == requests.NOT_QUEUED


async def test_a_stale_reply_is_shown_what_came_since(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.office.text("One more thing")
    with pytest.raises(Refused) as no:
        await floor.ask(requests.Reply(one.id, "Hi", seen=one.last_seq), "ann")
    assert (no.value.code, no.value.details) == (requests.STALE, {"last_seq": 2})
    assert [each.text for each in no.value.messages] == ["One more thing"]
    await floor.ask(requests.WriteNote(one.id, "A note is no news"), "bob")
    await floor.ask(requests.Reply(one.id, "Hi", seen=2), "ann")
    await floor.ask(requests.Reply(one.id, "And my own is none", seen=2), "ann")


# Taking back, due times


async def test_a_reply_is_taken_back_in_the_window_and_not_after(store: SqlStore) -> None:
    floor = desks(store, undo_s=5, response_s=900)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.wait(60)
    reply = await floor.office.reply(one)
    assert await floor.refused(requests.TakeBack(reply), "bob") == requests.UNKNOWN_MESSAGE
    await floor.ask(requests.TakeBack(reply), "ann")
    back = await floor.conversation(one.id)
    assert (back.waiting_since, back.due_at, back.last_text) == (one.waiting_since, one.due_at, "Hello")
    assert await floor.refused(requests.TakeBack(reply), "ann") == requests.TOO_LATE
    second = await floor.office.reply(one)
    claim = partial(_claim, now=floor.now + 4_999)
    assert await floor.office.do(claim) == []
    assert len(await floor.office.do(partial(_claim, now=floor.now + 5_000))) == 1
    assert await floor.refused(requests.TakeBack(second), "ann") == requests.TOO_LATE
    await floor.demand_told()


def _claim(tx: Any, now: int) -> list[Any]:
    found: list[Any] = tx.work.claim(SEND, "n1", now, 9, now + 90_000)
    return found


async def test_what_is_taken_back_in_a_wrap_up_is_owed_no_more(store: SqlStore) -> None:
    floor = desks(store, undo_s=5, wrap_up_s=30)
    await floor.come("ann")
    one = await floor.office.text()
    reply = await floor.office.reply(one)
    await floor.ask(requests.Close(one.id), "ann")
    await floor.ask(requests.TakeBack(reply), "ann")
    found = await floor.conversation(one.id)
    assert (found.state, found.waiting_since, found.due_at) == (S.WRAP_UP, None, None)
    await floor.ask(requests.Reopen(one.id), "ann")
    assert (await floor.conversation(one.id)).waiting_since == one.waiting_since


async def test_the_only_text_of_a_follow_up_taken_back(store: SqlStore) -> None:
    floor = desks(store, undo_s=5)
    await floor.come("ann")
    started = await floor.ask(requests.Start(LINE, consumer(1), "About your call"), "ann")
    assert isinstance(started, requests.Started)
    await floor.ask(requests.TakeBack(started.message_id), "ann")
    assert (await floor.conversation(started.conversation_id)).last_text == ""


@pytest.mark.parametrize("keep", [False, True])
async def test_a_moment_set_by_hand_is_cleared_by_answering_unless_kept(store: SqlStore, keep: bool) -> None:
    floor = desks(store, soon_s=60)
    await floor.come("ann")
    one = await floor.office.text()
    at = floor.now + 3_600_000
    await floor.ask(requests.SetDue(one.id, at, keep), "ann")
    assert (await floor.conversation(one.id)).due_at == at
    await floor.office.reply(one)
    assert (await floor.conversation(one.id)).due_at == (at if keep else None)
    await floor.wait(3600)
    assert [len(await floor.office.told(kind)) for kind in ("due_soon", "overdue")] == ([0, 1] if keep else [0, 0])


@pytest.mark.parametrize("after_s", [-1, 0, 367 * 86400])
async def test_a_moment_that_is_past_or_far_is_refused(store: SqlStore, after_s: int) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    assert await floor.refused(requests.SetDue(one.id, floor.now + after_s * 1000), "ann") == requests.BAD_REQUEST


async def test_soon_and_overdue_are_told_once_each(store: SqlStore) -> None:
    floor = desks(store, response_s=300, soon_s=60)
    await floor.office.text()
    told = []
    for _ in range(5):
        await floor.wait(60)
        told.append([len(await floor.office.told(kind)) for kind in ("due_soon", "overdue")])
    await floor.wait(10_000)
    told.append([len(await floor.office.told(kind)) for kind in ("due_soon", "overdue")])
    assert told == [[0, 0], [0, 0], [0, 0], [1, 0], [1, 1], [1, 1]]


# Ends


async def test_a_wrap_up_keeps_the_place_until_it_ends(store: SqlStore) -> None:
    floor = desks(store, wrap_up_s=30)
    await floor.come("ann", capacity=1)
    first, second = [await floor.office.text(consumer=consumer(number)) for number in (1, 2)]
    await floor.ask(requests.Close(first.id), "ann")
    await floor.wait(29)
    assert (await floor.at(first), await floor.at(second)) == ((S.WRAP_UP, "ann"), (S.QUEUED, None))
    assert await floor.refused(requests.Reply(first.id, "Hi"), "ann") == requests.CLOSED
    await floor.wait(1)
    assert (await floor.at(first), await floor.at(second)) == ((S.CLOSED, "ann"), (S.ASSIGNED, "ann"))
    await floor.ask(requests.Close(second.id, outcome="sold", tags=["vip", "vip"], note="Paid"), "ann")
    done = await floor.conversation(second.id)
    assert (done.state, done.outcome, done.tags, done.closed_by) == (S.CLOSED, "sold", ("vip",), "ann")


async def test_stop_in_a_wrap_up_takes_nothing_up_again(store: SqlStore) -> None:
    floor = desks(store, wrap_up_s=30)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id), "ann")
    await floor.office.text("STOP")
    assert await floor.at(one) == (S.WRAP_UP, "ann")


async def test_a_text_in_a_wrap_up_goes_back_to_who_has_it(store: SqlStore) -> None:
    floor = desks(store, wrap_up_s=30)
    await floor.come("ann", capacity=1)
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id), "ann")
    await floor.office.text("One more thing")
    assert await floor.at(one) == (S.ASSIGNED, "ann")
    assert (await floor.conversation(one.id)).wrap_up_until is None
    await floor.demand_told()


async def test_it_closes_by_itself_to_the_second_and_looking_puts_nothing_off(store: SqlStore) -> None:
    floor = desks(store, auto_close_s=1000)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.wait(5000)
    assert (await floor.at(one))[0] == S.ASSIGNED  # it is we who are silent
    await floor.office.reply(one)
    await floor.wait(900)
    looks: list[tuple[Command, str]] = [
        (requests.MarkRead(one.id), "ann"),
        (requests.Join(one.id), "lea"),
        (requests.TakeOver(one.id), "lea"),
        (requests.WriteNote(one.id, "Looked at it"), "ann"),
    ]
    for command, name in looks:
        await floor.ask(command, name)
    await floor.wait(99)
    assert (await floor.at(one))[0] == S.ASSIGNED
    await floor.wait(1)
    closed = await floor.conversation(one.id)
    assert (closed.state, closed.closed_by) == (S.CLOSED, None)
    await floor.demand_told()


async def test_a_text_soon_after_goes_on_and_later_opens_another_with_the_same_history(store: SqlStore) -> None:
    floor = desks(store, reopen_s=600)
    await floor.come("ann")
    await floor.come("bob")
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id, outcome="sold"), "ann")
    await floor.wait(600)
    again = await floor.office.text("One more thing")
    assert (again.id, again.agent, again.outcome, again.last_seq) == (one.id, "ann", "", 2)
    await floor.ask(requests.Close(one.id), "ann")
    await floor.wait(601)
    other = await floor.office.text("And another")
    assert other.id != one.id
    history = await store.read(lambda reading: reading.history(one.consumer, None, 9))
    assert [each.text for each in history] == ["Hello", "One more thing", "And another"]
    await floor.demand_told()


async def test_a_close_is_undone_for_some_seconds(store: SqlStore) -> None:
    floor = desks(store, undo_s=5)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id), "ann")
    await floor.wait(5)
    await floor.ask(requests.Reopen(one.id), "ann")
    back = await floor.conversation(one.id)
    assert (back.state, back.agent, back.waiting_since, back.due_at) == (
        S.ASSIGNED,
        "ann",
        one.waiting_since,
        one.due_at,
    )
    assert await floor.refused(requests.Reopen(one.id), "ann") == requests.BAD_REQUEST
    await floor.ask(requests.Close(one.id), "ann")
    await floor.wait(6)
    assert await floor.refused(requests.Reopen(one.id), "ann") == requests.TOO_LATE


async def test_who_has_written_again_is_open_already(store: SqlStore) -> None:
    floor = desks(store, undo_s=60, reopen_s=0)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id), "ann")
    await floor.office.text("Hello again")
    assert await floor.refused(requests.Reopen(one.id), "ann") == requests.ALREADY_OPEN


# Silence, absence, going home


async def test_who_is_silent_loses_it(store: SqlStore) -> None:
    floor = desks(store, silent_s=60)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.come("bob")
    await floor.wait(59)
    assert await floor.at(one) == (S.ASSIGNED, "ann")
    await floor.wait(1)
    assert await floor.at(one) == (S.ASSIGNED, "bob")


@pytest.mark.parametrize(("away_s", "after"), [(100, "bob"), (0, "ann")])
async def test_who_is_away_loses_it_later(store: SqlStore, away_s: int, after: str) -> None:
    floor = desks(store, away_s=away_s)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.come("bob")
    await floor.ask(requests.SetPresence("away", "lunch"), "ann")
    await floor.wait(99)
    assert await floor.at(one) == (S.ASSIGNED, "ann")
    await floor.wait(1)
    assert await floor.at(one) == (S.ASSIGNED, after)


async def test_nobody_goes_home_leaving_texts_behind(store: SqlStore) -> None:
    floor = desks(store, silent_s=60, away_s=100, gone_s=50)
    place = await floor.come("ann")
    closed, returned, put_off = [await floor.office.text(consumer=consumer(number)) for number in (1, 2, 3)]
    assert await floor.refused(requests.SignOff(), "ann") == requests.LEFT_BEHIND
    half = [requests.Leaving(closed.id, "close"), requests.Leaving(returned.id, "return")]
    assert await floor.refused(requests.SignOff(half), "ann") == requests.LEFT_BEHIND
    for wrong in (requests.Leaving(put_off.id, "due"), requests.Leaving(put_off.id, "nonsense", 1)):
        assert await floor.refused(requests.SignOff([*half, wrong]), "ann") == requests.BAD_REQUEST
        assert await floor.at(closed) == (S.ASSIGNED, "ann")  # nothing was half done
    morning = floor.now + 3_600_000
    await floor.ask(requests.SignOff([*half, requests.Leaving(put_off.id, "due", morning)]), "ann")
    assert [(await floor.at(one))[0] for one in (closed, returned, put_off)] == [S.CLOSED, S.QUEUED, S.ASSIGNED]
    await floor.go(place)
    await floor.come("bob")
    await floor.wait(3599)
    assert await floor.at(put_off) == (S.ASSIGNED, "ann")  # as was said
    await floor.wait(1)
    assert await floor.at(put_off) == (S.ASSIGNED, "bob")  # but she is not there
    await floor.demand_told()


async def test_time_in_each_state_is_kept_with_its_reason(store: SqlStore) -> None:
    floor = desks(store)
    began = floor.now
    place = await floor.come("ann")
    await floor.wait(10)
    await floor.ask(requests.SetPresence("away", "lunch"), "ann")
    await floor.wait(20)
    await floor.ask(requests.SetPresence("online"), "ann")
    floor.office.clock.advance(-5)
    await floor.ask(requests.SetPresence("back_soon"), "ann")
    await floor.wait(30)
    await floor.go(place)
    spans = await store.read(lambda reading: reading.presence_spans(0, "ann"))
    assert [(each.state, each.reason, (each.from_at - began) // 1000) for each in spans] == [
        ("online", "", 0),
        ("away", "lunch", 10),
        ("online", "", 30),
        ("back_soon", "", 30),  # no span ends before it began
        ("offline", "", 55),
    ]
    assert [each.until_at for each in spans] == [*(each.from_at for each in spans[1:]), None]
    for presence_, reason in [("asleep", ""), ("away", "hunger"), ("online", "lunch")]:
        assert await floor.refused(requests.SetPresence(presence_, reason), "ann") == requests.BAD_REQUEST


# Odd floors


async def test_one_consumer_on_two_lines_is_two_conversations_and_one_history(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    first, second = await floor.office.text("To orders"), await floor.office.text("To bookings", line=OTHER_LINE)
    assert (first.id != second.id, first.skill, second.skill) == (True, "orders", "bookings")
    for one in (first, second):
        sent = await floor.office.message(await floor.office.reply(one))
        assert sent.line == one.line
    history = await store.read(lambda reading: reading.history(first.consumer, None, 9))
    assert [each.line for each in history] == [LINE, OTHER_LINE, LINE, OTHER_LINE]


async def test_an_agent_taken_out_of_the_configuration_leaves_no_orphan(store: SqlStore) -> None:
    floor = desks(store, gone_s=50, auto_close_s=10_000)
    place = await floor.come("ann", capacity=40)
    owned = [await floor.office.text(consumer=consumer(number)) for number in range(40)]
    for one in owned[:20]:
        await floor.office.reply(one)
    await floor.go(place)  # and never comes again
    await floor.wait(50)
    states = [(await floor.at(one))[0] for one in owned]
    assert states == [S.ASSIGNED] * 20 + [S.QUEUED] * 20
    await floor.come("bob", capacity=100)
    assert {(await floor.at(one)) for one in owned[20:]} == {(S.ASSIGNED, "bob")}
    await floor.office.text(consumer=consumer(0))  # who writes again is looked after
    await floor.keep()
    assert await floor.at(owned[0]) == (S.ASSIGNED, "bob")
    await floor.wait(10_000)
    assert {(await floor.at(one))[0] for one in owned[1:20]} == {S.CLOSED}


async def test_a_second_desk_with_another_capacity_is_told(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann", capacity=2)
    await floor.come("ann", capacity=5)
    assert [each["agent"]["capacity"] for each in await floor.office.told("agent_changed")] == [2, 5]
    await floor.demand_told()


async def test_nobody_is_stranded_by_capacity_0(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann", capacity=0)
    one = await floor.office.text()
    assert await floor.at(one) == (S.QUEUED, None)
    await floor.ask(requests.Accept(one.id), "ann")  # by hand
    assert await floor.at(one) == (S.ASSIGNED, "ann")
