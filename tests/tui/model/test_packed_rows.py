from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from connector.wire.views import ConversationView, PartView
from tests.kit.views import AT, conversation
from tui.model.packed_rows import PackedRows, row_text

_texts = st.text("aAbß ſK4é東\x00", max_size=4)
_times = st.none() | st.integers(-AT, 3 * AT)
_views = st.builds(
    conversation,
    id=st.sampled_from(["C1", "C2", "C3"]),
    consumer=st.sampled_from(["+15550142", "+1555014", "ANN"]),
    person=st.sampled_from(["", "+15550142", "+1555014"]),
    closed_at=_times,
    rank=st.integers(-AT, 3 * AT),
    last_text=_texts,
    skill=_texts,
    shown=_texts,
    name=_texts,
    rings=st.lists(_texts, max_size=2),
    tags=st.lists(_texts, max_size=2),
    last_part=st.sampled_from([None, PartView(7, 3, 2, True, "d83d")]),
)


@given(st.lists(_views, max_size=6), st.sampled_from(["C1", "C2", "C3"]))
def test_what_is_packed_is_unpacked_as_it_was(views: list[ConversationView], gone: str) -> None:
    known, rows = {view.id: view for view in views}, PackedRows()
    for view in views:
        rows = rows.set(view.id, view)
    assert dict(rows) == dict(PackedRows().update(known)) == known and len(rows) == len(known)
    assert [*rows.texts([*known, "nobody"])] == [*map(row_text, known.values()), ""]
    if gone in known:
        without = rows.delete(gone)
        assert gone not in without and gone in rows


@given(st.lists(_views, max_size=6))
def test_those_about_an_address_are_among_the_candidates(views: list[ConversationView]) -> None:
    rows = PackedRows({view.id: view for view in views})
    for view in rows.values():
        assert view in rows.about(view.consumer) and view in rows.about(view.person or view.consumer, "nobody")
