"""Runs of text keys: what was typed, what a terminal without paste marks has pasted, and what an Enter in it means.

Such a terminal types a pasted text, and its line ends arrive as Enter. A line that stalls delivers typed keys together
as well. The rule: several lines that arrive together are a paste, and none of their Enters is pressed. Letters with one
Enter behind them are typed, and so are those before a key that no text has. An Enter at the end of what has arrived
waits for `BURST_S`, as more may follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from textual import events
from textual.message import Message

from tui.terminal.input.letters import Letters, is_line_end, is_line_key, is_text

BURST_S = 0.03  # faster than three keys can be typed
_PASTE_S = 1.0  # on a slow line the pieces of one paste are apart, at most so far


class Runs:
    def __init__(self) -> None:
        self._letters = 0  # of the run so far
        self._waiting: list[events.Key] = []  # line keys at its end, which may be pressed
        self._is_paste = False
        self._is_typed = False  # a key that no text has came just before
        self._heard_at = 0.0

    def due_at(self) -> float | None:
        """When `tick` is to be called, unless something comes before."""
        return self._heard_at + BURST_S if self._waiting else None

    def tick(self, now: float) -> Iterator[Message]:
        """The keys behind which nothing more has come."""
        if self._waiting and now >= self._heard_at + BURST_S:
            yield from self._pressed()

    def feed(self, messages: Iterable[Message], now: float) -> Iterator[Message]:
        """The messages of one read, neighbouring letters as one."""
        yield from self.tick(now)
        read = list(messages)
        keys = sum(isinstance(each, events.Key) for each in read)
        if now >= self._heard_at + BURST_S:
            self._letters, self._is_typed = 0, False
            # One key alone is pressed by a person.
            self._is_paste = self._is_paste and keys > 1 and now < self._heard_at + _PASTE_S
        stretch: list[events.Key] = []
        for message in read:
            if isinstance(message, events.Key) and (is_text(message) or is_line_key(message)):
                stretch.append(message)
                continue
            if isinstance(message, events.Key | events.Paste | events.MouseDown | Letters):
                yield from self._taken(stretch)
                yield from self._pressed()
                stretch, self._letters = [], 0
                self._is_paste, self._is_typed = False, isinstance(message, events.Key)
            yield message
        yield from self._taken(stretch)
        if self._letters < 2 and not any(map(is_text, stretch)):
            yield from self._pressed()
        if keys:
            self._heard_at = now

    def _taken(self, stretch: Sequence[events.Key]) -> Iterator[Message]:
        """What is certain now: letters; line keys behind them wait."""
        keys, self._waiting = [*self._waiting, *stretch], []
        self._letters += sum(map(is_text, stretch))
        end = next((at for at in range(len(keys), 0, -1) if is_text(keys[at - 1])), 0)
        is_inside = any(map(is_line_end, keys[:end]))
        if self._letters and (is_inside or sum(map(is_line_end, keys)) > 1):
            self._is_paste = True
        if self._is_paste and keys:
            yield Letters(keys, is_typed=self._is_typed)
            return
        yield from (
            [Letters(keys[:end], is_typed=self._is_typed)]
            if end > 1 or (end and not keys[0].is_printable)
            else keys[:end]
        )
        self._waiting = keys[end:]

    def _pressed(self) -> Iterator[Message]:
        waiting, self._waiting = self._waiting, []
        yield from waiting
