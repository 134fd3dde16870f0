"""What an `InputReader` makes of bytes at given times, in words."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.message import Message

from tui.terminal.background import BackgroundReported
from tui.terminal.input.keyboard import WordKey
from tui.terminal.input.letters import Letters, OnlyLetters, is_text, text_of
from tui.terminal.input.reader import InputReader
from tui.terminal.input.reports import CapabilitiesReported


def read(*reads: bytes | str | float, until_s: float = 60.0) -> list[object]:
    """Each read a moment after the one before, or after so many seconds; then nothing more comes."""
    return words(messages(*reads, until_s=until_s))


def messages(*reads: bytes | str | float, until_s: float = 60.0) -> list[Message]:
    reader = InputReader()
    now, said = 100.0, list[Message]()
    for each in reads:
        if isinstance(each, float):
            said += _passes(reader, now, now + each)
            now += each
        else:
            said += reader.feed(each if isinstance(each, bytes) else each.encode(), now)
            now += 0.001
    return [*said, *_passes(reader, now, now + until_s)]


def _passes(reader: InputReader, now: float, until: float) -> Iterable[Message]:
    while (wait_s := reader.wait_s(now, until - now)) < until - now:
        now += wait_s
        yield from reader.tick(now)


def text_and_keys(*reads: bytes | str | float) -> tuple[str, set[str]]:
    """What is written into a text field, and which other keys there were."""
    text, keys = "", set[str]()
    for message in messages(*reads):
        match message:
            case Letters():
                text += text_of(message.keys)
            case events.Paste():
                text += message.text
            case events.Key() if is_text(message):
                text += message.character or ""
            case events.Key():
                keys.add(message.key)
    return text, keys


def words(messages: Iterable[Message]) -> list[object]:
    return [_word(each) for each in messages]


def _word(message: Message) -> object:
    match message:
        case OnlyLetters():
            return f"only text {text_of(message.keys)!r}"
        case Letters():
            return f"text {text_of(message.keys)!r}"
        case WordKey():
            return f"{message.key} or {message.instead[1].key}"
        case events.Key():
            return message.key
        case events.Paste():
            return f"paste {message.text!r}"
        case CapabilitiesReported():
            return message.capabilities
        case BackgroundReported():
            return message.ground
        case _:
            return type(message)
