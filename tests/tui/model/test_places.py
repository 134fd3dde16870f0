"""A transcript at a place that newer messages are missing after: what is loaded, what comes, and the way back."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.wire import answers, events, frames, requests
from connector.wire.views import MessageView
from tests.kit.views import AT, conversation, fact, hello, message, reply, snapshot, welcome
from tui.actions import reading, writing
from tui.actions.keys import DEFAULT_NAMES
from tui.model import pending, transcripts
from tui.model.fold import fold
from tui.model.state import FoundPlace, LinkPhase, Model, Transcript

PAGE = 4


def at(number: int) -> MessageView:
    return message(id=f"M{number:03}", seq=number, text=f"text {number}")


class Core:
    """What it has of one consumer, and how it answers."""

    def __init__(self, count: int) -> None:
        self.messages = [at(number) for number in range(count)]

    def comes(self) -> frames.EventFrame:
        one = at(len(self.messages))
        self.messages.append(one)
        return fact(100 + one.seq, events.MessageReceived(conversation(last_seq=one.seq, version=one.seq + 2), one))

    def history(self, wanted: requests.GetHistory) -> answers.History:
        ids = [one.id for one in self.messages]
        first, end = max(0, len(ids) - PAGE), len(ids)
        if wanted.before is not None:
            end = ids.index(wanted.before)
            first = max(0, end - PAGE)
        elif wanted.after is not None:
            first = ids.index(wanted.after) + 1
            end = min(len(ids), first + PAGE)
        elif wanted.around is not None:
            first = max(0, ids.index(wanted.around) - PAGE // 2)
            end = min(len(ids), first + PAGE)
        return answers.History(self.messages[first:end], first > 0, newer=end < len(ids))


def shown(model: Model) -> Transcript:
    assert model.transcript is not None
    return model.transcript


def numbers(model: Model) -> list[int]:
    return [one.seq for one in shown(model).messages]


def opened() -> Model:
    model = Model(keys=DEFAULT_NAMES)
    for frame in (hello(5), welcome(), snapshot(conversation(), position=5)):
        model = fold(model, frame, AT)
    model = replace(model, connection=replace(model.connection, phase=LinkPhase.LINKED))
    return transcripts.enter(model, "C1")


def go(model: Model, number: int) -> Model:
    place = FoundPlace(at(number).id, ((0, 4),))
    return replace(model, transcript=transcripts.at_place(shown(model), place))


def ask(model: Model, wanted: requests.GetHistory | None) -> Model:
    return model if wanted is None else pending.asked(model, "h", wanted, AT)


def answered(model: Model, core: Core) -> Model:
    """The answer to what was asked for is here."""
    body = model.pending["h"].body
    assert isinstance(body, requests.GetHistory)
    return fold(model, frames.AnswerFrame("h", core.history(body)), AT)


def loaded(core: Core, wanted: int) -> Model:
    """A desk that has gone to one of the messages."""
    model = go(answered(ask(opened(), reading.history(opened())), core), wanted)
    return answered(ask(model, reading.history(model)), core)


def test_what_is_around_it_is_loaded_and_nothing_else() -> None:
    model = loaded(Core(20), 7)
    assert numbers(model) == [5, 6, 7, 8] and shown(model).has_older and shown(model).has_newer
    assert reading.history(model) is None


def test_one_that_is_here_is_gone_to_at_once() -> None:
    core = Core(20)
    model = answered(ask(opened(), reading.history(opened())), core)
    gone = go(model, 17)
    assert numbers(gone) == [16, 17, 18, 19] and not shown(gone).has_newer and reading.history(gone) is None


def test_pages_are_loaded_both_ways_up_to_the_ends() -> None:
    core = Core(20)
    model = loaded(core, 9)
    while wanted := reading.newer(model):
        model = answered(ask(model, wanted), core)
    while wanted := reading.older(model):
        model = answered(ask(model, wanted), core)
    assert numbers(model) == list(range(20)) and not shown(model).has_newer and not shown(model).has_older


def test_a_page_is_asked_for_once() -> None:
    model = loaded(Core(20), 9)
    assert reading.newer(ask(model, reading.newer(model))) is None


def test_what_comes_meanwhile_is_not_shown_after_a_gap() -> None:
    core = Core(20)
    model = fold(loaded(core, 7), core.comes(), AT)
    assert numbers(model) == [5, 6, 7, 8]


def test_what_comes_while_the_last_page_is_under_way_is_shown_after_it() -> None:
    core = Core(12)
    model = loaded(core, 7)
    model = ask(model, reading.newer(model))
    body = model.pending["h"].body
    assert isinstance(body, requests.GetHistory)
    answer = core.history(body)
    model = fold(model, core.comes(), AT)
    model = fold(model, frames.AnswerFrame("h", answer), AT)
    assert numbers(model) == [5, 6, 7, 8, 9, 10, 11, 12] and not shown(model).has_newer
    model = fold(model, core.comes(), AT)
    assert numbers(model)[-1] == 13, "it is at its end now"


def test_what_becomes_of_one_that_came_meanwhile_is_known_when_it_is_shown() -> None:
    core = Core(8)
    model = ask(loaded(core, 3), requests.GetHistory("C1", after=at(4).id))
    written = reply(id="M008", seq=8)
    core.messages.append(written)
    answer = answers.History(core.messages[5:8], more=True)
    model = fold(model, fact(200, events.ReplyWritten(conversation(version=30), written)), AT)
    model = fold(model, fact(201, events.StatusMoved("C1", "M008", 8, "delivered", AT, None, None)), AT)
    model = fold(model, frames.AnswerFrame("h", answer), AT)
    assert (numbers(model)[-1], shown(model).messages[-1].status) == (8, "delivered")


def test_an_answer_from_before_the_agent_went_there_does_not_take_them_away() -> None:
    core = Core(20)
    model = ask(opened(), reading.history(opened()))
    late = frames.AnswerFrame("h", core.history(requests.GetHistory("C1")))
    model = fold(go(model, 7), late, AT)
    assert shown(model).is_loading and numbers(model) == []


def test_an_answer_for_a_place_that_was_left_is_not_shown() -> None:
    core = Core(20)
    model = go(answered(ask(opened(), reading.history(opened())), core), 4)
    model = ask(model, requests.GetHistory("C1", around="M004"))
    model = answered(go(model, 12), core)
    assert numbers(model) == []
    assert reading.history(model) == requests.GetHistory("C1", around="M012")


def test_after_a_gap_in_the_connection_the_place_is_loaded_again() -> None:
    core = Core(20)
    model = loaded(core, 7)
    model = replace(model, transcript=replace(shown(model), is_stale=True))
    assert reading.history(model) == requests.GetHistory("C1", around="M007")
    assert numbers(answered(ask(model, reading.history(model)), core)) == [5, 6, 7, 8]


def test_the_way_back_loads_the_latest() -> None:
    core = Core(20)
    model = loaded(core, 7)
    model = replace(model, transcript=transcripts.at_present(shown(model)))
    assert reading.history(model) == requests.GetHistory("C1")
    model = answered(ask(model, reading.history(model)), core)
    assert numbers(model) == [16, 17, 18, 19] and shown(model).found is None and not shown(model).has_newer


def test_nothing_is_read_and_nothing_sent_where_the_latest_is_not_on_the_screen() -> None:
    core = Core(20)
    model = fold(loaded(core, 7), fact(300, events.ConversationRead(conversation(unread=2, version=40))), AT)
    assert reading.mark_read(model) is None
    refused = writing.reply(model, "hi")
    assert isinstance(refused, str) and "G" in refused


def test_a_place_is_left_with_its_conversation() -> None:
    core = Core(20)
    model = transcripts.put_aside(loaded(core, 7))
    again = transcripts.show(model, "C1")
    assert reading.history(again) == requests.GetHistory("C1")


def test_instead_of_a_place_that_is_gone_the_latest_are_shown() -> None:
    model = ask(go(opened(), 7), requests.GetHistory("C1", around="M007"))
    model = fold(model, frames.Refusal("h", "unknown_message", "There is no such message."), AT)
    assert reading.history(model) == requests.GetHistory("C1") and not shown(model).has_newer
    assert model.notices.current is not None and model.notices.current.words == "There is no such message."


@given(steps=st.lists(st.sampled_from(["comes", "newer", "older", "answer", "place", "present", "lost"]), max_size=40))
@pytest.mark.parametrize("count", [3, 30])
def test_whatever_happens_there_is_no_gap(count: int, steps: Iterable[str]) -> None:
    core = Core(count)
    model = opened()
    under_way: list[tuple[str, answers.History]] = []
    names = map(str, itertools.count())

    def asks(wanted: requests.GetHistory | None) -> None:
        nonlocal model
        if wanted is not None:
            name = next(names)
            model = pending.asked(model, name, wanted, AT)
            under_way.append((name, core.history(wanted)))

    for number, step in enumerate(steps):
        match step:
            case "comes":
                model = fold(model, core.comes(), AT)
            case "newer":
                asks(reading.newer(model))
            case "older":
                asks(reading.older(model))
            case "place":
                model = go(model, number % count)
            case "present":
                model = replace(model, transcript=transcripts.at_present(shown(model)))
            case "lost":
                model = replace(model, transcript=replace(shown(model), is_stale=True))
            case _ if under_way:
                name, answer = under_way.pop(0)
                model = fold(model, frames.AnswerFrame(name, answer), AT)
        asks(reading.history(model))
        seen = numbers(model)
        if seen and not shown(model).is_stale and not shown(model).is_loading:
            assert seen == list(range(seen[0], seen[-1] + 1))
            assert shown(model).has_newer or seen[-1] == core.messages[-1].seq
