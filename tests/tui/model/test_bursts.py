from __future__ import annotations

from typing import Any

import pytest
from immutables import Map
from msgspec.structs import replace

from connector.wire import events
from connector.wire.views import ConversationView, MessageView
from tests.kit.models import changed
from tests.kit.views import ANN, AT, BEN, alert, conversation, message
from tests.kit.views import fact as fact_at
from tui.actions.keys import DEFAULT_NAMES
from tui.model import bursts, fold
from tui.model.alarms import AlarmKind
from tui.model.notices import clear_notice
from tui.model.packed_rows import PackedRows
from tui.model.state import Agents, Connection, Conversations, Model, Notice

MINE = [conversation(id=f"C{number}", consumer=f"+155501{number:02}") for number in range(30)]


def desk() -> Model:
    return Model(
        agents=Agents(me=ANN, by_id=Map({"ann": ANN, "ben": BEN})),
        conversations=Conversations(by_id=PackedRows({view.id: view for view in MINE})),
        connection=Connection(is_complete=True),
        keys=DEFAULT_NAMES,
    )


def overdue(view: ConversationView) -> events.Overdue:
    return events.Overdue(replace(view, version=view.version + 1, due_told="overdue"))


def failed(view: ConversationView, status: str = "failed") -> events.SendFailed:
    reply: MessageView = message(conversation_id=view.id, direction="reply", status=status, words="a landline")
    return events.SendFailed(replace(view, version=view.version + 2, unsent=1, unsent_status=status), reply)


def after(model: Model, *told: tuple[int, Any]) -> Model:
    """The model after events, each so many milliseconds after a moment."""
    for number, (ms, body) in enumerate(told, 1):
        model = fold.fold(model, replace(fact_at(number, body), at=AT + ms), AT + ms)
    return model


def words(model: Model) -> str:
    assert model.notices.current is not None
    return model.notices.current.words


def test_twenty_that_are_overdue_at_once_are_one_sentence_and_one_bell() -> None:
    model = after(desk(), (0, overdue(MINE[0])))
    assert (words(model), model.notices.alarm_count) == ("+15550100 is overdue.", 1), "the first is told at once"
    model = after(desk(), *((number * 90, overdue(view)) for number, view in enumerate(MINE[:20])))
    assert words(model) == "20 are overdue: n goes to the most urgent."
    assert model.notices.alarm_count == 1


def test_of_several_kinds_each_has_its_number_the_most_urgent_first() -> None:
    ringing = [replace(view, state="ringing", agent=None, rings=["ann"], ring_until=AT + 60_000) for view in MINE[:2]]
    told = [failed(MINE[5]), overdue(MINE[3]), *map(events.ConversationRang, ringing), failed(MINE[6], "uncertain")]
    model = after(desk(), *((number, body) for number, body in enumerate(told)))
    assert words(model).startswith("2 ring you, 1 is overdue, 1 was not sent, 1 may not have been sent: n goes")
    assert model.notices.current is not None and model.notices.current.is_error, "what was not sent stays"


@pytest.mark.parametrize(("apart", "bells", "said"), [(1_900, 1, "2 are overdue"), (2_000, 2, "is overdue.")])
def test_what_comes_later_is_told_for_itself(apart: int, bells: int, said: str) -> None:
    model = after(desk(), (0, overdue(MINE[0])), (apart, overdue(MINE[1])))
    assert said in words(model) and model.notices.alarm_count == bells


def test_a_stream_of_alarms_rings_again_after_a_while() -> None:
    model = after(desk(), *((number * 1_000, overdue(view)) for number, view in enumerate(MINE)))
    assert model.notices.alarm_count == 2 and words(model).startswith("15 are overdue")


def test_two_alarms_about_one_conversation_are_one_of_the_later_kind() -> None:
    soon = events.DueSoon(replace(MINE[0], version=2, due_told="soon"))
    model = after(desk(), (0, soon), (100, overdue(MINE[0])))
    assert (words(model), model.notices.alarm_count) == ("+15550100 is overdue.", 1)
    assert words(after(model, (200, overdue(MINE[1])))) == "2 are overdue: n goes to the most urgent."


def test_what_does_not_ring_takes_no_bell_from_what_does() -> None:
    joined = events.ConversationJoined(replace(MINE[0], joined=["ben"], version=2), "ben")
    model = after(desk(), (0, joined))
    assert model.notices.alarm_count == 0
    assert after(model, (100, overdue(MINE[1])), (200, overdue(MINE[2]))).notices.alarm_count == 1


def test_a_burst_goes_on_behind_what_the_agent_has_to_read_first() -> None:
    fault = Notice("Not sent.", is_error=True)
    model = changed(desk(), notices={"current": fault})
    model = after(model, *((number, overdue(view)) for number, view in enumerate(MINE[:3])))
    assert model.notices.current is fault
    assert words(clear_notice(model)) == "3 are overdue: n goes to the most urgent."


def test_every_kind_of_alarm_has_words_for_several() -> None:
    assert set(bursts._OF_SEVERAL) == set(AlarmKind)


# Alerts.


def test_an_alert_calls_for_those_whom_it_asks_once_for_each_time() -> None:
    model = after(desk(), (0, events.AlertRaised(alert())))
    assert model.notices.current is None and list(model.alerts) == ["L1"], "nobody is asked yet"
    model = after(model, (100, events.AlertEscalated(alert("ben"))))
    assert model.notices.current is None and model.notices.alarm_count == 0, "it asks somebody else"
    model = after(model, (5_000, events.AlertEscalated(alert("ben", "ann", asked_as="next"))))
    assert words(model) == "You are asked (next on call): orders: 20 overdue. K says that you look after it."
    assert model.notices.alarm_count == 1
    model = after(model, (9_000, events.AlertUpdated(alert("ben", "ann", count=21))))
    assert model.notices.alarm_count == 1 and model.alerts["L1"].count == 21
    assert after(model, (14_000, events.AlertEscalated(alert("ben", "ann", "ann")))).notices.alarm_count == 2


def test_who_was_asked_hears_who_looks_after_it_or_that_it_is_over() -> None:
    model = after(desk(), (0, events.AlertRaised(alert("ann"))))
    taken = alert("ann", acknowledged_by="ben", acknowledged_at=AT + 60_000)
    by_ben = after(model, (60_000, events.AlertAcknowledged(taken)))
    assert words(by_ben) == "Ben looks after orders: 20 overdue." and by_ben.notices.alarm_count == 1
    over = after(model, (60_000, events.AlertEnded(alert("ann", ended_at=AT + 60_000))))
    assert words(over) == "Over by itself: orders: 20 overdue." and not over.alerts
    bens = alert("ben", acknowledged_by="ben", acknowledged_at=AT + 10)
    not_asked = after(desk(), (0, events.AlertRaised(alert("ben"))), (10, events.AlertAcknowledged(bens)))
    assert not_asked.notices.current is None
    ended = after(by_ben, (90_000, events.AlertEnded(replace(taken, ended_at=AT + 90_000))))
    assert words(ended) == "Ben looks after orders: 20 overdue.", "somebody has looked after it"


def test_several_alerts_are_gathered_with_the_key_that_acknowledges_them() -> None:
    model = after(desk(), (0, events.AlertRaised(alert("ann"))), (50, events.AlertRaised(alert("ann", id="L2"))))
    model = after(model, (90, overdue(MINE[0])))
    assert words(model) == "2 alerts ask you, 1 is overdue: K says that you look after them."
