"""What goes otherwise than the rota says is found in a night's records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from connector.config.on_call import OnCallSettings, ShiftSettings
from connector.lab.day.escalations import (
    ACKNOWLEDGED,
    ASKED,
    ENDED,
    RAISED,
    AlertRecord,
    Night,
    WebhookPost,
    broken_rules,
    covers,
    expected,
)
from connector.wire.views import AlertStepView, AlertView

TWO = round(datetime(2026, 11, 25, 2, tzinfo=UTC).timestamp() * 1000)
SHIFTS = [
    ShiftSettings(agents=["anna", "ben"], week={"mon-sun": ["20:00-04:00"]}),
    ShiftSettings(agents=["dora"], week={"mon-sun": ["01:00-04:00"]}, skills=["mail"]),
]
RULES = OnCallSettings(zone="UTC", lead=["carla"], line="+15550100", shifts=SHIFTS)
PHONES = {"anna": "+1", "ben": "+2", "carla": "+3"}
CHAIN = (("anna", "on_call"), ("ben", "next"), ("carla", "lead"))


def night(*chain: tuple[str, str], first_s: int = 30, apart_s: int = 300) -> Night:
    """One alert at two, about which these are asked one after another until the last acknowledges it."""
    alert = AlertView("L1", "overdue", "main", "orders", 4, TWO, TWO - 300_000)
    seen = Night([AlertRecord(TWO, RAISED, alert)], [], set(), [])
    at = TWO + first_s * 1000
    for name, why in chain:
        step = AlertStepView(at, [name], why, texted=[name])
        alert = replace(alert, steps=[*alert.steps, step])
        seen.records.append(AlertRecord(at, ASKED, alert))
        seen.texts.add((PHONES[name], at))
        at += apart_s * 1000
    done = replace(alert, acknowledged_by="carla", acknowledged_at=at)
    seen.records.append(AlertRecord(at - 1000, ACKNOWLEDGED, done, "by text"))
    seen.records.append(AlertRecord(at + 9000, ENDED, replace(done, ended_at=at + 9000)))
    seen.posts = [WebhookPost(one.at, f"e{number}", one.what, "L1") for number, one in enumerate(seen.records)]
    return seen


def broken(seen: Night, *, now: int = TWO + 3_600_000) -> str:
    return "; ".join(broken_rules(RULES, seen, PHONES, has_webhook=True, now=now))


def test_a_night_by_the_rules_has_nothing_to_say() -> None:
    assert broken(night(*CHAIN)) == ""


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (night(*CHAIN, first_s=120), "asked anna 90 s late"),
        (night(*CHAIN, apart_s=400), "asked ben 100 s late"),
        (night(CHAIN[0], CHAIN[2]), "asked carla as lead, not ben as next"),
        (night(("anna", "lead"), *CHAIN[1:]), "asked anna as lead, not anna as on_call"),
    ],
)
def test_who_is_asked_too_late_or_in_place_of_another_is_named(seen: Night, words: str) -> None:
    assert words in broken(seen)


def without(what: str) -> Callable[[Night], None]:
    def change(seen: Night) -> None:
        seen.records = [one for one in seen.records if one.what != what]

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without(ASKED), "the webhook has 6 events"),
        (lambda seen: seen.records.pop(-2) and seen.records.pop(-1), "asked nobody, and somebody was to be asked"),
        (lambda seen: seen.records.append(replace(seen.records[2], at=TWO + 2_000_000)), "and nobody was to be asked"),
        (lambda seen: seen.texts.clear(), "anna was not texted, and the alert says so"),
        (lambda seen: seen.posts.pop(2), "the webhook has 5 events, 0 wait, and there were 6"),
        (lambda seen: seen.posts.reverse(), "the webhook got its events in another order"),
        (lambda seen: seen.unalerted.append("C1 is overdue"), "C1 is overdue"),
    ],
)
def test_what_is_missing_is_named(change: Callable[[Night], Any], words: str) -> None:
    seen = night(*CHAIN)
    change(seen)
    assert words in broken(seen)


def test_an_event_that_is_taken_twice_or_waits_is_no_fault() -> None:
    seen = night(*CHAIN)
    seen.posts.insert(1, seen.posts[0])
    assert broken(seen) == ""
    seen.posts.pop()
    seen.waiting = 1
    assert broken(seen) == ""


@pytest.mark.parametrize(
    ("skill", "hour", "asked", "who"),
    [
        ("orders", 2, [], (["anna"], "on_call")),
        ("mail", 2, ["anna", "ben"], (["dora"], "next")),
        ("orders", 2, ["anna", "ben"], (["carla"], "lead")),
        ("orders", 5, [], (["carla"], "gap")),
        ("orders", 2, ["anna", "ben", "carla"], None),
    ],
)
def test_the_rota_is_read_as_the_manual_says(skill: str, hour: int, asked: list[str], who: Any) -> None:
    assert expected(RULES, skill, TWO + (hour - 2) * 3_600_000, asked) == who


def test_an_acknowledgement_covers_what_was_overdue_by_then() -> None:
    alert = AlertView("L1", "overdue", "main", "orders", 4, TWO, TWO)
    done = replace(alert, acknowledged_by="ben", acknowledged_at=TWO + 60_000)
    assert covers(alert, "orders", TWO + 90_000) and not covers(alert, "mail", TWO)
    assert covers(done, "orders", TWO + 60_000) and not covers(done, "orders", TWO + 60_001)
    assert not covers(replace(done, ended_at=TWO), "orders", TWO)


def test_a_lead_of_the_shift_is_asked_in_its_order_and_not_again() -> None:
    own = replace(RULES, lead=["carla", "anna"], shifts=[ShiftSettings(agents=["carla", "ben"], week=SHIFTS[0].week)])
    asked: list[str] = []
    while (who := expected(own, "orders", TWO, asked)) is not None:
        asked += who[0]
    assert asked == ["carla", "ben", "anna"]
