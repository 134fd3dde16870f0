"""Where answers come from: a person at the terminal, or nothing but the flags."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from typing import Protocol

from connector.console.failure import CommandFailed

# Brings an answer into its final form; raises ValueError with a sentence for one that cannot be used.
Check = Callable[[str], str]


class Asker(Protocol):
    """`given` is what a flag said, and is not asked for again; `default` is taken when nothing is said."""

    is_person: bool

    def text(self, question: str, check: Check, *, flag: str, given: str | None, default: str | None = None) -> str: ...

    def secret(self, question: str, *, flag: str, given: str | None, default: str | None = None) -> str: ...

    def yes(self, question: str, *, given: bool) -> bool:
        """Whether to do what changes something. Only a flag or a person says so, never a default."""
        ...


class TerminalQuestions:
    """Asks on the terminal, and again when an answer cannot be used."""

    is_person = True

    def text(self, question: str, check: Check, *, flag: str, given: str | None, default: str | None = None) -> str:
        if given is not None:
            return _checked(given, check, flag)
        shown = f"{question} [{default}]: " if default else f"{question}: "
        while True:
            said = _heard(lambda: input(shown)).strip() or default or ""
            try:
                return check(said)
            except ValueError as error:
                words = str(error)
                print(f"  {words[:1].upper()}{words[1:]}")

    def secret(self, question: str, *, flag: str, given: str | None, default: str | None = None) -> str:
        if given is not None:
            return given
        kept = "; enter keeps the one there is" if default else ""
        while True:
            said = _heard(lambda: getpass.getpass(f"{question} (not shown{kept}): ")).strip() or default
            if said:
                return said
            print("  Nothing was typed.")

    def yes(self, question: str, *, given: bool) -> bool:
        return given or _heard(lambda: input(f"{question} [y/N]: ")).strip().lower() in ("y", "yes")


class FlagAnswers:
    """Asks nobody: what no flag says and has no default is missing."""

    is_person = False

    def text(self, question: str, check: Check, *, flag: str, given: str | None, default: str | None = None) -> str:
        return _checked(self._said(given, default, flag), check, flag)

    def secret(self, question: str, *, flag: str, given: str | None, default: str | None = None) -> str:
        return self._said(given, default, flag)

    def yes(self, question: str, *, given: bool) -> bool:
        return given

    def _said(self, given: str | None, default: str | None, flag: str) -> str:
        said = default if given is None else given
        if said is None:
            raise CommandFailed(f"{flag} is missing: without questions it has to be given.", os.EX_USAGE)
        return said


def _checked(given: str, check: Check, flag: str) -> str:
    try:
        return check(given)
    except ValueError as error:
        raise CommandFailed(f"{flag}: {error}", os.EX_USAGE) from None


def _heard(ask: Callable[[], str]) -> str:
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
