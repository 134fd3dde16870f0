from __future__ import annotations

import random

from connector.base.clock import SteppingClock
from connector.base.ids import Ids, encode


def test_ids_sort_as_they_were_made_whatever_the_clock_does() -> None:
    clock = SteppingClock()
    ids = Ids(clock, random.Random(1))
    made = []
    for step_s in [0, 0, 1, 0, -5, 0, 3, 10]:
        clock.advance(step_s)
        made.append(ids.new())
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {len(one) for one in made} == {26}


def test_encode_keeps_order_and_loses_nothing() -> None:
    assert encode(0) == "0" * 26
    assert encode(2**128 - 1) == "7" + "Z" * 25
    assert encode(5) < encode(6) < encode(2**100)
