"""What the controller of a desk does about alerts, and about what happened while nobody was at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from connector.wire import requests
from connector.wire.alert_words import waits
from tui.desk_marks import DeskMarks
from tui.model import absence, alerts, urgent
from tui.model.absence import Absence
from tui.model.notices import set_notice
from tui.model.state import Notice

if TYPE_CHECKING:
    from connector.wire.views import AlertView, ConversationView


class LostLink(NamedTuple):
    """What the desk had as its link was lost. `hello_at`: of that connection; `notice`: what stood there."""

    absence: Absence
    hello_at: int
    notice: Notice | None


class DeskAttention(DeskMarks):
    _silence: Absence | None = None  # while the terminal does not answer
    _without_link: LostLink | None = None  # until what was missed is here

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

    # While nobody was at it.

    def _absent_now(self) -> Absence:
        return Absence(self.now(), self.listing.why_needed, frozenset(self.listing.open_mine))

    def _missed(self, since: Absence) -> str:
        return since.words(self.model, self.listing.why_needed, frozenset(self.listing.open_mine))

    def line_changed(self, *, is_silent: bool) -> None:
        """The terminal has become silent, or is back: say so to who comes to it."""
        if is_silent:
            self._silence = self._absent_now()
            self.warn(absence.SILENCE_BEGINS)
        elif self._silence is not None:
            self.warn(absence.after_silence(self._silence, self._missed(self._silence), self.now()))
            self._silence = None

    def _link_is_lost(self) -> None:
        """What the desk has now is what it compares with, once it is linked again and has caught up. A link that comes
        and goes meanwhile changes nothing of that."""
        connection, before = self.model.connection, self._without_link
        is_settled = connection.is_complete and connection.catch_up_to is None
        if is_settled and (before is None or before.hello_at != connection.hello_at):
            self._without_link = LostLink(self._absent_now(), connection.hello_at, self.model.notices.current)

    def _say_missed(self) -> None:
        """After a lost link: what was missed, beside the notice that all of it is here."""
        connection, before, current = self.model.connection, self._without_link, self.model.notices.current
        is_settled = connection.is_complete and connection.catch_up_to is None
        if before is None or not is_settled or before.hello_at == connection.hello_at:
            return
        if current is None or current is before.notice or not current.is_of_return:
            return
        self._without_link = None
        if words := self._missed(before.absence):
            told = absence.after_lost_link(before.absence, current.words, words, self.now())
            self.model = set_notice(self.model, Notice(told))
