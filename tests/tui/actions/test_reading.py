from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.wire import requests
from connector.wire.views import ConversationView
from tests.kit.models import desk
from tests.kit.views import AT, conversation, message
from tui.actions import reading
from tui.model import pending
from tui.model.state import Transcript

MINE = conversation()

QUEUED = conversation(state="queued", agent=None, queued_at=AT)

BENS = conversation(agent="ben")


class TestLooking:
    def test_the_owner_looking_marks_it_read_once(self) -> None:
        unread = replace(MINE, unread=2)
        state = desk(unread)
        assert reading.mark_read(state) == requests.MarkRead("C1")
        assert reading.mark_read(pending.asked(state, "q", requests.MarkRead("C1"), AT)) is None

    @pytest.mark.parametrize("view", [MINE, replace(BENS, unread=1), replace(QUEUED, unread=1)])
    def test_only_the_owner_marks_as_read_and_only_what_is_unread(self, view: ConversationView) -> None:
        assert reading.mark_read(desk(view)) is None

    def test_what_is_not_loaded_is_not_read(self) -> None:
        unread = replace(MINE, unread=2)
        state = replace(desk(unread), transcript=Transcript("C1", unread.consumer))
        assert reading.mark_read(state) is None


class TestHistory:
    def test_the_first_page_is_asked_for_once(self) -> None:
        state = replace(desk(MINE), transcript=Transcript("C1", MINE.consumer))
        wanted = reading.history(state)
        assert wanted == requests.GetHistory("C1", None, 50)
        assert reading.history(pending.asked(state, "h", requests.GetHistory("C1", None, 50), AT)) is None

    def test_older_ones_only_when_there_are_some_and_none_are_on_their_way(self) -> None:
        loaded = Transcript("C1", MINE.consumer, (message(id="M5"),), has_older=True, is_loading=False)
        state = replace(desk(MINE), transcript=loaded)
        assert reading.older(state) == requests.GetHistory("C1", "M5", 50)
        for held in (replace(loaded, has_older=False), replace(loaded, is_loading=True), replace(loaded, messages=())):
            assert reading.older(replace(state, transcript=held)) is None
