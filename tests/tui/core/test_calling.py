from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from tui.core.calling import Caller

APART_S = 15.0


class Quiet:
    """A caller on a clock of its own, and when it has called."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[float] = []
        self._due: list[tuple[float, Callable[[], None]]] = []
        self.caller = Caller(lambda: self.calls.append(self.now), self._later, APART_S, lambda: self.now)

    def _later(self, s: float, call: Callable[[], None]) -> None:
        self._due.append((self.now + s, call))

    def go_to(self, at: float) -> None:
        for due, call in sorted(one for one in self._due if one[0] <= at):
            self.now = due
            call()
        self._due = [one for one in self._due if one[0] > at]
        self.now = at


def test_what_comes_soon_after_a_call_is_one_more_at_the_end_of_the_quiet() -> None:
    quiet = Quiet()
    for at in (0.0, 1.0, 7.0, 14.9):
        quiet.go_to(at)
        quiet.caller.ask()
    quiet.go_to(100.0)
    assert quiet.calls == [0.0, 15.0]
    quiet.caller.ask()
    assert quiet.calls == [0.0, 15.0, 100.0], "at once after a calm"


@given(st.lists(st.floats(0, 20, allow_nan=False), max_size=30))
def test_calls_are_apart_and_none_is_lost(gaps: list[float]) -> None:
    quiet, asked = Quiet(), []
    for gap in gaps:
        quiet.go_to(quiet.now + gap)
        quiet.caller.ask()
        asked.append(quiet.now)
    quiet.go_to(quiet.now + APART_S)
    assert all(later - before >= APART_S - 1e-6 for before, later in zip(quiet.calls, quiet.calls[1:], strict=False))
    assert all(any(at <= call <= at + APART_S + 1e-6 for call in quiet.calls) for at in asked)
