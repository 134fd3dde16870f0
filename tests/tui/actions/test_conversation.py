from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.wire import requests
from connector.wire.views import ConversationView
from tests.kit.models import desk, drafted
from tests.kit.views import ANN, AT, conversation
from tui.actions import conversation as actions
from tui.actions import writing
from tui.actions.keys import BY_ID
from tui.model.state import Agents, Model

MINE = conversation()

QUEUED = conversation(state="queued", agent=None, queued_at=AT)

BENS = conversation(agent="ben")

CLOSED = conversation(state="closed", closed_at=AT)

OPTED_OUT = conversation(opted_out=True)

RINGS = conversation(state="ringing", agent=None, rings=["ann", "ben"])

RINGS_AT_BEN = conversation(state="ringing", agent=None, rings=["ben"])

WRAP_UP = conversation(state="wrap_up", wrap_up_until=AT + 60_000)

BENS_WRAP_UP = replace(WRAP_UP, agent="ben")

JOINED = replace(BENS, joined=["ann"])


@pytest.mark.parametrize(
    ("view", "reason"), [(MINE, None), (QUEUED, None), (BENS, "Ben has"), (RINGS, "accept it"), (CLOSED, "closed")]
)
def test_mine_and_queued_conversations_can_be_marked_as_unread(view: ConversationView, reason: str | None) -> None:
    intent = actions.mark_unread(desk(view), view)
    assert reason in str(intent) if reason else intent == requests.MarkUnread(view.id)


@pytest.mark.parametrize(
    ("view", "accepts", "gives_back", "closes", "writes"),
    [
        (MINE, "already yours", True, True, True),
        (QUEUED, True, "accept it first", "accept it first", True),
        (BENS, "Ben has", "Ben has", "Ben has", "Ben has"),
        (CLOSED, "closed", "closed", "closed", "Closed"),
        (OPTED_OUT, "already yours", True, True, "opted out"),
    ],
    ids=["mine", "queued", "another's", "closed", "opted out"],
)
def test_what_can_be_asked_of_a_conversation(
    view: ConversationView, accepts: str | bool, gives_back: str | bool, closes: str | bool, writes: str | bool
) -> None:
    state = desk(view)
    for intent, expected, body in (
        (actions.accept(state, view), accepts, requests.Accept("C1")),
        (actions.give_back(state, view), gives_back, requests.GiveBack("C1")),
        (actions.close(state, view), closes, requests.Close("C1")),
        (writing.reply(state, "hi"), writes, requests.Reply("C1", "hi", [], 0, accept=writing.may_accept(state, view))),
    ):
        if expected is True:
            assert intent == body
        else:
            assert isinstance(intent, str) and str(expected) in intent


def test_without_a_conversation_everything_is_refused() -> None:
    assert isinstance(writing.reply(Model(agents=Agents(me=ANN)), "hi"), str)
    for ask in (actions.accept, actions.give_back, actions.close):
        assert isinstance(ask(Model(agents=Agents(me=ANN)), None), str)


@pytest.mark.parametrize(("key", "else_"), [("close", None), ("give_back", "Give ")])
def test_closing_and_giving_back_ask_once_more_when_they_wait_or_a_draft_is_there(key: str, else_: str | None) -> None:
    doubt = BY_ID[key].doubt
    assert doubt is not None
    asked = doubt(desk(MINE), MINE)
    assert asked is None if else_ is None else (asked or "").startswith(else_)
    waiting = replace(MINE, waiting_since=AT)
    assert "waits for an answer" in (doubt(desk(waiting), waiting) or "")
    assert "draft" in (doubt(drafted(desk(MINE), "C1", "hm"), MINE) or "")


@pytest.mark.parametrize(
    ("view", "accepts", "declines", "reopens", "hands_over", "writes"),
    [
        (MINE, "already yours", "Nothing is ringing", "is open", True, True),
        (QUEUED, True, "Nothing is ringing", "is open", "accept it first", True),
        (RINGS, True, True, "is open", "accept it first", True),
        (RINGS_AT_BEN, "is ringing Ben", "Nothing is ringing", "is open", "accept it first", "is ringing Ben"),
        (BENS, "Ben has", "Nothing is ringing", "is open", "Ben has", "Ben has"),
        (JOINED, "Ben has", "Nothing is ringing", "is open", "Ben has", True),
        (WRAP_UP, "ann has", "Nothing is ringing", True, "closed", "records how it went"),
        (BENS_WRAP_UP, "Ben has", "Nothing is ringing", "Ben is wrapping", "closed", "Ben records"),
        (CLOSED, "closed", "Nothing is ringing", True, "closed", "Closed: esc, then R"),
    ],
)
def test_what_can_be_done_in_each_state(
    view: ConversationView,
    accepts: str | bool,
    declines: str | bool,
    reopens: str | bool,
    hands_over: str | bool,
    writes: str | bool,
) -> None:
    state = desk(view)
    for intent, expected, body in (
        (actions.accept(state, view), accepts, requests.Accept("C1")),
        (actions.decline(state, view), declines, requests.Decline("C1")),
        (actions.reopen(state, view), reopens, requests.Reopen("C1")),
        (
            actions.transfer(state, view, "orders", None, "hm"),
            hands_over,
            requests.Transfer("C1", "orders", None, "hm"),
        ),
        (writing.reply(state, "hi"), writes, requests.Reply("C1", "hi", [], 0, accept=writing.may_accept(state, view))),
    ):
        if expected is True:
            assert intent == body
        else:
            assert isinstance(intent, str) and str(expected) in intent


@pytest.mark.parametrize(
    ("view", "takes_over", "joins"),
    [
        (BENS, requests.TakeOver("C1", "ben"), requests.Join("C1")),
        (JOINED, requests.TakeOver("C1", "ben"), requests.Leave("C1")),
        (MINE, "already yours", "can write in it"),
        (QUEUED, requests.TakeOver("C1", ""), "no one to join"),
        (CLOSED, "closed", "no one to join"),
    ],
)
def test_a_lead_takes_over_joins_and_leaves(
    view: ConversationView, takes_over: requests.Request | str, joins: requests.Request | str
) -> None:
    state = desk(view, is_lead=True)
    for intent, expected in ((actions.take_over(state, view), takes_over), (actions.join_or_leave(state, view), joins)):
        assert expected in intent if isinstance(intent, str) and isinstance(expected, str) else intent == expected


def test_taking_over_and_joining_are_for_leads_but_leaving_is_not() -> None:
    assert "for leads" in str(actions.take_over(desk(BENS), BENS))
    assert "for leads" in str(actions.join_or_leave(desk(BENS), BENS))
    assert actions.join_or_leave(desk(JOINED), JOINED) == requests.Leave("C1")


def test_in_a_wrap_up_closing_says_how_it_went() -> None:
    assert actions.close(desk(WRAP_UP), WRAP_UP, "solved", "ok", ("a", "b")) == requests.WrapUp(
        "C1", "solved", "ok", ["a", "b"]
    )
    assert actions.close(desk(MINE), MINE, "solved") == requests.Close("C1", "solved", "", [])


@pytest.mark.parametrize(
    ("words", "keep", "wish"),
    [
        ("2h", False, requests.SetDue("C1", AT + 7_200_000)),
        ("30m", True, requests.SetDue("C1", AT + 1_800_000, True)),
        ("", True, requests.SetDue("C1", None)),
        ("soon", False, None),
    ],
)
def test_when_an_answer_is_due_is_said_in_words(words: str, keep: bool, wish: requests.Request | None) -> None:
    intent = actions.set_due(desk(MINE), MINE, words, keep, AT)
    assert intent == wish if wish is not None else "tomorrow 9:00" in str(intent)
    assert "Ben has" in str(actions.set_due(desk(BENS), BENS, "2h", False, AT))
