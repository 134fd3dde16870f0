from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from connector.sms.text import shown
from connector.wire.joined_parts import join_parts
from connector.wire.masks import MASK
from connector.wire.views import PartView, PictureView
from tests.kit.views import ANN, AT, BEN, CONSUMER, LINE, message, reply
from tui.draw.copied import Words, message_text, word_around, wrapped
from tui.draw.format import clock, day
from tui.draw.messages import Side, message_lines
from tui.draw.transcript_text import transcript_text
from tui.model.state import Agents, Model

SIDE = Side(Model(agents=Agents(me=ANN, by_id=Map({"ann": ANN, "ben": BEN}))), "Renée", CONSUMER, AT)


@given(text=st.text(st.sampled_from("ab  \n😀é界"), max_size=60), width=st.integers(2, 12))
def test_each_drawn_line_is_a_piece_of_the_text_and_only_blanks_are_between_them(text: str, width: int) -> None:
    text = shown(text)
    left = 0
    for line in wrapped(text, width):
        assert text[line.at : line.at + len(line)] == line
        assert not text[left : line.at].strip()
        left = line.at + len(line)
    assert not text[left:].strip()


def drawn_words(one: object, width: int = 40) -> list[Words]:
    lines = message_lines(one, None, SIDE, width)  # type: ignore[arg-type]
    return [text for line in lines for text, _ in line if isinstance(text, Words)]


def test_what_is_drawn_of_a_message_is_what_is_copied_of_it() -> None:
    parts = [
        message(id=f"M{number}", seq=number, text=f"part {number} ", part=PartView(7, 3, number)) for number in (1, 3)
    ]
    several = [
        message(text="one\ntwo three four five six seven eight nine ten eleven"),
        reply(text="a reply that is longer than a line of the bubble has room for"),
        message(direction="note", author="ben", text="careful with them, they are in a hurry"),
        message(text=f"my card {MASK * 16} thanks", masked=["card"]),
        message(text="", pictures=[PictureView("P1", "image/png", "kept", 12_000, None)]),
        join_parts(parts)[0],
    ]
    for one in several:
        words = drawn_words(one)
        assert words and all(message_text(one)[each.at : each.at + len(each)] == each for each in words)
        assert "".join("".join(words).split()) == "".join(message_text(one).split())


def test_masked_characters_are_copied_as_the_dots_they_are_shown_as() -> None:
    one = message(text=f"card {MASK * 4} 4242", masked=["card"])
    assert message_text(one) == "card •••• 4242"


def test_escape_sequences_are_copied_as_the_signs_they_are_shown_as() -> None:
    assert message_text(message(text="a\x1b[31mb\r\nc")) == "a␛[31mb\nc"


def test_a_word_ends_at_blanks_and_leaves_out_the_punctuation_around_it() -> None:
    text = "Order (#12-345-X), see https://x.example/a?b=1."
    found = {at: text[slice(*word_around(text, at))] for at in range(len(text))}
    assert found[0] == "Order" and found[8] == "#12-345-X" and found[30] == "https://x.example/a?b=1"
    assert found[5] == " " and found[6] == "(#12-345-X),"
    assert word_around("", 0) == (0, 0)


def test_a_transcript_is_days_times_names_and_in_words_whether_replies_arrived() -> None:
    messages = [
        message(text="hello\nyou"),
        reply(id="M2", at=AT + 60_000, text="hi", status="delivered"),
        reply(id="M3", at=AT + 86_400_000, text="late", status="failed", words="The number is a landline."),
        message(id="M4", at=AT + 86_460_000, direction="note", author="ben", text="careful"),
        message(id="M5", at=AT + 86_500_000, conversation_id="C2", text="again"),
    ]
    assert transcript_text(messages, SIDE, "older messages are not loaded").split("\n\n") == [
        f"Renée, {CONSUMER}",
        "(older messages are not loaded)",
        day(AT),
        f"{clock(AT)} Renée\nhello\nyou",
        f"{clock(AT + 60_000)} ann (delivered)\nhi",
        day(AT + 86_400_000),
        f"{clock(AT + 86_400_000)} ann (not sent: The number is a landline.)\nlate",
        f"{clock(AT + 86_460_000)} Ben (note for colleagues)\ncareful",
        f"(a new conversation, to {LINE})",
        f"{clock(AT + 86_500_000)} Renée\nagain\n",
    ]
