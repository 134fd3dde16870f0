"""A living terminal is never called silent, however slow its line and idle its agent; a dead one is, soon."""

from __future__ import annotations

import heapq

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.kit.rounds import rounds
from tui.terminal.line_check import DETACHED_S, IDLE_S, PATIENCE_S, LineCheck

LOOK_S = 2.0
SLOWEST = 2000  # bytes in a second
DELAY_S = 20.0  # of the line, each way together
SOON_S = IDLE_S + PATIENCE_S + 2 * LOOK_S


class Line:
    """A terminal at the end of a line, and the desk that looks at it. What arrives there is answered in its order."""

    def __init__(self, *, delay_s: float = 0.1, answers: bool = True) -> None:
        self.now = 1000.0
        self.check = LineCheck(self.now)
        self.is_dead = False
        self.questions = 0
        self._delay_s, self._answers = delay_s, answers
        self._free_at = self.now  # when all that was written has arrived
        self._coming: list[float] = []  # when answers come

    def wait(self, seconds: float) -> None:
        """Look every two seconds."""
        until = self.now + seconds
        while self.now + LOOK_S <= until:
            self.sleep(LOOK_S)
            self.look()
        self.sleep(until - self.now)

    def sleep(self, seconds: float) -> None:
        """The desk does nothing meanwhile but take what comes."""
        self.now += seconds
        while self._coming and self._coming[0] <= self.now and not self.is_dead:
            self.check.heard(heapq.heappop(self._coming))
            self.check.answered()

    def look(self, stuck_s: float = 0) -> None:
        if self.check.look(self.now, stuck_s):
            self.questions += 1
            self.write(4)
            if self._answers:
                heapq.heappush(self._coming, self._free_at + self._delay_s)

    def write(self, size: int) -> None:
        self.check.wrote(size)
        self._free_at = max(self._free_at, self.now) + size / SLOWEST

    def press(self) -> None:
        self.check.heard(self.now)


STEPS = st.one_of(
    st.tuples(st.just("wait"), st.floats(0, 200)),
    st.tuples(st.just("write"), st.integers(1, 300_000)),
    st.tuples(st.just("press"), st.none()),
    st.tuples(st.just("stopped"), st.floats(6, 5000)),
)


@settings(max_examples=rounds(200), deadline=None)
@given(st.floats(0, DELAY_S), st.lists(STEPS, max_size=30))
@example(15.0, [("wait", 32.0), ("stopped", 16.0), ("wait", 0.0)])  # an answered question waits for nothing
def test_a_living_terminal_is_never_silent(delay_s: float, steps: list[tuple[str, float]]) -> None:
    line = Line(delay_s=delay_s)
    for step, amount in steps:
        match step:
            case "wait":
                line.wait(amount)
            case "write":
                line.write(int(amount))
            case "press":
                line.press()
            case "stopped":  # it takes nothing meanwhile, either
                line.now += amount
        line.look()
        assert not line.check.is_silent


def test_a_picture_that_takes_minutes_on_a_slow_line_is_no_silence() -> None:
    line = Line()
    line.wait(20)
    line.write(300_000)
    for _ in range(100):
        line.wait(LOOK_S)
        assert not line.check.is_silent


def test_a_dead_line_is_silent_soon_and_back_with_its_first_sign_of_life() -> None:
    line = Line()
    line.wait(600)
    line.is_dead = True
    line.wait(SOON_S)
    assert line.check.is_silent
    asked = line.questions
    line.wait(10 * IDLE_S)
    assert line.questions >= asked + 9  # so that it is noticed when a terminal is there again
    line.is_dead = False
    line.wait(IDLE_S)
    assert not line.check.is_silent


def test_output_that_is_not_taken_is_a_silent_line() -> None:
    line = Line()
    line.wait(20)
    found = []
    for stuck_s in (PATIENCE_S - 1, PATIENCE_S, 0):
        line.look(stuck_s)
        found.append(line.check.is_silent)
    assert found == [False, True, False]


def test_a_multiplexer_without_a_terminal_answers_for_nobody_some_minutes_after_the_last_key() -> None:
    line, found = Line(), []

    def wait(*, is_attached: bool) -> None:
        line.check.attached(line.now, is_attached=is_attached)
        line.wait(DETACHED_S / 2 + LOOK_S)
        found.append(line.check.is_silent)

    for is_attached in (True, False, False, True, False):
        wait(is_attached=is_attached)
    line.check.pressed(line.now)  # by a program
    wait(is_attached=False)
    assert found == [False, False, True, False, False, False]


def test_a_terminal_that_never_answers_is_not_judged_once_a_key_has_come() -> None:
    line = Line(answers=False)
    line.wait(10)
    line.press()
    line.wait(10_000)
    assert not line.check.is_silent
    assert line.questions == 3


def test_a_terminal_from_which_nothing_ever_comes_is_silent() -> None:
    line = Line(answers=False)
    line.wait(SOON_S)
    assert line.check.is_silent
    line.press()
    line.look()
    assert not line.check.is_silent
