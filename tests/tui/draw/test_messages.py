from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.sms.text import cells
from connector.wire.joined_parts import join_parts
from connector.wire.requests import Reply
from connector.wire.views import MessageView, PartView, PictureView
from tests.kit.views import ANN, AT, message, reply
from tui.draw import messages
from tui.draw.format import Line, clock, day
from tui.model.state import PendingRequest

DAY = 86_400_000


def text_of(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in lines]


def drawn(one: MessageView, width: int = 80) -> list[str]:
    return text_of(messages.message_lines(one, ANN, width))


def test_a_message_has_its_time_and_its_text() -> None:
    assert drawn(message(text="one\ntwo")) == [f" {clock(AT)}  one", "        two"]


@pytest.mark.parametrize("width", [80, 50])
def test_a_note_stands_apart_and_says_who_may_see_it(width: int) -> None:
    lines = drawn(message(direction="note", author="ben", text="careful\nwith them"), width)
    assert lines[0] == f" {clock(AT)}  ┊ note of ben, for colleagues only"
    assert lines[1:] == ["        ┊ careful", "        ┊ with them"]


@pytest.mark.parametrize("width", [80, 50])
def test_a_reply_that_can_be_undone_is_muted_and_counts_down_in_its_own_height(width: int) -> None:
    one = reply(text="hello")
    spans = messages.message_lines(one, ANN, width, 3)
    assert ("hello", "muted") in [(text.rstrip(), role) for line in spans for text, role in line]
    assert "· undo: 3 s" in " ".join(text_of(spans))
    assert len(spans) == len(messages.message_lines(one, ANN, width))


def test_an_undone_reply_is_muted_and_says_so() -> None:
    spans = messages.message_lines(reply(text="hello", status="withdrawn", words="taken back by ann"), ANN, 80)
    assert "↶ undone" in text_of(spans)[0] and len(spans) == 1
    assert not any(role in ("bad", "reply") for line in spans for _, role in line)


@pytest.mark.parametrize("width", [80, 50])
@pytest.mark.parametrize(
    ("status", "sign"), [("queued", "·"), ("sent", "✓"), ("delivered", "✓✓"), ("failed", "✗"), ("expired", "✗")]
)
def test_a_reply_has_a_bar_and_its_status_with_its_time(status: str, sign: str, width: int) -> None:
    lines = drawn(reply(text="hello", status=status, status_at=AT + 60_000), width)
    assert "▌ hello" in lines[0]
    assert f"{sign} {status} {clock(AT + 60_000)}" in " ".join(lines)
    assert len(lines) == (1 if width == 80 else 2)


def test_each_segment_is_a_message_of_its_own_with_a_small_mark() -> None:
    parts = [message(id=f"M{n}", text=f"part {n}", part=PartView(7, 3, n)) for n in (1, 2, 3)]
    for number, part in enumerate(parts, start=1):
        line = drawn(part)[0]
        assert f"part {number}" in line and line.endswith(f"{number}/3")


def test_segments_that_are_joined_flow_into_one_another_and_a_gap_is_marked() -> None:
    parts = [message(id=f"M{n}", text=text, part=PartView(7, 3, n)) for n, text in ((1, "where is m"), (2, "y parcel"))]
    (joined,) = join_parts(parts)
    assert drawn(joined)[0].endswith("2 of 3 parts") and "where is my parcel" in drawn(joined)[0]
    assert drawn(joined)[1].strip() == "… part 3 of 3 missing …"
    (joined,) = join_parts([*parts, message(id="M3", text="?", part=PartView(7, 3, 3))])
    assert len(drawn(joined)) == 1 and "where is my parcel?" in drawn(joined)[0]
    assert drawn(joined)[0].endswith("3 parts joined")


def test_a_reply_of_many_segments_says_how_many() -> None:
    assert any("3 segments" in line for line in drawn(reply(text="x", segments=3)))


def test_the_reason_of_a_failure_is_shown_until_it_is_delivered() -> None:
    trouble = {"code": "30005", "words": "The number is not known."}
    assert any("30005 The number is not known." in line for line in drawn(reply(status="undelivered", **trouble)))
    assert not any("30005" in line for line in drawn(reply(status="delivered", **trouble)))


KEPT = PictureView("P1", "image/jpeg", "kept", 182_400, None)
WAITING = PictureView("P2", "image/png", "waiting", None, None)
FAILED = PictureView("P3", "image/gif", "failed", None, "The provider says 404.")


def test_a_picture_that_is_late_says_why() -> None:
    late = PictureView("P2", "image/png", "waiting", None, "It is not there yet. It is tried again.")
    lines = drawn(message(text="", pictures=[late]))
    words = " ".join(" ".join(lines).split()[1:])  # without the time
    assert words == "[image/png · being fetched: It is not there yet. It is tried again.]"


def test_pictures_have_a_line_each_with_type_size_and_state() -> None:
    lines = drawn(message(text="", pictures=[KEPT, WAITING, FAILED]))
    assert lines[0].endswith("[image/jpeg · 182 KB]")
    assert [line.strip() for line in lines[1:]] == [
        "[image/png · being fetched…]",
        "[image/gif · failed: The provider says 404.]",
    ]
    lines = drawn(message(text="look", pictures=[KEPT], overflow=1200))
    assert lines[0].endswith("look")
    assert lines[1].strip() == "[image/jpeg · 182 KB]"
    assert "1,200 more characters, stored by the core" in lines[2]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (message(is_recovered=True), "found later in the provider's list"),
        (reply(raw_status="canceled"), "the provider says: canceled"),
        (reply(status="uncertain"), "looked up at the provider, and never sent twice"),
    ],
)
def test_what_is_out_of_the_ordinary_is_said_quietly(one: MessageView, words: str) -> None:
    assert words in " ".join(line.strip() for line in drawn(one))


def test_a_colleague_s_reply_shows_its_author() -> None:
    assert drawn(reply(author="ben", text="hi"))[0].endswith("▌ ben")
    assert not drawn(reply(author="ann", text="hi"))[0].endswith("ann")


def test_what_stands_between_two_messages() -> None:
    first = message()
    assert text_of(messages.separator(first, None, 80))[0].startswith(f" ── {day(AT)} ──")
    assert messages.separator(message(id="M2"), first, 80) == []
    assert messages.separator(reply(id="M2"), first, 80) == [[]]
    tomorrow = message(id="M2", at=AT + DAY, conversation_id="C2", line="12345")
    rule = text_of(messages.separator(tomorrow, first, 80))[1]
    assert day(AT + DAY) in rule and "a new conversation, on 12345" in rule and cells(rule) <= 80


@pytest.mark.parametrize("width", [80, 50])
def test_a_pale_reply_says_what_it_waits_for(width: int) -> None:
    ask = PendingRequest("r1", Reply("C1", "hi"), AT)
    assert any("sending…" in line for line in text_of(messages.pending_lines(ask, Reply("C1", "hi"), 0, True, width)))
    assert any(
        "waits for the link" in line
        for line in text_of(messages.pending_lines(ask, Reply("C1", "hi"), 0, False, width))
    )


@given(st.text(max_size=300), st.integers(30, 120), st.booleans(), st.text(max_size=20))
def test_whatever_comes_from_outside_stays_in_its_column(text: str, width: int, is_reply: bool, word: str) -> None:
    make = reply if is_reply else message
    one = make(text=text, status=word, code=word, words=word, author=word, overflow=3)
    lines = messages.message_lines(one, ANN, width)
    for line in text_of(lines):
        assert cells(line) <= width
        assert "\x1b" not in line and "\n" not in line


@pytest.mark.parametrize("width", [80, 50])
@pytest.mark.parametrize("direction", ["inbound", "reply", "note"])
def test_what_is_masked_is_dim_and_said_in_words(direction: str, width: int) -> None:
    text = "card ████ ████ ████ 4242, thanks"
    one = message(direction=direction, author="ann", text=text, masked=["card", "customer_number"])
    spans = messages.message_lines(one, ANN, width)
    joined = " ".join(text_of(spans))
    assert "card •••• •••• •••• 4242, thanks" in joined and "█" not in joined
    assert "card number, customer_number masked" in joined
    assert {role for line in spans for text, role in line if text.startswith("••")} == {"muted"}
    assert all(cells(line) <= width for line in text_of(spans))


def test_blocks_that_somebody_wrote_are_no_mask() -> None:
    assert "look: ██" in drawn(message(text="look: ██"))[0]
