"""What the bytes from a terminal mean to the app, wherever the line has cut them and whenever it has brought them."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterator

from textual.message import Message

from tui.terminal.input.keyboard import Keyboard
from tui.terminal.input.runs import Runs
from tui.terminal.input.scanner import Scanner


class InputReader:
    """All times are in seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._scanner = Scanner()
        self._keyboard = Keyboard()
        self._runs = Runs()

    def feed(self, data: bytes, now: float) -> Iterator[Message]:
        """What one read has brought."""
        yield from self.tick(now)
        if text := self._decode(data):
            tokens = self._scanner.feed(text, now)
            yield from self._runs.feed((each for token in tokens for each in self._keyboard.messages(token)), now)

    def tick(self, now: float) -> Iterator[Message]:
        """What is certain because nothing more has come."""
        yield from self._runs.tick(now)
        if late := [each for token in self._scanner.tick(now) for each in self._keyboard.messages(token)]:
            yield from self._runs.feed(late, now)

    def wait_s(self, now: float, most: float) -> float:
        """For how long the next read may be waited for before `tick` is due."""
        due = [at for at in (self._scanner.due_at(), self._runs.due_at()) if at is not None]
        return max(0.0, min([most, *(at - now for at in due)]))
