"""The page of what is urgent, of all skills: for who is on call, and for whoever wants to see it in one glance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual.binding import BindingType

from connector.wire import requests
from connector.wire.views import AlertView
from tui.actions import keys
from tui.actions.keys import Context
from tui.draw.format import Line
from tui.draw.on_call import on_call_entries, summary
from tui.model import urgent
from tui.model.state import LinkPhase
from tui.screens.filtered_page import FilteredPage
from tui.widgets.bindings import bindings
from tui.widgets.entry_list import Entry

_LOOKS_S = 5.0


class OnCallPage(FilteredPage):
    TITLE_WORDS = "On call"
    CONTEXT = Context.ON_CALL
    FILTER_WORDS = "names, numbers, skills, owners and tags"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.ON_CALL)]

    _asked_at: int | None = None  # the position of the desk then

    def on_mount(self) -> None:
        self._ask()
        self.set_interval(_LOOKS_S, self._look)

    def _ask(self) -> None:
        self._asked_at = self.desk.model.connection.position
        self.desk.ask_once(requests.GetUrgent())
        self.desk.ask_once(requests.GetAlerts())

    def _look(self) -> None:
        """Alerts and conversations are told by events; their order is the core's, which is asked for again once one has
        come. No event tells that others are on call by now, nor what the webhook has not taken."""
        on_call, now = self.desk.model.fetched.on_call, self.desk.now()
        is_told = self._asked_at == self.desk.model.connection.position
        if (
            not is_told
            or on_call is None
            or on_call.webhook is not None
            or any(one.until is not None and one.until <= now for one in on_call.on_call)
        ):
            self._ask()

    def repaint(self) -> None:
        connection = self.desk.model.connection
        if self.desk.model.fetched.urgent is None and connection.phase is LinkPhase.LINKED and connection.is_complete:
            self._ask()  # a snapshot or an erasure has taken what was here
        super().repaint()

    def title_groups(self) -> list[Line]:
        groups, found = super().title_groups(), summary(self.desk.model)
        return [*groups, found] if found else groups

    def entries(self, current: Hashable | None, width: int, height: int) -> Sequence[Entry]:
        return on_call_entries(self.desk.model, self.filter.value, self.desk.now(), width)

    @property
    def _alert(self) -> AlertView | None:
        """The alert under the cursor."""
        kind, key = self.current if isinstance(self.current, tuple) else ("", "")
        return self.desk.model.alerts.get(key) if kind == "alert" else None

    def action_acknowledge(self) -> None:
        """The alert under the cursor; elsewhere all that ask this agent."""
        self.desk.acknowledge(self._alert, key=keys.key_for(self.desk.model.keys, "acknowledge", self.CONTEXT))
        self.repaint()

    def action_go_urgent(self) -> None:
        """To the conversation under the cursor, or to the most urgent one that the alert there is about."""
        model, alert = self.desk.model, self._alert
        kind, key = self.current if isinstance(self.current, tuple) else ("", "")
        found = next((view for view in urgent.listed(model) or () if kind == "conversation" and view.id == key), None)
        if alert is not None:
            found = urgent.first_of(model, alert)
        if found is None:
            self.desk.say("Nothing of it needs anybody now." if alert else "There is no conversation here.")
            self.repaint()
        else:
            self.desk.open_urgent(found)
            self.dismiss(found.id)
