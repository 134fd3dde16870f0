from __future__ import annotations

import pytest
from immutables import Map

from connector.wire import requests
from connector.wire.views import ConversationView
from tests.kit.models import changed, desk, drafted
from tests.kit.views import AT, conversation
from tui.actions.sign_off import LeavingChoice, first_choice, sign_off, summary

WAITS, ANSWERED = conversation(id="C1", waiting_since=AT), conversation(id="C2")


def test_who_waits_goes_back_to_the_queue_first_and_the_others_are_closed() -> None:
    state = changed(desk(WAITS), conversations={"by_id": Map({"C1": WAITS, "C2": ANSWERED})})
    assert (first_choice(state, "C1"), first_choice(state, "C2")) == (LeavingChoice.GIVE_BACK, LeavingChoice.CLOSE)


@pytest.mark.parametrize(
    "one", [conversation(unsent=1, unsent_status="failed"), conversation(unsent_status="uncertain")]
)
def test_one_in_which_something_is_open_is_kept(one: ConversationView) -> None:
    assert first_choice(desk(one), one.id) == LeavingChoice.KEEP
    assert first_choice(drafted(desk(ANSWERED), "C2", "half a tho"), "C2") == LeavingChoice.KEEP


def test_each_conversation_has_its_own_choice() -> None:
    choices = {"C1": LeavingChoice.GIVE_BACK, "C2": LeavingChoice.KEEP, "C3": LeavingChoice.CLOSE}
    expected = [("C1", "return", None), ("C2", "due", AT + 3_600_000), ("C3", "close", None)]
    assert sign_off(choices, "1h", AT) == requests.SignOff([requests.SignOffChoice(*each) for each in expected])
    assert summary(choices) == "1 closed, 1 given back, 1 kept."


def test_a_time_is_read_only_where_something_is_kept() -> None:
    assert sign_off({"C1": LeavingChoice.CLOSE}, "later", AT) == requests.SignOff(
        [requests.SignOffChoice("C1", "close")]
    )
    assert "tomorrow 9:00" in str(sign_off({"C1": LeavingChoice.KEEP}, "later", AT))
