"""A night of on call is simulated on the real core, and goes as the rota says."""

from __future__ import annotations

import asyncio
import os
from argparse import Namespace
from pathlib import Path

import pytest

from connector.domain import alerts
from connector.lab.day import command, night_report
from connector.lab.day.escalations import broken_rules, first_taken
from connector.lab.day.scenario import load
from connector.lab.day.simulation import DayResult, simulate

NIGHT = Path(__file__).parents[4] / "connector" / "lab" / "day" / "scenarios" / "night.toml"


@pytest.fixture(scope="module")
def played() -> DayResult:
    return asyncio.run(simulate(load("night"), 0, lambda share, time: None))


@pytest.mark.slow
def test_it_goes_from_one_to_the_next_to_the_lead_and_a_gap_asks_the_lead_at_once(played: DayResult) -> None:
    assert played.night is not None
    rows = night_report.escalations(played.scenario, played.night)
    first = [row for row in rows if row["skill"] == "orders"][:3]
    assert [(row["asked"], row["as"]) for row in first] == [
        (["anna"], "on_call"),
        (["ben"], "next"),
        (["carla"], "lead"),
    ]
    assert (
        first[0]["at"].startswith("02:00") and first[2]["acknowledged_by"] == "carla" and first[2]["way"] == "by text"
    )
    gaps = [row for row in rows if "04:05" < row["at"] < "06:00"]
    assert gaps and {(*row["asked"], row["as"]) for row in gaps} == {("carla", "gap")}
    assert [gap["from"] for gap in night_report.rota_gaps(played.scenario)] == ["04:00", "04:00"]
    doras = [row for row in rows if row["asked"] == ["dora"]]
    assert doras and doras[0]["ways"] == ["no text: has no phone", "webhook"] and doras[0]["way"] == "at the desk"


@pytest.mark.slow
def test_a_receiver_that_was_down_gets_everything_in_order_and_once_or_more(played: DayResult) -> None:
    night, scenario = played.night, played.scenario
    assert night is not None and not night.waiting
    back, posts = scenario.moment("05:00"), night.posts
    assert [post for post in posts if scenario.moment("02:00") <= post.at < back] == []
    assert back <= posts[0].at <= back + 6 * 60_000 and posts[0].id == posts[1].id, "its answer was lost"
    events = [(one.what, one.alert.id) for one in night.records]
    assert [(post.what, post.alert_id) for post in first_taken(night)] == events and len(posts) == len(events) + 1


@pytest.mark.slow
def test_the_night_is_as_the_rules_say(played: DayResult) -> None:
    on_call = played.scenario.on_call
    assert on_call is not None and played.night is not None
    phones = {person.agent: person.phone for person in played.scenario.people}
    ends = played.scenario.moment("08:00")
    assert broken_rules(on_call, played.night, phones, has_webhook=True, now=ends) == []
    skills = {record.skill for record in played.measurements.records.values()}
    assert skills == {"orders", "billing"}, "texts to people on call are no consumer's"


@pytest.mark.slow
def test_a_core_that_asks_too_late_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        NIGHT.read_text().replace('ends = "08:00"', 'ends = "02:12"').replace("conversations = 40", "conversations = 8")
    )
    text = text.replace('"02:50-02:55" = 3\n"04:30-04:34" = 6\n"06:10-06:14" = 4\n', "").replace(
        "00:00-08:00", "00:00-02:12"
    )
    text = text.replace('shift = "07:00-08:00"', 'shift = "02:10-02:11"')
    path = tmp_path / "short.toml"
    path.write_text(text)
    options = Namespace(scenario=str(path), seed=0, full=False, plain=False, reasons=0, json=True)
    assert command.run(options) == 0
    monkeypatch.setattr(alerts, "GATHER_S", 120)
    assert command.run(options) == os.EX_SOFTWARE
    assert "not as the rules say: alert" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("[receiver]", "[on_call.webhook]", "on_call.webhook"),
        ('agent = "dora"\n', 'agent = "anna"\n', "anna is twice among the people"),
        ('agent = "dora"\n', 'agent = "emil"\n', "dora is on call and not among the people"),
        ('line = "+15550100"\n\n[[on_call', 'line = "+15550109"\n\n[[on_call', "is none of the scenario's"),
        ('asleep = ["00:00-02:30"]', 'asleep = ["02:30-00:00"]', "02:30-00:00 ends before it begins"),
        ('answers = "desk"', 'answers = "mail"', "people"),
    ],
)
def test_a_wrong_night_is_refused_in_words(tmp_path: Path, before: str, after: str, words: str) -> None:
    text = NIGHT.read_text()
    assert before in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(before, after))
    with pytest.raises(ValueError, match=words):
        load(str(path))
