"""What the controller of a desk does about alerts, and about what happened while nobody was at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.wire import requests
from connector.wire.alert_words import waits
from tui.desk_marks import DeskMarks
from tui.model import alerts, silent_line, urgent
from tui.model.silent_line import SilentLine

if TYPE_CHECKING:
    from connector.wire.views import AlertView, ConversationView


class DeskAttention(DeskMarks):
    _silent_line: SilentLine | None = None

    # Alerts.

    def acknowledge(self, alert: AlertView | None = None, *, key: str) -> None:
        """Look after an alert, or after all that ask this agent; after what asks others once it is confirmed."""
        if alert is not None and not waits(alert):
            self.say(alerts.acknowledged_words(self.model, [alert]), is_error=True)
            return
        waiting = [alert] if alert is not None else alerts.asking_me(self.model) or alerts.waiting(self.model)
        if not waiting:
            self.say("There is no alert that waits for somebody.", is_error=True)
            return
        ids = [one.id for one in waiting]
        if not any(alerts.asks_me(self.model, one) for one in waiting):
            doubt = f"{alerts.whom_it_asks(self.model, waiting[0])}. Press {key} again to look after it yourself."
            if len(waiting) > 1:
                doubt = f"{len(waiting)} alerts ask others. Press {key} again to look after all of them."
            if not self.is_confirmed(f"acknowledge {' '.join(ids)}", doubt):
                return
        self.ask_once(requests.Acknowledge(ids))

    def open_urgent(self, view: ConversationView) -> None:
        """A conversation of the list of what is urgent is about to be shown."""
        is_new = view.id not in self.model.conversations.by_id
        self.model = urgent.with_row(self.model, view)
        if is_new:
            self.listing.add([view])

    # The line to the terminal.

    def line_changed(self, *, is_silent: bool) -> None:
        """It has become silent, or is back: say so to who comes to the terminal."""
        mine = frozenset(self.listing.open_mine)
        if is_silent:
            self._silent_line = SilentLine(self.now(), mine)
            self.warn(silent_line.BEGINS)
        elif self._silent_line is not None:
            self.warn(self._silent_line.words_at_end(mine, self.now()))
            self._silent_line = None
