"""The replies of the scripted agent. Pure: the same chance gives the same replies."""

from __future__ import annotations

import random
import re
from typing import NamedTuple

_GREETINGS = (
    "Hi, this is Anna. Let me look that up, one moment please.",
    "Hello, Anna here. One moment, I'll check that for you.",
)
_QUESTIONS = (
    "Thanks for waiting. Could you tell me your name and order number?",
    "Found something already. What's the order number, please?",
)
_YES = (
    "Yes, that works. I've noted it for you.",
    "Of course, it's done. Anything else I can help with?",
    "Good question, I've just asked: yes, that's fine.",
)
_NOTED = (
    "Thank you, I've put it on file and the team takes care of it today.",
    "Got it. That is all in order now.",
)
_GOODBYES = (
    "You're welcome. Have a lovely day!",
    "Any time. Take care!",
)
_THANKS = re.compile(r"thank|tysm|merci|cheers|obliged|legend|splendid|brilliant|you're a star", re.IGNORECASE)
_ENOUGH = 7


class ScriptedReply(NamedTuple):
    text: str
    is_last: bool


def answer(text: str, replies: int, chance: random.Random) -> ScriptedReply:
    """The reply to a consumer's latest `text`, after `replies` replies in this conversation."""
    if replies == 0:
        return ScriptedReply(chance.choice(_GREETINGS), False)
    if replies == 1:
        return ScriptedReply(chance.choice(_QUESTIONS), False)
    if _THANKS.search(text) or replies >= _ENOUGH:
        return ScriptedReply(chance.choice(_GOODBYES), True)
    return ScriptedReply(chance.choice(_YES if "?" in text else _NOTED), False)
