from __future__ import annotations

import json
from pathlib import Path

from tests.connector.lab.harness import CONSUMER, LINE, SHORT_CODE, recording_core, simulator


async def test_a_restart_keeps_records_and_counts(tmp_path: Path) -> None:
    async with recording_core() as core:
        ids = []
        for _ in range(2):
            async with simulator(tmp_path, core) as sim:
                ids += (await sim.text(CONSUMER, LINE, "hello"))["ids"]
                ids += (await sim.text(CONSUMER, SHORT_CODE, "x" * 161))["ids"]
                await sim.text(CONSUMER, LINE, "STOP")
                log = await sim.log()
        assert len(set(ids)) == len(ids) == 6
        assert [message["body"] for message in log if message["direction"] == "inbound"] == [
            "hello",
            "x" * 161,
            "STOP",
        ] * 2
        async with simulator(tmp_path, core) as sim:
            response = await sim.http.post(
                "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json",
                data={"To": CONSUMER, "From": LINE, "Body": "hello"},
                auth=("AC00000000000000000000000000000001", "simulated-auth-token"),
            )
            assert response.json()["code"] == 21610


async def test_an_accepted_message_is_on_disk(tmp_path: Path) -> None:
    async with simulator(tmp_path) as sim:
        await sim.text(CONSUMER, LINE, "hello")
        tables = json.loads((tmp_path / "simulator.json").read_text())
        assert [message["body"] for message in tables["messages"].values()] == ["hello"]


async def test_the_scripted_consumers_are_contacts(tmp_path: Path) -> None:
    async with simulator(tmp_path, with_script=True):
        pass
    tables = json.loads((tmp_path / "simulator.json").read_text())
    assert {contact["name"] for contact in tables["contacts"].values()} >= {"Maya", "Renée", "Mr Oduya"}
