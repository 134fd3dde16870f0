from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map
from msgspec.structs import replace

from connector.sms.text import cells
from connector.wire.joined_parts import join_parts
from connector.wire.requests import Reply
from connector.wire.views import LineView, MessageView, PartView, PictureView
from tests.kit.views import ANN, AT, BEN, CONSUMER, LINE, account, conversation, message, reply
from tui.actions.keys import DEFAULT_NAMES
from tui.draw import messages
from tui.draw.format import Line, clock, day, day_words
from tui.draw.transcript_text import transcript_text
from tui.model.packed_rows import PackedRows
from tui.model.state import Agents, Connection, Conversations, LinkPhase, Model, PendingRequest, Providers

DAY = 86_400_000
SIDE = messages.Side(
    Model(agents=Agents(me=ANN, by_id=Map({"ann": ANN, "ben": BEN})), keys=DEFAULT_NAMES),
    "Renée",
    CONSUMER,
    AT,
    resends="M1",
)


def text_of(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in lines]


def drawn(one: MessageView, width: int = 80, previous: MessageView | None = None) -> list[str]:
    return text_of(messages.message_lines(one, previous, SIDE, width))


def test_a_text_of_the_consumer_stands_at_the_left_under_their_name_and_its_time() -> None:
    assert drawn(message(text="one\ntwo")) == [f" Renée  {clock(AT)}", " one", " two"]
    assert drawn(message(consumer="+4477", text="x"))[0].startswith(" +4477 "), "from another address of theirs"


def test_texts_that_come_in_one_breath_have_one_name() -> None:
    first = message()
    assert drawn(message(id="M2", text="two", at=AT + 60_000), 80, first) == [" two"]
    assert len(drawn(message(id="M2", text="two", at=AT + 400_000), 80, first)) == 2
    assert messages.above(message(id="M2", at=AT + 60_000), first, SIDE, 80) == []


@pytest.mark.parametrize("width", [80, 50, 200])
def test_a_reply_stands_at_the_right_on_a_tint_and_its_foot_under_its_last_line(width: int) -> None:
    lines = messages.message_lines(reply(text="hello\nthere you", status="delivered", segments=2), None, SIDE, width)
    assert text_of(lines)[-1].endswith(f"ann {clock(AT)}  ✓✓  2 segments")
    assert [cells("".join(text for text, _ in line)) for line in lines] == [width - 1] * 3
    assert [text for text, role in lines[0] if role == "bubble"] == [" ", "hello", " " * 5]
    assert [text for text, role in lines[1] if role == "bubble"] == [" ", "there you", " "]


def test_a_bubble_leaves_room_at_its_left() -> None:
    lines = messages.message_lines(reply(text="word " * 100), None, SIDE, 100)
    assert all(line[0][0].isspace() and cells(line[0][0]) >= 26 for line in lines)


def test_a_note_stands_on_its_own_ground_and_says_whose_it_is() -> None:
    lines = messages.message_lines(message(direction="note", author="ben", text="careful"), None, SIDE, 80)
    assert text_of(lines) == [f"  note · Ben  {clock(AT)}  careful"]
    assert all(role.startswith("note-ground") for _, role in lines[0][1:])
    two = drawn(message(direction="note", author="ben", text="careful\nwith them"), 50)
    assert two == [f"  note · Ben  {clock(AT)}", "  careful", "  with them"]


def test_a_note_of_a_lead_says_so_but_in_their_own_conversation() -> None:
    by_ben = message(direction="note", author="ben", text="Call him back")
    agents = replace(SIDE.model.agents, by_id=Map({"ann": ANN, "ben": replace(BEN, is_lead=True)}))

    def head(owner: str) -> str:
        rows = Conversations(by_id=PackedRows({"C1": conversation(state="assigned", agent=owner)}))
        side = SIDE._replace(model=replace(SIDE.model, agents=agents, conversations=rows))
        assert ("lead" in transcript_text([by_ben], side)) == (owner == "ann")
        return text_of(messages.message_lines(by_ben, None, side, 80))[0]

    assert head("ann") == f"  lead's note · Ben  {clock(AT)}  Call him back"
    assert head("ben") == f"  note · Ben  {clock(AT)}  Call him back"


@pytest.mark.parametrize("width", [80, 50])
def test_a_reply_that_can_be_undone_is_muted_and_counts_down_in_its_own_height(width: int) -> None:
    one = reply(text="hello")
    spans = messages.message_lines(one, None, SIDE, width, 3)
    assert ("hello", "bubble muted") in spans[0] and ("  undo 3 s", "you") in spans[1]
    assert len(spans) == len(messages.message_lines(one, None, SIDE, width))


def test_an_undone_reply_is_muted_without_the_ground_of_what_was_sent() -> None:
    lines = messages.message_lines(reply(text="hello", status="withdrawn", words="taken back by ann"), None, SIDE, 80)
    assert "↶ not sent" in text_of(lines)[1] and len(lines) == 2
    roles = {role for line in lines for _, role in line}
    assert ("hello", "muted") in lines[0] and "bad" not in roles and not any("bubble" in role for role in roles)
    sent = messages.message_lines(reply(text="hello", status="sent"), None, SIDE, 80)
    assert text_of(lines)[0].rstrip() == text_of(sent)[0].rstrip(), "where it stood"


@pytest.mark.parametrize("width", [80, 50])
@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("failed", "not sent: The number is a landline (30006) S or ^s send again · w why"),
        ("undelivered", "not delivered: The number is a landline (30006) S or ^s send again · w why"),
        ("expired", "not delivered in time: The number"),
        ("uncertain", "not sure whether this was sent: The number"),
    ],
)
def test_what_did_not_arrive_says_why_and_which_key_helps(status: str, words: str, width: int) -> None:
    one = reply(status=status, code="30006", words="The number is a landline.")
    lines = messages.message_lines(one, None, SIDE, width)
    assert words in " ".join(line.strip() for line in text_of(lines)[2:]).replace(" · S", " S")
    assert "again" not in "".join(text_of(messages.message_lines(one, None, SIDE._replace(resends=""), width)))
    assert {role for line in lines[2:] for _, role in line} == {"", "you" if status == "uncertain" else "bad"}


def test_a_code_that_the_words_name_is_not_said_twice() -> None:
    one = reply(status="failed", code="33", words="The gateway says: unknown subscriber (code 33).")
    assert "\n".join(drawn(one)).count("33") == 1


def test_what_was_sent_again_does_not_alarm_any_more() -> None:
    lines = messages.message_lines(reply(status="failed", resent_as="M9"), None, SIDE, 80)
    assert "sent again below" in text_of(lines)[1] and "send again" not in " ".join(text_of(lines))
    assert not any(role == "bad" for line in lines for _, role in line)


def test_the_reason_of_a_failure_is_not_shown_of_what_arrived() -> None:
    assert "30005" not in " ".join(drawn(reply(status="delivered", code="30005", words="Late.")))


def test_each_segment_is_a_message_of_its_own_with_a_small_mark() -> None:
    parts = [message(id=f"M{n}", text=f"part {n}", part=PartView(7, 3, n)) for n in (1, 2, 3)]
    for number, part in enumerate(parts, start=1):
        assert drawn(part, 80, parts[0]) == [f" Renée  {clock(AT)}  {number}/3", f" part {number}"]


def test_segments_that_are_joined_flow_into_one_another_and_a_gap_is_marked() -> None:
    parts = [message(id=f"M{n}", text=text, part=PartView(7, 3, n)) for n, text in ((1, "where is m"), (2, "y parcel"))]
    (joined,) = join_parts(parts)
    assert drawn(joined)[0].endswith("2 of 3 parts")
    assert drawn(joined)[1:] == [" where is my parcel", " … part 3 of 3 missing …"]
    (joined,) = join_parts([*parts, message(id="M3", text="?", part=PartView(7, 3, 3))])
    assert drawn(joined)[0].endswith("3 parts joined") and drawn(joined)[1:] == [" where is my parcel?"]


KEPT = PictureView("P1", "image/jpeg", "kept", 182_400, None)
WAITING = PictureView("P2", "image/png", "waiting", None, None)
FAILED = PictureView("P3", "image/gif", "failed", None, "The provider says 404.")


def test_a_picture_that_is_late_says_why() -> None:
    late = PictureView("P2", "image/png", "waiting", None, "It is not there yet. It is tried again.")
    words = " ".join(line.strip() for line in drawn(message(text="", pictures=[late]))[1:])
    assert words == "[PNG picture · being fetched: It is not there yet. It is tried again.]"


def test_pictures_have_a_line_each_with_type_size_and_state() -> None:
    assert drawn(message(text="", pictures=[KEPT, WAITING, FAILED]))[1:] == [
        " [JPEG picture · 182 KB]",
        " [PNG picture · being fetched…]",
        " [GIF picture · failed: The provider says 404.]",
    ]
    lines = drawn(message(text="look", pictures=[KEPT], overflow=1200))[1:]
    assert lines == [" look", " [JPEG picture · 182 KB]", " … and 1,200 more characters: e shows the rest"]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (message(is_recovered=True), "found in the provider's list"),
        (reply(raw_status="canceled"), "the provider says: canceled"),
        (reply(status="uncertain"), "the provider is asked, and nothing is sent twice"),
    ],
)
def test_what_is_out_of_the_ordinary_is_said_quietly(one: MessageView, words: str) -> None:
    assert words in " ".join(line.strip() for line in drawn(one))


def test_the_foot_of_a_reply_says_who_wrote_it() -> None:
    for author, name in (("ben", "Ben"), ("ann", "ann"), ("zoe", "zoe"), (None, "automatic")):
        assert drawn(reply(author=author, status="sent"))[1].strip() == f"{name} {clock(AT)}  ✓"


@pytest.mark.parametrize("width", [40, 120])
@pytest.mark.parametrize("status", ["queued", "sending"])
def test_a_reply_that_waits_for_its_account_says_so_and_why(status: str, width: int) -> None:
    held = account("second", state="down", replies_wait="not authorised: check the password (401)")
    model = replace(SIDE.model, providers=Providers((held,), (LineView(LINE, "second", "support"),)))
    side = SIDE._replace(model=model)
    one = reply(status=status, text="hi")
    lines = text_of(messages.message_lines(one, None, side, width))
    assert "waits: second: not authorised: check the password (401)" in " ".join(" ".join(lines).split())
    assert all(cells(line) <= width for line in lines)
    assert not any("waits" in line for line in text_of(messages.message_lines(one, None, side, width, undo_s=3)))
    sent = messages.message_lines(replace(one, status="delivered"), None, side, width)
    assert not any("waits" in line for line in text_of(sent))


def test_what_stands_between_two_messages() -> None:
    first = message()
    today, _ = text_of(messages.above(first, None, SIDE, 80))
    assert today.strip(" ─") == "today" and abs(today.index("today") - (80 - today.index("today") - 5)) <= 1
    assert messages.above(reply(id="M2"), first, SIDE, 80) == [[]]
    tomorrow = message(id="M2", at=AT + DAY, conversation_id="C2", line="12345")
    rule = text_of(messages.above(tomorrow, first, SIDE, 80))[1]
    assert f"{day_words(AT + DAY, AT)} · a new conversation, to 12345" in rule and cells(rule) <= 80


@pytest.mark.parametrize(
    ("phase", "words"), [("linked", "sending…"), ("lost", "waits for the link"), ("silent", "waits for the core")]
)
def test_a_reply_on_its_way_to_the_core_is_pale_and_as_high_as_it_will_be(phase: str, words: str) -> None:
    ask = PendingRequest("r1", Reply("C1", "hi"), AT)
    side = SIDE._replace(model=replace(SIDE.model, connection=Connection(LinkPhase(phase))))
    lines = messages.pending_lines(ask, Reply("C1", "hi"), side, 60)
    assert ("hi", "bubble muted") in lines[1] and words in text_of(lines)[2]
    sent = reply(text="hi")
    assert len(lines) == len(messages.above(sent, message(), SIDE, 60) + messages.message_lines(sent, None, SIDE, 60))


@given(
    st.text(max_size=300),
    st.integers(30, 120),
    st.sampled_from(["inbound", "reply", "note"]),
    st.text(max_size=20),
    st.sampled_from(["failed", "delivered", ""]),
)
def test_whatever_comes_from_outside_stays_in_its_column(
    text: str, width: int, direction: str, word: str, status: str
) -> None:
    one = message(direction=direction, text=text, status=status or word, code=word, words=word, author=word, overflow=3)
    side = SIDE._replace(consumer=text)
    for line in text_of(messages.message_lines(one, None, side, width)):
        assert cells(line) <= width
        assert "\x1b" not in line and "\n" not in line


@pytest.mark.parametrize("width", [80, 50])
@pytest.mark.parametrize("direction", ["inbound", "reply", "note"])
def test_what_is_masked_is_dim_and_said_in_words(direction: str, width: int) -> None:
    text = "card ████ ████ ████ 4242, thanks"
    one = message(direction=direction, author="ann", text=text, masked=["card", "customer_number"])
    spans = messages.message_lines(one, None, SIDE, width)
    joined = " ".join(text_of(spans))
    assert "card •••• •••• •••• 4242, thanks" in joined and "█" not in joined
    assert "card number, customer_number masked" in joined
    assert {role.split()[-1] for line in spans for text, role in line if text.startswith("••")} == {"muted"}
    assert all(cells(line) <= width for line in text_of(spans))


def test_blocks_that_somebody_wrote_are_no_mask() -> None:
    assert "look: ██" in drawn(message(text="look: ██"))[1]


def test_a_day_on_another_line_says_which_and_a_conversation_where_it_begins() -> None:
    side = SIDE._replace(line=LINE, now=AT + 400 * DAY)
    elsewhere = message(id="M0", conversation_id="C0", line="12345")

    def rule(one: MessageView, previous: MessageView | None) -> str:
        return " ".join(text_of(messages.above(one, previous, side, 80))).strip(" ─")

    assert rule(elsewhere, None) == f"{day(AT)} · to 12345"
    assert rule(message(), None) == day(AT)
    assert rule(message(id="M2", at=AT + 9), elsewhere) == f"a new conversation, to {LINE}"
    assert rule(replace(elsewhere, id="M1", at=AT + DAY), elsewhere) == f"{day(AT + DAY)} · to 12345"
