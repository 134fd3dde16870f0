"""What a check finds."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class State(StrEnum):
    GREEN = "green"
    AMBER = "amber"  # works, or will; somebody should know
    RED = "red"  # texts are lost, refused or not sent


class Verdict(Struct, frozen=True):
    """One line. `about`: the account or number it is about, blank for everything; `advice`: what to do."""

    state: State
    words: str
    advice: str = ""
    about: str = ""


def green(words: str, *, about: str = "") -> Verdict:
    return Verdict(State.GREEN, words, "", about)


def amber(words: str, advice: str, *, about: str = "") -> Verdict:
    return Verdict(State.AMBER, words, advice, about)


def red(words: str, advice: str, *, about: str = "") -> Verdict:
    return Verdict(State.RED, words, advice, about)
