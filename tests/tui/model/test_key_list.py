from __future__ import annotations

from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from tui.model import key_list
from tui.model.key_list import Key, KeyList

_keys: st.SearchStrategy[Key] = st.tuples(st.integers(0, 8), st.integers(-3, 3), st.sampled_from("abcd"))


@given(st.lists(st.lists(_keys, max_size=12) | _keys, max_size=12))
def test_keys_are_in_the_order_of_a_sorted_list(steps: list[list[Key] | Key]) -> None:
    """A list of keys is added, those that are here excepted; a key alone is removed, or added where it is not here."""
    keys, expected = KeyList(), list[Key]()
    with mock.patch.multiple(key_list, _MOST=4, _FEW=2):
        for step in steps:
            if isinstance(step, list):
                new = set(step) - set(expected)
                keys.update(new)
                expected += new
            elif step in expected:
                keys.discard(step)
                expected.remove(step)
            else:
                keys.discard(step)
                keys.add(step)
                expected.append(step)
            expected.sort()
    assert list(keys) == expected and len(keys) == len(expected)
    assert [one for run in keys.runs(3) for one in run.ids] == [key[2] for key in expected]
    assert [keys[at] for at in range(-len(keys), len(keys))] == expected * 2
    assert [keys.index(key) for key in expected] == list(range(len(expected)))
    for key in [(0, -9, ""), (4, 0, "b"), (9, 0, "")]:
        assert keys.bisect_left(key) == sum(each < key for each in expected) and (key in keys) == (key in expected)


def test_a_moment_beyond_all_time_is_the_last_of_its_group() -> None:
    keys = KeyList([(1, 1 << 62, "far"), (1, 5, "near"), (2, -(1 << 62), "first"), (2, 0, "then")])
    assert [key[2] for key in keys] == ["near", "far", "first", "then"] and [key[0] for key in keys] == [1, 1, 2, 2]
    keys.discard((1, 1 << 62, "far"))
    assert [key[2] for key in keys] == ["near", "first", "then"]
