"""The page of reports: plots over time, and a table; one of its rows can be looked at alone."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from msgspec.structs import replace
from textual.binding import BindingType

from tui.actions.keys import Context
from tui.desk import DeskController
from tui.draw.format import Line
from tui.draw.reports import report_entries, summary
from tui.model.reports import BY, SPANS, ReportChoice
from tui.model.state import FetchedReport, LinkPhase
from tui.screens.provider_pages import ListPage
from tui.widgets.bindings import bindings
from tui.widgets.entry_list import Entry

_FRESH_S = 20.0
_SPAN_WORDS = {1: "today", 7: "7 days", 30: "30 days"}


class ReportsPage(ListPage):
    TITLE_WORDS = "Reports"
    CONTEXT = Context.REPORTS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.REPORTS)]

    def __init__(self, desk: DeskController) -> None:
        super().__init__(desk)
        self._choice = ReportChoice()

    def on_mount(self) -> None:
        self.desk.drop_reports()
        self._ask()
        self.set_interval(_FRESH_S, self._ask)

    def _ask(self) -> None:
        self._ask_for(self._choice.over_time, self._choice.by)

    def _ask_for(self, *dimensions: str) -> None:
        for by in dict.fromkeys(dimensions):
            self.desk.ask_once(self._choice.question(by, self.desk.now()))

    def _answer(self, by: str) -> FetchedReport | None:
        return self.desk.model.fetched.reports.get(self._choice.key(by))

    def entries(self, current: Hashable | None, width: int, height: int) -> Sequence[Entry]:
        choice = self._choice
        return report_entries(choice, self._answer(choice.over_time), self._answer(choice.by), width, height)

    def title_groups(self) -> list[Line]:
        spans: Line = []
        for days in SPANS:
            is_on = days == self._choice.days
            spans.append((f"{'▸' if is_on else ' '}{_SPAN_WORDS[days]}  ", "on" if is_on else "muted"))
        return [[(self.TITLE_WORDS, "strong")], spans]

    def beside_title(self, room: int) -> Line:
        found = self._answer(self._choice.over_time)
        if self.desk.model.connection.phase is not LinkPhase.LINKED or found is None or found.answer is None:
            return super().beside_title(room)
        return summary(found.answer, room)

    def _choose(self, choice: ReportChoice) -> None:
        self._choice = choice
        self._ask_for(*(by for by in (choice.over_time, choice.by) if self._answer(by) is None))
        self.repaint()

    def action_report_today(self) -> None:
        self._choose(replace(self._choice, days=SPANS[0]))

    def action_report_week(self) -> None:
        self._choose(replace(self._choice, days=SPANS[1]))

    def action_report_month(self) -> None:
        self._choose(replace(self._choice, days=SPANS[2]))

    def action_next_dimension(self) -> None:
        self._turn(1)

    def action_previous_dimension(self) -> None:
        self._turn(-1)

    def _turn(self, by: int) -> None:
        self._choose(replace(self._choice, by=BY[(BY.index(self._choice.by) + by) % len(BY)]))

    def action_report_only(self) -> None:
        """Everything of the row under the cursor alone."""
        if not isinstance(self.current, tuple):
            return
        by, key = self.current
        found = self._answer(self._choice.by)
        rows = found.answer.rows if found is not None and found.answer is not None else ()
        name = next((row.name for row in rows if row.key == key), "")
        if by == "day" or not key:
            words = "A day has its own report: look at it by the verb `report --since`." if by == "day" else ""
            self.desk.say(words or "This row is of nobody, and cannot be looked at alone.", is_error=True)
            self.repaint()
            return
        self._choose(replace(self._choice, only={**self._choice.only, by: (key, name)}))

    def back(self) -> None:
        """First back to everything, then away."""
        if self._choice.only:
            *before, _ = self._choice.only.items()
            self._choose(replace(self._choice, only=dict(before)))
        else:
            super().back()
