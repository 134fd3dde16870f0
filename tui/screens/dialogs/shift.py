"""Dialog for the end of a shift: where all goes that the agent owns."""

from __future__ import annotations

from connector.base.counted import count
from connector.sms.text import one_line
from connector.wire.board import HandOn
from connector.wire.views import AgentView
from tui.actions import shifts
from tui.desk import DeskController
from tui.screens.dialogs.dialog import DialogAnswer, RequestDialog, note_field


class ShiftDialog(RequestDialog):
    """One choice for all of them: enter carries it out."""

    def __init__(self, desk: DeskController, agent: AgentView) -> None:
        self._agent = agent
        self._targets = shifts.targets(desk.model, agent)
        number = shifts.owned(desk.model, agent)
        goes = f"{count(number, 'conversation')} {'goes' if number == 1 else 'go'}"
        super().__init__(
            desk,
            f"End the shift of {one_line(agent.name, 20)}: off duty, and {goes}",
            [note_field(desk, "A note for colleagues in each of them, if you like")],
            choices=[one.words for one in self._targets],
        )

    def intent(self, answer: DialogAnswer) -> HandOn:
        return shifts.hand_on(self._agent, self._targets[answer.choice], *answer.texts)
