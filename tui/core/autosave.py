"""Saves the workspace a while after a change."""

from __future__ import annotations

import time
from asyncio import TimerHandle
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from textual.app import App

from connector.wire import frames
from tui.core.timers import once
from tui.core.workspace import Workspace
from tui.model.state import Attachment, Macro, SavedDraft

_AFTER_S = 0.25  # after the last change
_AT_LATEST_S = 1.5  # during writing without a pause


class Unsent(NamedTuple):
    """Drafts, texts without an answer, attachments, which drafts the core has, the latest commands, and what is done as
    drafts are sent."""

    drafts: Mapping[str, str]
    unanswered: list[frames.RequestFrame]
    attachments: Mapping[str, tuple[Attachment, ...]]
    saved_drafts: Mapping[str, SavedDraft]
    used_commands: tuple[str, ...]
    macros: Mapping[str, Macro]


class Autosave:
    """`current` gives what is to be saved; `report` is called after each save, with the error if it failed."""

    def __init__(
        self,
        app: App[None],
        workspace: Workspace,
        current: Callable[[], Unsent],
        report: Callable[[OSError | None], None],
    ) -> None:
        self._app = app
        self._workspace = workspace
        self._current = current
        self._report = report
        self._saved = current()
        self._timer: TimerHandle | None = None
        self._unsaved_since: float | None = None

    def save_soon(self) -> None:
        """Save what has changed, if anything, when the agent pauses."""
        if _is_same(self._current(), self._saved):
            return
        now = time.monotonic()
        if self._unsaved_since is None:
            self._unsaved_since = now
        if self._timer is not None:
            self._timer.cancel()
        wait_s = max(0.01, min(_AFTER_S, self._unsaved_since + _AT_LATEST_S - now))
        # The coroutine is made when the worker starts, which it does not in an app that ends before.
        work: Any = self.save
        self._timer = once(self._app, wait_s, lambda: self._app.run_worker(work))

    async def save(self) -> None:
        """On return all of it is on disk, or reported as an error."""
        unsent = self._current()
        self._unsaved_since = None
        try:
            await self._workspace.save(*unsent)
        except OSError as error:
            self._report(error)
        else:
            self._report(None)
        self._saved = unsent


def _is_same(one: Unsent, other: Unsent) -> bool:
    are_same = one.drafts is other.drafts and one.attachments is other.attachments
    are_same = are_same and one.used_commands is other.used_commands and one.macros is other.macros
    return are_same and one.saved_drafts is other.saved_drafts and one.unanswered == other.unanswered
