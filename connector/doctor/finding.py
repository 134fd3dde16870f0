"""What a check finds: green, amber or red, in words."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Severity(StrEnum):
    GREEN = "green"
    AMBER = "amber"  # works, or will; the administrator should know
    RED = "red"  # texts are lost, refused or not sent


class Finding(Struct, frozen=True):
    """One line. `about`: the account or number, blank for everything; `advice`: what to do."""

    severity: Severity
    words: str
    advice: str = ""
    about: str = ""


def green(words: str, *, about: str = "") -> Finding:
    return Finding(Severity.GREEN, words, "", about)


def amber(words: str, advice: str, *, about: str = "") -> Finding:
    return Finding(Severity.AMBER, words, advice, about)


def red(words: str, advice: str, *, about: str = "") -> Finding:
    return Finding(Severity.RED, words, advice, about)
