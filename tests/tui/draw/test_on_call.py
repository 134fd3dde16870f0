from __future__ import annotations

from typing import Any

import pytest
from immutables import Map
from msgspec.structs import replace

from connector.sms.text import cells
from connector.wire import answers
from connector.wire.views import AlertStepView, ConversationView, LineView, OnCallView, WebhookView
from tests.kit.views import ANN, AT, BEN, alert, conversation
from tui.actions.keys import DEFAULT_NAMES
from tui.draw.on_call import on_call_entries, summary
from tui.model import urgent
from tui.model.state import Agents, Model, PageData

MINUTE = 60_000
LATE = conversation(
    id="C1", consumer="+15550101", skill="orders", due_told="overdue", due_at=AT - 5 * MINUTE, waiting_since=AT,
    agent=None, state="queued",
)  # fmt: skip
ROTA = OnCallView("orders", ["ben", "ann"], ["cem"], is_gap=False, until=AT + 60 * MINUTE)


def model(*views: ConversationView, more: bool = False, on_call: answers.Alerts | None = None, **alerts: Any) -> Model:
    return Model(
        agents=Agents(me=ANN, by_id=Map({"ann": ANN, "ben": replace(BEN, presence="offline")})),
        alerts=Map(alerts),
        fetched=PageData(urgent=answers.Urgent(list(views), more), on_call=on_call),
        keys=DEFAULT_NAMES,
    )


def page(model: Model, words: str = "", width: int = 80) -> list[str]:
    entries = on_call_entries(model, words, AT, width)
    return ["".join(text for text, _ in spans) for _, lines in entries for spans in lines]


def test_a_row_says_who_needs_somebody_why_since_when_and_who_has_it() -> None:
    soon = conversation(id="C2", consumer="+15550102", due_told="soon", due_at=AT + 4 * MINUTE, agent="ben")
    rows = "\n".join(page(model(LATE, soon)))
    assert "!5m" in rows and "overdue since" in rows and "queue" in rows and "orders" in rows
    assert "▲4m" in rows and "○ ben" in rows.casefold(), "its owner is not there"


def test_what_needs_nobody_any_more_leaves_the_list_before_the_core_is_asked_again() -> None:
    shown = model(LATE)
    known = shown.conversations.by_id.set("C1", replace(LATE, version=LATE.version + 1, state="closed"))
    answered = replace(shown, conversations=replace(shown.conversations, by_id=known))
    assert "Nothing is urgent" in "\n".join(page(answered)) and not summary(answered)


@pytest.mark.parametrize(("words", "is_found"), [("0101", True), ("orders queue", True), ("billing", False)])
def test_a_filter_finds_by_number_skill_and_owner(words: str, is_found: bool) -> None:
    rows = "\n".join(page(model(LATE), words))
    assert ("5550101" in rows) is is_found and ("None has these words." in rows) is not is_found


def test_an_alert_says_who_was_asked_how_and_who_is_next() -> None:
    steps = [
        AlertStepView(AT - 6 * MINUTE, ["ben"], "on_call", untexted=["ben: has no phone"]),
        AlertStepView(AT - MINUTE, ["ann"], "next", texted=["ann"]),
    ]
    one = alert(steps=steps, next_at=AT + 4 * MINUTE, next=["cem"], since=AT - 20 * MINUTE)
    rows = page(model(L1=one), width=120)
    assert "▲ orders: 20 overdue" in rows[1] and "asks you: K says that you look after it" in rows[1]
    assert rows[2].strip().startswith("next cem at") and "in 4m" in rows[2]
    assert "(texted), Ben" in rows[2] and rows[2].endswith("(has no phone)"), "the latest first"


def test_alerts_that_ask_the_agent_come_first_and_those_that_somebody_looks_after_last() -> None:
    done = alert("ben", id="L1", skill="shop", acknowledged_by="ben", acknowledged_at=AT)
    shown = model(L1=done, L2=alert("ben", id="L2", skill="mail"), L3=alert("ann", id="L3"))
    titles = [row for row in page(shown) if "overdue" in row]
    assert [row.split()[1] for row in titles] == ["orders:", "mail:", "shop:"]
    assert "looks after it since" in titles[2]


def test_who_is_on_call_is_said_for_skills_together_and_a_gap_stands_out() -> None:
    gap = replace(ROTA, skill="mail", people=[], is_gap=True)
    rota = answers.Alerts([], [ROTA, gap, replace(ROTA, skill="shop")])
    rows = "\n".join(page(model(on_call=rota)))
    assert "orders, shop  Ben, you, lead cem, until" in rows
    assert "mail  nobody, so lead cem is asked at once" in rows
    alike = "\n".join(page(model(on_call=answers.Alerts([], [ROTA]))))
    assert "all skills" in alike and "Nobody is on call" in "\n".join(page(model(on_call=answers.Alerts([]))))


def test_a_webhook_that_is_not_taken_says_how_many_wait_and_why() -> None:
    waiting = WebhookView(3, AT - MINUTE, "HTTP 503", None, None)
    rows = "\n".join(page(model(on_call=answers.Alerts([], [ROTA], waiting))))
    assert "webhook: 3 events wait since" in rows and "HTTP 503" in rows
    assert "webhook" not in "\n".join(page(model(on_call=answers.Alerts([], [ROTA], replace(waiting, words="")))))


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_page_whatever_is_in_it(width: int) -> None:
    wide = "數據" * 30
    steps = [AlertStepView(AT, [wide], "gap", untexted=[f"{wide}: {wide}"])] * 5
    one = alert(skill=wide, steps=steps, next_at=AT, next=[wide])
    late = replace(LATE, consumer=wide, skill=wide, name=wide, last_text=wide)
    rota = answers.Alerts([], [replace(ROTA, skill=wide, people=[wide])], WebhookView(9, AT, wide, None, None))
    taken = replace(one, id="L2", acknowledged_by=wide, acknowledged_at=AT)
    rows = page(model(late, replace(late, agent=wide, state="assigned"), L1=one, L2=taken, on_call=rota), width=width)
    assert max(map(cells, rows)) <= width


def test_the_title_counts_what_needs_somebody() -> None:
    words = "".join(text for text, _ in summary(model(LATE, replace(LATE, id="C2", due_told="soon"))))
    assert words == "2 need somebody, 1 overdue"
    assert "".join(text for text, _ in summary(model(LATE, more=True))) == "1+ need somebody, 1+ overdue"


def test_an_alert_leads_to_the_most_urgent_conversation_it_is_about() -> None:
    mails = replace(LATE, id="C2", skill="mail")
    shown = model(mails, LATE)
    shown = replace(shown, providers=replace(shown.providers, lines=(LineView(LATE.line, "main", "orders"),)))
    first = urgent.first_of(shown, alert())
    assert first is not None and first.id == "C1"
    assert urgent.first_of(shown, alert(skill="shop")) is None
    assert urgent.first_of(shown, alert(account="short")) is None
    down = urgent.first_of(shown, alert(kind="account_down", skill=""))
    assert down is not None and down.id == "C2"
