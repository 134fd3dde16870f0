"""The columns of the team page never run together, however large the numbers and however long the names."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map
from msgspec.structs import replace

from connector.sms.text import cells
from tests.kit.views import ANN, AT, BEN, conversation
from tui.draw.team import team_entries
from tui.model.listing import Listing
from tui.model.state import Agents, Model

NAMES = st.sampled_from(["Bo", "Wilhelmina Featherstonehaugh", "محمد عبد الرحمن", "北京客户服务团队"])


def rows(width: int, name: str, capacity: int, owned: int, late: int, skills: list[str]) -> list[str]:
    """The lines of the page for Ann, who has nothing, and a colleague."""
    ben = replace(BEN, name=name, capacity=capacity, skills=skills, since=AT - 36_000_000)
    state = Model(agents=Agents(me=ANN, by_id=Map({"ann": ANN, "ben": ben})))
    listing = Listing()
    told = ["overdue"] * late + [""] * (owned - late)
    listing.refill({f"C{at}": conversation(id=f"C{at}", agent="ben", due_told=due) for at, due in enumerate(told)}, "a")
    drawn = [line for _, lines in team_entries(state, listing, AT, width) for line in lines]
    return ["".join(text for text, _ in line) for line in drawn]


@given(st.integers(40, 140), NAMES, st.integers(1, 250), st.integers(0, 130), st.integers(0, 130), st.booleans())
def test_figures_and_what_is_overdue_are_whole_and_stand_alone(
    width: int, name: str, capacity: int, owned: int, late: int, has_skills: bool
) -> None:
    late = min(late, owned)
    skills = ["orders", "a-skill-with-a-rather-long-name", "support"] if has_skills else []
    for number in (rows(width, name, capacity, owned, late, skills), rows(width, name, 4, owned, late, skills)):
        line = next(one for one in number if f"{name[:2]}" in one and " of " in one)
        assert cells(line) <= width
        assert re.search(rf" {owned} of \d+( |$)", line)
        if late:
            assert f" {late} overdue " in line or re.search(rf" !{late}( |$)", line)


@pytest.mark.parametrize("width", [80, 100])
def test_places_of_two_digits_do_not_touch_what_is_overdue(width: int) -> None:
    line = next(one for one in rows(width, "Ben", 12, 18, 7, ["orders"]) if "Ben" in one)
    assert "18 of 12  7 overdue  " in line
