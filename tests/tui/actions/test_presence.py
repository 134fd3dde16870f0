from __future__ import annotations

import pytest
from immutables import Map
from msgspec.structs import replace

from connector.wire import requests
from tests.kit.models import changed, desk
from tests.kit.views import ANN, AT, conversation
from tui.actions import presence as duty
from tui.model.state import Model

MINE = conversation()


class TestSignOff:
    WAITS, SILENT = conversation(id="C1", waiting_since=AT), conversation(id="C2")
    OWING = ("C1", "C2")

    def state(self) -> Model:
        return changed(desk(self.WAITS), conversations={"by_id": Map({"C1": self.WAITS, "C2": self.SILENT})})

    @pytest.mark.parametrize(
        ("choice", "words", "leaving"),
        [
            ("close", "", [("C1", "return", None), ("C2", "close", None)]),
            ("return", "", [("C1", "return", None), ("C2", "return", None)]),
            ("due", "1h", [("C1", "due", AT + 3_600_000), ("C2", "due", AT + 3_600_000)]),
        ],
    )
    def test_every_conversation_is_dealt_with(
        self, choice: str, words: str, leaving: list[tuple[str, str, int | None]]
    ) -> None:
        wish = duty.sign_off(self.state(), list(self.OWING), choice, words, AT)
        assert wish == requests.SignOff([requests.SignOffChoice(*each) for each in leaving])

    def test_words_that_are_no_time_are_refused(self) -> None:
        assert "tomorrow 9:00" in str(duty.sign_off(self.state(), ["C1"], "due", "later", AT))

    def test_what_can_become_of_them_is_said_with_numbers(self) -> None:
        assert [words for _, words in duty.sign_off_choices(self.state(), list(self.OWING))] == [
            "Close 1 that waits for the consumer, give 1 back to the queue",
            "Give all 2 back",
            "Keep what is yours, due at the time below",
        ]
        assert [kind for kind, _ in duty.sign_off_choices(self.state(), ["C1"])] == ["return", "due"]

    @pytest.mark.parametrize(("presence", "first"), [("online", "away"), ("away", "online"), ("offline", "online")])
    def test_what_one_most_likely_wants_to_be_comes_first(self, presence: str, first: str) -> None:
        state = changed(
            desk(MINE), agents={"me": replace(ANN, presence=presence)}, settings={"away_reasons": ("lunch",)}
        )
        ways = duty.presence_choices(state)
        assert ways[0].words == first
        assert {way.words for way in ways} == {"online", "away", "away: lunch", "back soon"}
        assert duty.set_presence(state, ways[0]) == requests.SetPresence(first)
