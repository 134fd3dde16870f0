from __future__ import annotations

import pytest
from immutables import Map
from msgspec.structs import replace

from connector.wire import answers, events, frames, requests
from connector.wire.views import ConversationView, MentionView
from tests.kit.models import changed
from tests.kit.views import ANN, AT, BEN, CONSUMER, conversation, fact, message
from tui.model import fold, pending, transcripts
from tui.model.alarms import alarm
from tui.model.packed_rows import PackedRows
from tui.model.state import Agents, Connection, Conversations, Model, Notice

MINE = conversation()
RINGS = conversation(state="ringing", agent=None, rings=["ann"], ring_until=AT + 60_000)
QUEUED = conversation(state="queued", agent=None, reason="ann has not answered")
HANDED = replace(QUEUED, handed_by="ben")


def desk(*views: ConversationView) -> Model:
    known = PackedRows({view.id: view for view in views})
    return Model(
        agents=Agents(me=ANN, by_id=Map({"ann": ANN, "ben": BEN})),
        conversations=Conversations(by_id=known),
        connection=Connection(is_complete=True),
    )


def test_a_mention_is_told_where_its_agent_is_not_reading_it() -> None:
    theirs = conversation(agent="ben")
    body = events.Mentioned(MentionView(theirs.id, "N1", "ben", AT))
    found = alarm(desk(theirs), body, AT)
    assert found is not None and found.words.startswith(f"Ben mentions you: {CONSUMER} · ") and found.bell
    assert alarm(desk(), body, AT) is None
    reading = transcripts.enter(desk(theirs), theirs.id)
    assert alarm(reading, body, AT) is None


@pytest.mark.parametrize(
    ("before", "body", "words", "bell"),
    [
        (None, events.ConversationRang(RINGS), f"{CONSUMER} is ringing you (support)", True),
        (None, events.MessageReceived(RINGS, message()), f"{CONSUMER} is ringing you (support)", True),
        (None, events.ConversationRang(replace(RINGS, handed_by="ben")), f"Ben transfers {CONSUMER} to you", True),
        (RINGS, events.ConversationRang(replace(RINGS, version=2)), None, False),
        (RINGS, events.ConversationRang(replace(RINGS, ring_until=AT + 90_000)), "is ringing you", True),
        (None, events.ConversationRang(replace(RINGS, rings=["ben"])), None, False),
        (RINGS, events.ConversationAssigned(conversation(agent="ben"), ["ann"]), f"Ben took {CONSUMER} first.", False),
        (QUEUED, events.ConversationAssigned(conversation(agent="ben")), None, False),
        (QUEUED, events.ConversationAssigned(MINE), None, False),
        (HANDED, events.ConversationAssigned(MINE), f"Ben transferred {CONSUMER} to you.", True),
        (MINE, events.ConversationTakenOver(conversation(agent="ben"), "ben", "ann"), "Ben took", True),
        (conversation(agent="ben"), events.ConversationTakenOver(MINE, "ann", "ben"), None, False),
        (MINE, events.ConversationJoined(replace(MINE, joined=["ben"]), "ben"), "Ben writes beside you", False),
        (
            MINE,
            events.NoteWritten(MINE, message(direction="note", author="ben")),
            "Ben has a note for you",
            False,
        ),
        (MINE, events.NoteWritten(MINE, message(direction="note", author="ann", text="Ask")), None, False),
        (MINE, events.DueSoon(MINE), f"{CONSUMER} has to be answered soon.", True),
        (MINE, events.Overdue(MINE), f"{CONSUMER} is overdue.", True),
        (QUEUED, events.Overdue(QUEUED), None, False),
        (MINE, events.ConversationQueued(QUEUED), "went back to the queue: ann has not answered.", False),
        (QUEUED, events.ConversationQueued(QUEUED), None, False),
    ],
)
def test_an_event_that_calls_for_the_agent_raises_one_alarm(
    before: ConversationView | None, body: events.Event, words: str | None, bell: bool
) -> None:
    found = alarm(desk(*[before] if before else []), body, AT)
    if words is None:
        assert found is None
    else:
        assert found is not None and words in found.words and found.bell is bell


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (events.ConversationQueued(replace(QUEUED, version=2)), "it is back in the queue"),
        (events.ConversationRang(replace(RINGS, rings=["ben"], version=2)), "it rings at Ben"),
        (events.ConversationHidden("C1"), "you no longer see it"),
    ],
)
def test_a_ring_that_runs_out_says_where_the_conversation_went(body: events.Event, words: str) -> None:
    ends_at = RINGS.ring_until
    assert ends_at is not None
    state = fold.fold(desk(RINGS), replace(fact(6, body), at=ends_at), ends_at)
    notice = state.notices.current
    assert notice is not None and notice.words == f"{CONSUMER} rang out: {words}." and not notice.is_error
    assert state.notices.alarm_count == 0, "it asks for nothing"
    assert alarm(desk(RINGS), body, ends_at - 1) is None, "declined, at another desk of the agent perhaps"
    declined = pending.asked(desk(RINGS), "r1", requests.Decline("C1"), AT)
    state = fold.fold(declined, replace(fact(6, body), at=ends_at), ends_at)
    assert state.notices.current is None and not state.conversations.moves_asked
    assert alarm(desk(replace(RINGS, rings=["ben"])), body, ends_at) is None, "it rang elsewhere"


@pytest.mark.parametrize("first", ["answer", "event"])
@pytest.mark.parametrize(
    ("before", "wish", "body"),
    [
        (
            replace(QUEUED, handed_by="ben"),
            requests.Accept("C1"),
            events.ConversationAssigned(replace(MINE, version=2)),
        ),
        (MINE, requests.GiveBack("C1"), events.ConversationQueued(replace(QUEUED, version=2))),
        (MINE, requests.Transfer("C1", "orders"), events.ConversationQueued(replace(QUEUED, version=2))),
        (
            MINE,
            requests.SignOff([requests.SignOffChoice("C1", "return")]),
            events.ConversationQueued(replace(QUEUED, version=2)),
        ),
    ],
)
def test_what_the_agent_has_asked_for_is_no_news(
    first: str, before: ConversationView, wish: requests.Request, body: events.Event
) -> None:
    state = pending.asked(desk(before), "r1", wish, AT)
    answer: frames.FromCore = frames.AnswerFrame("r1", answers.Done())
    for frame in (answer, fact(6, body)) if first == "answer" else (fact(6, body), answer):
        state = fold.fold(state, frame, AT)
    notice = state.notices.current
    assert notice is None or notice.is_local, "what the agent has done themselves is said as such"
    assert (state.notices.alarm_count, state.conversations.moves_asked) == (0, frozenset())


def test_an_alarm_is_counted_and_leaves_a_fault_standing() -> None:
    state = changed(desk(MINE), notices={"current": Notice("Not sent.", is_error=True)})
    state = fold.fold(state, fact(6, events.Overdue(replace(MINE, version=2))), AT)
    assert state.notices.alarm_count == 1 and state.notices.current == Notice("Not sent.", is_error=True)


def test_what_is_caught_up_after_a_break_does_not_ring_for_each() -> None:
    state = changed(desk(MINE), connection={"catch_up_to": 9})
    state = fold.fold(state, fact(6, events.Overdue(replace(MINE, version=2))), AT)
    assert state.notices.alarm_count == 0 and state.notices.current is None
