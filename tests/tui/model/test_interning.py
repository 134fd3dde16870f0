from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from connector.wire import answers, events, frames
from connector.wire.views import ConversationView, MessageView
from tests.kit.views import AT, conversation, fact, message, reply, snapshot
from tui.model.interning import intern_strings

ROW_WORDS = ("state", "account", "line", "skill", "agent", "last_direction", "reason")
MESSAGE_WORDS = ("conversation_id", "line", "consumer", "direction", "status", "encoding", "author")


def decoded(frame: frames.FromCore) -> frames.FromCore:
    (came,) = frames.decode_from_core(frames.encode(frame))
    assert came == frame
    return came


def alike(values: Sequence[ConversationView | MessageView], names: Iterable[str]) -> None:
    """All of the values hold the very same object under each of these names."""
    for name in names:
        assert all(getattr(value, name) is getattr(values[0], name) for value in values), name


def test_equal_strings_of_rows_are_stored_once() -> None:
    told = [snapshot(conversation(id="C1", reason="the least loaded of all")) for _ in range(2)]
    came = [decoded(frame) for frame in told]
    for frame in came:
        intern_strings(frame)
    assert came == told
    views = [view for frame in came if isinstance(frame, frames.SnapshotFrame) for view in frame.conversations]
    alike(views, ROW_WORDS)


def test_so_are_those_of_a_page_of_conversations_and_empty_lists_are_one() -> None:
    page = frames.AnswerFrame("R", answers.ConversationPage([conversation(id="C1"), conversation(id="C2")], more=True))
    frame = decoded(page)
    intern_strings(frame)
    assert frame == page
    assert isinstance(frame, frames.AnswerFrame) and isinstance(frame.body, answers.ConversationPage)
    alike(frame.body.conversations, (*ROW_WORDS, "entry_point", "due_by", "rings", "joined", "tags"))


def test_equal_times_of_a_row_are_stored_once() -> None:
    frame = decoded(snapshot(conversation(opened_at=AT, last_at=AT, queued_at=AT, waiting_since=AT)))
    intern_strings(frame)
    assert isinstance(frame, frames.SnapshotFrame)
    [view] = frame.conversations
    assert view.opened_at is view.last_at is view.queued_at is view.waiting_since


@pytest.mark.parametrize(
    "event",
    [
        events.MessageReceived(conversation(), message()),
        events.ReplyWritten(conversation(), reply()),
        events.ConversationQueued(conversation(agent=None)),
        events.ConversationAssigned(conversation()),
        events.ConversationRead(conversation()),
        events.ConversationClosed(conversation(), "ann"),
        events.ConsentChanged("+15550142", True, "keyword STOP", None),
    ],
    ids=lambda event: type(event).__name__,
)
def test_events_share_with_one_another_and_say_what_they_said(event: events.Event) -> None:
    came = [decoded(fact(1, event)) for _ in range(2)]
    for frame in came:
        intern_strings(frame)
    assert came == [fact(1, event)] * 2
    bodies = [frame.body for frame in came if isinstance(frame, frames.EventFrame)]
    alike([view for body in bodies if (view := getattr(body, "conversation", None))], ROW_WORDS)
    alike([told for body in bodies if (told := getattr(body, "message", None))], MESSAGE_WORDS)


def test_so_do_the_messages_of_a_transcript() -> None:
    history = answers.History([reply(id="M1"), reply(id="M2")], more=False)
    frame = decoded(frames.AnswerFrame("R", history))
    intern_strings(frame)
    assert frame == frames.AnswerFrame("R", history)
    assert isinstance(frame, frames.AnswerFrame) and isinstance(frame.body, answers.History)
    alike(frame.body.messages, MESSAGE_WORDS)
