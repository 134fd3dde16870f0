"""The list of what is urgent, as events and answers come in any order."""

from __future__ import annotations

from immutables import Map
from msgspec.structs import replace

from connector.wire import answers, events, frames, requests
from tests.kit.views import ANN, AT, alert, conversation, fact, snapshot
from tui.model import fold, urgent
from tui.model.state import Agents, Connection, Model, PageData, PendingRequest

ONE, OTHER = (conversation(id=name, due_told="overdue", due_at=AT, waiting_since=AT) for name in ("C1", "C2"))
ASKED = PendingRequest("r1", requests.GetUrgent(), AT)


def desk(*, asked: bool = False) -> Model:
    return Model(
        agents=Agents(me=ANN, by_id=Map({"ann": ANN})),
        connection=Connection(is_complete=True, position=1, hello_at=AT + 1),
        fetched=PageData(urgent=answers.Urgent([ONE, OTHER], more=False)),
        pending=Map({"r1": ASKED}) if asked else Map(),
    )


def ids(model: Model) -> list[str] | None:
    views = urgent.listed(model)
    return None if views is None else [view.id for view in views]


def answered(model: Model) -> Model:
    return fold.fold(model, frames.AnswerFrame("r1", answers.Urgent([ONE, OTHER], more=False)), AT)


def test_an_answer_is_the_list() -> None:
    assert ids(answered(replace(desk(asked=True), fetched=PageData()))) == ["C1", "C2"]


def test_what_goes_out_of_sight_leaves_it_and_no_answer_under_way_brings_it_back() -> None:
    model = fold.fold(desk(asked=True), fact(2, events.ConversationHidden("C1")), AT)
    assert ids(model) == ["C2"] and not model.pending
    assert ids(answered(model)) == ["C2"]


def test_what_is_erased_leaves_nothing_of_the_list() -> None:
    model = fold.fold(desk(asked=True), fact(2, events.ConversationErased("C1")), AT)
    assert ids(model) is None and ids(answered(model)) is None


def test_another_snapshot_drops_it() -> None:
    model = fold.fold(desk(asked=True), snapshot(position=9), AT)
    assert ids(model) is None and ids(answered(model)) is None


def test_an_event_changes_a_row_of_the_list_whose_conversation_was_left_out() -> None:
    read = replace(OTHER, version=OTHER.version + 1, due_told="", waiting_since=None, state="assigned", agent="ben")
    model = fold.fold(desk(), fact(2, events.ConversationRead(read)), AT)
    assert ids(model) == ["C1"]


def test_a_row_is_counted_once_when_it_is_opened_from_the_list() -> None:
    model = desk()
    model = replace(model, others=replace(model.others, is_complete=False, left_out=2))
    opened = urgent.with_row(model, ONE)
    assert "C1" in opened.conversations.by_id and opened.others.left_out == 1
    assert urgent.with_row(opened, replace(ONE, version=0)) is opened


def test_alerts_are_of_the_latest_snapshot() -> None:
    model = replace(desk(), alerts=Map({"L9": alert("ann", id="L9")}))
    told = replace(snapshot(position=9), alerts=[alert("ann")])
    assert list(fold.fold(model, told, AT).alerts) == ["L1"]
