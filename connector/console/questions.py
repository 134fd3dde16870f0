"""Questions to the user: asked on the terminal, or answered by flags alone."""

from __future__ import annotations

import getpass
import os
import select
import signal
import sys
from collections.abc import Callable
from typing import Protocol

from connector.console.failure import CommandFailed
from connector.console.output import plain

# Returns an answer in its final form; raises ValueError with a sentence for an unusable one.
Check = Callable[[str], str]


class Questions(Protocol):
    """`given` is the value of a flag and is not asked for again; `default` is used when there is no answer."""

    is_person: bool

    def text(self, question: str, check: Check, *, flag: str, given: str | None, default: str | None = None) -> str: ...

    def secret(
        self, question: str, *, flag: str, given: str | None, default: str | None = None, is_new: bool = False
    ) -> str:
        """`is_new`: the default was made up, and is not there yet."""
        ...

    def yes(self, question: str, *, given: bool) -> bool:
        """Consent to a change; only a flag or a person gives it, never a default."""
        ...


class TerminalQuestions:
    """Asks on the terminal, again after an unusable answer."""

    is_person = True

    def text(self, question: str, check: Check, *, flag: str, given: str | None, default: str | None = None) -> str:
        if given is not None:
            return _checked(given, check, flag)
        shown = f"{question} [{plain(default)}]: " if default else f"{question}: "
        while True:
            answer = _read_answer(lambda: _input(shown)).strip() or default or ""
            try:
                return check(answer)
            except ValueError as error:
                print(f"  {_as_sentence(plain(str(error)), answer)}")

    def secret(
        self, question: str, *, flag: str, given: str | None, default: str | None = None, is_new: bool = False
    ) -> str:
        if given is not None:
            return given
        kept = f"; enter {'takes the one made up' if is_new else 'keeps the present one'}" if default else ""
        while True:
            answer = _read_answer(lambda: getpass.getpass(f"{question} (not shown{kept}): ")).strip() or default
            if answer:
                return answer
            print("  Nothing was typed.")

    def yes(self, question: str, *, given: bool) -> bool:
        return given or _read_answer(lambda: _input(f"{question} [y/N]: ")).strip().lower() in ("y", "yes")


class FlagAnswers:
    """Asks nothing: a value without a flag and a default is missing."""

    is_person = False

    def text(self, question: str, check: Check, *, flag: str, given: str | None, default: str | None = None) -> str:
        return _checked(self._value(given, default, flag), check, flag)

    def secret(
        self, question: str, *, flag: str, given: str | None, default: str | None = None, is_new: bool = False
    ) -> str:
        return self._value(given, default, flag)

    def yes(self, question: str, *, given: bool) -> bool:
        return given

    def _value(self, given: str | None, default: str | None, flag: str) -> str:
        value = default if given is None else given
        if value is None:
            raise CommandFailed(f"{flag} is missing: without questions it has to be given.", os.EX_USAGE)
        return value


def _as_sentence(words: str, answer: str) -> str:
    """With a capital, unless it begins with what was typed or a key of the configuration: both stay as they are."""
    first = words.partition(" ")[0]
    return words if "_" in first or first in answer.replace(",", " ").split() else f"{words[:1].upper()}{words[1:]}"


def _checked(given: str, check: Check, flag: str) -> str:
    try:
        return check(given)
    except ValueError as error:
        raise CommandFailed(f"{flag}: {error}", os.EX_USAGE) from None


def line(question: str) -> str:
    """A line typed on the terminal, also within an event loop, which it blocks. Ctrl+C ends it at once: the loop's own
    handler would wait until the loop goes on."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return _read_answer(lambda: _input(question))
    finally:
        signal.signal(signal.SIGINT, handler)


def _input(question: str) -> str:
    """`input`, which would not notice a Ctrl+C between its question and its reading: the read goes on without it."""
    print(question, end="", flush=True)
    if sys.stdin.isatty():
        _wait_for_line()
    return input()


def _wait_for_line() -> None:
    """Wait until a line can be read from the terminal, or a signal's handler raises."""
    signalled, writing = os.pipe()
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing)
    try:
        select.select([sys.stdin, signalled], [], [])
    finally:
        signal.set_wakeup_fd(before)
        os.close(signalled)
        os.close(writing)


def _read_answer(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except KeyboardInterrupt:
        print()
        raise
    except EOFError:
        print()
        raise CommandFailed(
            "The input ended before everything was asked; nothing more was done.", os.EX_USAGE
        ) from None
