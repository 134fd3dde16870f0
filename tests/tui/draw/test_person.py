from __future__ import annotations

from connector.sms.text import cells
from tests.kit.models import changed, desk
from tests.kit.views import AT, conversation, message, reply
from tui.draw.person import person_lines

MINUTE = 60_000


def test_it_says_what_is_known_and_nothing_else() -> None:
    view = conversation(tags=["VIP"], shown="020 7946 0101")
    messages = [
        message(id="1", conversation_id="c0", at=AT - 90_000 * MINUTE),
        message(id="2", at=AT),
        reply(id="3", at=AT + 4 * MINUTE, segments=2),
        message(id="4", direction="note", author="ben", text="Prefers the morning.", at=AT + 5 * MINUTE),
    ]
    lines = ["".join(text for text, _ in line).strip() for line in person_lines(desk(view), view, messages, AT, 28)]
    assert all(cells(line) <= 26 for line in lines)
    assert lines[:2] == ["020 7946 0101", view.consumer]
    for words in ("consent  no opt-out", "tags     #VIP", "1 message", "Prefers the morning.", "in, out  2, 1"):
        assert any(words in line for line in lines), (words, lines)
    assert "sent     2 segments" in lines and "answered in 1500h" not in "\n".join(lines)
    assert any(line.startswith("Ben") for line in lines)

    opted_out = conversation(opted_out=True)
    drawn = person_lines(desk(opted_out), opted_out, [], AT, 28)
    assert [span for line in drawn for span in line if span[1] == "bad"] == [("opted out", "bad")]
    assert not any("Before" in text or "Notes" in text or "So far" in text for line in drawn for text, _ in line)


def test_below_a_name_stands_the_number() -> None:
    view = conversation(name="Renée Dubois", shown="020 7946 0101")
    drawn = ["".join(text for text, _ in line).strip() for line in person_lines(desk(view), view, [], AT, 28)]
    assert drawn[:3] == ["Renée Dubois", "020 7946 0101", view.consumer]


def test_it_says_that_older_messages_are_not_loaded() -> None:
    view = conversation()
    state = changed(desk(view), transcript={"has_older": True})
    messages = [message(id=str(number), conversation_id=f"c{number}") for number in range(8)]
    drawn = [
        ["".join(text for text, _ in line).strip() for line in person_lines(one, view, messages, AT, 28)]
        for one in (desk(view), state)
    ]
    assert [line for line in drawn[1] if line not in drawn[0]][:1] == ["older messages: not loaded"]
    assert all("and 2 more" in lines for lines in drawn)
