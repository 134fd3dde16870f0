"""The end of a colleague's shift: all that they own goes on, and they are given nothing new."""

from __future__ import annotations

import asyncio

import pytest

from connector.domain.agent import Presence, Role
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Direction
from connector.domain.refusals import Refused
from connector.store.sql.store import SqlStore
from connector.wire import answers, limits, requests
from connector.wire.board import HandOn, UndoHandOn
from connector.wire.refusals import RefusalCode
from tests.kit.floor import Desks, desks
from tests.kit.use_cases import OTHER_LINE, consumer

S = ConversationState


def ids(*conversations: Conversation) -> answers.HandedOn:
    return answers.HandedOn([one.id for one in conversations])


async def shift(store: SqlStore, number: int = 3) -> tuple[Desks, list[Conversation]]:
    """ann owns some of orders; lea leads."""
    floor = desks(store)
    await floor.come("ann", skills=("orders",))
    owned = [await floor.office.text(consumer=consumer(at)) for at in range(number)]
    await floor.come("lea", role=Role.LEAD, capacity=0)
    return floor, owned


async def hand_on(floor: Desks, request: HandOn, name: str = "lea") -> answers.HandedOn:
    done = await floor.office.ask(request, name=name, is_administrator=False)
    assert isinstance(done, answers.HandedOn)
    return done


async def test_desks_are_told_who_leads_and_who_has_ended_a_shift(store: SqlStore) -> None:
    floor, _ = await shift(store)
    await hand_on(floor, HandOn("ann"))
    last = {one["agent"]["id"]: one["agent"] for one in await floor.office.events("agent_changed")}
    assert {one: (view["is_lead"], view["off_duty_by"]) for one, view in last.items()} == {
        "ann": (False, "lea"),
        "lea": (True, ""),
    }


async def test_to_the_queue_it_waits_for_others_and_does_not_come_back(store: SqlStore) -> None:
    floor, owned = await shift(store)
    assert await hand_on(floor, HandOn("ann", note="She went home")) == ids(*owned)
    assert [await floor.at(one) for one in owned] == [(S.QUEUED, None)] * 3
    known = await store.read(lambda reading: reading.agent("ann"))
    assert known is not None and known.off_duty_by == "lea"
    assert (known.presence, known.presence_reason) == (Presence.AWAY, "off duty, ended by lea")
    messages = await store.read(lambda reading: reading.history(owned[0].consumer, None, 9))
    assert [(one.direction, one.text, one.author) for one in messages[1:]] == [(Direction.NOTE, "She went home", "lea")]
    assert (await floor.conversation(owned[0].id)).returned_by == "ann"
    await floor.come("bob", capacity=2)
    assert [await floor.at(one) for one in owned] == [(S.ASSIGNED, "bob"), (S.ASSIGNED, "bob"), (S.QUEUED, None)]
    await floor.demand_events_equal_snapshot()


async def test_to_another_skill_and_those_of_that_skill_to_its_queue(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    owned = [await floor.office.text(consumer=consumer(1)), await floor.office.text(line=OTHER_LINE)]
    await floor.come("lea", role=Role.LEAD, capacity=0)
    await floor.come("bob", skills=("bookings",))
    assert await hand_on(floor, HandOn("ann", skill="bookings")) == ids(*owned)
    assert [await floor.at(one) for one in owned] == [(S.ASSIGNED, "bob")] * 2
    assert {(await floor.conversation(one.id)).skill for one in owned} == {"bookings"}


async def test_to_a_colleague_they_ring_and_to_the_lead_they_are_theirs(store: SqlStore) -> None:
    floor, owned = await shift(store)
    await floor.come("bob")
    assert await hand_on(floor, HandOn("ann", to="bob")) == ids(*owned)
    assert [await floor.rings(one) for one in owned] == [("bob",)] * 3
    for one in owned:
        await floor.ask(requests.Accept(one.id), "bob")
    assert await hand_on(floor, HandOn("bob", to="lea", note="Mine")) == ids(*owned)
    assert [await floor.at(one) for one in owned] == [(S.ASSIGNED, "lea")] * 3
    await floor.demand_events_equal_snapshot()


async def test_what_cannot_go_stays_theirs_with_the_reason(store: SqlStore) -> None:
    floor, owned = await shift(store, 1)
    await floor.come("ann", skills=("orders", "bookings"))
    other = await floor.office.text(consumer=consumer(7), line=OTHER_LINE)
    await floor.come("lea", role=Role.LEAD, skills=("orders", "refunds"), capacity=0)
    await floor.come("leo", role=Role.LEAD, capacity=0, skills=("orders", "bookings"))
    assert await floor.at(other) == (S.ASSIGNED, "ann")
    for place in [one for one in floor.desks.values() if one.agent == "leo"]:
        await floor.go(place)
    done = await hand_on(floor, HandOn("ann", skill="bookings"), "leo")
    assert done.moved == [other.id]  # back to its queue
    (left,) = done.refused
    assert left.conversation_id == owned[0].id and "the consumer would be left without an agent" in left.words
    assert await floor.at(owned[0]) == (S.ASSIGNED, "ann")


async def undo(floor: Desks, *conversations: Conversation, by: str = "lea") -> answers.HandOnUndone:
    request = UndoHandOn("ann", [one.id for one in conversations])
    done = await floor.office.ask(request, name=by, is_administrator=False)
    assert isinstance(done, answers.HandOnUndone)
    return done


async def test_ones_own_shift_needs_no_lead(store: SqlStore) -> None:
    floor, owned = await shift(store, 2)
    assert await hand_on(floor, HandOn("ann"), "ann") == ids(*owned)
    assert [await floor.at(one) for one in owned] == [(S.QUEUED, None)] * 2
    known = await store.read(lambda reading: reading.agent("ann"))
    assert known is not None and (known.presence_reason, known.off_duty_by) == ("off duty", "ann")
    await undo(floor, owned[0], by="ann")
    assert await floor.at(owned[0]) == (S.ASSIGNED, "ann")


async def test_of_two_leads_at_once_one_ends_the_shift_and_the_other_is_told_who(store: SqlStore) -> None:
    floor, owned = await shift(store)
    await floor.come("leo", role=Role.LEAD, capacity=0)
    asked = {"lea": HandOn("ann", to="lea", note="Over"), "leo": HandOn("ann", to="leo", note="Over")}
    done = await asyncio.gather(*(hand_on(floor, asked[one], one) for one in asked), return_exceptions=True)
    (refused,) = [one for one in done if isinstance(one, Refused)]
    (winner,) = {(await floor.at(one))[1] for one in owned}
    assert winner in asked and done.count(ids(*owned)) == 1
    assert (refused.code, refused.details) == (RefusalCode.NOT_OWNER, {"agent": winner})
    assert refused.words == f"{winner} has ended the shift of ann, who has nothing left to hand on."
    messages = await store.read(lambda reading: reading.history(owned[0].consumer, None, 9))
    assert [one.text for one in messages if one.direction is Direction.NOTE] == ["Over"]
    await floor.demand_events_equal_snapshot()


async def test_undone_they_are_theirs_again_but_what_somebody_has_taken(store: SqlStore) -> None:
    floor, owned = await shift(store)
    await floor.come("leo", role=Role.LEAD, capacity=0)
    await hand_on(floor, HandOn("ann"))
    await floor.ask(requests.Accept(owned[0].id), "leo")
    assert await floor.refused(UndoHandOn("ann", [owned[1].id]), "leo") == RefusalCode.TOO_LATE
    done = await undo(floor, *owned)
    assert (done.moved, done.presence) == ([one.id for one in owned[1:]], "online")
    assert [(one.conversation_id, one.words) for one in done.refused] == [(owned[0].id, "leo has it by now.")]
    assert [await floor.at(one) for one in owned] == [(S.ASSIGNED, "leo"), (S.ASSIGNED, "ann"), (S.ASSIGNED, "ann")]
    assert await floor.refused(UndoHandOn("ann", [owned[1].id]), "lea") == RefusalCode.TOO_LATE
    await floor.demand_events_equal_snapshot()


async def test_what_the_lead_has_taken_to_themselves_is_theirs_again(store: SqlStore) -> None:
    floor, owned = await shift(store)
    await floor.come("leo", role=Role.LEAD, capacity=0)
    await hand_on(floor, HandOn("ann", to="lea"))
    await floor.ask(requests.TakeOver(owned[0].id), "leo")
    done = await undo(floor, *owned)
    assert done.moved == [one.id for one in owned[1:]]
    assert [(one.conversation_id, one.words) for one in done.refused] == [(owned[0].id, "leo has it by now.")]
    assert [await floor.at(one) for one in owned] == [(S.ASSIGNED, "leo"), (S.ASSIGNED, "ann"), (S.ASSIGNED, "ann")]
    await floor.demand_events_equal_snapshot()


async def presence_of(floor: Desks, name: str = "ann") -> tuple[str, str, str]:
    known = await floor.office.store.read(lambda reading: reading.agent(name))
    assert known is not None
    return known.presence, known.presence_reason, known.off_duty_by


@pytest.mark.parametrize("before", [("online", ""), ("back_soon", ""), ("away", "lunch")])
async def test_undone_they_are_as_before_and_are_given_new_ones_again(store: SqlStore, before: tuple[str, str]) -> None:
    floor, owned = await shift(store, 1)
    await floor.ask(requests.SetPresence(*before), "ann")
    floor.office.clock.advance(3)
    await hand_on(floor, HandOn("ann"))
    assert (await presence_of(floor))[2] == "lea"
    floor.office.clock.advance(3)
    done = await undo(floor, *owned)
    assert (done.moved, done.presence, done.reason) == ([owned[0].id], *before)
    assert await presence_of(floor) == (*before, "")
    new = await floor.office.text(consumer=consumer(7))
    assert await floor.at(new) == ((S.ASSIGNED, "ann") if before[0] == "online" else (S.QUEUED, None))
    await floor.demand_events_equal_snapshot()


async def test_who_has_said_since_how_they_are_stays_so(store: SqlStore) -> None:
    floor, owned = await shift(store, 1)
    await hand_on(floor, HandOn("ann"))
    await floor.ask(requests.SetPresence("away", "lunch"), "ann")
    assert await floor.refused(UndoHandOn("ann", [owned[0].id]), "lea") == RefusalCode.TOO_LATE
    assert await presence_of(floor) == ("away", "lunch", "")
    assert await floor.at(owned[0]) == (S.QUEUED, None)


async def test_where_nothing_was_theirs_or_their_desk_was_gone_they_are_on_duty_again(store: SqlStore) -> None:
    floor, _ = await shift(store, 0)
    for place in [one for one in floor.desks.values() if one.agent == "ann"]:
        await floor.go(place)
    await hand_on(floor, HandOn("ann"))
    assert await undo(floor) == answers.HandOnUndone([], [], "online")
    assert await presence_of(floor) == ("online", "", "")


async def test_what_rings_at_somebody_is_theirs_again_and_no_longer_rings(store: SqlStore) -> None:
    floor, owned = await shift(store, 1)
    await floor.come("bob")
    await hand_on(floor, HandOn("ann", to="bob"))
    assert await floor.rings(owned[0]) == ("bob",)
    await undo(floor, owned[0])
    assert (await floor.at(owned[0]), await floor.rings(owned[0])) == ((S.ASSIGNED, "ann"), ())


async def test_who_comes_back_is_online_and_their_shift_is_theirs(store: SqlStore) -> None:
    floor, owned = await shift(store, 1)
    await hand_on(floor, HandOn("ann"))
    for place in [one for one in floor.desks.values() if one.agent == "ann"]:
        await floor.go(place)
    await floor.come("ann", skills=("orders",))
    known = await store.read(lambda reading: reading.agent("ann"))
    assert known is not None and known.presence is Presence.ONLINE
    assert await floor.refused(UndoHandOn("ann", [owned[0].id]), "lea") == RefusalCode.TOO_LATE


async def test_one_who_owns_nothing_is_off_duty_all_the_same(store: SqlStore) -> None:
    floor, _ = await shift(store, 0)
    assert await hand_on(floor, HandOn("ann")) == ids()
    one = await floor.office.text()
    assert await floor.at(one) == (S.QUEUED, None)


async def test_what_is_more_than_one_request_hands_on_is_said(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HANDED_ON", 2)
    floor, owned = await shift(store)
    assert await hand_on(floor, HandOn("ann")) == answers.HandedOn([one.id for one in owned[:2]], more=True)
    assert await floor.at(owned[2]) == (S.ASSIGNED, "ann")  # the one that had waited the least
    assert await hand_on(floor, HandOn("ann")) == ids(owned[2])


async def test_where_a_consumer_would_be_stranded_nothing_happens(store: SqlStore) -> None:
    floor, owned = await shift(store)
    await floor.come("lea", role=Role.LEAD, skills=("orders",), capacity=0)
    await floor.go(await floor.come("bob", skills=("bookings", "orders")))
    for request in (HandOn("ann", skill="bookings"), HandOn("ann", to="bob")):
        with pytest.raises(Refused) as no:
            await hand_on(floor, request)
        assert no.value.code == RefusalCode.WOULD_STRAND
    assert [await floor.at(one) for one in owned] == [(S.ASSIGNED, "ann")] * 3
    known = await store.read(lambda reading: reading.agent("ann"))
    assert known is not None and known.presence is Presence.ONLINE


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (HandOn("nobody"), RefusalCode.UNKNOWN_AGENT),
        (HandOn("ann", to="nobody"), RefusalCode.UNKNOWN_AGENT),
        (HandOn("ann", to="ann"), RefusalCode.BAD_REQUEST),
        (HandOn("ann", skill="knitting"), RefusalCode.UNKNOWN_SKILL),
        (HandOn("ann", note="x" * (limits.NOTE_LENGTH + 1)), RefusalCode.TOO_LONG),
    ],
)
async def test_what_makes_no_sense_is_refused(store: SqlStore, request_: HandOn, code: RefusalCode) -> None:
    floor, owned = await shift(store, 1)
    with pytest.raises(Refused) as no:
        await hand_on(floor, request_)
    assert no.value.code == code
    assert await floor.at(owned[0]) == (S.ASSIGNED, "ann")


async def test_only_who_leads_all_that_a_colleague_could_be_given_ends_their_shift(store: SqlStore) -> None:
    floor, owned = await shift(store)
    await floor.come("leo", role=Role.LEAD, skills=("orders",), capacity=0)
    await floor.come("max", role=Role.LEAD, skills=("bookings",), capacity=0)
    await floor.come("zoe", role=Role.LEAD, accounts=("other",), capacity=0)
    await floor.come("bob")
    for name, whom in (("max", "ann"), ("leo", "bob"), ("zoe", "ann"), ("bob", "ann")):
        with pytest.raises(Refused) as no:
            await hand_on(floor, HandOn(whom), name)
        assert no.value.code == RefusalCode.NOT_ALLOWED
    assert [await floor.at(one) for one in owned] == [(S.ASSIGNED, "ann")] * 3
    assert await hand_on(floor, HandOn("ann"), "leo") == ids(*owned)
