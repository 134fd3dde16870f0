"""The board: who needs a lead comes first, no line is wider than the page, and figures are whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map
from msgspec.structs import replace

from connector.sms.text import cells
from connector.wire.answers import Board
from connector.wire.board import AgentOnBoardView, SkillOnBoardView
from connector.wire.views import AgentView
from tests.kit.views import ANN, AT, BEN
from tui.draw.board import board_entries, summary
from tui.model.state import Agents, Model, PageData

NAMES = st.sampled_from(["Bo", "Wilhelmina Featherstonehaugh", "محمد عبد الرحمن", "北京客户服务团队", "\x1b[31mEve\n"])
CAT = replace(ANN, id="cat", name="Cat", presence="offline")
ANNS, BENS = (
    AgentOnBoardView("ann", 1.5, 2, answered=7),
    AgentOnBoardView("ben", 4, 10, waiting=3, waits_since=AT - 600_000),
)
EVERY = ("every", "skill")
CATS = AgentOnBoardView("cat", 1, 1)
ORDERS = SkillOnBoardView("orders", True, 4, AT - 1_200_000, 1, online=2, free=2.5, answered=10, in_time=8)


def desk(*agents: AgentView, board: Board | None) -> Model:
    known = Map({one.id: one for one in agents or (ANN, BEN, CAT)})
    return Model(agents=Agents(me=ANN, role="lead", by_id=known), fetched=PageData(board=board))


def lines(model: Model, width: int = 80, height: int = 22) -> list[str]:
    drawn = [line for _, part in board_entries(model, AT, width, height) for line in part]
    return ["".join(text for text, _ in line) for line in drawn]


def order(*has: AgentOnBoardView, agents: tuple[AgentView, ...] = ()) -> list[str]:
    return [key for key, _ in board_entries(desk(*agents, board=Board([*has], [])), AT, 80, 22) if key is not None]


def test_it_says_what_each_queue_and_each_agent_has() -> None:
    page = lines(desk(board=Board([ANNS, BENS, CATS], [ORDERS])))
    orders, ben, ann = (next(line for line in page if word in line) for word in ("orders", "Ben", "ann (you)"))
    assert orders.split() == ["orders", "4", "20m", "1", "2", "2.5", "8", "of", "10"]
    assert ben.split() == [
        "Ben",
        "●",
        "online",
        "4",
        "of",
        "4",
        "10",
        "10m",
        "·",
        *EVERY,
    ]
    assert ann.split() == ["ann", "(you)", "●", "online", "1.5", "of", "4", "2", "·", "·", "7", *EVERY]
    titles = next(line for line in page if "agent" in line)
    assert titles.split() == ["agent", "state", "places", "open", "waits", "late", "today", "skills"]


@pytest.mark.parametrize(
    ("first", "has"),
    [
        ("ben", replace(BENS, overdue=1)),  # something is overdue
        ("cat", replace(CATS, unsure=1)),  # it is not known whether it was sent
        ("cat", CATS),  # who has one and is not there
        ("ben", BENS),  # full, and somebody waits
        ("ann", replace(ANNS, waits_since=AT)),  # or else who waits longest
    ],
)
def test_first_is_who_needs_a_lead(first: str, has: AgentOnBoardView) -> None:
    idle = [AgentOnBoardView(name, 0) for name in ("ann", "ben", "cat") if name != has.agent]
    assert order(*idle, has)[0] == first


def test_more_than_a_capacity_is_explained() -> None:
    page = lines(desk(board=Board([replace(BENS, places=9.5), ANNS], [])))
    assert any("9.5 of 4 (+5.5)" in line for line in page)
    assert page[-1].strip().startswith("(+3): so many more") and page[-2].strip().startswith("places: a quiet one")
    assert not any("places:" in line for line in lines(desk(board=Board([CATS], []))))


def test_who_is_removed_goes_and_who_is_disabled_stays_while_they_have_something() -> None:
    gone = replace(CAT, is_disabled=True)
    assert order(ANNS, CATS, agents=(ANN, BEN)) == ["ann", "ben"]
    assert "cat" in order(ANNS, CATS, agents=(ANN, BEN, gone))
    assert "cat" not in order(ANNS, agents=(ANN, BEN, gone))


def test_without_an_answer_it_says_why() -> None:
    assert lines(desk(board=None))[1].strip() == "The board is on its way."
    old = replace(desk(board=None), fetched=PageData(board_refusal="get_board is unknown here"))
    assert lines(old)[1].strip() == "get_board is unknown here"


def test_two_hundred_agents_and_sixty_skills_leave_the_agents_in_sight() -> None:
    agents = [replace(BEN, id=f"a{number}", name=f"Agent {number}") for number in range(200)]
    skills = [SkillOnBoardView(f"s{number}", True) for number in range(60)]
    model = desk(*agents, board=Board([], [*skills, ORDERS]))
    entries = board_entries(model, AT, 80, 22)
    head = entries[0][1]
    assert len(head) <= 22 and sum(key is not None for key, _ in entries) == 200
    text = "\n".join("".join(text for text, _ in line) for line in head)
    assert "orders" in text and "skills with less to do" in text


def test_the_title_sums_it_up_in_the_room_there_is() -> None:
    model = desk(board=Board([replace(BENS, overdue=2, unsent=1)], [ORDERS]))
    assert (
        "".join(text for text, _ in summary(model, 80))
        == "3 overdue · 1 not sent · 4 in the queue · 2 of 3 agents online"
    )
    assert "".join(text for text, _ in summary(model, 30)) == "3 overdue · 1 not sent"


@given(st.integers(40, 220), NAMES, st.integers(0, 250), st.integers(0, 130), st.booleans())
def test_no_line_is_too_wide_and_figures_are_whole(
    width: int, name: str, capacity: int, owned: int, has_skills: bool
) -> None:
    skills = ["orders", "a-skill-with-a-rather-long-name", "support"] if has_skills else []
    ben = replace(BEN, name=name, capacity=capacity, skills=skills, since=AT - 36_000_000, reason=name)
    has = AgentOnBoardView("ben", owned + 0.5, owned, 3, owned, AT - 9_000_000, owned, owned, owned, 1_000)
    page = lines(desk(ANN, ben, board=Board([has], [replace(ORDERS, skill=name or "s")])), width)
    assert all(cells(line) <= width and "\x1b" not in line for line in page)
    if owned:
        assert any(f"  {owned}" in line for line in page)
