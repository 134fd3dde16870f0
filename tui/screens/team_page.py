"""The board of the team, from which a lead goes to a colleague's conversations, or hands them on."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual.binding import BindingType

from connector.wire.board import GetBoard
from tui.actions import shifts
from tui.actions.keys import Context
from tui.desk import DeskController
from tui.draw.board import board_entries, summary
from tui.draw.format import Line
from tui.model.state import LinkPhase
from tui.screens.pages import RefusalsPage
from tui.screens.provider_pages import ListPage
from tui.widgets.bindings import bindings
from tui.widgets.entry_list import Entry

_FRESH_S = 3.0
_CLOCK_MS = 10_000  # so long the waits may be old that are shown in minutes


class TeamPage(ListPage):
    TITLE_WORDS = "Team"
    CONTEXT = Context.TEAM
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.TEAM)]

    def __init__(self, desk: DeskController, agent: str | None = None) -> None:
        super().__init__(desk)
        self.FIRST = agent
        self._drawn: tuple[object, Sequence[Entry]] | None = None

    def on_mount(self) -> None:
        self._ask()
        self.set_interval(_FRESH_S, self._ask)

    def _ask(self) -> None:
        if self.desk.model.connection.phase is LinkPhase.LINKED:
            self.desk.ask_once(GetBoard())

    def entries(self, current: Hashable | None, width: int, height: int) -> Sequence[Entry]:
        """Those drawn before if nothing of them has changed: for two hundred agents a key would wait for them."""
        model, now = self.desk.model, self.desk.now()
        fetched = model.fetched
        made_of = (fetched.board, fetched.board_refusal, model.agents, now // _CLOCK_MS, width, height)
        if self._drawn is None or self._drawn[0] != made_of:
            self._drawn = made_of, board_entries(model, now, width, height)
        return self._drawn[1]

    def beside_title(self, room: int) -> Line:
        is_linked = self.desk.model.connection.phase is LinkPhase.LINKED
        return summary(self.desk.model, room) if is_linked else super().beside_title(room)

    def action_colleague(self) -> None:
        """The conversations of the agent under the cursor."""
        if self.current is not None:
            self.dismiss(str(self.current))

    async def action_end_shift(self) -> None:
        from tui.screens.dialogs.shift import ShiftDialog

        agent = self.desk.model.agents.by_id.get(str(self.current))
        words = shifts.why_not(self.desk.model, agent)
        if words is not None or agent is None:
            self.desk.say(words or "There is no agent here.", is_error=True)
            self.repaint()
        else:
            await self.app.push_screen(ShiftDialog(self.desk, agent), lambda _: self.repaint())

    async def action_explain(self) -> None:
        """Why some were not handed on."""
        if (run := self.desk.bulk_to_explain()) is not None:
            await self.app.push_screen(RefusalsPage(self.desk, run))
        else:
            self.desk.say("Nothing was refused.")
            self.repaint()

    def action_undo(self) -> None:
        run = self.desk.model.bulk
        if run is None or run.verb != shifts.VERB or run.is_undo:
            self.desk.say("No shift was ended here that could be undone.", is_error=True)
        else:
            self.desk.undo_bulk(run, self.desk.model.keys.name("undo"))
        self.repaint()
