"""Taking keys in their turn: none overtakes another, none is lost while the screen is being built."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Hashable, Sequence
from typing import Any

from textual import events, on
from textual.app import App
from textual.widgets import Input, TextArea

from tui.desk import DeskController
from tui.model.notices import NoticeWatch
from tui.model.state import Notice
from tui.screens.desk_screen import DeskScreen
from tui.terminal.driver import BurstEnter, Typed
from tui.widgets.compose import Compose

_TYPED_LIMIT_S = 1.0


class KeyTaker(App[None]):
    """An app of one desk."""

    desk: DeskController

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._notices = NoticeWatch()
        self._early: list[events.Key | Typed] | None = []  # keys pressed while the screen is being built

    @property
    def before_the_agent(self) -> Hashable:
        """What the agent looks at: another value, another thing."""
        raise NotImplementedError

    def look(self) -> None:
        """The model may have changed: show it."""
        raise NotImplementedError

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | Typed) and not event.is_forwarded:
            if self._early is not None:
                self._early.append(event)
            elif isinstance(event, Typed):
                await self._take_letters(event.keys)
            else:
                await self._take_key(event)
        else:
            await super().on_event(event)

    async def _take_letters(self, letters: Sequence[events.Key]) -> None:
        """To a text field they are one text; elsewhere each is a key, and may lead to a text field."""
        waiting = deque(letters)
        while waiting and not isinstance(self.focused, Input | TextArea):
            await self._take_key(waiting.popleft())
        if waiting:
            before = self._key_comes()
            self.app_focus = True
            await super().on_event(events.Paste("".join(key.character or "" for key in waiting)))
            self._key_is_done(before, did_something=True)

    async def _take_key(self, key: events.Key) -> None:
        before = self._key_comes()
        is_letter = isinstance(self.focused, Input | TextArea) and key.is_printable
        is_command = await self._carried_out(key)
        if not is_command:
            await super().on_event(key)
        self._key_is_done(before, did_something=is_command or is_letter)

    def _key_comes(self) -> Notice | None:
        """The notice that is there before the key."""
        self.desk.key_pressed()
        return self.desk.model.notice

    def _key_is_done(self, before: Notice | None, *, did_something: bool) -> None:
        if before is None or before is not self.desk.model.notice:
            return
        if self._notices.is_over(self.before_the_agent, time.monotonic(), did_something=did_something):
            self.desk.hush()
            self.look()

    @on(DeskScreen.Ready)
    async def take_early_keys(self) -> None:
        keys_, self._early = self._early or [], None
        for key in keys_:
            await self.on_event(key)

    async def _carried_out(self, event: events.Key) -> bool:
        """Do what the key is bound to, in its turn.

        Keys come in bursts over a slow line. Left alone, a key that sends would overtake the letters before it, or be
        overtaken by the letters after it, on its way through the widgets' queues.
        """
        if isinstance(self.focused, Input | TextArea):
            if self.focused.check_consume_key(event.key, event.character):
                return False
            typed = asyncio.Event()
            self.focused.call_later(typed.set)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(typed.wait(), _TYPED_LIMIT_S)
            if isinstance(event, BurstEnter) and isinstance(self.focused, Compose):
                self.focused.action_newline()
                return True
        return await self._check_bindings(event.key, priority=True) or await self._check_bindings(event.key)
