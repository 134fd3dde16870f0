"""Has the core store drafts, a while after the agent paused in writing."""

from __future__ import annotations

import time
from asyncio import TimerHandle
from collections.abc import Callable

from textual.app import App

from tui.core.timers import once
from tui.model.state import ComposeState

_AFTER_S = 1.0  # after the last change
_AT_LATEST_S = 5.0  # during writing without a pause


class DraftSaving:
    """`current` gives what is written; `save` is called at the pause."""

    def __init__(self, app: App[None], current: Callable[[], ComposeState], save: Callable[[], None]) -> None:
        self._app = app
        self._current = current
        self._save = save
        self._seen: tuple[object, object] | None = None
        self._timer: TimerHandle | None = None
        self._waits_since = 0.0

    def soon(self) -> None:
        """Called when something may have changed."""
        compose = self._current()
        if self._seen is not None and self._seen[0] is compose.drafts and self._seen[1] is compose.sync:
            return
        self._seen = compose.drafts, compose.sync
        now = time.monotonic()
        if self._timer is None:
            self._waits_since = now
        else:
            self._timer.cancel()
        wait_s = max(0.01, min(_AFTER_S, self._waits_since + _AT_LATEST_S - now))
        self._timer = once(self._app, wait_s, self._pause)

    def _pause(self) -> None:
        self._timer = None
        self._save()
