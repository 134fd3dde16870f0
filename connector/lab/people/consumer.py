"""A scripted consumer. Pure: the same seed, number and replies give the same texts."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from msgspec import Struct

from connector.lab.people.stories import STORIES, Story

_SORRY = re.compile(r"sorry|apolog", re.IGNORECASE)
_WAIT = re.compile(r"one moment|a moment|a minute|a second|let me (check|look)|bear with", re.IGNORECASE)
_CHARACTERS_A_SECOND = 30.0
_EPILOGUE_AFTER_S = 40.0


@dataclass(frozen=True)
class ScriptedText:
    """A text to send `after_s` seconds after the previous one, or after the reply."""

    after_s: float
    text: str
    pictures: int = 0


class ConsumerProfile(Struct, frozen=True, forbid_unknown_fields=True):
    """A consumer who plays a story of `stories.STORIES` and texts to `line`. `full_name`: their contact's, where they
    have one, with what else is recorded there."""

    number: str
    name: str
    line: str
    story: str
    full_name: str = ""
    language: str = ""
    attributes: dict[str, str] = {}
    notes: str = ""


class ScriptedConsumer:
    """`open` gives the first texts, `hear` the texts that follow each reply, in the order of their arrival."""

    def __init__(self, seed: int, person: ConsumerProfile) -> None:
        self._chance = random.Random(f"{seed}:{person.number}")
        self._story: Story = STORIES[person.story]
        self._facts = list(self._story.facts)
        self._turns = list(self._story.turns)
        self._may_wait = True
        self.has_ended = False

    def open(self) -> list[ScriptedText]:
        """The first texts."""
        first, *more = self._chance.choice(self._story.opening)
        return [
            ScriptedText(self._chance.uniform(0.1, 0.9), first, self._story.pictures),
            *(ScriptedText(self._chance.uniform(0.8, 2.0), text) for text in more),
        ]

    def hear(self, reply: str) -> list[ScriptedText]:
        """The texts after a reply: facts it asks for, patience, the next turn, or thanks and then nothing."""
        if self.has_ended:
            return []
        known = [fact for fact in self._facts if re.search(fact[0], reply, re.IGNORECASE)]
        if known:
            self._facts = [fact for fact in self._facts if fact not in known]
            return [self._say(" ".join(answer for _, answer in known))]
        if self._may_wait and _WAIT.search(reply):
            self._may_wait = False
            return [self._say(self._chance.choice(("Sure, take your time.", "No rush, I'm here.")))]
        if self._turns:
            text = self._chance.choice(self._turns.pop(0))
            # STOP is a consumer's last text.
            self.has_ended = text == "STOP"
            return [self._say(text)]
        self.has_ended = True
        return self._farewell(reply)

    def _farewell(self, reply: str) -> list[ScriptedText]:
        softly = "No harm done. " if _SORRY.search(reply) else ""
        texts = [self._say(softly + self._chance.choice(self._story.thanks))]
        if self._story.epilogue:
            texts.append(ScriptedText(_EPILOGUE_AFTER_S * self._chance.uniform(1, 2), self._story.epilogue))
        return texts

    def _say(self, text: str) -> ScriptedText:
        reading_s = self._chance.uniform(1.5, 4.0)
        return ScriptedText(reading_s + min(len(text) / _CHARACTERS_A_SECOND, 8.0), text)
