from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map
from msgspec.structs import replace

from connector.sms.text import cells
from connector.wire.views import ConversationView, PartView
from tests.kit.views import ANN, AT, BEN, LINE, conversation
from tui.draw import rows
from tui.model.listing import Scope
from tui.model.state import Agents, Model

DESK = Model(agents=Agents(me=ANN, by_id=Map({"ann": ANN, "ben": BEN})))
WAITING = conversation(unread=2, waiting_since=AT, last_text="Where is my parcel?")


def drawn(view: ConversationView, width: int = 100, scope: Scope = Scope.MINE, state: Model = DESK) -> list[str]:
    lines = rows.row_lines(state, view, scope, width, AT + 4 * 60_000)
    return ["".join(text for text, _ in spans) for spans in lines]


@pytest.mark.parametrize("width", [40, 46, 60, 71, 72, 80, 120])
def test_every_row_shows_unread_waiting_time_consumer_last_words_and_our_line(width: int) -> None:
    lines = drawn(WAITING, width)
    assert len(lines) == rows.row_height(width) == (1 if width >= rows.WIDE else 2)
    assert all(cells(line) == width for line in lines)
    row = " ".join(lines)
    for part in (" 2 ", "4m", "+15550142", "Where is my", LINE):
        assert part in row


def test_a_row_of_no_news_is_silent_about_it() -> None:
    spans = rows.row_lines(DESK, conversation(), Scope.MINE, 100, AT)[0]
    assert "".join(text for text, _ in spans).startswith(" " * 10)


@pytest.mark.parametrize(
    ("view", "who"),
    [
        (conversation(), "you"),
        (conversation(agent="ben"), "Ben"),
        (conversation(agent="zoe"), "zoe"),
        (conversation(state="queued", agent=None), "queued"),
        (conversation(state="closed"), "closed"),
    ],
)
def test_the_list_of_all_says_whose_each_is(view: ConversationView, who: str) -> None:
    for width in (46, 100):
        assert who in " ".join(drawn(view, width, Scope.ALL)).split()


def test_the_queue_shows_the_skill() -> None:
    assert "support" in drawn(conversation(state="queued", agent=None), scope=Scope.QUEUE)[0]


def test_our_last_word_a_draft_and_an_opt_out_are_marked_by_words() -> None:
    assert "→ on its way" in drawn(replace(WAITING, last_direction="reply", last_text="on its way"))[0]
    assert (
        "draft · Where"
        in drawn(WAITING, state=replace(DESK, compose=replace(DESK.compose, drafts=Map({"C1": "secret thoughts"}))))[0]
    )
    assert "opted out: STOP" in drawn(replace(WAITING, opted_out=True, last_text="STOP"))[0]


NOW = AT + 4 * 60_000
RINGS = replace(WAITING, state="ringing", agent=None, rings=["ann"], ring_until=NOW + 42_000)


@pytest.mark.parametrize("width", [46, 80])
@pytest.mark.parametrize(
    ("view", "clock", "role", "words"),
    [
        (replace(WAITING, due_at=NOW + 840_000), "14m", "", "Where"),
        (replace(WAITING, due_at=NOW + 240_000, due_told="soon"), "▲4m", "warn", "Where"),
        (replace(WAITING, due_at=NOW - 180_000, due_told="overdue"), "!3m", "bad", "Where"),
        (replace(WAITING, due_at=NOW), "!<1m", "bad", "Where"),
        (WAITING, "4m", "strong", "Where"),
        (RINGS, "42s", "accent", "rings · Where"),
        (replace(RINGS, rings=["ben"]), "42s", "muted", "rings at Ben"),
        (replace(RINGS, handed_by="ben"), "42s", "accent", "rings · from Ben"),
        (conversation(state="wrap_up", wrap_up_until=NOW + 59_001), "60s", "accent", "wrap-up · hello"),
        (replace(WAITING, state="queued", agent=None, returned_by="ben", moves=3), "4m", "strong", "back from Ben"),
        (conversation(joined=["ann"], agent="ben"), "", "", "beside · hello"),
        (conversation(state="closed", due_at=NOW), "", "", "hello"),
    ],
)
def test_what_runs_out_and_where_it_is_are_said_without_colour_too(
    view: ConversationView, clock: str, role: str, words: str, width: int
) -> None:
    assert rows.time_left(DESK, view, NOW) == (clock, role)
    lines = drawn(view, width)
    assert clock in lines[0] and LINE in lines[-1]
    if width == 80:
        assert words in lines[0]


@pytest.mark.parametrize("width", [46, 80])
@pytest.mark.parametrize(
    ("view", "words", "role"),
    [
        (conversation(unsent=1, unsent_status="failed"), "✗ not sent · hello", "bad"),
        (conversation(unsent=3, unsent_status="undelivered"), "✗ 3 not sent · hello", "bad"),
        (conversation(unsent=1, unsent_status="uncertain"), "? perhaps not sent · hello", "warn"),
        (conversation(likely_opt_out="M1"), "? opted out: hello", "warn"),
    ],
)
def test_what_waits_for_a_decision_says_so(view: ConversationView, words: str, role: str, width: int) -> None:
    spans = [span for line in rows.row_lines(DESK, view, Scope.MINE, width, NOW) for span in line]
    assert any(text.startswith(words) and given == role for text, given in spans)


def test_a_number_is_shown_as_people_of_its_country_write_it() -> None:
    assert "(415) 555-0142" in drawn(conversation(consumer="+14155550142", shown="(415) 555-0142"))[0]


def test_what_rings_at_others_is_grey() -> None:
    spans = rows.row_lines(DESK, replace(RINGS, rings=["ben"]), Scope.QUEUE, 80, NOW)[0]
    assert {role for _, role in spans} == {"muted"}


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
    assert f"+15550142          {words}" in drawn(replace(WAITING, last_part=part))[0]


@given(st.text(max_size=200), st.text(max_size=30), st.sampled_from([40, 72, 120]), st.sampled_from(Scope))
def test_whatever_comes_from_outside_a_row_keeps_its_width(text: str, name: str, width: int, scope: Scope) -> None:
    view = conversation(last_text=text, consumer=name, line=name, skill=name, agent=name, unread=150, waiting_since=1)
    for line in drawn(view, width, scope):
        assert cells(line) == width
        assert "\x1b" not in line and "\n" not in line


@pytest.mark.parametrize("scope", Scope)
def test_titles_stand_over_their_columns(scope: Scope) -> None:
    view = replace(WAITING, state="queued" if scope is Scope.QUEUE else "assigned")
    titles = "".join(text for text, _ in rows.column_titles(scope, 100))
    row = drawn(view, 100, scope)[0]
    assert cells(titles) == 100
    assert titles.index("consumer") == row.index("+15550142")
    assert titles.index("last message") == row.index("Where is")
    assert titles.rstrip().endswith("our line") and len(titles.rstrip()) == len(row.rstrip())
