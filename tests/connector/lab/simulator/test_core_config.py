from __future__ import annotations

from pathlib import Path

from connector.config import file as config
from connector.lab.simulator import core_config
from connector.lab.simulator.world import DEMO


def test_the_core_accepts_it_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / "demo.toml"
    core_config.write(file, DEMO, 8123, "http://127.0.0.1:9123")
    assert file.stat().st_mode & 0o777 == 0o600
    read = config.load(file, {})
    assert {address for _, address in read.lines()} == {person.line for person in DEMO.people}
    assert set(read.accounts) == {DEMO.twilio.name, DEMO.openmarket.name}
    assert read.hooks.port == 8123
    assert {account.public_url for account in read.accounts.values()} == {"http://127.0.0.1:8123"}
    assert read.agent(core_config.AGENT).name == core_config.AGENT_NAME


def test_its_skills_have_different_rules(tmp_path: Path) -> None:
    file = tmp_path / "demo.toml"
    core_config.write(file, DEMO, 8123, "http://127.0.0.1:9123", undo_s=5)
    rules = config.load(file, {}).rules
    rings = {skill: rules.of(skill).ring for skill in rules.names}
    assert set(rings.values()) == {"auto", "ring"}
    assert rules.chain("bookings") == ("bookings", "orders", "shop")
    assert len({rules.of(skill).response_s for skill in rules.names}) == 3
    assert {rules.of(skill).undo_s for skill in rules.names} == {5}
