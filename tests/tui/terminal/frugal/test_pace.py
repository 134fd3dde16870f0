"""When another frame is made, over lines that are slow and windows that are dragged."""

from __future__ import annotations

from tui.terminal.frugal.pace import Pace


class Line:
    """A terminal that answers behind so many bytes a second, and the desk that writes to it as `Pace` lets it."""

    def __init__(self, bytes_per_s: int, *, answers: bool = True) -> None:
        self.now = 100.0
        self.pace = Pace()
        self.queued_s = 0.0  # the most that was on the line at one time
        self._bytes_per_s, self._answers = bytes_per_s, answers
        self._free_at = self.now
        self._answers_at = list[float]()

    def draw(self, size: int, for_s: float) -> int:
        """Have something to draw all the time: how many frames were made."""
        frames, until = 0, self.now + for_s
        while self.now < until:
            if not self.pace.wait_s(self.now):
                frames += 1
                self._free_at = max(self._free_at, self.now) + size / self._bytes_per_s
                self.queued_s = max(self.queued_s, self._free_at - self.now)
                if self.pace.asks_behind(size, self.now) and self._answers:
                    self._answers_at.append(self._free_at)
            self.now += 0.01
            while self._answers_at and self._answers_at[0] <= self.now:
                self._answers_at.pop(0)
                self.pace.answered()
        return frames


def test_a_slow_line_gets_as_many_frames_as_it_carries() -> None:
    line = Line(20_000)
    line.draw(4_000, 0.5)  # the first answer is not there yet
    line.queued_s = 0
    line.now += 10
    assert 40 <= line.draw(4_000, 10) <= 51
    assert line.queued_s < 0.5


def test_letters_do_not_wait_for_answers() -> None:
    line = Line(20_000)
    line.draw(2_000, 1)
    line.now += 1
    assert line.draw(60, 1) >= 99


def test_a_terminal_that_answers_nothing_is_not_waited_for() -> None:
    assert Line(1_000, answers=False).draw(4_000, 1) >= 99


def test_a_lost_answer_holds_up_for_some_seconds_only() -> None:
    line = Line(20_000)
    line.draw(4_000, 1)
    line.now += 1
    line.draw(1, 0.1)
    line._answers = False
    assert line.draw(4_000, 1) <= 2
    line._answers = True
    assert line.draw(4_000, 11) > 1


def test_while_a_window_is_dragged_little_is_drawn() -> None:
    pace, frames, now = Pace(), 0, 100.0
    for step in range(200):
        if step % 4 == 0:
            pace.resized(now)
        frames += not pace.wait_s(now)
        now += 0.01
    assert frames <= 5 * 4
    assert not pace.wait_s(now + 0.1)
