"""What is copied of a message, and where in it each drawn piece begins.

A message is copied as the text that it is, masked where the screen masks it: without names and frames, and without the
line ends that only the screen's width makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Self

from connector.sms.text import one_line, shown
from connector.sms.wrapping import wrap
from connector.wire.joined_parts import JoinedMessage
from connector.wire.masks import MASK
from connector.wire.views import MessageView
from tui.draw.format import Line, Span, picture

_DOT = "•"
_LONGEST = 400
_AROUND_WORDS = ".,;:!?…()[]{}<>«»‹›\"'“”„‘’`"
_BLANK_OR_NOT = re.compile(r"\s+|\S+")


class Words(str):
    """A piece of a text as it is drawn."""

    __slots__ = ("at", "web")

    at: int
    """How many characters of the text are before it."""
    web: str
    """Where it leads, if it is a link: printable ASCII."""

    def __eq__(self, other: object) -> bool:
        """Whether it is drawn alike: two links may be broken so that their last lines have the same characters."""
        return str.__eq__(self, other) and (not isinstance(other, Words) or other.web == self.web)

    __hash__ = str.__hash__

    @classmethod
    def of(cls, text: str, at: int, web: str = "") -> Self:
        made = cls(text)
        made.at, made.web = at, web
        return made

    def part(self, start: int, end: int) -> Self:
        """Some of its characters."""
        return self.of(self[start:end], self.at + start, self.web)

    def with_dots(self) -> Self:
        """Masked characters as dots."""
        return self.of(self.replace(MASK, _DOT), self.at, self.web)


def wrapped(text: str, width: int, at: int = 0) -> Iterator[Words]:
    """Safe text broken into lines; `at`: how many characters are before it. Blanks where it is broken are in none."""
    for paragraph in text.split("\n"):
        found = 0
        for line in wrap(paragraph, width):
            found = paragraph.index(line, found)
            yield Words.of(line, at + found)
            found += len(line)
        at += len(paragraph) + 1


def one_text(spans: Iterable[Span]) -> Line:
    """The spans of a line as one text."""
    line: Line = []
    at = 0
    for text, role in spans:
        line.append((Words.of(text, at), role))
        at += len(text)
    return line


def runs(message: MessageView) -> list[Span]:
    """The text of a message, with a mark in place of each missing segment; the pictures where there is no text."""
    if isinstance(message, JoinedMessage):
        return [
            (one_line(f"… part {run} of {message.total} missing …", _LONGEST), "you")
            if isinstance(run, int)
            else (shown(run), "")
            for run in message.runs
        ]
    if not message.text and message.pictures:
        return [picture(each) for each in message.pictures]
    return [(shown(message.text), "")]


def message_text(message: MessageView) -> str:
    """What is copied of a message."""
    text = "\n".join(text for text, _ in runs(message))
    return text.replace(MASK, _DOT) if message.masked else text


def word_around(text: str, at: int) -> tuple[int, int]:
    """Where the word begins and ends that has this character: up to blanks, without the punctuation around it."""
    for found in _BLANK_OR_NOT.finditer(text):
        if found.end() > at:
            word = found[0].strip(_AROUND_WORDS)
            start = found.start() + found[0].index(word)
            return (start, start + len(word)) if start <= at < start + len(word) else found.span()
    return len(text), len(text)
