from __future__ import annotations

import pytest
from immutables import Map
from msgspec.structs import replace

from connector.wire.views import ConversationView
from tests.kit.views import ANN, AT, BEN, conversation
from tui.model.absence import Absence, after_lost_link, after_silence, duration
from tui.model.listing import Listing
from tui.model.packed_rows import PackedRows
from tui.model.state import Agents, Conversations, Model

MINE = [conversation(id=f"C{number}", agent="ann", state="assigned", waiting_since=AT) for number in range(4)]


def words(before: list[ConversationView], after: list[ConversationView]) -> str:
    """What is said of a desk that had these, and has those."""
    first, then = Listing(), Listing()
    for listing, views in ((first, before), (then, after)):
        listing.refill(PackedRows({view.id: view for view in views}), "ann")
    absence = Absence(AT, first.why_needed, frozenset(first.open_mine))
    agents = Agents(me=ANN, by_id=Map({"ann": ANN, "ben": replace(BEN, name="Ben\n")}))
    rows = Conversations(by_id=PackedRows({view.id: view for view in after}))
    return absence.words(Model(agents=agents, conversations=rows), then.why_needed, frozenset(then.open_mine))


def test_where_nothing_has_happened_nothing_is_said() -> None:
    assert words(MINE, MINE) == "" == words([], [])


def test_what_came_became_due_and_was_moved_is_counted() -> None:
    queued = [replace(MINE[0], id=f"Q{number}", agent=None, state="queued") for number in range(3)]
    late = replace(MINE[0], due_told="overdue")
    taken = [replace(view, agent="ben") for view in MINE[1:3]]
    assert (
        words(MINE, [late, *taken, *queued])
        == "3 came, 1 became overdue, Ben has 2 of yours, one of yours out of your sight"
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"state": "closed", "agent": None}, "one of yours closed"),
        ({"state": "queued", "agent": None}, "one of yours went to the queue"),
        ({"agent": "zoe"}, "zoe has one of yours"),
    ],
)
def test_where_one_went_is_said(changed: dict[str, str | None], said: str) -> None:
    assert words(MINE, [*MINE[1:], replace(MINE[0], **changed)]) == said


def test_many_colleagues_are_not_all_named() -> None:
    after = [replace(view, agent=f"a{number}") for number, view in enumerate(MINE)]
    assert words(MINE, after) == "a0 has one of yours, a1 has one of yours, others have 2 of yours"


def test_what_was_overdue_before_is_no_news_and_what_is_given_is_said_once_more() -> None:
    late = replace(MINE[0], due_told="overdue")
    assert words([late], [late]) == ""
    assert words([], [MINE[0]]) == "1 came, 1 more is yours"


def test_how_long_it_was_is_said_briefly() -> None:
    assert [duration(s * 1000) for s in (-5, 3, 61, 7_199, 7_200)] == ["0 s", "3 s", "1 min", "119 min", "2 hours"]
    absence = Absence(AT, {}, frozenset())
    assert after_silence(absence, "", AT + 60_000) == "This terminal did not answer for 1 min: you were offline."
    assert after_silence(absence, "2 came", AT + 60_000).endswith("Meanwhile: 2 came.")
    assert after_lost_link(absence, "back: 9 events caught up", "2 came", AT + 60_000) == (
        "back: 9 events caught up. While you were gone (1 min): 2 came."
    )
