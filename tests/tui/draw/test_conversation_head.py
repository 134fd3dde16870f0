"""The head of a conversation: who it is never goes for what is due."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.sms.text import cells
from connector.wire.contacts import ContactView, PersonView
from tests.kit.models import changed, desk
from tests.kit.views import AT, account, conversation
from tui.draw.conversation_head import head_lines
from tui.draw.format import Line


def text_of(line: Line) -> str:
    return "".join(text for text, _ in line)


OVERDUE = conversation(state="queued", agent=None, consumer="+14155550111", shown="(415) 555-0111", due_at=AT)


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (100, f" (415) 555-0111  → {OVERDUE.line}  |  in the queue · ! overdue 2m, since "),
        (71, " (415) 555-0111  |  in the queue · ! overdue 2m, since "),
        (46, " (415) 555-0111  |  in the queue · ! overdue 2m "),
        (40, " (415) 555-0111  |  ! overdue 2m "),
    ],
)
def test_our_line_goes_first_and_then_words_of_the_time_but_never_the_number(width: int, words: str) -> None:
    line = text_of(head_lines(desk(OVERDUE), OVERDUE, AT + 120_000, width)[0])
    before, after = words.split("  |  ")
    assert line.startswith(before) and after in line and cells(line) == width


def test_the_number_stays_at_any_width() -> None:
    for width in range(40, 130):
        line = text_of(head_lines(desk(OVERDUE), OVERDUE, AT + 120_000, width)[0])
        assert line.startswith(" (415) 555-0111 ") and cells(line) == width


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (110, f" Renée Dubois  (415) 555-0111 → {OVERDUE.line}  |  in the queue · ! overdue 2m, since "),
        (80, " Renée Dubois  (415) 555-0111  |  in the queue · ! overdue 2m, since "),
        (64, " Renée Dubois  |  in the queue · ! overdue 2m, since "),
        (40, " Renée Dubois  |  ! overdue 2m "),
    ],
)
def test_the_number_stands_beside_a_name_where_there_is_room(width: int, words: str) -> None:
    view = replace(OVERDUE, name="Renée Dubois")
    line = text_of(head_lines(desk(view), view, AT + 120_000, width)[0])
    before, after = words.split("  |  ")
    assert line.startswith(before) and after in line and cells(line) == width


@pytest.mark.parametrize("width", [40, 80])
def test_before_one_writes_it_says_that_replies_wait_and_why(width: int) -> None:
    view = conversation(account="second")
    held = account("second", state="down", replies_wait="not authorised: check the password (401)")
    model = changed(desk(view), providers={"accounts": (held,)})
    facts = text_of(head_lines(model, view, AT, width)[1])
    assert "replies wait: second: not" in facts and cells(facts) == width
    assert "replies wait" not in text_of(head_lines(desk(view), view, AT, width)[1])


@pytest.mark.parametrize("mode", ["off", "draining"])
def test_an_account_that_accepts_no_replies_says_so_before_one_writes(mode: str) -> None:
    view = conversation(account="second")
    off = account("second", mode=mode, replies_wait="switched off" if mode == "off" else "")
    model = changed(desk(view), providers={"accounts": (off,)})
    facts = text_of(head_lines(model, view, AT, 80)[1])
    assert f"second is {mode}: it accepts no replies" in facts and "replies wait" not in facts


def test_a_reply_that_is_looked_up_says_what_ends_that() -> None:
    view = conversation(unsent_status="uncertain")
    assert "being looked up. It is sent again if it was not, unless more is written first" in text_of(
        head_lines(desk(view), view, AT, 120)[1]
    )


@pytest.mark.parametrize(
    ("others", "words"),
    [
        (0, "support   French · VIP · order A-17"),
        (2, "support   French · VIP · order A-17 · 3rd time since "),
        (10, " · 11th time since "),
        (21, " · 22nd time since "),
    ],
)
def test_it_says_what_is_recorded_and_how_often_they_have_been_here(others: int, words: str) -> None:
    view = conversation()
    contact = ContactView(view.consumer, language="fr", attributes={"VIP": "yes", "order": "A-17"})
    about = PersonView(contact, others=others, since=AT - 400 * 86_400_000)
    model = changed(desk(view), transcript={"about": about})
    facts = text_of(head_lines(model, view, AT, 120)[1])
    assert words in facts and cells(facts) == 120
