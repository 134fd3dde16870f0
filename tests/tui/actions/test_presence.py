from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.wire import requests
from tests.kit.models import changed, desk
from tests.kit.views import ANN, conversation
from tui.actions import presence as duty

MINE = conversation()


@pytest.mark.parametrize(
    ("presence", "reason", "now"),
    [
        ("online", "", "online"),
        ("away", "", "away"),
        ("away", "lunch", "away: lunch"),
        ("away", "shift", "away"),
        ("offline", "", "online"),
    ],
)
def test_the_cursor_begins_on_what_one_is(presence: str, reason: str, now: str) -> None:
    me = replace(ANN, presence=presence, reason=reason)
    state = changed(desk(MINE), agents={"me": me}, settings={"away_reasons": ("lunch",)})
    ways = duty.presence_choices(state)
    assert [way.words for way in ways] == ["online", "away", "away: lunch", "back soon"]
    assert ways[duty.place_of_now(state, ways)].words == now


def test_what_one_is_not_is_asked_for() -> None:
    state = desk(MINE)
    online, away, *_ = duty.presence_choices(state)
    assert duty.set_presence(state, away) == requests.SetPresence("away")
    assert duty.is_now(state, online) and isinstance(duty.set_presence(state, online), str)
