"""The time a core goes by: steps of its reference count once they have lasted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.base.clock import DisciplinedClock, SteppingClock, SystemClock

HOUR_S, DAY_S = 3600, 24 * 3600
STEPS_S = (-HOUR_S, HOUR_S, DAY_S)
HOLD_S = DisciplinedClock.HOLD_S


def compared(clock: DisciplinedClock) -> int:
    return clock.compare(clock.machine_now())


@pytest.mark.parametrize("step_s", STEPS_S)
def test_a_step_that_is_taken_back_changes_nothing(step_s: int) -> None:
    machine = SteppingClock()
    clock, began_at = DisciplinedClock(machine), machine.now()
    machine.set_by(step_s)
    for _ in range(HOLD_S // 5 - 1):
        assert compared(clock) == 0
        machine.advance(5)
        assert clock.step == step_s * 1000
    machine.set_by(-step_s)
    assert (compared(clock), clock.step) == (0, 0)
    assert clock.now() == machine.now() == began_at + (HOLD_S - 5) * 1000


@pytest.mark.parametrize("step_s", STEPS_S)
def test_a_step_that_lasts_is_adopted(step_s: int) -> None:
    machine = SteppingClock()
    clock = DisciplinedClock(machine)
    machine.set_by(step_s)
    assert compared(clock) == 0
    machine.advance(HOLD_S)
    step = compared(clock)
    assert step == step_s * 1000
    assert clock.now() == machine.now() - step
    clock.adopt(step)
    assert (clock.now(), clock.step) == (machine.now(), 0)


def test_another_step_has_to_last_as_long() -> None:
    machine = SteppingClock()
    clock = DisciplinedClock(machine)
    machine.set_by(HOUR_S)
    compared(clock)
    machine.advance(HOLD_S - 1)
    machine.set_by(DAY_S)
    assert compared(clock) == 0
    machine.advance(HOLD_S - 1)
    assert compared(clock) == 0
    machine.advance(1)
    assert compared(clock) == (HOUR_S + DAY_S) * 1000


def test_a_small_difference_is_followed_at_once() -> None:
    machine = SteppingClock()
    clock = DisciplinedClock(machine)
    for drift_s in (0.5, -10.0, 10.0):
        machine.set_by(drift_s)
        assert (compared(clock), clock.step) == (0, 0)
        assert clock.now() == machine.now()


@settings(max_examples=30)
@given(moves=st.lists(st.tuples(st.integers(-DAY_S, DAY_S), st.integers(0, 60)), max_size=20))
def test_time_never_jumps_by_itself(moves: list[tuple[int, int]]) -> None:
    machine = SteppingClock()
    clock = DisciplinedClock(machine)
    for step_s, passed_s in moves:
        before = clock.now()
        machine.set_by(step_s)
        machine.advance(passed_s)
        assert clock.now() == before + passed_s * 1000
        compared(clock)
        assert abs(clock.now() - before - passed_s * 1000) <= clock.SMALL_MS


def test_steady_time_of_the_machine_goes_on() -> None:
    clock = SystemClock()
    first = clock.steady()
    assert first > 0
    assert clock.steady() >= first
