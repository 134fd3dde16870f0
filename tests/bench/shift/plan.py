"""Who texts in during a shift, when and what, and what is right to answer: the same for both ways of working."""

from __future__ import annotations

import random
from collections.abc import Iterator

from msgspec import Struct

from connector.wire.saved_replies import ReplyActions, SavedReplyContent

SHIFT_S = 2 * 3600
EVERY_S = 30  # on average, between two consumers
THANKS_AFTER_S = 40


class Question(Struct, frozen=True):
    """A question and its answer. `shortcut`: of the saved reply that says it; empty: it has to be written. `is_last`:
    the conversation is closed with the answer."""

    text: str
    answer: str
    shortcut: str = ""
    tag: str = ""
    is_last: bool = True


class Visit(Struct, frozen=True):
    """One consumer's questions, one after another, each after the answer to the one before."""

    at_s: float
    consumer: str
    questions: tuple[Question, ...]
    says_thanks: bool


ORDER = Question("My parcel is late.", "Hi, Ann's team here. What is the order number, please?", "order", is_last=False)
KNOWN = (
    Question(
        "Where is it now?",
        "Your parcel left the depot this morning and comes tomorrow between 9 and 13.",
        "parcel",
        "parcel",
    ),
    Question(
        "May I have my money back?",
        "Your refund has left us today. It takes three working days, and comes back to the card you paid with.",
        "refund",
        "refund",
    ),
    Question(
        "When are you open?",
        "We are open Monday to Saturday from 9 to 18, and on Sunday from 11 to 16. Parking is behind the bakery.",
        "hours",
        "hours",
    ),
    Question(
        "Can I change the address?",
        "Done: it goes to the new address now. The driver rings at your name.",
        "address",
        "address",
    ),
)
UNKNOWN = (
    Question("Do you have the blue one in oak?", "Not in oak, but in ash, from Monday on.", "", "stock"),
    Question("The lid does not fit.", "Please turn it by a quarter, it locks with a click.", "", "repair"),
)


def saved() -> Iterator[SavedReplyContent]:
    """Those that answer known questions; what ends a conversation is a macro."""
    yield SavedReplyContent(title="Order number", shortcut=ORDER.shortcut, text=ORDER.answer)
    for one in KNOWN:
        then = ReplyActions([one.tag], "solved", closes=True)
        yield SavedReplyContent(title=one.shortcut.capitalize(), shortcut=one.shortcut, text=one.answer, then=then)


def visits(seed: int) -> list[Visit]:
    """In the order of time. Three of four ask what is asked every day."""
    chance = random.Random(seed)
    found: list[Visit] = []
    at_s = 0.0
    while (at_s := at_s + chance.expovariate(1 / EVERY_S)) < SHIFT_S:
        number = len(found)
        last = chance.choice(KNOWN if chance.random() < 0.75 else UNKNOWN)
        questions = (ORDER, last) if chance.random() < 0.4 else (last,)
        consumer = f"+1{201 + number // 100}55501{number % 100:02}"
        found.append(Visit(at_s, consumer, questions, chance.random() < 0.3))
    return found
