"""Whole scripted runs over real HTTP, with an agent who gives every consumer the same replies."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from connector.lab.people.consumer import ConsumerProfile, ScriptedConsumer
from connector.lab.simulator.world import DEMO
from tests.connector.lab.harness import CONSUMER, LINE, SHORT_CODE, RecordingCore, Simulator, recording_core, simulator

REPLIES = ("Hello! Your order number please?", "One moment.", "So sorry!", "Done.", "Yes.", "Of course.", "Bye!")

Transcript = list[dict[str, Any]]


async def played(
    data: Path, seed: int, people: Sequence[ConsumerProfile] = DEMO.people
) -> tuple[RecordingCore, list[Transcript]]:
    """The recording core, and the log of each of these consumers, once their stories have ended."""
    async with recording_core() as core, simulator(data, core, seed=seed, with_script=True) as sim:
        return core, list(await asyncio.gather(*(attend(sim, seed, person) for person in people)))


async def attend(sim: Simulator, seed: int, person: ConsumerProfile) -> Transcript:
    """Reply to one consumer to the end; exactly the texts of the story must arrive."""
    consumer = ScriptedConsumer(seed, person)
    expected = [act.text for act in consumer.open()]
    for reply in REPLIES:
        await arrived(sim, person, expected)
        if consumer.has_ended:
            break
        await send(sim, person, reply)
        expected += [act.text for act in consumer.hear(reply)]
    assert consumer.has_ended
    log = await sim.log(person.number)
    assert [message["body"] for message in log if message["direction"] == "inbound"] == expected
    return log


async def arrived(sim: Simulator, person: ConsumerProfile, texts: list[str]) -> None:
    """Wait until all `texts` have been sent to the core."""

    def are_there(log: Transcript) -> bool:
        inbound = [message for message in log if message["from"] == person.number]
        return len(inbound) >= len(texts) and all(message["answers"] for message in inbound)

    await sim.logged(are_there)


async def send(sim: Simulator, person: ConsumerProfile, reply: str) -> None:
    if person.line == SHORT_CODE:
        await sim.openmarket({"destination": {"address": person.number[1:]}, "message": {"content": reply}})
    else:
        await sim.twilio.messages.create_async(to=person.number, from_=person.line, body=reply)


@pytest.mark.slow
async def test_same_seed_same_run(tmp_path: Path) -> None:
    timeless = ("id", "direction", "from", "to", "body", "segments", "media", "hooks", "reference", "answers")

    def essence(run: list[Transcript]) -> list[list[dict[str, Any]]]:
        return [[{name: message[name] for name in timeless} for message in transcript] for transcript in run]

    some = DEMO.people[:4]  # of both providers
    _, first = await played(tmp_path / "first", 7, some)
    _, second = await played(tmp_path / "second", 7, some)
    _, other = await played(tmp_path / "other", 8, some)
    assert essence(first) == essence(second)
    ids, other_ids = ({message["id"] for transcript in run for message in transcript} for run in (first, other))
    assert not ids & other_ids


@pytest.mark.slow
async def test_every_hook_of_a_run_is_as_the_vendors_send_it(tmp_path: Path) -> None:
    core, run = await played(tmp_path, 7)
    signed = [call for call in core.calls if call.path.startswith("/hooks/twilio/")]
    segments = [call.json["mobileOriginate"] for call in core.calls if call.path.endswith("/short/inbound")]
    inbound = [message for transcript in run for message in transcript if message["direction"] == "inbound"]
    assert all(call.is_signed() for call in signed)
    assert len(signed) == sum(message["provider"] == "twilio" for message in inbound)
    assert len(segments) == sum(message["segments"] for message in inbound if message["provider"] == "openmarket")
    assert len({segment["ticketId"] for segment in segments}) == len(segments)
    assert any(call.form["NumMedia"] == "1" for call in signed)
    assert any(call.form["Body"] == "STOP" for call in signed)
    assert any(segment["message"].get("udh") for segment in segments)


async def test_no_consumer_texts_before_the_core_is_known(tmp_path: Path) -> None:
    async with recording_core() as core, simulator(tmp_path, with_script=True) as sim:
        assert (await sim.text(CONSUMER, LINE, "hello"))["statuses"] == [None]
        assert {message["from"] for message in await sim.log()} == {CONSUMER}
        response = await sim.http.post("/sim/core", json={"url": core.url + "/"})
        assert response.status_code == 200
        await core.first(3)
