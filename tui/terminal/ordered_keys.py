"""Keys carried out in the order in which they were pressed, however many come at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from itertools import islice, takewhile
from typing import Any

from textual import events, on
from textual.app import App
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget

from tui.terminal.input.keyboard import WordKey
from tui.terminal.input.letters import Letters, OnlyLetters, is_line_end, is_text, text_of
from tui.terminal.text_field import text_field

_TYPED_LIMIT_S = 1.0


Pressed = events.Key | Letters | events.Paste


class KeysWait(Message):
    """There are keys that have not been carried out."""


class OrderedKeys(App[None]):
    """Keys are carried out one after another; those pressed before `release_keys` wait for it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._early: list[Pressed] | None = []
        self._keys: deque[Pressed] = deque()  # not carried out yet
        self._has_forwarded = False  # something to a widget that may not have taken it yet

    def key_pressed(self) -> None:
        """Called before each key, or run of letters, is carried out."""
        raise NotImplementedError

    def key_done(self, *, did_something: bool) -> None:
        """Called after each key, or run of letters. `did_something` is false for a key that is bound to nothing."""
        raise NotImplementedError

    def taken_as_paste(self) -> None:
        """Called as Enters at the end of a run of letters became part of a text, and so sent nothing."""

    @property
    def awaits_release(self) -> bool:
        """Keys wait for `release_keys`."""
        return self._early is not None

    async def release_keys(self) -> None:
        """The screen is there: carry out the keys pressed so far, and from now on each as it comes."""
        early, self._early = self._early or [], None
        for key in early:
            await self.on_event(key)

    def drop_keys(self) -> None:
        """Carry out none of those that wait for `release_keys`."""
        self._early = None

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, Pressed) and not event.is_forwarded:
            if self._exit:
                return  # behind a key that has ended the app
            self.app_focus = True  # keys come: or, with the report of it late, none would reach a text field
            if self._early is not None:
                self._early.append(event)
            else:
                self._keys.append(event)
                if len(self._keys) == 1:
                    await self._take_keys()
        else:
            if isinstance(event, events.MouseEvent) and not event.is_forwarded:
                self._has_forwarded = True
            await super().on_event(event)

    @on(KeysWait)
    async def _take_keys(self) -> None:
        """Carry out the first of the keys, or of a run as much as one step allows: what it leads to comes first."""
        if self._exit:
            self._keys.clear()
            return
        match self._keys[0]:
            case Letters() as letters:
                if rest := await self._take_letters(letters):
                    self._keys[0] = rest
                    self.post_message(KeysWait())
                    return
            case WordKey() as key if not self.is_writing:
                for each in key.instead:
                    await self._take_key(each)
            case events.Paste() as pasted:
                await self._forward(pasted)
            case key:
                await self._take_key(key)
        self._keys.popleft()
        if self._keys:
            self.post_message(KeysWait())

    @property
    def is_writing(self) -> bool:
        """A text field has the focus."""
        return text_field(self.focused) is not None

    async def _take_letters(self, letters: Letters) -> Letters | None:
        """To a text field they are one text; elsewhere each is a key, and may lead to a text field.

        An Enter among them that was typed after a command is pressed in a dialog, and sends nothing all the same.
        Returned are those that have to wait.
        """
        waiting = deque(letters.keys)
        in_dialog = isinstance(self.screen, ModalScreen)
        # What has no line end and goes to a dialog is no paste: a tab in it leads from field to field.
        is_typed = letters.is_typed or not (any(map(is_line_end, letters.keys)) if in_dialog else self.is_writing)
        while waiting:
            field = text_field(self.focused)
            is_whole = (field is not None and field.takes_lines) or not is_typed
            if field is not None and (text := list(waiting if is_whole else takewhile(is_text, waiting))):
                await self._write(text)
                waiting = deque(islice(waiting, len(text), None))
                continue
            key = waiting.popleft()
            if not isinstance(letters, OnlyLetters) and (is_text(key) or is_typed):
                await self._take_key(key)
                if waiting and not is_text(key):
                    return Letters([*waiting], is_typed=is_typed)
        return None

    async def _write(self, keys: Sequence[events.Key]) -> None:
        self.key_pressed()
        await self._forward(events.Paste(text_of(keys)))
        if is_line_end(keys[-1]):
            self.taken_as_paste()
        self.key_done(did_something=True)

    async def _take_key(self, key: events.Key) -> None:
        self.key_pressed()
        is_letter = self.is_writing and is_text(key)
        is_done = await self._typed_at_once(key) or await self._carried_out(key)
        if not is_done:
            await self._forward(key)
        self.key_done(did_something=is_done or is_letter)

    async def _forward(self, event: events.Event) -> None:
        """To the focused widget, by way of its queue."""
        self._has_forwarded = True
        await super().on_event(event)

    async def _typed_at_once(self, key: events.Key) -> bool:
        """Write a letter into the focused text area, without the queues of screen and widget.

        False: it is none, or has to follow by those queues what is in them.
        """
        field = text_field(self.focused)
        if field is None or not (field.takes_lines and field.has_focus):
            return False
        if not field.check_consume_key(key.key, key.character):
            return False
        if self._has_forwarded and not await self._all_taken(field):
            return False
        return field.write_at_once(key.character or "")

    async def _carried_out(self, event: events.Key) -> bool:
        """Do what the key is bound to before the next key is looked at.

        Keys come in bursts over a slow line. Left alone, a key that sends would overtake the letters before it, or be
        overtaken by the letters after it, on its way through the widgets' queues.
        """
        if (field := text_field(self.focused)) is not None:
            if field.check_consume_key(event.key, event.character):
                return False
            await self._all_taken(field)
        return await self._check_bindings(event.key, priority=True) or await self._check_bindings(event.key)

    async def _all_taken(self, field: Widget) -> bool:
        """Wait until a widget has taken what was forwarded to it. False: it has not within a second."""
        taken = asyncio.Event()
        field.call_later(taken.set)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(taken.wait(), _TYPED_LIMIT_S)
            self._has_forwarded = False
        return taken.is_set()
