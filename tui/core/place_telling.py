"""Tells the core which conversation the desk shows, and while its agent is writing there, for colleagues' desks."""

from __future__ import annotations

import time
from asyncio import TimerHandle
from collections.abc import Callable

from textual.app import App

from connector.wire import limits
from tui.core.timers import once
from tui.model.state import Model

_RESTS_S = 0.4  # on a conversation, before it is told
_AGAIN_S = limits.WRITING_MS / 1000 / 2  # while they go on writing


class PlaceTelling:
    """`current` gives the model; `tell` is called with a conversation's id, and whether the agent is writing there."""

    def __init__(self, app: App[None], current: Callable[[], Model], tell: Callable[[str | None, bool], None]) -> None:
        self._app = app
        self._current = current
        self._tell = tell
        self._place: str | None = None
        self._draft: str | None = None  # as it was when the core was last told
        self._is_writing = False
        self._told_at = 0.0
        self._timer: TimerHandle | None = None
        self._awaited: tuple[str | None, float] | None = None  # what the timer is for: the place, and after which pause

    def soon(self) -> None:
        """Called when something may have changed."""
        model = self._current()
        place, draft = model.shown, model.compose.drafts.get(model.shown or "")
        if place == self._place and draft is self._draft:
            return
        goes_on = place == self._place and self._is_writing and draft is not None
        awaited = (place, _AGAIN_S if goes_on else _RESTS_S if place != self._place else 0.0)
        if self._timer is not None:
            if self._awaited == awaited:
                return
            self._timer.cancel()
        self._awaited = awaited
        since_s = time.monotonic() - self._told_at if goes_on else 0.0
        self._timer = once(self._app, max(0.01, awaited[1] - since_s), self._tell_now)

    def connected(self) -> None:
        """The core knows nothing of this desk yet."""
        self._place, self._draft, self._is_writing = None, None, False
        self.soon()

    def _tell_now(self) -> None:
        self._timer = None
        model = self._current()
        place, draft = model.shown, model.compose.drafts.get(model.shown or "")
        is_writing = place is not None and place == self._place and draft is not None and draft is not self._draft
        is_known = place == self._place and not is_writing and not self._is_writing
        self._place, self._draft, self._is_writing = place, draft, is_writing
        if not is_known:
            self._told_at = time.monotonic()
            self._tell(place, is_writing)
