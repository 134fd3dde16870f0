"""Text broken into lines for a terminal."""

from __future__ import annotations

from bisect import bisect_right

from connector.sms.text import cells


def wrap(text: str, width: int) -> list[str]:
    """Safe text broken into lines of at most `width` cells, at blanks where there are some. Never empty."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if paragraph.isascii() and len(paragraph) <= width:
            lines.append(paragraph)
        else:
            lines += _wrapped(paragraph, max(width, 2))
    return lines


def _wrapped(paragraph: str, width: int) -> list[str]:
    lines: list[str] = []
    line, used = "", 0
    for word in paragraph.split(" "):
        size = cells(word)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
        while size > width:
            head = _head(word, width)
            lines.append(head)
            word = word[len(head) :]
            size = cells(word)
        line, used = word, size
    lines.append(line)
    return lines


def _head(word: str, width: int) -> str:
    """As much of a long word as fits, at least one character; no mark or joined emoji is torn from its base."""
    if word.isascii():
        return word[:width]
    end = max(1, bisect_right(range(len(word) + 1), width, key=lambda length: cells(word[:length])) - 1)
    while 1 < end < len(word) and (cells(word[end]) == 0 or word[end - 1] == "\u200d"):
        end -= 1
    return word[:end]
