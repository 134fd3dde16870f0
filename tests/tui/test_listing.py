from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.wire.views import ConversationView
from tests.kit.views import AT, conversation
from tui.listing import Listing, Scope, key_in, matches

_times = st.integers(AT, AT + 20)


@st.composite
def views(draw: st.DrawFn) -> ConversationView:
    state = draw(st.sampled_from(["queued", "assigned", "closed"]))
    return conversation(
        id=f"C{draw(st.integers(1, 8))}",
        state=state,
        agent=draw(st.sampled_from(["ann", "ben"])) if state == "assigned" else None,
        last_at=draw(_times),
        queued_at=draw(_times) if state == "queued" else None,
        waiting_since=draw(st.none() | _times) if state != "closed" else None,
        last_text=draw(st.sampled_from(["the parcel", "a Lamp", "PARCEL again"])),
    )


def shown(listing: Listing) -> list[str]:
    return [listing.at(row) for row in range(len(listing))]


@given(st.lists(views(), max_size=30), st.sampled_from(Scope), st.sampled_from(["", "parcel", "lamp a"]))
def test_kept_row_by_row_is_the_same_as_sorted_at_once(
    changes: list[ConversationView], scope: Scope, words: str
) -> None:
    known: dict[str, ConversationView] = {}
    listing = Listing()
    listing.refill(known, "ann")
    listing.show(scope, words, known)
    for view in changes:
        listing.change(known.get(view.id), view)
        known[view.id] = view
    keys = sorted(
        key
        for view in known.values()
        if matches(view, words.split()) and (key := key_in(scope, view, "ann")) is not None
    )
    assert shown(listing) == [key[2] for key in keys]
    afresh = Listing()
    afresh.refill(known, "ann")
    for each in Scope:
        assert afresh.count(each) == listing.count(each)
    assert [listing.row_of(known[name]) for name in shown(listing)] == list(range(len(listing)))


def filled(*views: ConversationView) -> Listing:
    listing = Listing()
    listing.refill({view.id: view for view in views}, "ann")
    return listing


def test_mine_shows_who_waits_longest_first_and_the_answered_after_them_by_their_latest_message() -> None:
    listing = filled(
        conversation(id="answered-old", last_at=AT + 1),
        conversation(id="answered-new", last_at=AT + 9),
        conversation(id="waits-short", waiting_since=AT + 8),
        conversation(id="waits-long", waiting_since=AT + 2),
        conversation(id="somebody-elses", agent="ben"),
    )
    assert shown(listing) == ["waits-long", "waits-short", "answered-new", "answered-old"]
    assert listing.waiting == 2


def test_the_queue_shows_who_waits_longest_first() -> None:
    queued = conversation(state="queued", agent=None)
    views = [
        replace(queued, id="later", waiting_since=AT + 5),
        replace(queued, id="given-back-answered", queued_at=AT + 3),
        replace(queued, id="first", waiting_since=AT + 1, queued_at=AT + 9),
    ]
    listing = filled(*views)
    listing.show(Scope.QUEUE, "", {view.id: view for view in views})
    assert shown(listing) == ["first", "given-back-answered", "later"]


def test_who_waits_longest_besides_the_open_one() -> None:
    listing = filled(conversation(id="one", waiting_since=AT), conversation(id="two", waiting_since=AT + 1))
    assert listing.longest_waiting(Scope.MINE) == "one"
    assert listing.longest_waiting(Scope.MINE, besides="one") == "two"
    assert listing.longest_waiting(Scope.QUEUE) is None
    assert filled(conversation(id="answered")).longest_waiting(Scope.MINE) is None


def test_a_filter_finds_words_in_any_order_and_case_and_each_letter_more_narrows_it() -> None:
    views = {
        view.id: view
        for view in (
            conversation(id="a", last_text="Parcel for Malmö"),
            conversation(id="b", last_text="lamp"),
            conversation(id="c", consumer="+46705550142", last_text="parcel"),
        )
    }
    listing = Listing()
    listing.refill(views, "ann")
    for typed, found in (("p", 3), ("par", 2), ("parc", 2), ("parc malm", 1), ("malm parc", 1), ("+4670", 1), ("", 3)):
        listing.show(Scope.ALL, typed, views)
        assert len(listing) == found, typed
    listing.show(Scope.ALL, "parcel", views)
    listing.show(Scope.MINE, "lamp", views)
    assert shown(listing) == ["b"]
