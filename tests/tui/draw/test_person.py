from __future__ import annotations

from typing import Any

from connector.sms.text import cells
from connector.wire.contacts import ContactView, PastConversationView, PersonView
from tests.kit.models import changed, desk
from tests.kit.views import AT, conversation, message, reply
from tui.draw.person import person_lines

MINUTE = 60_000


def test_it_says_what_is_known_and_nothing_else() -> None:
    view = conversation(tags=["VIP"], shown="020 7946 0101")
    messages = [
        message(id="1", at=AT - 90_000 * MINUTE),
        message(id="2", at=AT),
        reply(id="3", at=AT + 4 * MINUTE, segments=2),
        message(id="4", direction="note", author="ben", text="Prefers the morning.", at=AT + 5 * MINUTE),
    ]
    lines = ["".join(text for text, _ in line).strip() for line in person_lines(desk(view), view, messages, AT, 28)]
    assert all(cells(line) <= 26 for line in lines)
    assert lines[:2] == ["020 7946 0101", view.consumer]
    for words in ("consent  no opt-out", "tags     #VIP", "Prefers the morning.", "in, out  2, 1"):
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


YEAR = 365 * 24 * 60 * MINUTE


def past(number: int, **fields: Any) -> PastConversationView:
    usual = {"id": f"c{number}", "line": "+1", "skill": "repairs", "state": "closed", "closed_at": AT}
    return PastConversationView(opened_at=AT - number * YEAR, **{**usual, **fields})


def test_what_is_recorded_and_their_other_conversations() -> None:
    view = conversation(name="Renée Dubois")
    attributes = {"order": "A-17", "VIP": "yes", "date of the delivery": "on Friday"}
    contact = ContactView(
        view.consumer, name="Renée Dubois", language="fr", attributes=attributes, notes="Has a dog.\nBig"
    )
    latest = [past(1, outcome="solved", tags=["kettle"]), past(2)]
    about = PersonView(contact, others=9, since=AT - 3 * YEAR, latest=latest)
    state = changed(desk(view), transcript={"about": about})
    drawn = ["".join(text for text, _ in line).strip() for line in person_lines(state, view, [], AT, 30)]
    for words in ("language French", "order    A-17", "VIP      yes", "date of the delivery on"):
        assert any(words in line for line in drawn), (words, drawn)
    assert drawn[drawn.index("About them") + 1 :][:2] == ["Has a dog.", "Big"]
    before = drawn[drawn.index("Before") + 1 :]
    assert "repairs, solved" in before[0] and before[2] == "and 7 more"
    assert any(line.startswith("with us  since ") for line in drawn)
    assert all(cells(line) <= 28 for line in drawn)


def test_only_of_the_one_who_is_shown() -> None:
    view = conversation()
    about = PersonView(ContactView(view.consumer, language="fr"))
    state = changed(desk(conversation(id="C2")), transcript={"about": about})
    assert not any("French" in text for line in person_lines(state, view, [], AT, 28) for text, _ in line)
