from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.wire import events
from tests.kit.models import desk
from tests.kit.views import conversation, fact, message
from tui.model import fold, panes, transcripts
from tui.model.state import Model

VIEWS = [conversation(id=f"c{number}", consumer=f"+1555010{number}") for number in range(4)]
IDS = [view.id for view in VIEWS]


def four() -> Model:
    model = desk(VIEWS[0])
    by_id = model.conversations.by_id.update({view.id: view for view in VIEWS})
    return replace(model, conversations=replace(model.conversations, by_id=by_id))


def shown(model: Model, conversation_id: str) -> Model:
    return transcripts.show(panes.before_showing(model, conversation_id), conversation_id)


def folded(model: Model, body: events.Event) -> Model:
    frame = fact((model.connection.position or 0) + 1, body)
    return panes.in_both(model, partial(fold.fold, frame=frame, now=0), partial(fold.concerns_shown, frame=frame))


def both(model: Model) -> list[str | None]:
    seen = [panes.seen_in(model, side).transcript for side in (0, 1)]
    return [one.conversation_id if one is not None else None for one in seen]


def test_the_cursor_passes_the_other_conversation_and_leaves_it_where_it_is() -> None:
    model = shown(panes.split(four()), "c1")
    assert both(model) == ["c0", "c1"] and model.panes.active == 1
    model = shown(model, "c0")
    assert both(model) == ["c0", "c1"] and model.panes.active == 0
    model = shown(model, "c2")
    assert both(model) == ["c0", "c2"] and model.panes.active == 1
    model = shown(panes.switch(model), "c3")
    assert both(model) == ["c3", "c2"] and model.panes.active == 0


@given(st.lists(st.sampled_from([*IDS, "split", "unsplit", "switch", "entered"]), max_size=12))
def test_a_conversation_is_never_in_both_and_what_was_asked_for_is_the_active_one(steps: list[str]) -> None:
    model = four()
    changes = {name: getattr(panes, name) for name in ("split", "unsplit", "switch", "entered")}
    for step in steps:
        model = changes[step](model) if step in changes else shown(model, step)
        left, right = both(model)
        assert left is None or left != right
        if step in IDS:
            assert both(model)[model.panes.active] == step


def test_events_change_both_and_what_goes_out_of_sight_closes_its_pane() -> None:
    model = shown(panes.split(four()), "c1")
    for number, view in enumerate(VIEWS[:3]):
        text = message(id=f"m{number}", conversation_id=view.id, consumer=view.consumer, text=f"for {view.id}")
        model = folded(model, events.MessageReceived(replace(view, version=2), text))
    for side in (0, 1):
        transcript = panes.seen_in(model, side).transcript
        assert transcript is not None and [one.text for one in transcript.messages] == [f"for c{side}"]
    model = folded(model, events.ConversationHidden("c0"))
    assert not panes.is_split(model) and both(model) == [None, "c1"]
