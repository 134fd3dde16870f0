"""What arrives is drawn with what else arrives, never later than a tenth of a second, and never left out."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

import pytest
from immutables import Map
from msgspec.structs import replace

from tui.model.state import ComposeState, Model, Transcript
from tui.screens.gathering import Gathering, is_awaited


class Screen:
    """What has arrived and what is drawn of it, by a clock that goes only here."""

    def __init__(self) -> None:
        self.now = 100.0
        self.arrived = self.drawn = 0
        self.drawings = list[float]()
        self.oldest_s = 0.0
        self._since: float | None = None
        self._calls = list[tuple[float, int, Callable[[], None]]]()
        self.gathering = Gathering(self._draw, self._later, lambda: self.now)

    def _draw(self) -> None:
        self.drawings.append(self.now)
        self.drawn = self.arrived
        if self._since is not None:
            self.oldest_s = max(self.oldest_s, self.now - self._since)
        self._since = None

    def _later(self, seconds: float, call: Callable[[], None]) -> None:
        heappush(self._calls, (self.now + seconds, len(self._calls), call))

    def arrive(self, *, is_awaited: bool = False) -> None:
        self.arrived += 1
        self._since = self.now if self._since is None else self._since
        self.gathering.arrived(is_awaited=is_awaited)

    def rest(self, seconds: float) -> None:
        until = self.now + seconds
        while self._calls and self._calls[0][0] <= until:
            self.now, _, call = heappop(self._calls)
            call()
        self.now = until


def test_the_first_after_a_calm_is_drawn_at_once_and_so_is_what_is_awaited() -> None:
    screen = Screen()
    screen.arrive()
    assert screen.drawn == 1
    screen.arrive()
    assert screen.drawn == 1
    screen.arrive(is_awaited=True)
    assert screen.drawn == 3


def test_what_more_follows_is_drawn_with_it_or_soon() -> None:
    screen = Screen()
    screen.arrived = 1
    screen.gathering.begun()
    screen.rest(0.02)
    assert screen.drawn == 0
    screen.arrive(is_awaited=True)
    assert screen.drawn == 2
    screen.rest(1)
    screen.arrived = 3
    screen.gathering.begun()
    screen.rest(0.06)
    assert screen.drawn == 3 and len(screen.drawings) == 2


@pytest.mark.parametrize("key_every_s", [None, 0.067, 0.3])
def test_a_stream_is_drawn_a_few_times_a_second_and_to_its_end(key_every_s: float | None) -> None:
    screen, key_at = Screen(), 100.0
    for _ in range(200):
        screen.arrive()
        screen.rest(0.02)
        if key_every_s is not None and screen.now >= key_at:
            screen.gathering.key_drawn()
            key_at = screen.now + key_every_s
    assert 4 / 0.1 <= len(screen.drawings) <= 4 / 0.04
    assert screen.oldest_s <= 0.1 + 1e-9
    screen.rest(1)
    assert screen.drawn == screen.arrived
    drawings = len(screen.drawings)
    screen.rest(1)
    assert len(screen.drawings) == drawings


def test_while_an_agent_types_all_is_drawn_right_behind_a_key() -> None:
    screen, keys = Screen(), list[float]()
    for number in range(200):
        screen.arrive()
        if number % 4 == 3:
            screen.gathering.key_drawn()
            keys.append(screen.now)
        screen.rest(0.02)
    assert set(screen.drawings[3:]) <= set(keys)


def test_what_the_next_letter_is_written_into_is_drawn_at_once() -> None:
    here = Model(transcript=Transcript("one", "+15550101"))
    assert not is_awaited(here, replace(here))
    assert is_awaited(here, replace(here, compose=ComposeState(drafts=Map({"one": "an undone reply"}))))
    assert is_awaited(here, replace(here, transcript=Transcript("two", "+15550101")))
