"""Texts that a limit of sending has refused to an agent who may set it aside."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.wire import frames, requests
from connector.wire.refusals import RefusalCode
from tests.kit.views import AT, hello, welcome
from tui.model import over_limit, pending
from tui.model.fold import fold
from tui.model.notices import clear_notice, set_notice
from tui.model.state import Limited, Model, Notice

REPLY = requests.Reply("C1", "hello", ["P1"], seen=4)
START = requests.Start("12345", "+15550777", "hello", confirmed=True, position=5)
RESEND = requests.Resend("M1", 4, even_if_uncertain=True)
LIMITED = [REPLY, START, RESEND]


def refused(body: Limited, **details: int) -> Model:
    state = Model()
    for frame in (hello(5), welcome()):
        state = fold(state, frame, AT)
    state = pending.asked(state, "r", body, AT)
    return fold(state, frames.Refusal("r", RefusalCode.TOO_MANY_SENDS, "Too many.", {**details}), AT)


@pytest.mark.parametrize("body", LIMITED, ids=lambda body: type(body).__name__)
def test_the_same_again_sets_the_limit_aside(body: Limited) -> None:
    state = refused(body, may_override=1)
    assert state.notices.current is not None and "again sends it all the same" in state.notices.current.words
    assert over_limit.overridden(state, body) == replace(body, override=True)


@pytest.mark.parametrize("body", LIMITED, ids=lambda body: type(body).__name__)
def test_who_may_not_is_not_asked(body: Limited) -> None:
    for state in (refused(body), refused(replace(body, override=True), may_override=1)):
        assert state.notices.current is not None and "all the same" not in state.notices.current.words
        assert over_limit.overridden(state, body) is body


def test_later_messages_make_no_other_text() -> None:
    assert over_limit.overridden(refused(REPLY, may_override=1), replace(REPLY, seen=5)).override
    assert over_limit.overridden(refused(START, may_override=1), replace(START, position=9)).override


@pytest.mark.parametrize(
    "other",
    [
        replace(REPLY, text="hello!"),
        replace(REPLY, pictures=[]),
        replace(REPLY, conversation_id="C2"),
        replace(START, text="hello"),
        RESEND,
    ],
)
def test_another_text_has_to_be_asked_about_anew(other: Limited) -> None:
    assert over_limit.overridden(refused(REPLY, may_override=1), other) is other


def test_the_question_has_to_be_in_sight() -> None:
    state = refused(REPLY, may_override=1)
    assert over_limit.overridden(clear_notice(state), REPLY) is REPLY
    assert over_limit.overridden(set_notice(state, Notice("Sure?", asks_again=True)), REPLY) is REPLY


def test_a_test_text_comes_from_a_dialog_and_is_not_pressed_again() -> None:
    state = refused(replace(START, is_test=True), may_override=1)
    assert state.notices.current is not None and "Enter again" not in state.notices.current.words
