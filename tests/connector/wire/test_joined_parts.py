from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.wire.joined_parts import AGAIN_MS, LATE_MS, JoinedMessage, join_parts
from connector.wire.views import MessageView, PartView
from tests.kit.views import AT, CONSUMER, LINE, message, reply

SECOND = 1000


def segments(*texts: str, reference: int = 7, **fields: object) -> list[MessageView]:
    """The segments of one text, in their order."""
    return [
        message(text=text, part=PartView(reference, len(texts), number), **fields)
        for number, text in enumerate(texts, start=1)
    ]


def arrived(*messages: MessageView, step: int = SECOND) -> list[MessageView]:
    """In this order, one after the other."""
    return [message_at(each, number, step) for number, each in enumerate(messages)]


def message_at(each: MessageView, number: int, step: int) -> MessageView:
    return replace(each, id=f"M{number:06d}", at=each.at + number * step)


def texts(messages: Sequence[MessageView]) -> list[str]:
    return [
        "".join(f"<{run}>" if isinstance(run, int) else run for run in each.runs)
        if isinstance(each, JoinedMessage)
        else each.text
        for each in messages
    ]


ONE, TWO, THREE = segments("one ", "two ", "three")


def test_segments_are_one_text_where_the_first_of_them_came_in() -> None:
    before, after = message(text="before"), reply(text="after")
    joined = join_parts(arrived(before, ONE, TWO, after, THREE))
    assert texts(joined) == ["before", "one two three", "after"]
    assert isinstance(joined[1], JoinedMessage)
    assert (joined[1].numbers, joined[1].total, joined[1].segments, joined[1].repeats) == (3, 3, 3, 0)


def test_what_holds_no_segments_is_left_alone() -> None:
    messages = arrived(message(text="a"), reply(text="b"))
    assert join_parts(messages) is messages


def cut(charset: str, head: str, tail: str) -> list[MessageView]:
    """A text of two segments with a character in two halves, as the core tells it."""
    return [
        message(text="see \ufffd", part=PartView(7, 2, 1, tail=head, charset=charset)),
        message(text="\ufffd there", part=PartView(7, 2, 2, head=tail, charset=charset)),
    ]


@pytest.mark.parametrize(
    ("charset", "head", "tail", "shown"),
    [
        ("utf-16-be", "d83d", "de00", "see 😀 there"),
        ("utf-8", "c3", "bc", "see ü there"),
        ("utf-8", "f09f", "9880", "see 😀 there"),
        ("utf-8", "c3", "c3", "see \ufffd\ufffd there"),
        ("utf-8", "c3", "", "see \ufffd\ufffd there"),
        ("no-such-charset", "c3", "bc", "see \ufffd\ufffd there"),
        ("utf-8", "c3", "none", "see \ufffd\ufffd there"),
    ],
)
def test_a_character_cut_between_two_segments_is_whole_in_their_text(
    charset: str, head: str, tail: str, shown: str
) -> None:
    first, last = arrived(*cut(charset, head, tail))
    for order in ([first, last], [last, first]):
        (joined,) = join_parts(order)
        assert joined.text == shown
        assert texts([joined]) == [shown]
    assert texts(join_parts([first])) == ["see \ufffd<2>"], "alone it shows that something is missing"


@pytest.mark.parametrize(
    ("order", "shown"),
    [((ONE, THREE), "one <2>three"), ((THREE,), "<1><2>three"), ((TWO,), "<1>two <3>"), ((THREE, TWO), "<1>two three")],
)
def test_missing_segments_are_marked_in_their_places(order: tuple[MessageView, ...], shown: str) -> None:
    assert texts(join_parts(arrived(*order))) == [shown]


def test_a_repetition_is_left_out_and_counted() -> None:
    joined = join_parts(arrived(ONE, ONE, TWO, TWO, THREE, ONE))
    assert texts(joined) == ["one two three"]
    assert isinstance(joined[0], JoinedMessage) and joined[0].repeats == 3


def test_a_number_that_comes_again_with_other_words_begins_a_new_text() -> None:
    again = segments("uno ", "due ", "tre")
    assert texts(join_parts(arrived(ONE, TWO, THREE, *again))) == ["one two three", "uno due tre"]
    assert texts(join_parts(arrived(ONE, THREE, *again))) == ["one <2>three", "uno due tre"]


def test_equal_words_after_a_time_are_a_new_text() -> None:
    first = arrived(ONE, TWO, THREE)
    later = [message_at(each, number + 3, AGAIN_MS) for number, each in enumerate((ONE, TWO, THREE))]
    assert texts(join_parts([*first, *later])) == ["one two three", "one two three"]


@pytest.mark.parametrize(("after", "shown"), [(LATE_MS, ["one two "]), (LATE_MS + 1, ["one <2>", "<1>two "])])
def test_how_long_a_missing_segment_may_take(after: int, shown: list[str]) -> None:
    first, second = segments("one ", "two ")
    assert texts(join_parts([message_at(first, 0, 0), message_at(second, 1, after)])) == shown


@pytest.mark.parametrize(
    "other",
    [
        {"consumer": "+15550143"},
        {"line": "12345"},
        {"part": PartView(8, 3, 2)},
        {"part": PartView(7, 4, 2)},
        {"part": PartView(7, 3, 2, wide=True)},
    ],
    ids=["consumer", "line", "reference", "total", "width"],
)
def test_what_differs_in_its_key_is_another_text(other: dict[str, object]) -> None:
    fields = {"part": PartView(7, 3, 2), "text": "other", **other}
    joined = join_parts(arrived(ONE, message(**fields), THREE))
    assert len(joined) == 2 and texts(joined)[0] == "one <2>three"


@pytest.mark.parametrize("part", [PartView(7, 1, 1), PartView(7, 3, 0), PartView(7, 3, 4), PartView(7, 100_000, 2)])
def test_a_segment_that_makes_no_sense_stays_a_message(part: PartView) -> None:
    only = arrived(message(part=part, text="hello"))
    assert list(join_parts(only)) == only


def test_what_did_not_change_is_the_same_object() -> None:
    messages = arrived(ONE, TWO, message(text="between"), THREE)
    once = join_parts(messages[:3])
    assert join_parts(messages[:3], once)[0] is once[0]
    assert join_parts(messages, once)[0] is not once[0]


@st.composite
def _arrivals(draw: st.DrawFn) -> tuple[list[MessageView], dict[tuple[str, str, int, bool], str]]:
    """Several texts by several people, their segments in any order, some repeated, all among each other."""
    keys = draw(
        st.lists(
            st.tuples(
                st.sampled_from((LINE, "12345")), st.sampled_from((CONSUMER, "+1")), st.integers(0, 2), st.booleans()
            ),
            min_size=1,
            max_size=5,
            unique=True,
        )
    )
    whole: dict[tuple[str, str, int, bool], str] = {}
    pieces: list[MessageView] = []
    for key in keys:
        words = draw(st.lists(st.text("ab ", min_size=1, max_size=4), min_size=2, max_size=5))
        line, consumer, reference, wide = key
        whole[key] = "".join(words)
        for number, text in enumerate(words, start=1):
            part = PartView(reference, len(words), number, wide)
            piece = message(line=line, consumer=consumer, part=part, text=text, at=AT)
            pieces += [piece] * draw(st.integers(1, 3))
    return arrived(*draw(st.permutations(pieces))), whole


@given(_arrivals())
def test_any_order_any_repetition_and_any_company_give_the_same_texts(
    made: tuple[list[MessageView], dict[tuple[str, str, int, bool], str]],
) -> None:
    messages, whole = made
    joined = [each for each in join_parts(messages) if isinstance(each, JoinedMessage)]
    assert len(joined) == len(join_parts(messages)) == len(whole)
    for each in joined:
        assert each.part is not None
        assert each.runs == (whole[each.line, each.consumer, each.part.reference, each.part.wide],)
    assert sum(each.numbers + each.repeats for each in joined) == len(messages)


@given(_arrivals(), st.data())
def test_taken_in_one_by_one_it_ends_the_same(
    made: tuple[list[MessageView], dict[tuple[str, str, int, bool], str]], data: st.DataObject
) -> None:
    messages, _ = made
    shown: Sequence[MessageView] = ()
    count = 0
    while count < len(messages):
        count = data.draw(st.integers(count + 1, len(messages)))
        shown = join_parts(messages[:count], shown)
    assert tuple(shown) == tuple(join_parts(messages))
