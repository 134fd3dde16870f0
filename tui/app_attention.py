"""How the desk calls for an agent who may not be looking: bell, notification of the desktop, title of the window."""

from __future__ import annotations

import os
from functools import partial
from typing import Any

from connector.base.counted import count
from tui.core.calling import Caller
from tui.core.settings import Preferences
from tui.core.timers import once
from tui.desk import DeskController
from tui.model import alerts
from tui.model.state import LinkPhase
from tui.terminal import calling
from tui.terminal.app import TerminalApp

_QUIET_S = 15.0  # between two bells
_GATHERED_S = 1.0  # a notification says how many they are once all are here
_TITLE_S = 1.0


class AppAttention(TerminalApp):
    """The desk's application, which makes what is declared here, is made on it."""

    desk: DeskController

    def __init__(self, *, preferences: Preferences, **options: Any) -> None:
        super().__init__(**options)
        self._preferences = preferences
        self._alarm_count = 0  # bursts of alarms that were called for
        self._caller = Caller(self._call, partial(once, self), _QUIET_S)
        self._titling = Caller(self._set_title, partial(once, self), _TITLE_S)
        self._title = ""

    def call_for_alarms(self) -> None:
        """Call for what has come since the last time."""
        alarms = self.desk.model.notices.alarm_count
        if alarms > self._alarm_count:
            self._caller.ask()
        self._alarm_count = alarms
        connection = self.desk.model.connection
        is_known = connection.is_complete or connection.phase is LinkPhase.SHUT_OUT
        if is_known and self._title_words != self._title:
            self._titling.ask()

    def _call(self) -> None:
        if os.environ.get("TEXTDESK_BELL") == "0":
            return
        how = calling.way(self._preferences.notify, os.environ)
        if how in (calling.OSC_9, calling.OSC_777) and not self.app_focus:
            once(self, _GATHERED_S, lambda: self._notify(how))
        elif how != calling.OFF:
            self.bell()

    def _notify(self, how: str) -> None:
        if not self.app_focus and any(self._needs):  # else they have been here meanwhile
            self.write_to_terminal(calling.notification(how, self._needs_words, os.environ))

    def _set_title(self) -> None:
        self._title = self._title_words
        if calling.sets_title(self._preferences.title, os.environ):
            self.show_in_title(self._title)

    @property
    def _needs(self) -> tuple[int, int]:
        """How many conversations need the agent, and how many alerts ask them."""
        return self.desk.listing.needs, len(alerts.asking_me(self.desk.model))

    @property
    def _title_words(self) -> str:
        total = sum(self._needs)
        return f"▲{total:,} textdesk" if total else "textdesk"

    @property
    def _needs_words(self) -> str:
        """Numbers only: what a desktop shows, others may see."""
        needs, asking = self._needs
        words = [f"{count(asking, 'alert')} {'asks' if asking == 1 else 'ask'} you"] if asking else []
        if needs or not words:
            words.append(f"{needs:,} {'needs' if needs == 1 else 'need'} you")
        return ", ".join(words)
