from __future__ import annotations

import pytest

from connector.wire import answers, events, frames, requests
from connector.wire.refusals import RefusalCode
from tests.kit.views import AT, conversation, fact, hello, message, reply, snapshot, welcome
from tui.model import edits, starting
from tui.model import fold as model
from tui.model.fold import fold
from tui.model.state import Model, addressed, opened

LINE, CONSUMER = "12345", "+15550777"
START = requests.Start(LINE, CONSUMER, "hello")
MINE = conversation(id="C9", version=2, line=LINE, consumer=CONSUMER)
TOLD = fact(7, events.ReplyWritten(MINE, reply(id="M9", conversation_id="C9", line=LINE, consumer=CONSUMER)))
ANSWERED = frames.AnswerFrame("s", answers.Started("C9", "M9"))


def folded(state: Model, *came: frames.FromCore) -> Model:
    for frame in came:
        state = fold(state, frame, AT)
    return state


def begun() -> Model:
    """Ann has chosen line and number, and written nothing."""
    state = folded(Model(), hello(5), welcome(), snapshot(conversation(), position=5))
    return starting.starting(state, LINE, CONSUMER, AT)


def sent() -> Model:
    state = edits.drafted(begun(), addressed(START), "hello")
    return model.asking(state, "s", START, AT)


def test_it_looks_like_a_conversation_of_mine_that_is_empty() -> None:
    view = opened(begun())
    assert view is not None
    assert (view.line, view.consumer, view.agent, view.state) == (LINE, CONSUMER, "ann", "assigned")


def test_the_text_is_pale_and_its_draft_gone_until_the_core_answers() -> None:
    state = sent()
    assert [body for _, body in model.pale_replies(state)] == [START]
    assert not state.drafts
    assert [body for _, body in model.under_way(state)] == [START]


@pytest.mark.parametrize("order", [(TOLD, ANSWERED), (ANSWERED, TOLD)], ids=["event first", "answer first"])
def test_the_opened_conversation_takes_its_place_whichever_comes_first(order: tuple[frames.FromCore, ...]) -> None:
    state = folded(sent(), *order)
    assert opened(state) == MINE
    assert state.transcript is not None
    assert [each.id for each in state.transcript.messages] == ["M9"]
    assert not model.pale_replies(state) and not model.under_way(state) and state.starting is None


@pytest.mark.parametrize("first", [TOLD, ANSWERED], ids=["event", "answer"])
def test_in_between_the_place_stays_open(first: frames.FromCore) -> None:
    view = opened(folded(sent(), first))
    assert view is not None and view.consumer == CONSUMER


def test_a_refusal_brings_the_text_back_and_the_place_stays() -> None:
    state = folded(sent(), frames.Refusal("s", RefusalCode.OPTED_OUT, "They have opted out."))
    assert state.drafts.get(addressed(START)) == "hello"
    assert state.notice is not None and "Not sent: They have opted out." in state.notice.words
    view = opened(state)
    assert view is not None and view.consumer == CONSUMER


def test_who_has_gone_elsewhere_is_not_brought_back() -> None:
    state = folded(model.opening(sent(), "C1"), ANSWERED, TOLD)
    view = opened(state)
    assert view is not None and view.id == "C1"
    assert state.notice is not None and CONSUMER in state.notice.words


def test_a_fresh_snapshot_leaves_it_where_it_is() -> None:
    state = folded(begun(), hello(9), welcome(), snapshot(conversation(), position=9))
    view = opened(state)
    assert view is not None and view.consumer == CONSUMER


def test_their_earlier_texts_do_not_come_between() -> None:
    state = folded(begun(), fact(6, events.MessageReceived(conversation(), message(id="M2"))))
    assert state.transcript is not None and state.transcript.messages == ()
