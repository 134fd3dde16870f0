"""Three people at real desks: what they press for each thing they do, counted, and the time it takes a person.

Times are those of the keystroke-level model (Card, Moran, Newell 1980): a key 0.2 s for a good typist, 1.35 s to decide
what comes next; reading takes 0.05 s a letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.bench.shift.plan import Question
from tests.kit.screen import Screen

KEY_S, DECIDE_S, READ_S = 0.2, 1.35, 0.05
_TO = re.compile(r"reply to \((\d{3})\) (\d{3})-(\d{4})")


class Person:
    """An agent at a desk, with the time of the shift that they have come to."""

    def __init__(self, name: str, screen: Screen, *, with_tools: bool) -> None:
        self.name = name
        self.screen = screen
        self.now_s = 0.0
        self.keys = 0
        self.answered = 0
        self._with_tools = with_tools

    @property
    def needs_nothing(self) -> bool:
        return "nothing needs you" in self.screen.text

    @property
    def consumer(self) -> str:
        """Whom the compose pane is about."""
        found = _TO.search(self.screen.text)
        return "+1" + "".join(found.groups()) if found else ""

    async def press(self, keys: bytes, until: Callable[[], bool], what: str) -> None:
        """`keys`: a byte a key, but for escape sequences, which are not used here."""
        self.keys += len(keys)
        self.now_s += len(keys) * KEY_S
        self.screen.write(keys)
        await self.screen.until(until, f"{self.name}: {what}")

    async def enter(self, until: Callable[[], bool], what: str) -> None:
        self.keys += 1
        self.now_s += KEY_S
        await self.screen.enter()
        await self.screen.until(until, f"{self.name}: {what}")

    async def escape(self) -> None:
        self.keys += 1
        self.now_s += KEY_S
        await self.screen.escape()

    async def next_one(self) -> None:
        """Go where the key of the round leads to, with the compose pane in hand."""
        self.now_s += DECIDE_S
        await self.press(b"\x0e", lambda: "enter send" in self._foot, "the next one")

    async def answer(self, question: Question) -> None:
        self.now_s += DECIDE_S + len(question.text) * READ_S
        begin = question.answer[:20]
        if self._with_tools and question.shortcut:
            await self.press(b"\x19", lambda: "saved replies" in self.screen.text, "saved replies")
            letters = question.shortcut[:3].encode()
            await self.press(letters, lambda: begin in self.screen.text, "the saved reply")
            await self.enter(lambda: "saved replies" not in self.screen.text, "it to be put in")
            self.now_s += DECIDE_S
        else:
            await self.press(question.answer.encode(), lambda: f"{len(question.answer)} of" in self.screen.text, "it")
        self.answered += 1
        await self.enter(lambda: " 0 of 1,600" in self.screen.text or not self.consumer, "it to be sent")
        if question.is_last and not (self._with_tools and question.shortcut):
            await self._end(question)

    async def _end(self, question: Question) -> None:
        """Close with outcome and tag."""
        self.now_s += DECIDE_S
        await self.escape()
        await self.press(b"X", lambda: "outcome" in self.screen.text.lower(), "the dialog of the outcome")
        await self.press(b"s", lambda: True, "the outcome")
        await self.press(b"\t\t" + question.tag.encode(), lambda: question.tag in self.screen.text, "the tag")
        await self.enter(lambda: "losed" in self.screen.text, "it to be closed")

    async def close_thanks(self) -> None:
        """Nothing is to be said to that."""
        self.now_s += DECIDE_S
        await self.escape()
        consumer = self.consumer
        await self.press(b"x", lambda: "again" in self._said, "the question whether")
        await self.press(b"x", lambda: "losed" in self.screen.text or self.consumer != consumer, "it to be closed")

    @property
    def _foot(self) -> str:
        return self.screen.text.splitlines()[-1]

    @property
    def _said(self) -> str:
        return "\n".join(self.screen.text.splitlines()[-3:])
