"""Colleagues' conversations and closed ones: as numbers first, then page after page, exact at every moment."""

from __future__ import annotations

from msgspec.structs import replace

from connector.wire import answers, events, frames, requests
from connector.wire.views import ConversationView
from tests.kit.views import ANN, AT, BEN, conversation, fact, hello, snapshot, welcome
from tui.model import others, pending
from tui.model.fold import fold
from tui.model.state import Model

MINE = conversation(id="C100")
BENS = [conversation(id=f"C{number}", agent="ben", consumer=f"+1555010{number}") for number in (9, 8, 7)]


def folded(model: Model, *came: frames.FromCore) -> Model:
    for frame in came:
        model = fold(model, frame, AT)
    return model


def first(*views: ConversationView, held: dict[str, int], more: bool = False) -> frames.SnapshotFrame:
    return frames.SnapshotFrame(5, more, [ANN, BEN], list(views), held)


def started(held: int = 3) -> Model:
    return folded(Model(), hello(5, ahead=60_000), welcome(), first(MINE, held={"ben": held}))


def asked(model: Model) -> Model:
    wanted = others.next_page(model)
    assert wanted is not None
    return pending.asked(model, "page", wanted, AT)


def page(*views: ConversationView, more: bool = False) -> frames.AnswerFrame:
    return frames.AnswerFrame("page", answers.ConversationPage(list(views), more))


def test_what_the_snapshot_left_out_is_a_number() -> None:
    model = folded(Model(), hello(), welcome(), first(MINE, held={"ben": 2, "": 5}))
    assert (model.others.is_complete, others.total(model)) == (False, 8)
    assert set(model.conversations.by_id) == {"C100"}


def test_an_older_core_leaves_nothing_out() -> None:
    model = folded(Model(), hello(), welcome(), snapshot(MINE, *BENS))
    assert model.others.is_complete and others.next_page(model) is None and others.total(model) == 4


def test_pages_follow_one_another_until_there_are_no_more() -> None:
    model = asked(started())
    assert model.pending["page"].body == requests.GetConversations()
    model = folded(model, page(*BENS[:2], more=True))
    assert others.total(model) == 4 and not model.others.is_complete
    model = asked(model)
    assert model.pending["page"].body == requests.GetConversations("C8")
    model = folded(model, page(BENS[2]))
    assert model.others.is_complete and len(model.conversations.by_id) == others.total(model) == 4
    assert others.next_page(model) is None, "it is not loaded again"


def test_a_row_that_an_event_has_brought_is_newer_than_a_page_read_before_it() -> None:
    closed = replace(BENS[0], state="closed", version=2)
    model = folded(asked(started()), fact(6, events.ConversationClosed(closed, "ben")))
    assert others.total(model) == 4, "it was left out, and is here"
    model = folded(model, page(*BENS))
    assert model.conversations.by_id["C9"] == closed


def test_a_conversation_opened_since_is_one_more() -> None:
    new = conversation(id="C200", agent="ben", opened_at=AT + 60_001)
    assert others.total(folded(started(), fact(6, events.ConversationAssigned(new)))) == 5


def test_what_goes_out_of_sight_while_its_page_is_under_way_stays_out() -> None:
    model = folded(asked(started()), fact(6, events.ConversationHidden("C9")), page(*BENS))
    assert set(model.conversations.by_id) == {"C100", "C8", "C7"}
    assert others.total(model) == 3


def test_an_opt_out_while_a_page_is_under_way_reaches_its_closed_conversations() -> None:
    opted_out = events.ConsentChanged(BENS[0].consumer, True, "keyword STOP", None)
    model = folded(asked(started()), fact(6, opted_out), page(*BENS))
    assert [model.conversations.by_id[name].opted_out for name in ("C9", "C8")] == [True, False]


def test_a_page_from_before_a_snapshot_moves_nothing_on() -> None:
    model = asked(folded(asked(started()), page(*BENS[:1], more=True)))
    model = folded(model, hello(9), welcome(), first(MINE, held={"ben": 3}), page(BENS[2]))
    assert not model.others.is_complete
    assert others.next_page(model) == requests.GetConversations()


def test_a_refused_page_is_not_asked_for_again_by_itself() -> None:
    model = folded(asked(started()), frames.Refusal("page", "too_many_requests", "Try again in a second."))
    assert others.next_page(model) is None and model.notices.current is None
    assert others.next_page(others.retried(model)) == requests.GetConversations()


def test_nothing_is_asked_for_before_the_snapshot_is_whole() -> None:
    assert others.next_page(folded(Model(), hello(), welcome(), first(MINE, held={"ben": 3}, more=True))) is None
