"""The rules of skills, from the configuration; and what is wrong with them in one sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.config.errors import ConfigError
from connector.config.file import load
from connector.config.hours import HoursSettings
from connector.domain.hours import Shift
from connector.domain.skill_rules import RingMode, Rules, SkillParameters, SkillRules
from tests.connector.config.test_file import TWILIO, write


def rules(folder: Path, text: str) -> Rules:
    return load(write(folder, text), {}).rules


def test_a_skill_s_value_then_routing_s_then_the_default(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        """
[routing]
response_s = 600
ring = "ring"

[hours]
zone = "Europe/Berlin"
week = { "mon-fri" = ["13:30-18:00", "09:00-12:30"], sun = ["22:00-24:00"] }
special = { "2026-12-25" = [] }

[skills.orders]
response_s = 300
ring = "auto"
fallback = "general"

[skills.general]
hours = { zone = "UTC", week = { "sat-mon" = ["00:00-24:00"] } }
"""
        + TWILIO.replace('skill = "orders"', 'skill = "returns"')
        + '[agents.ann]\nskills = ["refunds"]\n',
    )
    assert found.names == ("general", "orders", "refunds", "returns")
    orders, general, returns = (found.of(name) for name in ("orders", "general", "returns"))
    assert (orders.response_s, orders.ring, orders.fallback) == (300, RingMode.AUTO, "general")
    assert (general.response_s, general.ring, general.fallback) == (600, RingMode.RING, None)
    assert (returns.response_s, returns.soon_s) == (600, SkillRules().soon_s)
    assert orders.hours is not None and general.hours is not None
    assert orders.hours == returns.hours
    day = (Shift(540, 750), Shift(810, 1080))
    assert orders.hours.week == (day,) * 5 + ((), (Shift(1320, 1440),))
    assert orders.hours.special == {date(2026, 12, 25): ()}
    assert [bool(one) for one in general.hours.week] == [True, False, False, False, False, True, True]


def test_a_skill_may_repeat_a_default(tmp_path: Path) -> None:
    """What stands in its section counts, also where it equals the default."""
    found = rules(tmp_path, '[routing]\nresponse_s = 60\nring = "ring"\n[skills.x]\nresponse_s = 900\nring = "auto"\n')
    assert (found.of("x").response_s, found.of("x").ring) == (900, RingMode.AUTO)


def test_an_agent_has_a_capacity_of_their_own_or_the_common_one(tmp_path: Path) -> None:
    config = load(write(tmp_path, "[routing]\ncapacity = 7\n[agents.ann]\ncapacity = 0\n[agents.bob]\n"), {})
    assert [config.agent(name).capacity for name in ("ann", "bob", "cid")] == [0, 7, 7]


def week(text: str, zone: str = "UTC") -> str:
    return f'[hours]\nzone = "{zone}"\nweek = {{ {text} }}\n'


TOO_LONG = "at most ten years"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (week("mon = []", zone="Europe/Berln"), ["hours", 'no time zone "Europe/Berln"', "Europe/Berlin"]),
        (week("mon = []", zone=""), ["hours", 'no time zone ""']),
        (week("mon = []", zone="../../etc/passwd"), ["hours", "no time zone"]),
        ("[hours]\nweek = {}\n", ["hours", "zone"]),
        (week('mon = ["09:00-12:00", "11:00-14:00"]'), ["hours", "09:00-12:00, 11:00-14:00", "overlap"]),
        (week('mon = ["09:00-09:00"]'), ["hours", '"09:00-09:00" is not a shift', "09:00-17:30"]),
        (week('mon = ["17:00-09:00"]'), ["hours", '"17:00-09:00" is not a shift']),
        (week('mon = ["9-17"]'), ["hours", '"9-17" is not a shift']),
        (week('mon = ["20:00-24:30"]'), ["hours", '"20:00-24:30" is not a shift', "24:00"]),
        (week('mon = ["20:00-25:00"]'), ["hours", "is not a shift"]),
        (week('mon = "09:00-17:00"'), ["hours.week.mon", "a list"]),
        (week('monday = ["09:00-17:00"]'), ["hours", '"monday" is not a day', "mon-fri"]),
        (week('"mon-" = ["09:00-17:00"]'), ["hours", '"mon-" is not a day']),
        (week('"mon-fri-sun" = []'), ["hours", '"mon-fri-sun" is not a day']),
        (week('"mon-fri" = ["09:00-17:00"], fri = ["09:00-12:00"]'), ["hours", '"fri" and "mon-fri" both', "fri"]),
        (week("mon = []") + 'special = { "25.12.2026" = [] }\n', ["hours", '"25.12.2026" is not a date', "2026-12-25"]),
        (week("mon = []") + 'special = { "2026-02-30" = [] }\n', ["hours", "is not a date"]),
        (week("mon = []") + 'special = { "2026-12-25" = ["x"] }\n', ["hours", '"x" is not a shift']),
        (week("mon = []") + 'zones = "UTC"\n', ["hours", "zones", "did you mean zone?"]),
        ('[routing]\nfallback = "generl"\n', ["routing.fallback", "generl"]),
        ('[skills.orders]\nfallback = "generl"\n[skills.general]\n', ["skills.orders.fallback", "generl", "general"]),
        ('[skills.orders]\nfallback = "orders"\n', ["skills.orders.fallback", "itself"]),
        ("[skills.orders]\nresponse_s = -1\n", ["skills.orders", "response_s", "at least 1"]),
        ("[skills.orders]\nresponse_s = 0\n", ["skills.orders", "response_s", "at least 1"]),
        ("[skills.orders]\nfirst_contact_s = 0\n", ["skills.orders", "first_contact_s", "at least 1"]),
        ("[skills.orders]\nwrap_up_s = -1\n", ["skills.orders", "wrap_up_s", "0 or more"]),
        ("[skills.orders]\nidle_weight = 1.5\n", ["skills.orders", "idle_weight", "between 0 and 1"]),
        ("[skills.orders]\nidle_weight = nan\n", ["skills.orders", "idle_weight", "between 0 and 1"]),
        ("[skills.orders]\nresponse_s = 'soon'\n", ["skills.orders", "response_s", "a whole number"]),
        ("[skills.orders]\nresponse_s = 1.5\n", ["skills.orders", "response_s", "a whole number"]),
        ("[skills.orders]\nauto_close_s = 9000000000000000\n", ["skills.orders", "auto_close_s", TOO_LONG]),
        ("[skills.orders]\nfirst_contact_s = 9000000000000000\n", ["skills.orders", "first_contact_s", TOO_LONG]),
        ("[skills.orders]\nring = 'loud'\n", ["skills.orders", "ring", "loud"]),
        ("[skills.orders]\nresponce_s = 1\n", ["skills.orders", "responce_s", "did you mean response_s?"]),
        (
            "[skills.orders]\nhours = { zone = 'UTC', week = { mo = [] } }\n",
            ["skills.orders.hours", '"mo" is not a day'],
        ),
        ("[routing]\nsilent_s = -5\n", ["routing", "silent_s", "0 or more"]),
        ("[routing]\ncapacity = -1\n", ["routing", "capacity", "0 or more"]),
        ("[routing]\ncapacty = 1\n", ["routing", "capacty", "did you mean capacity?"]),
        ("[skill.orders]\n", ["skill", "did you mean skills?"]),
        ("[routing]\naway_reasons = 'lunch'\n", ["routing.away_reasons", "a list"]),
    ],
)
def test_one_sentence(tmp_path: Path, text: str, words: list[str]) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        load(path, {})
    said = str(error.value)
    assert said.startswith(str(path)) and said.endswith("The README shows every key.")
    for word in words:
        assert word in said
    assert "\n" not in said


TEXTS = st.one_of(st.text(max_size=12), st.from_regex(r"\A[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d\Z"))


@given(
    st.sampled_from(["UTC", "Europe/Berlin", "x", "/", "\0", "a/../b"]),
    st.dictionaries(st.one_of(st.sampled_from(["mon", "tue-sun", "sat-mon"]), TEXTS), st.lists(TEXTS, max_size=3)),
    st.dictionaries(st.one_of(st.dates().map(str), TEXTS), st.lists(TEXTS, max_size=3), max_size=2),
)
def test_hours_are_read_or_refused_with_words(
    zone: str, by_day: dict[str, list[str]], special: dict[str, list[str]]
) -> None:
    try:
        hours = HoursSettings(zone, by_day, special).hours()
    except ValueError as error:
        assert str(error)
        return
    for shifts in (*hours.week, *hours.special.values()):
        ends = [0, *(edge for shift in shifts for edge in (shift.start, shift.end)), 24 * 60]
        assert ends == sorted(ends)


def test_every_number_has_its_limits() -> None:
    for field in SkillParameters.__struct_fields__:
        if field.endswith("_s"):
            for wrong in (-1, 10**12):
                with pytest.raises(ValueError, match=field):
                    SkillRules(**{field: wrong})  # type: ignore[arg-type]
