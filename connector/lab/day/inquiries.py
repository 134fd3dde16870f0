"""The inquiries of a day, drawn in full before it begins. Pure: the same seed draws the same day, so that two sets of
rules are tried on the same consumers."""

from __future__ import annotations

import random
from itertools import accumulate

from msgspec import Struct

from connector.lab.day.habits import AgentHabits, ConsumerHabits
from connector.lab.day.scenario import DayScenario

_TEXT = (
    "order parcel invoice address delivery refund payment account number week morning evening please could would need"
    " change wrong missing arrived again about from with your the and when where why not yet still our new old blue"
    " size return label card date change confirm check see look today tomorrow Grüße naïve café"
)
_WORDS = _TEXT.split()
_SMILEYS = ("", "", "", "", "", "", " 🙂", " 👍")


class Question(Struct, frozen=True):
    """A question, which may take more than one text, and its answer."""

    pause_s: float  # since the previous answer
    texts: tuple[str, ...]
    gap_s: float  # between two texts, whether or not there was an answer
    answer: str
    thinks_s: float


class Inquiry(Struct, frozen=True):
    """One reason to text in, from the first text to the thanks."""

    consumer: str
    line: str
    skill: str  # who can answer it; not the line's when it came in on the wrong one
    at: int
    questions: tuple[Question, ...]
    is_given_back: bool  # by the first agent who reads it
    is_transferred_by_name: bool  # if at all
    is_closed: bool  # once answered; else it closes by its timer
    has_outcome: bool
    thanks_s: float | None  # after the close
    stops: bool


def draw_inquiries(scenario: DayScenario, seed: int) -> list[Inquiry]:
    """The day's inquiries in the order of time."""
    chance = random.Random(f"{seed} arrivals")
    spans = [(*scenario.span(span), share) for span, share in scenario.busy.items()]
    weights = list(accumulate((end - start) * share for start, end, share in spans))
    moments = []
    for _ in range(scenario.conversations):
        start, end, _ = chance.choices(spans, cum_weights=weights)[0]
        moments.append(chance.randrange(start, end))
    found: list[Inquiry] = []
    for number, at in enumerate(sorted(moments)):
        found.append(_inquiry(scenario, random.Random(f"{seed} matter {number}"), number, at, found))
    return found


def _inquiry(scenario: DayScenario, chance: random.Random, number: int, at: int, before: list[Inquiry]) -> Inquiry:
    consumers, agents = scenario.consumers, scenario.agents
    line = chance.choices(scenario.lines, weights=[line.share for line in scenario.lines])[0]
    consumer, address, skill = f"+1{201 + number // 100}55501{number % 100:02}", line.address, line.skill
    kind = chance.random()
    if kind < consumers.other_line and before:
        earlier = before[-1 - chance.randrange(min(10, len(before)))]
        if earlier.line != address:
            consumer = earlier.consumer
    elif kind < consumers.other_line + consumers.again and len(before) > 200:
        earlier = before[-1 - chance.randrange(100, 200)]
        consumer, address = earlier.consumer, earlier.line
        skill = next(one.skill for one in scenario.lines if one.address == address)
    others = sorted({one.skill for one in scenario.lines} - {skill})
    if others and chance.random() < agents.wrong_skill:
        skill = chance.choice(others)
    count = chance.choices(range(1, len(consumers.questions) + 1), weights=consumers.questions)[0]
    return Inquiry(
        consumer=consumer,
        line=address,
        skill=skill,
        at=at,
        questions=tuple(_question(consumers, agents, chance, is_first=not index) for index in range(count)),
        is_given_back=chance.random() < agents.gives_back,
        is_transferred_by_name=chance.random() < agents.by_name,
        is_closed=chance.random() < agents.closes,
        has_outcome=chance.random() < agents.outcome,
        thanks_s=chance.uniform(20, 900) if chance.random() < consumers.thanks else None,
        stops=chance.random() < consumers.stops,
    )


def _question(consumers: ConsumerHabits, agents: AgentHabits, chance: random.Random, *, is_first: bool) -> Question:
    pause_s = 0.0
    if not is_first:
        is_slow = chance.random() < consumers.slow
        pause_s = chance.uniform(*consumers.slow_s) if is_slow else consumers.answers_s * chance.lognormvariate(0, 0.8)
    texts = 2 if chance.random() < consumers.goes_on else 1
    return Question(
        pause_s=pause_s,
        texts=tuple(_sentence(chance, 15, 120) + chance.choice(_SMILEYS) for _ in range(texts)),
        gap_s=chance.uniform(8, 60),
        answer=_sentence(chance, 40, 240) + ".",
        thinks_s=chance.uniform(*agents.thinks_s),
    )


def _sentence(chance: random.Random, shortest: int, longest: int) -> str:
    length = chance.randint(shortest, longest)
    text = chance.choice(_WORDS).capitalize()
    while len(text) < length:
        text += f" {chance.choice(_WORDS)}"
    return text
