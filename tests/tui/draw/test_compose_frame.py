from __future__ import annotations

import pytest

from connector.sms.lengths import LengthLimit
from connector.sms.segments import measure
from connector.sms.text import cells
from tests.kit.models import desk
from tests.kit.views import conversation
from tui.actions.keys import KeyHint
from tui.draw import compose_frame
from tui.draw.format import Line

HINTS = [KeyHint("enter", "send"), KeyHint("^j", "new line"), KeyHint("^e", "editor")]


def text_of(text: str, width: int = 90, *line: LengthLimit) -> str:
    groups = compose_frame.meter(text, measure(text), [LengthLimit(1600), *line], width)
    return " · ".join(words for words, _ in groups)


def words(line: Line) -> str:
    return "".join(text for text, _ in line)


class TestMeter:
    def test_plain_text(self) -> None:
        assert text_of("hello") == "5 of 1,600 · 1 segment · GSM-7"
        assert text_of("a" * 161) == "161 of 1,600 · 2 segments · GSM-7"

    def test_what_a_text_costs_is_said_where_its_price_is_known(self) -> None:
        def priced(text: str, width: int, beside: int = 0) -> str:
            found = compose_frame.meter(text, measure(text), [LengthLimit(1600)], width, beside, "0.0079 USD")
            return " · ".join(words for words, _ in found)

        assert priced("a" * 161, 90) == "161 of 1,600 · 2 segments · 0.0158 USD · GSM-7"
        assert priced("don’t", 62).endswith(" · 0.0079 USD · UCS-2 “’” at 4")
        assert priced("don’t", 50).endswith(" · UCS-2 “’” at 4") and "USD" not in priced("don’t", 50)
        assert "USD" not in priced("", 90) + priced("hello", 60, 30)

    def test_the_character_that_forced_ucs_2_is_named_with_its_place(self) -> None:
        assert text_of("don’t").endswith("UCS-2 “’” right single quotation mark at 4")
        assert text_of("“don’t”").endswith("““” left double quotation mark at 1 and 2 more")

    def test_what_cannot_be_seen_is_named_by_its_number(self) -> None:
        assert text_of("a\u200bb").endswith("U+200B zero width space at 2")

    def test_beyond_the_limit_it_says_by_how_much(self) -> None:
        text = "a" * 1612
        groups = compose_frame.meter(text, measure(text), [LengthLimit(1600)], 80)
        assert groups[:2] == [("1,612 of 1,600", "bad"), ("12 too many", "bad")]

    def test_a_provider_that_counts_otherwise_is_shown_beside_it(self) -> None:
        twilio = LengthLimit(1600, "utf16_units")
        family = "👨‍👩‍👧"
        assert text_of("hello", 90, twilio).startswith("5 of 1,600 · 1 segment")
        assert text_of(family, 90, twilio).startswith("5 of 1,600 · 8 of 1,600 UTF-16 units · 1 segment")
        assert text_of(family * 320, 40, twilio) == "2,560 of 1,600 · 960 too many · 40 segments · UCS-2"
        assert "1,600 of 1,600 · 2,560 of 1,600 UTF-16 units · 960 too many" in text_of(family * 320, 120, twilio)


@pytest.mark.parametrize("width", [24, 38, 58, 78, 140])
@pytest.mark.parametrize("text", ["", "don’t 😀", "a" * 1700])
def test_an_edge_is_exactly_as_wide_as_its_pane_and_never_without_the_length(width: int, text: str) -> None:
    view = conversation(agent="ann", state="assigned")
    groups = compose_frame.meter(text, measure(text), [LengthLimit(1600)], compose_frame.meter_room(width))
    title = compose_frame.title(desk(view), view, not text)
    edge = compose_frame.upper_edge(title, groups, width, role="frame", has_sides=True)
    assert cells(words(edge)) == width == cells(words(compose_frame.lower_edge(HINTS, width, role="frame")))
    assert f"{len(text):,} of 1,600" in words(edge)
    if width >= 78 and not text.startswith("don"):
        assert words(edge).startswith(f"╭─ reply to {view.consumer} ─")


def test_what_enter_does_is_said_where_there_is_room_for_little_else() -> None:
    view = conversation(state="ringing", agent=None, rings=["ann"])
    title = compose_frame.title(desk(view), view, is_empty=False)
    groups = compose_frame.meter("hello", measure("hello"), [LengthLimit(1600)], 50)
    for width in (52, 80):
        edge = words(compose_frame.upper_edge(title, groups, width, role="frame", has_sides=True))
        assert "enter accepts and sends" in edge and "5 of 1,600" in edge
    framed = compose_frame.title(desk(view), view, is_empty=False, is_framed=True)
    text = "سلام 🎉 " * 20
    groups = compose_frame.meter(text, measure(text), [LengthLimit(1600)], 62, compose_frame.kept_cells(framed))
    edge = words(compose_frame.upper_edge(framed, groups, 68, role="frame", has_sides=True))
    assert f" accepts and sends · {view.consumer} ─" in edge and "─ 140 of 1,600 · 3 segments ─" in edge
