"""Mentions: agents who are named with @ in a note."""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec import Struct

MOST = 10  # agents whom one note mentions
_LOOKED_AT = 100  # signs of one note
# Not the @ of an e-mail address, of a link or inside a word.
_SIGN = re.compile(r"(?<![\w.+@/-])@(?=\w)")
_GOES_ON = re.compile(r"\w|[.@-]\w")


class Mention(Struct, frozen=True):
    """An agent was named in a note of a conversation, and has not opened it since."""

    agent: str
    conversation_id: str
    message_id: str
    author: str
    at: int


def mentioned(text: str, agents: Collection[str]) -> list[str]:
    """Which of these agents a text names, in its order, each once: a name after an @, in capitals or not."""
    by_name = {_small(one): one for one in agents}
    lengths = sorted({len(one) for one in by_name}, reverse=True)
    small = _small(text)
    found: dict[str, None] = {}
    for _, sign in zip(range(_LOOKED_AT), _SIGN.finditer(text), strict=False):
        begin = sign.end()
        names = (small[begin : begin + length] for length in lengths if not _GOES_ON.match(text, begin + length))
        if (named := next((by_name[name] for name in names if name in by_name), None)) is not None:
            found[named] = None
        if len(found) == MOST:
            break
    return list(found)


def _small(text: str) -> str:
    """In small letters, each at its place."""
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
