from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.wire import requests
from tests.kit.models import changed, desk
from tests.kit.views import AT, conversation, message, reply
from tui.actions.conversation import Intent
from tui.actions.undo import HeldUndo, undo, undone_elsewhere
from tui.model import pending
from tui.model.conversations import consumer_name
from tui.model.packed_rows import PackedRows
from tui.model.state import Model, SentReply, Transcript

MINE = conversation()
CLOSED = conversation(state="closed", closed_at=AT)


def doubt(model: Model, intent: Intent | HeldUndo, now: int) -> str | None:
    found = undone_elsewhere(model, intent, now)
    return None if found is None else found.doubt


def state_with(*messages: object) -> Model:
    shown = Transcript("C1", MINE.consumer, tuple(messages), is_loading=False)  # type: ignore[arg-type]
    return replace(desk(MINE), transcript=shown)


def test_the_last_reply_of_mine_that_has_not_left_is_undone() -> None:
    state = state_with(message(), reply(id="M2", seq=2), reply(id="M3", seq=3), message(id="M4", seq=4))
    assert undo(state, AT) == requests.UndoReply("M3")


@pytest.mark.parametrize(
    "sent", [reply(status="sent"), reply(status="sending"), reply(author="ben"), reply(conversation_id="C0")]
)
def test_what_has_left_is_not_nor_is_anybody_elses(sent: object) -> None:
    assert "for 3 s" in str(undo(state_with(sent), AT))


def test_what_was_closed_last_is_taken_up_again() -> None:
    closed = replace(CLOSED, id="C2", closed_at=AT + 9)
    state = changed(state_with(reply()), conversations={"last_closed": "C2"})
    state = replace(
        state, conversations=replace(state.conversations, by_id=state.conversations.by_id.set("C2", closed))
    )
    assert undo(state, AT) == requests.UndoReply("M1")  # here: what is shown comes first
    elsewhere = replace(state, transcript=Transcript("C1", MINE.consumer, is_loading=False))
    assert undo(elsewhere, AT) == requests.Reopen("C2")
    words = str(doubt(elsewhere, requests.Reopen("C2"), AT))
    assert consumer_name(closed) in words and "Press the key again to reopen it." in words
    shown = replace(state, transcript=Transcript("C2", MINE.consumer, is_loading=False))
    assert undo(shown, AT) == requests.Reopen("C2")
    assert doubt(shown, requests.Reopen("C2"), AT) is None


def test_the_reply_sent_last_is_undone_from_elsewhere_while_its_seconds_last() -> None:
    other = conversation(id="C2", consumer="+15550102")
    both = {"by_id": PackedRows({"C1": MINE, "C2": other})}
    state = changed(state_with(), compose={"sent": SentReply("M7", "C2", AT)}, conversations=both)
    intent = undo(state, AT + 1_500)
    assert intent == requests.UndoReply("M7")
    words = "The reply to +15550102 can still be undone, 2 s. Press the key again to undo it."
    assert doubt(state, intent, AT + 1_500) == words
    assert "There is nothing to undo" in str(undo(state, AT + 3_000))
    own = state_with(reply(id="M8"))
    here = replace(state, transcript=own.transcript)
    assert undo(here, AT) == requests.UndoReply("M8"), "what is shown comes first"
    assert doubt(here, requests.UndoReply("M8"), AT) is None
    stale = replace(state, transcript=state_with(reply(id="M8", at=AT - 60_000)).transcript)
    assert undo(stale, AT) == requests.UndoReply("M7"), "what can no longer be undone here is not in its way"
    closed = replace(CLOSED, id="C3", closed_at=AT + 1_000)
    later = {"by_id": state.conversations.by_id.set("C3", closed), "last_closed": "C3"}
    assert undo(changed(state, conversations=later), AT + 1_500) == requests.Reopen("C3")


def test_a_text_that_the_core_has_not_answered_comes_first() -> None:
    state = pending.asked(state_with(reply(id="M2", seq=2)), "r1", requests.Reply("C1", "oops"), AT)
    assert undo(state, AT) == HeldUndo("r1")
    assert doubt(state, HeldUndo("r1"), AT) is None
    state = pending.asked(state, "r2", requests.Reply("C1", "oops, too"), AT + 1)
    assert undo(state, AT) == HeldUndo("r2")
    elsewhere = replace(state, transcript=None)
    assert undo(elsewhere, AT) == HeldUndo("r2")
    words = f"The reply to {consumer_name(MINE)} is not with the core yet. Press the key again to undo it."
    assert doubt(elsewhere, HeldUndo("r2"), AT) == words
    closed = {"by_id": state.conversations.by_id.set("C3", replace(CLOSED, id="C3", closed_at=AT + 9))}
    later = changed(elsewhere, conversations=closed | {"last_closed": "C3"})
    assert undo(later, AT) == requests.Reopen("C3")


def test_a_first_text_is_undone_by_the_line_it_leaves_from() -> None:
    state = replace(desk(MINE), transcript=None)
    start = requests.Start(MINE.line, "+15550177", "Your parcel is here", confirmed=False)
    state = pending.asked(state, "r1", start, AT)
    assert undo(state, AT) == HeldUndo("r1")
    assert "+15550177" in str(doubt(state, HeldUndo("r1"), AT))
    assert isinstance(undo(changed(state, providers={"lines": ()}), AT), str)


def test_what_is_being_undone_is_not_undone_twice() -> None:
    state = pending.asked(state_with(reply()), "r1", requests.UndoReply("M1"), AT)
    assert undo(state, AT) == "It is being undone."
