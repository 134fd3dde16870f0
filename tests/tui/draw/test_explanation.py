"""The page that explains a conversation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map
from msgspec.structs import replace

from connector.wire.answers import Explained
from connector.wire.views import ScorePartView, VerdictView
from tests.kit.models import changed
from tests.kit.views import ANN, AT, BEN, CONSUMER, account, conversation
from tui.draw import explanation
from tui.draw.format import clock
from tui.model.packed_rows import PackedRows
from tui.model.state import Agents, Conversations, Explanation, Model, PageData

QUEUED = conversation(state="queued", agent=None)
WHY = Explained(
    place=2,
    reason="every agent online is full",
    score=[
        ScorePartView("its answer is due", AT),
        ScorePartView("given back or transferred twice", -600_000),
        ScorePartView("no answer is awaited", 10**15),
        ScorePartView("a reply was not sent: first of all", -(10**15)),
    ],
    agents=[VerdictView("ben", True, "1 of 4 places taken"), VerdictView("ann", False, "is away")],
    next=["somebody of support gets a place free"],
)


def desk(answer: Explained | None = WHY, words: str | None = None) -> Model:
    return Model(
        agents=Agents(me=ANN, by_id=Map({"ann": ANN, "ben": BEN})),
        conversations=Conversations(by_id=PackedRows({"C1": QUEUED})),
        fetched=PageData(explanation=Explanation("C1", answer, words)),
    )


def page(state: Model, width: int = 80) -> str:
    return "\n".join("".join(text for text, _ in line) for line in explanation.explanation_page(state, "C1", AT, width))


def test_it_shows_place_reason_next_steps_score_and_verdicts() -> None:
    told = page(desk())
    for words in (
        CONSUMER,
        "Number 2 in the queue of support",
        "every agent online is full",
        "· somebody of support gets a place free",
        f"{clock(AT)}  its answer is due",
        "−10m  given back or transferred twice",
        "behind  no answer is awaited",
        "first  a reply was not sent",
        "✓ Ben",
        "✗ ann",
        "is away",
    ):
        assert words in told


def test_it_says_that_replies_wait_for_an_account() -> None:
    held = account(QUEUED.account, state="down", replies_wait="not authorised (401)")
    state = changed(desk(), providers={"accounts": (held,)})
    assert f"Replies to them wait: {QUEUED.account}: not authorised (401)" in page(state)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (desk(None), "Asking the core"),
        (desk(None, "There is no conversation C1."), "There is no conversation C1."),
        (changed(desk(), fetched={"explanation": Explanation("C2", WHY)}), "Asking the core"),
        (desk(replace(WHY, place=None)), "support, queued"),
    ],
)
def test_what_is_not_known_is_said(state: Model, words: str) -> None:
    assert words in page(state)


@given(st.text(max_size=200), st.sampled_from([40, 80, 120]))
def test_whatever_the_core_says_is_one_line_of_safe_text(words: str, width: int) -> None:
    why = Explained(None, words, [ScorePartView(words, 1)], [VerdictView(words, True, words)], [words])
    for line in explanation.explanation_page(desk(why), "C1", AT, width):
        text = "".join(text for text, _ in line)
        assert "\n" not in text and "\x1b" not in text
