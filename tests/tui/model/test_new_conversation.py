from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.wire import answers, events, frames, requests
from connector.wire.refusals import RefusalCode
from tests.kit.models import drafted
from tests.kit.views import AT, conversation, fact, hello, message, reply, snapshot, welcome
from tui.draw import rows
from tui.model import new_conversation, pending, transcripts
from tui.model.conversations import consumer_name, open_conversation, recipient
from tui.model.fold import fold
from tui.model.listing import Scope
from tui.model.state import Model

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
    return new_conversation.show_new(state, LINE, CONSUMER, AT)


def sent() -> Model:
    return pending.asked(drafted(begun(), recipient(START), "hello"), "s", START, AT)


def test_it_looks_like_a_conversation_of_mine_that_is_empty() -> None:
    view = open_conversation(begun())
    assert view is not None
    assert (view.line, view.consumer, view.agent, view.state) == (LINE, CONSUMER, "ann", "assigned")


def test_its_row_has_the_number_as_it_was_typed_and_the_text_once_it_is_sent() -> None:
    state = new_conversation.show_new(Model(), LINE, CONSUMER, AT, "", "(0555) 0777")
    view = open_conversation(state)
    assert view is not None
    assert consumer_name(view) == "(0555) 0777"

    def row(state: Model) -> str:
        lines = rows.row_lines(state, view, Scope.MINE, 40, AT)
        return " ".join(text for line in lines for text, _ in line)

    assert "(0555) 0777" in row(state) and "nothing sent yet" in row(state)
    assert "→ hello" in row(pending.asked(state, "s", START, AT))


def test_the_text_is_pale_and_its_draft_gone_until_the_core_answers() -> None:
    state = sent()
    assert [body for _, body in pending.pending_replies(state)] == [START]
    assert not state.compose.drafts
    assert [body for _, body in pending.unanswered_texts(state)] == [START]


@pytest.mark.parametrize("order", [(TOLD, ANSWERED), (ANSWERED, TOLD)], ids=["event first", "answer first"])
def test_the_opened_conversation_takes_its_place_whichever_comes_first(order: tuple[frames.FromCore, ...]) -> None:
    state = folded(sent(), *order)
    assert open_conversation(state) == MINE
    assert state.transcript is not None
    assert [each.id for each in state.transcript.messages] == ["M9"]
    assert (
        not pending.pending_replies(state) and not pending.unanswered_texts(state) and state.conversations.new is None
    )


@pytest.mark.parametrize("first", [TOLD, ANSWERED], ids=["event", "answer"])
def test_in_between_the_place_stays_open(first: frames.FromCore) -> None:
    view = open_conversation(folded(sent(), first))
    assert view is not None and view.consumer == CONSUMER


def test_a_refusal_brings_the_text_back_and_the_place_stays() -> None:
    state = folded(sent(), frames.Refusal("s", RefusalCode.OPTED_OUT, "They have opted out."))
    assert state.compose.drafts.get(recipient(START)) == "hello"
    assert state.notices.current is not None and "Not sent: They have opted out." in state.notices.current.words
    view = open_conversation(state)
    assert view is not None and view.consumer == CONSUMER


@pytest.mark.parametrize(
    ("line", "number", "command"),
    [
        (LINE, CONSUMER, "textdesk start --line 12345 +15550777 TEXT --override"),
        ("SHOP 24", "+1 555 0777", "textdesk start --line 'SHOP 24' '+1 555 0777' TEXT --override"),
    ],
)
def test_a_limit_comes_with_the_command_that_sets_it_aside(line: str, number: str, command: str) -> None:
    first = requests.Start(line, number, "hello")
    state = pending.asked(drafted(begun(), recipient(first), "hello"), "s", first, AT)
    state = folded(state, frames.Refusal("s", RefusalCode.COUNTRY_NOT_ALLOWED, "Not there."))
    assert state.notices.current is not None
    assert state.notices.current.words == f"Not sent: Not there. A lead's command: {command}"


@pytest.mark.parametrize(
    ("role", "lines", "ending"),
    [
        ("agent", ["1"], ""),
        ("lead", ["1"], " A lead's command: textdesk send +15550777 TEXT --override"),
        ("lead", ["1", "2"], " A lead's command: textdesk send C1 TEXT --override"),
    ],
)
def test_a_limit_of_replies_comes_with_the_command_for_leads(role: str, lines: list[str], ending: str) -> None:
    views = [conversation(id=f"C{line}", line=line, consumer=CONSUMER) for line in lines]
    state = folded(Model(), hello(5), replace(welcome(), role=role), snapshot(*views, position=5))
    state = pending.asked(state, "r", requests.Reply("C1", "hello"), AT)
    state = folded(state, frames.Refusal("r", RefusalCode.TOO_MANY_SENDS, "Too many."))
    notice = state.notices.current
    assert notice is not None and notice.words == f"Not sent to +15550777: Too many.{ending}"


def test_who_has_gone_elsewhere_is_not_brought_back() -> None:
    state = folded(transcripts.show(sent(), "C1"), ANSWERED, TOLD)
    view = open_conversation(state)
    assert view is not None and view.id == "C1"
    assert state.notices.current is not None and CONSUMER in state.notices.current.words


def test_a_fresh_snapshot_leaves_it_where_it_is() -> None:
    state = folded(begun(), hello(9), welcome(), snapshot(conversation(), position=9))
    view = open_conversation(state)
    assert view is not None and view.consumer == CONSUMER


def test_their_earlier_texts_do_not_come_between() -> None:
    state = folded(begun(), fact(6, events.MessageReceived(conversation(), message(id="M2"))))
    assert state.transcript is not None and state.transcript.messages == ()
