from __future__ import annotations

from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.wire.views import ConversationView
from tests.kit.rounds import rounds
from tests.kit.views import AT, conversation
from tui.model.listing import Listing, Scope, sort_key
from tui.model.packed_rows import PackedRows
from tui.model.row_texts import matches, sought

_times = st.integers(AT, AT + 20)


@st.composite
def views(draw: st.DrawFn) -> ConversationView:
    state = draw(st.sampled_from(["queued", "ringing", "assigned", "wrap_up", "closed"]))
    return conversation(
        id=f"C{draw(st.integers(1, 8))}",
        state=state,
        agent=draw(st.sampled_from(["ann", "ben"])) if state in ("assigned", "wrap_up") else None,
        rings=draw(st.sampled_from([["ann"], ["ben"], ["ann", "ben"]])) if state == "ringing" else [],
        ring_until=draw(_times) if state == "ringing" else None,
        wrap_up_until=draw(_times) if state == "wrap_up" else None,
        due_at=draw(st.none() | _times),
        due_told=draw(st.sampled_from(["", "soon", "overdue"])),
        rank=draw(st.integers(0, 9)),
        unsent=draw(st.sampled_from([0, 0, 1])),
        likely_opt_out=draw(st.sampled_from(["", "", "M1"])),
        last_at=draw(_times),
        queued_at=draw(_times) if state == "queued" else None,
        waiting_since=draw(st.none() | _times) if state != "closed" else None,
        last_text=draw(st.sampled_from(["the parcel", "a Lamp", "PARCEL again"])),
    )


def shown(listing: Listing) -> list[str]:
    return [listing.at(row) for row in range(len(listing))]


@settings(max_examples=rounds(32))
@given(
    st.lists(views() | st.integers(1, 8) | st.none(), max_size=30),
    st.lists(views(), max_size=8, unique_by=lambda view: view.id),
    st.sampled_from(Scope),
    st.sampled_from(["", "parcel", "lamp a"]),
)
def test_updating_row_by_row_or_by_pages_equals_sorting_at_once(
    changes: list[ConversationView | int | None], page: list[ConversationView], scope: Scope, words: str
) -> None:
    """A number is a conversation that is gone; None: the filter goes on searching for a moment."""
    known = {view.id: view for view in changes[: len(changes) // 3] if isinstance(view, ConversationView)}
    listing = Listing()
    listing.refill(known, "ann")
    listing.look_at("ben", known)
    with mock.patch("tui.model.listing._AT_ONCE", 0), mock.patch("tui.model.row_texts._TOGETHER", 1):
        listing.show(scope, words, PackedRows(known))
        for change in changes:
            if change is None:
                listing.search(PackedRows(known), lambda: True)
            elif isinstance(change, int):
                listing.change(known.pop(f"C{change}", None), None)
            else:
                old = known.get(change.id)
                known[change.id] = change
                listing.change(old, change)
        listing.search(PackedRows(known))
    new = [view for view in page if view.id not in known]
    listing.add(new)
    known.update((view.id, view) for view in new)
    whose = "ben" if scope is Scope.COLLEAGUE else "ann"
    keys = sorted(
        key
        for view in known.values()
        if matches(view, sought(words.split())) and (key := sort_key(scope, view, whose)) is not None
    )
    assert shown(listing) == [key[2] for key in keys]
    afresh = Listing()
    afresh.refill(known, "ann")
    afresh.look_at("ben", known)
    for each in Scope:
        assert afresh.count(each) == listing.count(each)
    for agent in ("ann", "ben"):
        owned = sum(view.state == "assigned" and view.agent == agent for view in known.values())
        assert afresh.owned(agent) == listing.owned(agent) == owned
    assert afresh.unsent == listing.unsent
    for alarm in ("soon", "overdue"):
        assert afresh.due_count(alarm) == listing.due_count(alarm)
    assert [listing.row_of(known[name]) for name in shown(listing)] == list(range(len(listing)))


def filled(*views: ConversationView) -> Listing:
    listing = Listing()
    listing.refill({view.id: view for view in views}, "ann")
    return listing


def test_mine_shows_what_rings_then_who_waits_by_when_it_is_due_and_the_answered_last() -> None:
    listing = filled(
        conversation(id="answered-old", last_at=AT + 1),
        conversation(id="answered-new", last_at=AT + 9),
        conversation(id="due-later", waiting_since=AT, due_at=AT + 8),
        conversation(id="due-first", waiting_since=AT + 5, due_at=AT + 6),
        conversation(id="not-sent", due_at=AT + 9, unsent=1, unsent_status="failed"),
        conversation(id="opt-out?", waiting_since=AT, due_at=AT + 10, likely_opt_out="M1"),
        conversation(id="reminder", due_at=AT + 1),
        conversation(id="reminder-soon", due_at=AT + 7, due_told="soon"),
        conversation(id="wrap-up", state="wrap_up", wrap_up_until=AT + 3),
        conversation(id="somebody-elses", agent="ben"),
        conversation(id="rings", state="ringing", agent=None, rings=["ben", "ann"], ring_until=AT + 99),
        conversation(id="rings-at-ben", state="ringing", agent=None, rings=["ben"], ring_until=AT + 1),
    )
    assert shown(listing) == [
        "rings",
        "not-sent",
        "opt-out?",
        "reminder-soon",
        "due-first",
        "due-later",
        "reminder",
        "wrap-up",
        "answered-new",
        "answered-old",
    ]
    assert (listing.ringing, listing.unsent, listing.waiting, listing.wrapping) == (1, 1, 5, 1)
    urgent = ["not-sent", "opt-out?", "reminder-soon", "due-first", "due-later"]
    assert listing.open_mine == [*urgent, "reminder", "answered-new", "answered-old"]


def test_the_queue_is_in_the_core_s_order_with_what_rings_elsewhere_behind_and_without_what_rings_here() -> None:
    queued = conversation(state="queued", agent=None)
    views = [
        replace(queued, id="third", rank=9),
        replace(queued, id="second", rank=-4),
        replace(queued, id="elsewhere", state="ringing", rings=["ben"], rank=-9),
        replace(queued, id="here", state="ringing", rings=["ann"], rank=99, ring_until=AT),
    ]
    listing = filled(*views)
    listing.show(Scope.QUEUE, "", PackedRows({view.id: view for view in views}))
    assert shown(listing) == ["second", "third", "elsewhere"]


def test_alarms_are_counted_of_mine_and_of_the_queue() -> None:
    late = conversation(due_told="overdue")
    listing = filled(
        late,
        replace(late, id="C2", state="queued", agent=None),
        replace(late, id="C3", agent="ben"),
        replace(late, id="C4", due_told="soon"),
    )
    assert (listing.due_count("overdue"), listing.due_count("soon")) == (2, 1)
    listing.change(late, replace(late, due_told=""))
    assert listing.due_count("overdue") == 1


NEEDS = [
    conversation(id="overdue", state="queued", agent=None, due_told="overdue", due_at=AT + 3),
    conversation(id="ring", state="ringing", agent=None, rings=["ann"], ring_until=AT),
    conversation(id="unsent", unsent_status="uncertain"),  # it is looked up
    conversation(id="soon", due_told="soon", due_at=AT + 2),
    conversation(id="waits", waiting_since=AT + 1),
    conversation(id="queued", state="queued", agent=None, waiting_since=AT + 2, rank=AT + 2),
]


def went_round(listing: Listing, times: int, here: str | None = None, *views: ConversationView) -> list[str]:
    """Where an agent gets to who goes on to what needs them; `views`: conversations as they are now."""
    known = {view.id: view for view in (*NEEDS, *views)}.get
    seen = []
    for _ in range(times):
        place = listing.next_need(here)
        assert place is not None
        listing.opened(known(place.id), known(here or ""))
        here = place.id
        seen.append(here)
    return seen


def test_the_round_goes_through_all_that_need_the_agent_and_begins_again() -> None:
    listing = filled(*NEEDS, conversation(id="answered"), conversation(id="ben's", agent="ben", due_told="overdue"))
    names = [view.id for view in NEEDS]
    assert listing.needs == len(names)
    assert went_round(listing, 2 * len(names)) == names * 2
    assert [listing.need_place(view) for view in NEEDS] == [(name, at + 1, 6) for at, name in enumerate(names)]
    assert listing.need_before(NEEDS[2]) == ("ring", 2, 6)
    assert listing.need_before(NEEDS[0]) == ("queued", 6, 6)


def test_what_was_skipped_comes_again_when_all_others_were_seen_and_what_is_new_comes_first() -> None:
    listing = filled(*NEEDS)
    assert went_round(listing, 3) == ["overdue", "ring", "unsent"]
    listing.change(NEEDS[2], sent := replace(NEEDS[2], unsent_status=""))
    assert went_round(listing, 1, "unsent", sent) == ["soon"]
    listing.change(NEEDS[4], late := replace(NEEDS[4], due_told="overdue", due_at=AT + 9))
    listing.change(NEEDS[0], replace(NEEDS[0], last_text="once more"))  # no more urgent than it was
    assert went_round(listing, 3, "soon", sent, late) == ["waits", "queued", "waits"], (
        "mine before the queue's, if due later"
    )
    listing.change(late, None)
    assert listing.next_need("overdue") == ("ring", 2, 4)


def test_of_those_that_need_somebody_equally_the_agent_s_own_come_before_the_queue_s() -> None:
    late = conversation(id="late", state="queued", agent=None, due_told="overdue", due_at=AT + 9)
    queued = conversation(id="queued", state="queued", agent=None, rank=AT)
    mine = [conversation(id=f"mine {at}", waiting_since=AT + at) for at in (1, 2)]
    listing = filled(queued, *mine, late)
    places = [listing.need_place(view) for view in (late, *mine, queued)]
    assert [place.number for place in places if place is not None] == [1, 2, 3, 4]
    assert listing.next_need("late") == ("mine 1", 2, 4)


def test_all_begins_with_what_needs_anybody_and_goes_on_with_the_latest() -> None:
    late = conversation(id="ben's, late", agent="ben", due_told="overdue", due_at=AT + 3, waiting_since=AT)
    rings = conversation(id="rings ben", state="ringing", agent=None, rings=["ben"], ring_until=AT)
    queued = conversation(id="queued", state="queued", agent=None, rank=AT + 5)
    waits = conversation(id="waits", waiting_since=AT + 2)
    at_rest = [conversation(id=f"answered {at}", last_at=AT + 100 - at) for at in (1, 2)]
    closed = conversation(id="closed", state="closed", closed_at=AT, last_at=AT + 50, likely_opt_out="STOP it")
    listing = filled(closed, *at_rest, waits, queued, rings, late)
    listing.show(Scope.ALL, "", PackedRows({}))
    found = [listing.at(row) for row in range(len(listing))]
    assert found == ["ben's, late", "rings ben", "waits", "queued", "answered 1", "answered 2", "closed"]


def test_once_something_is_done_the_round_begins_at_the_most_urgent() -> None:
    listing = filled(*NEEDS)
    assert went_round(listing, 4) == ["overdue", "ring", "unsent", "soon"]
    listing.begin_round(NEEDS[3])  # answered, which the core has not told yet
    assert went_round(listing, 3, "soon") == ["overdue", "ring", "unsent"]
    assert went_round(listing, 3, "unsent") == ["waits", "queued", "overdue"]


def test_what_was_given_back_comes_in_the_next_round() -> None:
    listing = filled(*NEEDS)
    listing.begin_round(NEEDS[4])
    listing.change(NEEDS[4], back := replace(NEEDS[4], state="queued", agent=None, rank=1))
    assert went_round(listing, 6, "waits", back) == ["overdue", "ring", "unsent", "soon", "queued", "overdue"]


def test_what_was_answered_comes_only_after_all_others_whatever_it_still_needs() -> None:
    """In a burst the core has told of none; and another reply there may not have been sent."""
    listing, answered = filled(*NEEDS), list[str]()
    here: str | None = None
    for _ in range(6):
        found = listing.next_need(here)
        assert found is not None
        view = next(view for view in NEEDS if view.id == found.id)
        listing.opened(view, next((one for one in NEEDS if one.id == here), None))
        listing.begin_round(view)
        if view.id == "unsent":
            listing.change(view, replace(view, last_at=AT + 60_000))
        answered.append(here := view.id)
    assert answered == ["overdue", "ring", "unsent", "soon", "waits", "queued"]


def test_what_changes_while_the_agent_is_there_has_been_seen_when_they_leave() -> None:
    listing = filled(*NEEDS)
    assert went_round(listing, 2) == ["overdue", "ring"]
    taken = replace(NEEDS[1], state="assigned", agent="ann", rings=[], due_at=AT + 1, due_told="soon")
    listing.change(NEEDS[1], taken)
    assert went_round(listing, 4, "ring", taken) == ["unsent", "soon", "waits", "queued"]


def test_there_is_no_next_from_the_only_one_and_none_without_any() -> None:
    assert filled(NEEDS[0]).next_need("overdue") is None and filled(NEEDS[0]).need_before(NEEDS[0]) is None
    assert filled(conversation(id="answered")).next_need(None) is None
    assert filled(NEEDS[0]).next_need(None) == ("overdue", 1, 1)


def test_a_filter_finds_a_number_in_any_spelling() -> None:
    view = conversation(consumer="+447400123456", shown="07400 123456")
    for words in ("07400 123456", "07400123456", "+44 7400 123456", "(0)7400-123", "3456"):
        assert matches(view, sought(words.split())), words
    for words in ("07400 123457", "12", "0"):
        assert not matches(view, sought(words.split())) or words in view.shown, words


def test_a_filter_finds_a_name_with_and_without_its_accents() -> None:
    view = conversation(name="Renée Dubois-Łęcki")
    for words in ("renée", "Renee dubois", "łecki", "0142 renee"):
        assert matches(view, sought(words.casefold().split())), words
    assert not matches(view, sought(["rene dubios"]))


def test_a_filter_finds_an_owner_and_what_a_row_says() -> None:
    names = {"ben": "Dr Brown", "benjamin": "Ben Ito", "ann": "Ann"}
    rows = PackedRows(
        {
            view.id: view
            for view in (
                conversation(id="a", agent="ben", due_told="overdue", unsent=1, unsent_status="failed"),
                conversation(id="b", agent="benjamin", unsent_status="uncertain"),
                conversation(id="c", agent="ben", state="closed"),
                conversation(id="d", agent=None, state="queued", last_text="for\t@ben\tor @ben"),
                conversation(id="e", agent=None, state="ringing", rings=["ben"]),
            )
        }
    )
    listing = Listing()
    listing.refill(rows, "ann")
    for typed, found in (
        *(("@ben", "a"), ("@be", "ab"), ("brown", "acde"), ("ito", "b"), ("overdue", "a"), ("not sent", "a")),
        *(("not sure", "b"), ("being looked up", "b"), ("ringing", "e"), ("closed", "c"), ("@ann", "")),
    ):
        listing.show(Scope.ALL, typed, rows, names)
        assert sorted(shown(listing)) == sorted(found), typed


def test_a_filter_finds_tags_by_their_beginning() -> None:
    listing = Listing()
    rows = PackedRows({"C1": conversation(id="C1", tags=["Refund"]), "C2": conversation(id="C2", tags=["late"])})
    listing.refill(rows, "ann")
    for words, found in {"#ref": ["C1"], "refund": ["C1"], "#LATE": ["C2"], "#fund": []}.items():
        listing.show(Scope.MINE, words, rows)
        assert [listing.at(row) for row in range(len(listing))] == found, words


def test_a_filter_finds_words_in_any_order_and_case_and_each_letter_more_narrows_it() -> None:
    views = {
        view.id: view
        for view in (
            conversation(id="a", last_text="Parcel for Malmö"),
            conversation(id="b", last_text="lamp"),
            conversation(id="c", consumer="+46705550142", last_text="parcel"),
        )
    }
    listing, packed = Listing(), PackedRows(views)
    listing.refill(views, "ann")
    for typed, found in (("p", 3), ("par", 2), ("parc", 2), ("parc malm", 1), ("malm parc", 1), ("+4670", 1), ("", 3)):
        listing.show(Scope.ALL, typed, packed)
        assert len(listing) == found, typed
    listing.show(Scope.ALL, "parcel", packed)
    listing.show(Scope.MINE, "lamp", packed)
    assert shown(listing) == ["b"]


def test_the_shown_row_keeps_its_place_when_its_order_changes_until_another_is_shown() -> None:
    known = {name: conversation(id=name, waiting_since=AT + at) for at, name in enumerate("abcd")}
    for number, order in ((1, "acdb"), (2, "abdc")):
        listing = Listing()
        listing.refill(known, "ann")
        view = known["abcd"[number]]
        answered = replace(view, waiting_since=None)
        listing.hold(view)
        listing.change(view, answered)
        assert shown(listing) == [*"abcd"] and listing.row_of(answered) == number, "it sinks when the cursor goes on"
        assert [listing.row_of(known[name]) for name in "ad"] == [0, 3]
        overdue = replace(answered, due_at=AT, due_told="overdue")
        listing.change(answered, overdue)
        assert shown(listing) == [*"abcd"], "nor does it rise"
        listing.change(overdue, answered)
        above = conversation(id="e", waiting_since=AT - 1)
        listing.add([above])
        assert shown(listing) == [*"eabcd"] and listing.row_of(answered) == number + 1, (
            "it stays between its neighbours"
        )
        listing.change(above, None)
        listing.hold(known["d"])
        assert "".join(shown(listing)) == order
