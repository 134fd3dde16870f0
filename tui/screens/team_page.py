"""The team page, from which a lead goes to a colleague's conversations."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual.binding import BindingType

from tui.actions.keys import Context
from tui.draw.team import team_entries
from tui.screens.provider_pages import ListPage
from tui.widgets.bindings import bindings
from tui.widgets.entry_list import Entry

_LOADS_S = 5.0


class TeamPage(ListPage):
    TITLE_WORDS = "The team"
    CONTEXT = Context.TEAM
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.TEAM)]

    def on_mount(self) -> None:
        self._ask()
        self.set_interval(_LOADS_S, self._ask)

    def _ask(self) -> None:
        self.desk.ask_loads()

    def entries(self, current: Hashable | None, width: int, height: int) -> Sequence[Entry]:
        return team_entries(self.desk.model, self.desk.listing, self.desk.now(), width)

    def action_colleague(self) -> None:
        """The list of all, with the conversations of the agent under the cursor only."""
        if self.current is not None:
            self.dismiss(str(self.current))
