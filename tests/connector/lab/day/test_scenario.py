"""A wrong scenario file is refused in words, and plain routing is the same day with neutral rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.domain.skill_rules import RingMode
from connector.lab.day.inquiries import draw_inquiries
from connector.lab.day.scenario import load, with_plain_routing
from tests.connector.lab.day.days import DAY, small

USUAL = DAY.read_text()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("conversations = 2000", "conversation = 2000", 'contains unknown field "conversation"'),
        ("conversations = 2000\n", "", 'missing required field "conversations"'),
        ("conversations = 2000", "conversations = 0", "conversations: "),
        ('zone = "Europe/Berlin"\nbegins', 'zone = "Europe/Atlantis"\nbegins', 'no time zone "Europe/Atlantis"'),
        ("ring_s = 45", "rings_s = 45", 'skills.*: contains unknown field "rings_s"'),
        ('fallback = "general"\nresponse_s', 'fallback = "nobody"\nresponse_s', "there is no skill nobody"),
        ('shift = "07:45-16:15"', 'shift = "16:15-07:45"', "16:15-07:45 ends before it begins"),
        ('shift = "07:45-16:15"', 'shift = "7-16"', "teams[...].shift"),
        ('"anna", "ben", "carla"', '"anna", "anna", "carla"', "anna is in more than one team"),
        ('agents = ["anna", "ben", "jonas"', 'agents = ["zoe", "ben", "jonas"', "zoe, who is in no team"),
        ('what = "provider"', 'what = "desks"', "an outage of desks names its agents"),
        ('address = "+15550101"', 'address = "+15550100"', "two lines have the same address"),
        ("[routing]", "[routing", "is not TOML"),
    ],
)
def test_errors_name_the_file_and_the_key(tmp_path: Path, before: str, after: str, words: str) -> None:
    assert before in USUAL
    path = tmp_path / "mine.toml"
    path.write_text(USUAL.replace(before, after))
    with pytest.raises(ValueError) as raised:
        load(str(path))
    said = str(raised.value)
    assert said.startswith(f"{path}: ") and words.replace("[...]", ".*") in said.replace("[0]", ".*"), said


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="neither a file nor a scenario"):
        load(str(tmp_path / "none.toml"))


def test_plain_rules_are_neutral_and_measured_alike() -> None:
    day = load("day")
    other = with_plain_routing(day)
    assert other.measure is day.rules and other.capacity == 12
    assert other.rules.names == day.rules.names
    for name in other.rules.names:
        rules, own = other.rules.of(name), day.rules.of(name)
        assert (rules.ring, rules.fallback, rules.idle_weight, rules.warm_up_s) == (RingMode.AUTO, None, 1.0, 0)
        assert (rules.response_s, rules.silent_s, rules.away_s, rules.hours) == (900, 0, 0, None)
        assert (rules.auto_close_s, rules.reopen_s, rules.wrap_up_s) == (own.auto_close_s, own.reopen_s, own.wrap_up_s)


def test_the_same_seed_draws_the_same_consumers(tmp_path: Path) -> None:
    scenario = load(str(small(tmp_path, 300))).scenario
    day = draw_inquiries(scenario, 1)
    assert day == draw_inquiries(scenario, 1) != draw_inquiries(scenario, 2)
    assert len(day) == 300 and day == sorted(day, key=lambda one: one.at)
    begins, ends = scenario.moment(scenario.begins), scenario.moment(scenario.ends)
    assert all(begins <= one.at < ends for one in day)
    lines: dict[str, set[str]] = {}
    for one in day:
        lines.setdefault(one.consumer, set()).add(one.line)
    assert any(len(found) > 1 for found in lines.values()), "no consumer texts two of our lines"
