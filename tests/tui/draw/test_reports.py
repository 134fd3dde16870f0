"""The page of reports in words: what is shown, what is left out where there is no room, and whose it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.sms.text import cells
from connector.wire.answers import Report
from connector.wire.views import ReportRowView
from tests.kit.views import AT
from tui.draw.reports import report_entries, summary
from tui.model.reports import ReportChoice, key_of
from tui.model.state import FetchedReport

BEN = ReportRowView(
    "ben", "Ben", closed=42, answers=80, median_s=50, p90_s=410, late=7, replies=120, delivered=110, failed=6,
    segments=160, transfers=2, give_backs=1, online_ms=30 * 3_600_000, cost={"USD": "1.264"},
)  # fmt: skip
NOBODY = ReportRowView("", "no agent", texts=2_664, opened=90, cost={"USD": "13.24"})
TOTAL = replace(BEN, key="", name="all", texts=2_664, opened=90, cost={"USD": "14.504"})


def told(
    *rows: ReportRowView, width: int = 100, height: int = 30, by: str = "agent", choice: ReportChoice | None = None,
    total: ReportRowView = TOTAL, counted_since: int | None = None, left_out: int = 0,
) -> str:  # fmt: skip
    days = [replace(TOTAL, key=str(at), name=f"2026-11-{24 + at}") for at in range(7)]
    over_time = FetchedReport(Report("day", AT, AT, "", False, days, total, counted_since=counted_since))
    table = FetchedReport(Report(by, AT, AT, "", False, list(rows), total, left_out))
    entries = report_entries(choice or ReportChoice(7, by), over_time, table, width, height)
    return "\n".join("".join(text for text, _ in line) for _, lines in entries for line in lines)


def test_plots_and_the_table_say_the_same_figures() -> None:
    words = told(BEN, NOBODY)
    for said in ("half within 50s", "nine in ten", "91%, 7 late", "120, 4.0 an hour online", "95%, 6 failed"):
        assert said in words
    ben = next(line for line in words.splitlines() if line.strip().startswith("Ben "))
    assert ben.replace("█", "").split()[:6] == ["Ben", "120", "50s", "7m", "91%", "95%"]
    assert "████████" in ben and "1.26 USD" in ben
    assert "Tue" in words and "Mon" in words


@given(st.integers(40, 220), st.integers(10, 60), st.integers(0, 10**9), st.text(min_size=1, max_size=60))
def test_no_line_is_too_wide(width: int, height: int, number: int, name: str) -> None:
    row = ReportRowView("x", name, texts=number, replies=number, closed=number, answers=number, late=number // 2)
    for line in told(row, NOBODY, width=width, height=height).splitlines():
        assert cells(line) <= width


def test_what_weighs_least_is_left_out_first() -> None:
    wide, small = told(BEN, NOBODY, width=150), told(BEN, NOBODY, width=80)
    assert "moved on" in wide and "segments" in wide
    assert "moved on" not in small and "in time" in small and "cost" in small and "█" not in small.split("by ")[1]


def test_what_is_not_known_or_not_shown_is_said() -> None:
    total = replace(TOTAL, billed_replies=90, billed=110, predicted=90, billed_otherwise=14)
    words = told(BEN, total=total, counted_since=AT, left_out=1)
    assert "Waiting, skill and entry point are counted since " in words
    assert "Segments: billed 110 where 90 were predicted (14 of 90 replies differ)." in words
    assert "… and 1 more row" in words
    assert "Nothing was counted in these days." in told(ReportRowView("cem", "Cem"))
    assert "only line +15550199 · skill of nobody" in told(
        BEN, choice=ReportChoice(7, "agent", {"line": ("+15550199", "+15550199"), "skill": ("x", "")})
    )


def test_a_report_that_is_not_there_yet_or_was_refused() -> None:
    def words(found: FetchedReport | None) -> str:
        return str(report_entries(ReportChoice(), found, found, 80, 24))

    assert "asking the core…" in words(None)
    assert "That is not for you." in words(FetchedReport(refusal="That is not for you."))


@pytest.mark.parametrize(("is_own", "said"), [(False, "cost 14.50 USD"), (True, "cost 14.50 USD · your own work")])
def test_the_title_says_the_cost_and_whose_it_is(*, is_own: bool, said: str) -> None:
    assert summary(Report("day", AT, AT, "", is_own, [], TOTAL), 60) == [(said, "muted")]


@pytest.mark.parametrize("days", [1, 7, 30])
def test_an_answer_is_found_by_what_was_asked(days: int) -> None:
    choice = ReportChoice(days, "skill", {"line": ("+15550199", "x"), "agent": ("ben", "Ben")})
    assert key_of(choice.question("skill", AT), AT) == choice.key("skill")
    assert key_of(choice.question("skill", AT), AT + 900) == choice.key("skill")


def test_of_nothing_there_is_no_share() -> None:
    words = told(BEN, total=ReportRowView("", "all", texts=4))
    assert "answered in time  –" in words and "delivered  –" in words
