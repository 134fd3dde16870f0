from __future__ import annotations

import pytest

from connector.sms.text import cells
from tests.kit.views import AT, CONSUMER, message, reply
from tui.draw.copied import Words, message_text
from tui.draw.format import Line, clock
from tui.draw.links import FoundLink, ListedLink, link_rows, linked, links_in, matching, web_address
from tui.draw.messages import Side, message_lines
from tui.model.state import Model


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://shop.example/o?id=1#a, or www.x.example.", ["https://shop.example/o?id=1#a", "www.x.example"]),
        ("(https://x.example/a) https://x.example/a_(b)", ["https://x.example/a", "https://x.example/a_(b)"]),
        ("write to a.b+c@mail.example, please", ["a.b+c@mail.example"]),
        ("order #12345678, AB-123456 and 55555-77", ["#12345678", "AB-123456", "55555-77"]),
        ("GC-1188, FOUR-1234 and B2024, of room B12 or covid-2019", ["GC-1188", "FOUR-1234", "B2024"]),
        ("call +1 (415) 555-0112 today", ["+1 (415) 555-0112"]),
        ("1234 at 17:01 for 12345.67 on 2026-11-29, version 1.23456", []),
        ("javascript:alert(1) file:///etc/passwd ftp://x.example http:///x https://", []),
    ],
)
def test_what_is_found_in_a_text(text: str, found: list[str]) -> None:
    links = list(links_in(text))
    assert [link.target for link in links] == found
    assert [text[link.start : link.end] for link in links] == found


@pytest.mark.parametrize(
    ("words", "web"),
    [
        ("www.x.example/a", "https://www.x.example/a"),
        ("https://аррӏе.example/ü?q=ß", "https://xn--80ak6aa92e.example/%C3%BC?q=%C3%9F"),
        ("http://x.example:80a/", "http://x.example:80a/"),
        ("https://[::1", None),
        ("https://" + "ü" * 70 + ".example/", None),
    ],
)
def test_a_link_leads_to_a_host_that_is_named_in_ascii(words: str, web: str | None) -> None:
    assert web_address(words) == web


def drawn(text: str, width: int) -> list[Line]:
    targets = dict.fromkeys(link.target for link in links_in(text))
    return list(linked(text, width, 0, "bubble", {each: number for number, each in enumerate(targets, 1)}))


def test_a_number_stands_behind_each_link_and_is_not_part_of_the_text() -> None:
    text = "Your order 12345678 is at https://x.example/track and so is 12345678."
    lines = drawn(text, 30)
    assert ["".join(piece for piece, _ in line) for line in lines] == [
        "Your order 12345678[1] is at",
        "https://x.example/track[2] and",
        "so is 12345678[1].",
    ]
    assert ("[1]", "bubble faint") in lines[0] and lines[1][0] == ("https://x.example/track", "bubble link")
    words = [piece for line in lines for piece, _ in line if isinstance(piece, Words)]
    assert all(text[each.at : each.at + len(each)] == each for each in words)
    assert "".join("".join(words).split()) == "".join(text.split())
    assert {each.web for each in words} == {"", "https://x.example/track"}


def test_a_link_broken_over_lines_leads_to_the_same_from_each() -> None:
    lines = drawn("https://x.example/" + "a" * 50, 30)
    assert len(lines) > 2 and all(cells("".join(piece for piece, _ in line)) <= 30 for line in lines)
    assert {piece.web for line in lines for piece, _ in line if isinstance(piece, Words) and piece} == {
        "https://x.example/" + "a" * 50
    }


def test_the_same_characters_of_two_links_are_not_the_same() -> None:
    one, other = (drawn(f"https://{host}.example/" + "a" * 50, 30)[-1] for host in ("x", "y"))
    assert str(one[0][0]) == str(other[0][0]) and one != other and one == [*one]


def test_messages_have_the_numbers_of_their_transcript() -> None:
    side = Side(Model(), "Renée", CONSUMER, AT, {"12345678": 7})
    for one in (
        message(text="order 12345678"),
        reply(text="order 12345678"),
        message(direction="note", text="12345678"),
    ):
        lines = message_lines(one, None, side, 80)
        assert any("12345678[7]" in "".join(text for text, _ in line) for line in lines)
        assert "[7]" not in message_text(one)


def test_the_list_has_the_one_of_a_number_first_and_says_which_host_a_link_hides() -> None:
    hidden = next(links_in("https://bank.example@evil.example/2"))
    listed = [ListedLink(1, hidden, AT), ListedLink(2, FoundLink(0, 8, "number", "12345678"), AT)]
    assert [each.number for each in matching(listed, "2")] == [2, 1]
    assert [each.number for each in matching(listed, "BANK")] == [1]
    assert matching(listed, "zzz") == [] and link_rows([], 40) == [[("nothing here", "muted")]]
    row = "".join(text for text, _ in link_rows(listed, 80)[0])
    assert row == f"[1]  https://bank.example@evil.example/2  leads to evil.example  {clock(AT)}"
