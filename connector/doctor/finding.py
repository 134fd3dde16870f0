"""What a check finds."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Severity(StrEnum):
    GREEN = "green"
    AMBER = "amber"  # works, or will; somebody should know
    RED = "red"  # texts are lost, refused or not sent


class Finding(Struct, frozen=True):
    """One line. `about`: the account or number it is about, blank for everything; `advice`: what to do."""

    state: Severity
    words: str
    advice: str = ""
    about: str = ""


def green(words: str, *, about: str = "") -> Finding:
    return Finding(Severity.GREEN, words, "", about)


def amber(words: str, advice: str, *, about: str = "") -> Finding:
    return Finding(Severity.AMBER, words, advice, about)


def red(words: str, advice: str, *, about: str = "") -> Finding:
    return Finding(Severity.RED, words, advice, about)
