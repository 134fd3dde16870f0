from __future__ import annotations

import random

import pytest

from connector.lab.people.agent_replies import answer
from connector.lab.people.consumer import ConsumerProfile, ScriptedConsumer
from connector.lab.simulator.world import DEMO
from connector.wire.limits import REPLY_LENGTH


@pytest.mark.parametrize("person", DEMO.people, ids=lambda person: person.name)
@pytest.mark.parametrize("seed", range(5))
def test_every_story_ends(person: ConsumerProfile, seed: int) -> None:
    consumer = ScriptedConsumer(seed, person)
    chance = random.Random(seed)
    heard = consumer.open()[-1].text
    for replies in range(12):
        said = answer(heard, replies, chance)
        assert 0 < len(said.text) <= REPLY_LENGTH
        if said.is_last:
            return
        acts = consumer.hear(said.text)
        if not acts or acts[0].text == "STOP":
            return
        heard = acts[0].text
    pytest.fail("they would talk for ever")


def test_the_same_chance_gives_the_same_replies() -> None:
    first, second = random.Random(7), random.Random(7)
    assert [answer("Is it?", turn, first) for turn in range(9)] == [answer("Is it?", turn, second) for turn in range(9)]
