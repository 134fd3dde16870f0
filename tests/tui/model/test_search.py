"""The search as it is typed: the newest question wins, pages follow one another, nothing out of sight stays."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from connector.wire import answers, events, frames, requests
from connector.wire.views import HitView, PersonHitView
from tests.kit.views import AT, CONSUMER, LINE, conversation, fact, hello, snapshot, welcome
from tui.model import pending, search
from tui.model.fold import fold
from tui.model.search import TypedSearch
from tui.model.sight import shut_out
from tui.model.state import Model


def hit(number: int, **fields: Any) -> HitView:
    known: dict[str, Any] = {
        "message_id": f"M{number}",
        "conversation_id": f"C{number}",
        "at": AT,
        "direction": "inbound",
        "status": "received",
        "author": None,
        "line": LINE,
        "consumer": CONSUMER,
        "skill": "support",
        "state": "closed",
        "agent": None,
        "text": "hello",
    }
    return HitView(**{**known, **fields})


def person(conversation_id: str) -> PersonHitView:
    return PersonHitView(CONSUMER, conversation_id, "assigned", LINE, "ann", AT)


def page(*numbers: int, more: str = "", **fields: Any) -> answers.SearchHits:
    return answers.SearchHits([hit(number) for number in numbers], more, **fields)


def typed(text: str) -> TypedSearch:
    return search.typed(TypedSearch(), text)


def asked(state: TypedSearch) -> requests.Search:
    wanted = search.question(state, 0)
    assert wanted is not None
    return wanted


def found(state: TypedSearch, *numbers: int, more: str = "") -> TypedSearch:
    return search.answered(state, page(*numbers, more=more), asked(state))


def test_what_is_typed_is_asked_for_and_answered() -> None:
    state = typed("parcel ")
    assert asked(state) == requests.Search("parcel", limit=search.PAGE) and state.is_old
    state = found(state, 2, 1)
    assert [one.message_id for one in state.hits] == ["M2", "M1"] and not state.is_old
    assert search.question(state, 0) is None


def test_the_newest_question_wins_and_what_was_found_stays_until_it_is_answered() -> None:
    state = found(typed("par"), 1)
    first = asked(search.typed(state, "parc"))
    state = search.typed(search.typed(state, "parc"), "parce")
    assert [one.message_id for one in state.hits] == ["M1"] and state.is_old
    late = search.answered(state, page(7, 8), first)
    assert late == state, "an answer to what is not typed any more"
    assert asked(late).text == "parce"


def test_blanks_at_the_end_ask_for_nothing_new() -> None:
    state = found(typed("par"), 1)
    assert search.question(search.typed(state, "par "), 0) is None


def test_an_empty_text_finds_nothing_and_asks_nothing() -> None:
    state = search.typed(found(typed("par"), 1), "  ")
    assert state.hits == () and search.question(state, 0) is None


def test_pages_follow_one_another_when_the_end_is_in_sight() -> None:
    state = found(typed("par"), *range(100, 50, -1), more="51")
    assert search.question(state, 0) is None, "a page is enough until the end is in sight"
    state = search.more_wanted(state)
    assert asked(state).before == "51"
    state = found(state, *range(50, 0, -1))
    assert len(state.hits) == 100 and state.more == "" and search.more_wanted(state) == state


def test_few_hits_are_looked_for_further_and_not_for_ever() -> None:
    state, questions = typed("par tag:refund"), 0
    while (wanted := search.question(state, 0)) is not None:
        questions += 1
        state = search.answered(state, page(more=str(10_000 - questions)), wanted)
    assert 5 < questions < 50 and state.more, "it goes on when the agent goes down"
    assert search.question(search.more_wanted(state), 0) is not None


def test_the_same_page_twice_is_there_once() -> None:
    state = found(typed("par"), *range(100, 50, -1), more="51")
    state = search.more_wanted(state)
    wanted = asked(state)
    state = search.answered(state, page(50, more="49"), wanted)
    assert search.answered(state, page(50, more="49"), wanted) == state


def test_a_refusal_says_why_and_keeps_what_was_found() -> None:
    state = search.typed(found(typed("par"), 1), "par tga:x")
    state = search.refused(state, "tga: is nothing", asked(state))
    assert state.refusal == "tga: is nothing" and len(state.hits) == 1 and search.question(state, 0) is None
    state = found(search.typed(state, "par tag:x"), 2)
    assert state.refusal == "" and [one.message_id for one in state.hits] == ["M2"]


def test_a_refusal_of_what_is_not_typed_any_more_says_nothing() -> None:
    first = asked(typed("tga:x"))
    state = search.typed(typed("tga:x"), "tag:x")
    assert search.refused(state, "no", first) == state


class TestAtADesk:
    def desk(self) -> Model:
        """Of Ann, who has searched, and sees C1."""
        model = Model()
        for frame in (hello(5), welcome(), snapshot(conversation(id="C1"), position=5)):
            model = fold(model, frame, AT)
        model = replace(model, search=typed("hello"))
        model = pending.asked(model, "s", asked(model.search), AT)
        return fold(model, frames.AnswerFrame("s", page(2, 1, people=[person("C1"), person("")])), AT)

    def test_an_answer_is_shown(self) -> None:
        assert [one.conversation_id for one in self.desk().search.hits] == ["C2", "C1"]

    def test_a_refusal_is_shown_where_the_hits_are_and_nowhere_else(self) -> None:
        model = replace(self.desk(), search=typed("tga:x"))
        model = pending.asked(model, "s", asked(model.search), AT)
        model = fold(model, frames.Refusal("s", "bad_request", "tga: is nothing"), AT)
        assert model.search.refusal == "tga: is nothing" and model.notices.current is None

    @pytest.mark.parametrize("gone", [events.ConversationHidden("C1"), events.ConversationErased("C1")])
    def test_what_has_gone_is_no_hit_any_more(self, gone: events.Event) -> None:
        model = fold(self.desk(), fact(6, gone), AT)
        assert [one.conversation_id for one in model.search.hits] == ["C2"]
        assert [one.conversation_id for one in model.search.people] == [""]

    def test_nothing_stays_of_what_was_found_where_the_agent_is_shut_out(self) -> None:
        assert shut_out(self.desk()).search == TypedSearch()
