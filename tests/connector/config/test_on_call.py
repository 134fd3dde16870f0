"""`[on_call]`: what is taken, what is refused in words, and what a core says of its rota."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connector.config.changes import changes
from connector.config.errors import ConfigError
from connector.config.file import Config, load
from connector.config.rota_warnings import rota_warnings
from connector.domain.agent import Agent
from connector.domain.rota import levels
from tests.connector.config.test_file import TWILIO, write

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
SECTION = """
[on_call]
zone = "Europe/Berlin"
lead = ["lea"]
"""
NIGHTS = """
[[on_call.shifts]]
week = { "mon-sun" = ["20:00-08:00"] }
agents = ["ann", "ben"]
"""
DAYS = """
[[on_call.shifts]]
week = { "mon-fri" = ["08:00-20:00"] }
agents = []
"""
WEBHOOK = f"""
[on_call.webhook]
url = "https://alerts.example.com/textdesk"
secret = "{SECRET}"
"""
TUESDAY = round(datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Europe/Berlin")).timestamp() * 1000)
EVERYBODY = [Agent(name, name) for name in ("ann", "ben", "lea")]


def config(folder: Path, text: str) -> Config:
    return load(write(folder, text), {})


def test_a_rota_with_nights_and_dates_of_their_own(tmp_path: Path) -> None:
    more = '[[on_call.shifts]]\nskills = ["orders"]\nspecial = { "2026-12-25" = ["00:00-24:00"] }\nagents = ["cat"]\n'
    found = config(tmp_path, TWILIO + SECTION + "acknowledge_s = 60\n" + NIGHTS + more + WEBHOOK)
    assert found.on_call is not None
    rules = found.on_call.rules()
    assert (rules.acknowledge_s, rules.overdue_s, rules.has_webhook) == (60, 300, True)
    christmas = round(datetime(2026, 12, 25, 21, tzinfo=ZoneInfo("Europe/Berlin")).timestamp() * 1000)
    assert [level.people for level in levels(rules.rota, ["orders"], christmas)] == [
        ("ann",),
        ("ben",),
        ("cat",),
        ("lea",),
    ]
    assert rules.rota.people == ("ann", "ben", "cat", "lea")
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SECTION.replace('"lea"', ""), "on_call: lead names who is asked last"),
        (SECTION.replace('["lea"]', '["lea", "lea"]'), "lead names lea twice"),
        (SECTION.replace("Berlin", "Paradise"), 'there is no time zone "Europe/Paradise"'),
        (SECTION.replace("lead", "leads"), 'there is no key "leads" here; did you mean lead'),
        (SECTION + "acknowledge_s = 5", "acknowledge_s is 30 to"),
        (SECTION + "texts_per_hour = 0", "texts_per_hour is 1 to"),
        (SECTION + 'line = "+15550199"', "on_call.line: +15550199 is none of the numbers. There are: "),
        (SECTION + NIGHTS.replace("20:00-08:00", "20:00-20:00"), "expected one like 20:00-08:00"),
        (SECTION + NIGHTS.replace("20:00-08:00", "20:00-24:30"), '"20:00-24:30" is not a shift'),
        (SECTION + NIGHTS.replace("mon-sun", "monday"), '"monday" is not a day'),
        (SECTION + NIGHTS.replace('"20:00-08:00"', '"20:00-08:00", "22:00-23:00"'), "these shifts overlap"),
        (SECTION + '[[on_call.shifts]]\nagents = ["ann"]', "on_call.shifts[0]: a shift has a week"),
        (SECTION + NIGHTS + 'skills = ["oders"]', "on_call.shifts[0].skills: there is no skill oders. There are: "),
        (SECTION + NIGHTS + 'skils = ["orders"]', 'there is no key "skils" here; did you mean skills'),
        (SECTION + NIGHTS.replace('"ann", "ben"', '"ann", "ann"'), "agents names ann twice"),
        (SECTION + WEBHOOK.replace("https", "http"), "url must begin with https://"),
        (SECTION + WEBHOOK.replace("https://", "ftp://"), "url must be an address like"),
        (SECTION + WEBHOOK.replace(SECRET, "sesame"), "a secret is whsec_ and 24 to 64 random bytes"),
        (SECTION + WEBHOOK.replace(SECRET, "whsec_AAAA"), "a secret is whsec_ and 24 to 64 random bytes"),
        ('[agents.ann]\nphone = "555"', "agents.ann.phone: 555 is no whole phone number"),
        ('[agents.ann]\nphone = "+15550100"', "agents.ann.phone: +15550100 is one of our own lines"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        config(tmp_path, TWILIO + text)
    assert words in str(error.value)
    assert "sesame" not in str(error.value), "a secret is in the words"


def test_a_phone_is_read_in_any_spelling(tmp_path: Path) -> None:
    found = config(tmp_path, TWILIO + '[agents.ann]\nphone = "+1 (415) 555-0133"\n')
    assert found.agent("ann").phone == "+14155550133"


def warnings(folder: Path, text: str, agents: list[Agent] = EVERYBODY, now: int = TUESDAY) -> list[str]:
    return [*rota_warnings(config(folder, text), agents, now)]


def test_a_gap_is_named_with_when_and_who_is_asked_then(tmp_path: Path) -> None:
    (gap,) = warnings(tmp_path, TWILIO + SECTION + NIGHTS)
    assert "nobody is on call for orders from Tue 24 Nov 12:00 to Tue 24 Nov 20:00, and 14 more times" in gap
    assert gap.endswith("an alert goes to lea then")
    weekend = warnings(tmp_path, TWILIO + SECTION + NIGHTS + DAYS)
    assert ["from Sat 28 Nov 08:00 to Sat 28 Nov 20:00, and 3 more times" in words for words in weekend] == [True]
    always = warnings(tmp_path, TWILIO + SECTION)
    assert ["at any time of the next 14 days" in words for words in always] == [True]
    assert warnings(tmp_path, TWILIO + SECTION + NIGHTS.replace("20:00-08:00", "00:00-24:00")) == []
    assert warnings(tmp_path, TWILIO) == []


def test_who_cannot_be_asked_is_named(tmp_path: Path) -> None:
    text = TWILIO + SECTION + 'line = "+15550100"\n' + NIGHTS.replace("20:00-08:00", "00:00-24:00")
    agents = [
        Agent("ann", "Ann", skills=("refunds",), phone="+14155550133"),
        Agent("lea", "Lea", is_disabled=True),
        Agent("bea", "Bea"),
    ]
    found = warnings(tmp_path, text, agents)
    assert len(found) == 3
    assert "ann is on call for orders, which is none of their skills" in found[0]
    assert "there is no agent ben" in found[1] and "did you mean bea" in found[1]
    assert "lea is disabled" in found[2]
    ann, *others = EVERYBODY
    phones = [Agent(one.id, one.id, phone=f"+1415555013{number}") for number, one in enumerate(others)]
    (no_phone,) = warnings(tmp_path, text, [ann, *phones])
    assert "ann has no phone" in no_phone


def test_a_changed_rota_is_a_change_and_no_secret_is_named(tmp_path: Path) -> None:
    before, after = config(tmp_path, TWILIO + SECTION), config(tmp_path, TWILIO + SECTION + NIGHTS + WEBHOOK)
    assert changes(before, after).settings == ["on_call: shifts, webhook"]
    assert changes(config(tmp_path, TWILIO), before).settings[0].startswith("on_call: zone, lead, shifts")
