from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from connector.wire import answers, events, frames
from connector.wire.views import MessageView
from tests.kit.views import conversation, fact, message, reply
from tui.model.interning import intern_strings

WORDS = ("conversation_id", "line", "consumer", "direction", "status", "encoding", "author")


def decoded(frame: frames.FromCore) -> frames.FromCore:
    (came,) = frames.decode_from_core(frames.encode(frame))
    assert came == frame
    return came


def alike(values: Sequence[MessageView], names: Iterable[str]) -> None:
    """All of the values hold the very same object under each of these names."""
    for name in names:
        assert all(getattr(value, name) is getattr(values[0], name) for value in values), name


@pytest.mark.parametrize(
    "event",
    [events.MessageReceived(conversation(), message()), events.ReplyWritten(conversation(), reply())],
    ids=lambda event: type(event).__name__,
)
def test_events_share_with_one_another_and_say_what_they_said(event: events.Event) -> None:
    came = [decoded(fact(1, event)) for _ in range(2)]
    for frame in came:
        intern_strings(frame)
    assert came == [fact(1, event)] * 2
    bodies = [frame.body for frame in came if isinstance(frame, frames.EventFrame)]
    alike([told for body in bodies if (told := getattr(body, "message", None))], WORDS)


def test_so_do_the_messages_of_a_transcript() -> None:
    history = answers.History([reply(id="M1"), reply(id="M2")], more=False)
    frame = decoded(frames.AnswerFrame("R", history))
    intern_strings(frame)
    assert frame == frames.AnswerFrame("R", history)
    assert isinstance(frame, frames.AnswerFrame) and isinstance(frame.body, answers.History)
    alike(frame.body.messages, WORDS)
