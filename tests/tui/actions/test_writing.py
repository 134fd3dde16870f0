from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.wire import requests
from connector.wire.views import ConversationView
from tests.kit.models import attached, changed, desk
from tests.kit.views import AT, account, conversation
from tui.actions import conversation as actions
from tui.actions import enabled, writing
from tui.model import new_conversation
from tui.model.conversations import open_between
from tui.model.conversations import open_conversation as model_opened
from tui.model.state import Attachment

MINE = conversation()

QUEUED = conversation(state="queued", agent=None, queued_at=AT)


CLOSED = conversation(state="closed", closed_at=AT)

OPTED_OUT = conversation(opted_out=True)

ACCOUNT = account("main", most_pictures=2)


@pytest.mark.parametrize(("length", "goes"), [(1, True), (1599, True), (1600, True), (1601, False), (5000, False)])
@pytest.mark.parametrize("letter", ["a", "€", "あ", "😀"])
def test_a_reply_holds_1600_code_points_and_what_is_longer_is_refused_with_its_length(
    length: int, goes: bool, letter: str
) -> None:
    intent = writing.reply(desk(MINE), letter * length)
    if goes:
        assert intent == requests.Reply("C1", letter * length, [], 0)
    else:
        assert isinstance(intent, str) and f"by {length - 1600:,} character" in intent


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_nothing_is_not_sent(text: str) -> None:
    assert isinstance(writing.reply(desk(MINE), text), str)


class TestTextFirst:
    @pytest.mark.parametrize(
        ("typed", "number"),
        [
            ("+15550142", "+15550142"),
            (" +1 (555) 01-42.", "+15550142"),
            ("0015550142", "+15550142"),
            ("12345", "12345"),
            ("(555) 014-2999", "5550142999"),  # the core reads it in the country of the line
            ("07400 123456", "07400123456"),
        ],
    )
    def test_a_number_is_taken_as_people_write_it(self, typed: str, number: str) -> None:
        assert writing.consumer_address(typed) == number

    @pytest.mark.parametrize("typed", ["", "+", "hello", "+0 and more", "+0123456789", "+٣٣٣٣٣٣٣٣", "1"])
    def test_text_that_is_no_number_is_refused(self, typed: str) -> None:
        assert writing.consumer_address(typed) is None
        assert "country code" in str(writing.test_text("L", typed, "hi"))

    def test_the_text_goes_as_a_start_and_without_pictures(self) -> None:
        state = new_conversation.show_new(
            changed(desk(MINE), providers={"accounts": (ACCOUNT,)}), "12345", "+15550777", AT
        )
        assert writing.reply(state, "hi") == requests.Start("12345", "+15550777", "hi")
        seen = replace(state, connection=replace(state.connection, position=7))
        assert writing.reply(seen, "hi") == requests.Start("12345", "+15550777", "hi", position=7)
        assert "once the conversation is open" in str(writing.cannot_attach(state, model_opened(state)))

    def test_nothing_else_can_be_done_with_what_is_not_there_yet(self) -> None:
        state = new_conversation.show_new(desk(MINE), "12345", "+15550777", AT)
        for intent in (actions.close, actions.give_back):
            assert "Nothing has been sent" in str(intent(state, model_opened(state)))
        assert {"accept", "give_back", "close"} <= enabled.disabled_actions(state, model_opened(state), "")

    def test_an_open_conversation_is_used_and_a_closed_one_is_not(self) -> None:
        assert open_between(desk(MINE), MINE.line, MINE.consumer) == MINE
        assert open_between(desk(CLOSED), CLOSED.line, CLOSED.consumer) is None
        assert open_between(desk(MINE), "12345", MINE.consumer) is None


class TestPictures:
    def test_they_go_with_the_reply_also_without_words(self) -> None:
        picture = Attachment("a.png", 3, "P1", None)
        state = attached(desk(MINE), MINE.id, picture)
        assert writing.reply(state, "") == requests.Reply(MINE.id, "", ["P1"], 0)
        assert writing.reply(state, "look") == requests.Reply(MINE.id, "look", ["P1"], 0)

    def test_one_on_its_way_is_waited_for(self) -> None:
        state = attached(desk(MINE), MINE.id, Attachment("a.png", 3, None, "r1"))
        assert "still on its way" in str(writing.reply(state, "look"))

    def test_no_more_than_the_account_can_send(self) -> None:
        state = changed(desk(MINE), providers={"accounts": (ACCOUNT,)})
        assert writing.cannot_attach(state, MINE) is None
        for number in range(2):
            state = attached(state, MINE.id, Attachment("a", None, f"https://a/{number}", None))
        assert writing.cannot_attach(state, MINE) == "At most 2 pictures can go with one reply from +15550199."

    @pytest.mark.parametrize(
        ("view", "words"),
        [(None, "Open a conversation"), (MINE, "cannot be sent"), (QUEUED, "cannot be sent"), (OPTED_OUT, "opted out")],
    )
    def test_why_none_can_go(self, view: ConversationView | None, words: str) -> None:
        assert words in str(writing.cannot_attach(desk(view or MINE), view))
