from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.lab.people.consumer import ConsumerProfile, ScriptedConsumer, ScriptedText
from connector.lab.people.stories import STORIES
from connector.lab.simulator.world import DEMO
from connector.sms.segments import measure

PEOPLE = {person.story: person for person in DEMO.people}

_replies = st.lists(
    st.sampled_from(("hello", "your order number?", "one moment", "so sorry!", "which one, and your name?")) | st.text()
)


def play(seed: int, person: ConsumerProfile, replies: list[str]) -> list[list[ScriptedText]]:
    consumer = ScriptedConsumer(seed, person)
    return [consumer.open(), *(consumer.hear(reply) for reply in replies)]


@given(st.integers(), st.sampled_from(DEMO.people), _replies)
def test_same_seed_and_replies_same_texts(seed: int, person: ConsumerProfile, replies: list[str]) -> None:
    assert play(seed, person, replies) == play(seed, person, replies)


@given(st.integers(), st.sampled_from(DEMO.people), _replies)
def test_every_story_ends_and_no_text_follows(seed: int, person: ConsumerProfile, replies: list[str]) -> None:
    consumer = ScriptedConsumer(seed, person)
    assert consumer.open()
    for reply in replies:
        assert consumer.has_ended or consumer.hear(reply)
    for _ in range(30):
        consumer.hear("all done")
    assert consumer.has_ended
    assert consumer.hear("anything else?") == []


@pytest.mark.parametrize(
    ("story", "reply", "answer"),
    [
        ("late parcel", "Could you tell me your order number?", "It's order 48213, placed on the 2nd."),
        ("late parcel", "Order number and zip?", "It's order 48213, placed on the 2nd. 94110, the blue door next to"),
        ("refund", "May I have the name of your bank?", "Paid by card, the one ending in 07."),
        ("new address", "And the ZIP code?", "02139"),
    ],
)
def test_a_fact_is_given_once(story: str, reply: str, answer: str) -> None:
    consumer = ScriptedConsumer(1, PEOPLE[story])
    consumer.open()
    assert consumer.hear(reply)[0].text.startswith(answer)
    assert not consumer.hear(reply)[0].text.startswith(answer)


def test_other_seeds_give_other_texts() -> None:
    runs = {tuple(map(tuple, play(seed, PEOPLE["late parcel"], ["hello"] * 3))) for seed in range(5)}
    assert len(runs) == 5


def test_an_apology_is_taken_kindly() -> None:
    consumer = ScriptedConsumer(1, PEOPLE["opening hours"])
    consumer.open()
    last = [consumer.hear("so sorry about that") for _ in range(3)][-1]
    assert last[0].text.startswith("No harm done. ")


def test_the_stories_have_texts_of_every_kind() -> None:
    texts = [
        text
        for story in STORIES.values()
        for text in (
            *(text for opening in story.opening for text in opening),
            *(answer for _, answer in story.facts),
            *(text for turn in story.turns for text in turn),
            *story.thanks,
            story.epilogue,
        )
    ]
    assert any(160 < len(text) < 300 for text in texts)
    assert any(650 < len(text) < 750 for text in texts)
    assert any("\u200d" in text for text in texts), "a joined emoji"
    assert any("é" in text and "’" in text for text in texts), "accents and curly quotes"
    assert any("[red]" in text and "\x1b[" in text for text in texts), "markup and an escape sequence"
    assert any("\n" in text and measure(text).segments == 1 for text in texts), "a line break in a short text"
    assert texts.count("STOP") == 1
    assert any(story.pictures for story in STORIES.values())


def test_every_consumer_has_a_number_and_a_story() -> None:
    assert len({person.number for person in DEMO.people}) == len(DEMO.people) == len(STORIES)
    assert {person.story for person in DEMO.people} == set(STORIES)
