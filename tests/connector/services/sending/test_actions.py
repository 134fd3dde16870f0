"""What is done with a conversation as a reply in it is written: all of it or nothing, and undone with the reply."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.domain.conversation import Conversation, ConversationState
from connector.domain.refusals import Refused
from connector.sms.segments import measure
from connector.store.sql.store import SqlStore, open_store
from connector.wire import answers, limits, reply_fields, requests
from connector.wire.refusals import RefusalCode
from connector.wire.saved_replies import ReplyActions
from tests.kit.floor import Desks, desks
from tests.kit.rounds import rounds
from tests.kit.stores import Place
from tests.kit.templates import copied
from tests.kit.use_cases import consumer

HOUR_S = 3600
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
MACRO = ReplyActions(["delivery", "late"], "solved", closes=True)


async def sent(floor: Desks, one: Conversation, then: ReplyActions, name: str = "ann") -> str:
    answer = await floor.ask(requests.Reply(one.id, "On its way.", accept=True, then=then), name)
    assert isinstance(answer, answers.Written)
    return answer.message_id


async def test_tags_and_a_due_time_come_with_the_reply(place: Place) -> None:
    floor = desks(await place.open(), undo_s=10)
    await floor.come("ann")
    one = await floor.office.text()
    await sent(floor, one, ReplyActions(["late"], "", 2 * HOUR_S))
    now = await floor.conversation(one.id)
    assert (now.tags, now.due_at, now.due_by) == (("late",), floor.now + 2 * HOUR_S * 1000, "manual")
    await sent(floor, one, ReplyActions(["late", "fragile"], "solved"))
    now = await floor.conversation(one.id)
    assert (now.tags, now.outcome, now.due_at) == (("late", "fragile"), "solved", None)
    await floor.demand_events_equal_snapshot()


async def test_a_macro_that_closes_closes_as_the_skill_does(store: SqlStore) -> None:
    floor = desks(store, undo_s=10, wrap_up_s=60)
    await floor.come("ann")
    one, two = await floor.office.text(), await floor.office.text(consumer=consumer(2))
    await sent(floor, one, MACRO)
    now = await floor.conversation(one.id)
    assert (now.state, now.outcome, now.tags) == (ConversationState.CLOSED, "solved", ("delivery", "late"))
    await sent(floor, two, ReplyActions(closes=True))
    assert (await floor.conversation(two.id)).state is ConversationState.WRAP_UP
    await floor.demand_events_equal_snapshot()


@pytest.mark.parametrize("wrap_up_s", [0, 60])
@pytest.mark.parametrize("then", [MACRO, ReplyActions(closes=True), ReplyActions(["late"], "solved", HOUR_S)])
async def test_undo_takes_back_all_of_it(store: SqlStore, then: ReplyActions, wrap_up_s: int) -> None:
    floor = desks(store, undo_s=10, wrap_up_s=wrap_up_s)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.Accept(one.id), "ann") if one.agent is None else None
    before = await floor.conversation(one.id)
    message_id = await sent(floor, one, then)
    await floor.ask(requests.UndoReply(message_id), "ann")
    after = await floor.conversation(one.id)
    kept = (
        "state",
        "agent",
        "tags",
        "outcome",
        "due_at",
        "due_by",
        "reminder_at",
        "waiting_since",
        "last_text",
        "unsent",
    )
    assert {name: getattr(after, name) for name in kept} == {name: getattr(before, name) for name in kept}
    assert await store.read(lambda reading: reading.next_due("send", floor.now)) is None
    await floor.demand_events_equal_snapshot()
    assert await floor.refused(requests.UndoReply(message_id), "ann") == RefusalCode.TOO_LATE


async def test_what_was_changed_since_stays_as_it_was_left(store: SqlStore) -> None:
    floor = desks(store, undo_s=10, reopen_s=60)
    await floor.come("ann")
    one = await floor.office.text()
    message_id = await sent(floor, one, ReplyActions(["late"], "solved", HOUR_S))
    await floor.ask(requests.SetDue(one.id, floor.now + 5 * HOUR_S * 1000), "ann")
    await floor.ask(requests.UndoReply(message_id), "ann")
    after = await floor.conversation(one.id)
    assert (after.tags, after.outcome) == ((), "")
    assert after.reminder_at == floor.now + 5 * HOUR_S * 1000
    # The consumer has written again, and it is open: it stays where it is.
    message_id = await sent(floor, one, MACRO)
    again = await floor.office.text("Thanks, and one more thing")
    assert again.id == one.id
    await floor.ask(requests.UndoReply(message_id), "ann")
    after = await floor.conversation(one.id)
    assert (after.tags, after.outcome, after.unread) == ((), "", 1)
    await floor.demand_events_equal_snapshot()


async def test_with_another_one_open_it_stays_closed(store: SqlStore) -> None:
    floor = desks(store, undo_s=10, reopen_s=0)
    await floor.come("ann")
    one = await floor.office.text()
    message_id = await sent(floor, one, MACRO)
    other = await floor.office.text("Hello again")
    assert other.id != one.id
    await floor.ask(requests.UndoReply(message_id), "ann")
    after = await floor.conversation(one.id)
    assert (after.state, after.tags) == (ConversationState.CLOSED, ())
    await floor.demand_events_equal_snapshot()


@pytest.mark.parametrize(
    ("then", "text"),
    [
        (ReplyActions(outcome="no such outcome"), "On its way."),
        (ReplyActions(tags=[f"tag {number}" for number in range(11)]), "On its way."),
        (ReplyActions(due_s=0), "On its way."),
        (ReplyActions(due_s=400 * 86400), "On its way."),
        (MACRO, "x" * 1601),
    ],
)
async def test_refused_with_it_nothing_happens(store: SqlStore, then: ReplyActions, text: str) -> None:
    floor = desks(store)
    floor.office.brand = replace(floor.office.brand, outcomes=("solved",))
    await floor.come("ann")
    one = await floor.office.text()
    before, facts = await floor.conversation(one.id), len(await floor.office.events("reply_written"))
    assert await floor.refused(requests.Reply(one.id, text, accept=True, then=then), "ann")
    assert await floor.conversation(one.id) == before
    assert len(await floor.office.events("reply_written")) == facts
    assert await store.read(lambda reading: reading.work_depths("send", floor.now)) == []


async def test_an_outcome_that_there_is_no_more_is_named_with_what_to_do(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    floor.office.brand = replace(floor.office.brand, outcomes=("late", "lost"))
    with pytest.raises(
        Refused, match=r"no outcome solved\. There are: late, lost\. Send the text without what is done"
    ):
        await floor.ask(requests.Reply(one.id, "Hi", accept=True, then=MACRO), "ann")


async def test_a_lead_beside_the_owner_does_not_close_for_them(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.Join(one.id), "lea")
    assert await floor.refused(requests.Reply(one.id, "Hi", then=MACRO), "lea") == RefusalCode.NOT_OWNER
    assert (await floor.conversation(one.id)).state is ConversationState.ASSIGNED


async def test_a_first_text_has_actions_too(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    started = await floor.ask(requests.Start("+15550100", consumer(3), "Your parcel is here.", then=MACRO), "ann")
    assert isinstance(started, answers.Started)
    now = await floor.conversation(started.conversation_id)
    assert (now.state, now.tags) == (ConversationState.CLOSED, ("delivery", "late"))


TEXTS = st.builds(
    lambda char, count, end: char * count + end,
    st.sampled_from(["x", "é", "😀", "“"]),
    st.integers(1570, 1605),
    st.sampled_from([" {name}", " {first_name|you} {{", "{name|}", " {agent}", ""]),
)


@settings(max_examples=rounds(40), deadline=None)
@given(TEXTS, st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
async def test_what_is_filled_and_counted_is_what_is_sent(text: str, name: str) -> None:
    """To the character, up to the limit and beyond it."""
    values = reply_fields.values_for(name=name, agent="Ann", number="1", line="2", answer_by="")
    filled = reply_fields.fill(text, values).text
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        store = await open_store(copied(Path(folder) / "textdesk.db"))
        try:
            floor = desks(store)
            await floor.come("ann")
            body = requests.Reply((await floor.office.text()).id, filled, accept=True)
            if len(filled) > limits.REPLY_LENGTH:
                assert await floor.refused(body, "ann") == RefusalCode.TOO_LONG
            else:
                answer = await floor.ask(body, "ann")
                assert isinstance(answer, answers.Written)
                stored = await store.read(lambda reading: reading.message(answer.message_id))
                assert stored is not None and (stored.text, stored.segments) == (filled, measure(filled).segments)
        finally:
            await store.close()
