from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.wire import requests
from tests.kit.models import changed, desk
from tests.kit.views import ANN, conversation
from tui.actions import presence as duty

MINE = conversation()


@pytest.mark.parametrize(("presence", "first"), [("online", "away"), ("away", "online"), ("offline", "online")])
def test_what_one_most_likely_wants_to_be_comes_first(presence: str, first: str) -> None:
    state = changed(desk(MINE), agents={"me": replace(ANN, presence=presence)}, settings={"away_reasons": ("lunch",)})
    ways = duty.presence_choices(state)
    assert ways[0].words == first
    assert {way.words for way in ways} == {"online", "away", "away: lunch", "back soon"}
    assert duty.set_presence(state, ways[0]) == requests.SetPresence(first)
