from __future__ import annotations

import os
import random
from concurrent.futures import ThreadPoolExecutor

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


def test_a_new_id_is_a_ulid_of_its_moment() -> None:
    clock = SteppingClock()
    tail = random.Random(7).getrandbits(79)
    assert Ids(clock, random.Random(7)).new() == encode((clock.now() << 80) | tail)


def test_ids_of_several_threads_are_all_different() -> None:
    ids = Ids(SteppingClock())
    with ThreadPoolExecutor(4) as threads:
        made = [one for part in threads.map(lambda _: [ids.new() for _ in range(2000)], range(4)) for one in part]
    assert len(set(made)) == len(made)


def test_a_forked_process_makes_other_ids() -> None:
    clock = SteppingClock()
    ids = Ids(clock)
    ids.new()
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.write(writing, ids.new().encode())
        os._exit(0)
    os.waitpid(child, 0)
    with open(reading, closefd=True) as pipe:
        os.close(writing)
        of_child = pipe.read()
    mine = ids.new()
    assert len(of_child) == len(mine) == 26
    assert of_child[10:18] != mine[10:18]


def test_ids_go_on_after_those_of_another_generator() -> None:
    clock = SteppingClock()
    ahead = SteppingClock(clock.now() + 3_600_000)
    ids, others = Ids(clock, random.Random(1)), Ids(ahead, random.Random(2))
    for _ in range(3):
        theirs = others.new()
        ids.follow(theirs)
        mine = ids.new()
        others.follow(mine)
        assert theirs < mine < others.new()
    clock.advance(7200)
    assert ids.new() == ids.latest > mine


def test_following_an_earlier_id_or_none_changes_nothing() -> None:
    ids = Ids(SteppingClock(), random.Random(1))
    last = ids.new()
    for one in ("", "M1", "0" * 26, "8" + "Z" * 25, last[:-1] + "u"):
        ids.follow(one)
        assert ids.latest == last


def test_the_last_id_of_a_millisecond_is_followed_by_the_next() -> None:
    clock = SteppingClock()
    ids = Ids(clock, random.Random(1))
    last = encode((clock.now() << 80) | ((1 << 80) - 1))
    ids.follow(last)
    assert last < ids.new() < encode((clock.now() + 2) << 80)
