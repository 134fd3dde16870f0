from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map
from msgspec.structs import replace

from connector.sms.text import cells
from connector.wire.views import ConversationView, PartView
from tests.kit.views import ANN, AT, BEN, conversation
from tui.draw import rows
from tui.draw.format import clock
from tui.model.listing import Scope
from tui.model.marked import Marks
from tui.model.state import Agents, Model

DESK = Model(agents=Agents(me=ANN, by_id=Map({"ann": ANN, "ben": BEN})))
WAITING = conversation(unread=2, waiting_since=AT, last_text="Where is my parcel?")
NOW = AT + 4 * 60_000
RINGS = replace(WAITING, state="ringing", agent=None, rings=["ann"], ring_until=NOW + 42_000)


def drawn(view: ConversationView, width: int = 100, scope: Scope = Scope.MINE, state: Model = DESK) -> list[str]:
    lines = rows.row_lines(state, view, scope, width, NOW)
    return ["".join(text for text, _ in spans) for spans in lines]


@pytest.mark.parametrize("width", [40, 46, 60, 71, 72, 80, 120])
def test_every_row_begins_with_the_time_and_has_name_last_words_and_what_is_new(width: int) -> None:
    lines = drawn(WAITING, width)
    assert len(lines) == rows.row_height(width) == (1 if width >= rows.WIDE else 2)
    assert all(cells(line) == width for line in lines)
    assert lines[0].startswith("    4m ") and lines[0].endswith(" 2 new ")
    assert "+15550142" in lines[0] and "Where is my" in lines[-1]


def test_a_row_that_needs_nothing_is_quiet_and_says_when_it_was() -> None:
    (spans,) = rows.row_lines(DESK, conversation(), Scope.MINE, 100, NOW)
    assert "".join(text for text, _ in spans).startswith(" " * 8)
    assert (f" {clock(AT)} ", "faint") in spans and not {"you", "bad", "ring", "strong"} & {role for _, role in spans}


@pytest.mark.parametrize(
    ("view", "who"),
    [
        (conversation(), "you"),
        (conversation(agent="ben"), "Ben"),
        (conversation(agent="zoe"), "zoe"),
        (conversation(state="queued", agent=None), "support"),
        (conversation(state="closed"), "closed"),
    ],
)
def test_the_list_of_all_says_whose_each_is(view: ConversationView, who: str) -> None:
    for width in (46, 100):
        assert who in " ".join(drawn(view, width, Scope.ALL)).split()


@pytest.mark.parametrize("width", [46, 80])
@pytest.mark.parametrize(
    ("view", "since", "role", "mark"),
    [
        (replace(WAITING, due_at=NOW + 840_000), "4m", "", "2 new"),
        (replace(WAITING, due_at=NOW + 240_000, due_told="soon"), "▲4m", "you", "2 new"),
        (replace(WAITING, due_at=NOW - 180_000, due_told="overdue"), "!3m", "bad", "2 new"),
        (replace(WAITING, due_at=NOW, unsent=1), "!<1m", "bad", "not sent"),
        (WAITING, "4m", "", "2 new"),
        (replace(WAITING, waiting_since=NOW - 6 * 60_000), "6m", "you", "2 new"),
        (RINGS, "42s", "ring", "rings"),
        (replace(RINGS, rings=["ben"]), "42s", "muted", "rings Ben"),
        (replace(RINGS, due_at=NOW - 120_000), "!42s", "bad", "rings"),
        (conversation(state="wrap_up", wrap_up_until=NOW + 59_001), "60s", "you", "wrap-up"),
        (conversation(unsent=1, unsent_status="failed"), "✗ 4m", "bad", "not sent"),
        (conversation(unsent=3, unsent_status="undelivered"), "✗ 4m", "bad", "3 not sent"),
        (conversation(unsent=1, unsent_status="uncertain", last_at=NOW), "?", "you", "not sure"),
        (conversation(unsent_status="uncertain"), "? 4m", "you", "being looked up"),
        (conversation(unsent=1, last_at=NOW - 99 * 86_400_000), "✗ 99d", "bad", "not sent"),
        (conversation(likely_opt_out="M1"), "? 4m", "you", "opted out?"),
        (conversation(opted_out=True), "", "", "opted out"),
        (conversation(due_at=NOW + 600_000), "", "", f"due {clock(NOW + 600_000)}"),
        (conversation(state="closed", due_at=NOW), "", "", clock(AT)),
    ],
)
def test_the_left_edge_says_what_needs_the_agent_and_the_right_one_what_happened(
    view: ConversationView, since: str, role: str, mark: str, width: int
) -> None:
    assert rows.time_left(DESK, view, NOW) == (since, role)
    first = drawn(view, width)[0]
    assert first[1:6] == f"{since:>5}" and first.endswith(f" {mark} ")


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (replace(RINGS, handed_by="ben"), "from Ben · Where"),
        (replace(WAITING, state="queued", agent=None, returned_by="ben"), "back from Ben · Where"),
        (replace(WAITING, state="queued", agent=None, moves=3), "passed on 3 times · Where"),
        (conversation(joined=["ann"], agent="ben"), "you write beside them · hello"),
        (replace(WAITING, last_direction="reply", last_text="on its way"), "→ on its way"),
        (replace(WAITING, tags=["late"], handed_by="ben"), "#late · from Ben · Where"),
    ],
)
def test_before_the_last_words_stands_how_it_came_here(view: ConversationView, words: str) -> None:
    assert words in drawn(view)[0] and words[:20] in drawn(view, 46)[1]


def test_of_many_tags_those_are_shown_that_have_room() -> None:
    view = replace(WAITING, tags=["refund", "late", "very important customer"])
    assert "#refund #late +1 · Where is" in drawn(view)[0] and "#refund +2 · Where is" in drawn(view, 46)[1]


def test_a_draft_is_marked_and_not_shown() -> None:
    state = replace(DESK, compose=replace(DESK.compose, drafts=Map({"C1": "secret thoughts"})))
    row = drawn(conversation(), state=state)[0]
    assert row.endswith(" draft ") and "secret" not in row and row.count("draft") == 1


@pytest.mark.parametrize("width", [40, 46, 80])
@pytest.mark.parametrize(
    ("view", "mark", "words"),
    [
        (WAITING, "2 new", "draft · Where is"),
        (RINGS, "rings", "draft · Where is"),
        (replace(RINGS, handed_by="ben"), "rings", "draft · from Ben"),
        (conversation(unsent=1, unsent_status="failed"), "not sent", "draft · hello"),
        (conversation(due_at=NOW + 600_000), f"due {clock(NOW + 600_000)}", "draft · hello"),
        (conversation(opted_out=True), "opted out", "draft · hello"),
    ],
)
def test_a_draft_hides_nothing_else_and_is_not_hidden(
    view: ConversationView, mark: str, words: str, width: int
) -> None:
    lines = drawn(view, width, state=replace(DESK, compose=replace(DESK.compose, drafts=Map({"C1": "hm"}))))
    assert lines[0].endswith(f" {mark} ") and words in lines[-1]


def test_a_number_is_shown_as_people_of_its_country_write_it() -> None:
    assert "(415) 555-0142" in drawn(conversation(consumer="+14155550142", shown="(415) 555-0142"))[0]


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (None, "Where is my parcel?"),
        (PartView(7, 1, 1), "Where is my parcel?"),
        (PartView(7, 3, 1), "(3 parts) Where is my parcel?"),
        (PartView(7, 3, 2), "(3 parts) …Where is my parcel?"),
    ],
)
def test_a_text_in_segments_is_shown_by_its_beginning(part: PartView | None, words: str) -> None:
    assert f"  {words}" in drawn(replace(WAITING, last_part=part))[0]


@given(st.text(max_size=200), st.text(max_size=30), st.sampled_from([40, 72, 120]), st.sampled_from(Scope))
def test_whatever_comes_from_outside_a_row_keeps_its_width(text: str, name: str, width: int, scope: Scope) -> None:
    view = conversation(last_text=text, consumer=name, line=name, skill=name, agent=name, unread=150, waiting_since=1)
    for one in (view, replace(view, state="ringing", rings=[name])):
        for line in drawn(one, width, scope):
            assert cells(line) == width
            assert "\x1b" not in line and "\n" not in line


def test_titles_stand_over_their_columns() -> None:
    titles = "".join(text for text, _ in rows.column_titles(100))
    row = drawn(WAITING, 100)[0]
    assert cells(titles) == 100
    assert titles.index("who") == row.index("+15550142")
    assert titles.index("where") == row.index("support")
    assert titles.index("last words") == row.index("Where is")


@pytest.mark.parametrize("width", [40, 100])
def test_a_mark_has_a_column_of_its_own_in_all_rows_while_there_are_marks(width: int) -> None:
    unmarked = drawn(WAITING, width)[0]
    marked = drawn(WAITING, width, state=replace(DESK, marks=Marks(Map({WAITING.id: Scope.MINE}))))[0]
    other = drawn(WAITING, width, state=replace(DESK, marks=Marks(Map({"another": Scope.MINE}))))[0]
    assert marked.startswith("    4m * ") and other.startswith("    4m   ")
    name = marked.index("+15550142")
    assert marked[name - 1] == " " and other.index("+15550142") == name == unmarked.index("+15550142") + 2
    assert cells(marked) == cells(other) == width
    if width >= rows.WIDE:
        titles = "".join(text for text, _ in rows.column_titles(width, has_marks=True))
        assert titles.index("who") == name
