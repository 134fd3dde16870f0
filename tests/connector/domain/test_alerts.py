"""Alerts over time: raised once, asked about in order until somebody acknowledges, and over by themselves."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.alerts import (
    GATHER_S,
    ROUNDS,
    SEEN_EVERY_S,
    SELDOM_S,
    UNSEEN_S,
    Alert,
    AlertKind,
    AlertRules,
    AlertSigns,
    ChangeOfAlert,
    OverdueAnswers,
    acknowledged,
    changes,
    next_asked,
)
from connector.domain.rota import AskedAs, Rota
from tests.connector.domain.test_rota import shift

RULES = AlertRules(Rota((shift(0, 24, "ann", "ben"),), ("lead",)), acknowledge_s=300, account_down_s=120)
T0 = 1_790_000_000_000


class Night:
    """Looks at what is the case, as a core does, on a clock of its own."""

    def __init__(self, rules: AlertRules | None = RULES) -> None:
        self.rules = rules
        self.now = T0
        self.alerts: dict[str, Alert] = {}
        self.happened: list[tuple[int, str, ChangeOfAlert]] = []
        self._ids = map("A{}".format, itertools.count(1))

    @property
    def open(self) -> list[Alert]:
        return [alert for alert in self.alerts.values() if alert.ended_at is None]

    def look(
        self, *overdue: tuple[str, int], covered: dict[str, int] | None = None, **down: int
    ) -> list[ChangeOfAlert]:
        """`overdue`: skill and number of conversations; `down`: accounts, and since when."""
        found = AlertSigns(
            tuple(OverdueAnswers("main", skill, count, T0) for skill, count in overdue), covered or {}, down
        )
        made = changes(
            self.rules, self.open, found, lambda alert: [alert.skill or "orders"], self.now, self._ids.__next__
        )
        for change in made:
            self.alerts[change.alert.id] = change.alert
            if change.what is not ChangeOfAlert.SEEN:
                self.happened.append(((self.now - T0) // 1000, change.alert.id, change.what))
        return [change.what for change in made if change.what is not ChangeOfAlert.SEEN]

    def run(self, seconds: int, *overdue: tuple[str, int], every: int = 10, **more: Any) -> None:
        for _ in range(0, seconds, every):
            self.now += every * 1000
            self.look(*overdue, **more)

    def acknowledge(self, alert_id: str, by: str = "ann") -> None:
        self.alerts[alert_id] = acknowledged(self.alerts[alert_id], by, self.now)

    def asked(self, alert_id: str = "A1") -> list[tuple[int, tuple[str, ...]]]:
        return [((step.at - T0) // 1000, step.people) for step in self.alerts[alert_id].steps]


def test_one_after_another_until_somebody_acknowledges() -> None:
    night = Night()
    night.look(("orders", 1))
    night.run(1500, ("orders", 1))
    first = GATHER_S
    assert night.asked()[:4] == [
        (first, ("ann",)),
        (first + 300, ("ben",)),
        (first + 600, ("lead",)),
        (first + 900, ("ann",)),
    ]
    assert [step.asked_as for step in night.alerts["A1"].steps][:3] == [AskedAs.ON_CALL, AskedAs.NEXT, AskedAs.LEAD]
    assert next_asked(RULES, night.alerts["A1"], ["orders"]) == ("lead",)
    night.acknowledge("A1", "ben")
    count = len(night.asked())
    night.run(3600, covered={"A1": 1})
    assert len(night.asked()) == count
    assert next_asked(RULES, night.alerts["A1"], ["orders"]) == ()


def test_twenty_at_once_are_one_alert_and_one_question() -> None:
    night = Night()
    night.look(("orders", 3), ("hotel", 1))
    night.run(20, ("orders", 20), ("hotel", 1))
    night.run(20, ("orders", 20), ("hotel", 1))
    assert sorted(alert.count for alert in night.open) == [1, 20]
    assert [what for _, alert_id, what in night.happened if night.alerts[alert_id].skill == "orders"] == [
        ChangeOfAlert.RAISED,
        ChangeOfAlert.UPDATED,
        ChangeOfAlert.ASKED,
    ]


def test_it_is_over_by_itself_and_what_comes_later_is_another_one() -> None:
    night = Night()
    night.look(("orders", 2))
    night.run(60, ("orders", 2))
    night.look()
    assert night.alerts["A1"].ended_at == night.now and night.open == []
    night.run(60)
    night.look(("orders", 1))
    assert [alert.id for alert in night.open] == ["A2"]


def test_what_becomes_overdue_after_the_acknowledgement_is_a_new_alert() -> None:
    night = Night()
    night.look(("orders", 2))
    night.run(60, ("orders", 2))
    night.acknowledge("A1")
    night.run(60, covered={"A1": 1})
    night.look(("orders", 1), covered={"A1": 1})
    alerts = {alert.id: alert for alert in night.open}
    assert alerts["A1"].count == 1 and alerts["A2"].covers_after == alerts["A1"].acknowledged_at
    night.look(("orders", 1), covered={"A1": 0})
    assert [alert.id for alert in night.open] == ["A2"]


def test_after_some_rounds_one_is_asked_an_hour() -> None:
    night = Night()
    night.look(("orders", 1))
    night.run(9 * 3600, ("orders", 1), every=30)
    times = [at for at, _ in night.asked()]
    waits = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert waits[: 3 * ROUNDS - 1] == [300] * (3 * ROUNDS - 1)
    assert set(waits[3 * ROUNDS - 1 :]) == {SELDOM_S}


def test_an_account_that_is_down() -> None:
    night = Night()
    assert night.look(main=T0) == []
    night.run(110, main=T0)
    assert night.open == [], "it may come back"
    night.run(20, main=T0)
    (alert,) = night.open
    assert (alert.kind, alert.account, alert.since) == (AlertKind.ACCOUNT_DOWN, "main", T0)
    assert night.asked()[0][1] == ("ann",)
    night.acknowledge("A1")
    night.run(7200, main=T0)
    assert [one.id for one in night.open] == ["A1"], "while it is down there is no other about it"
    night.run(UNSEEN_S - SEEN_EVERY_S - 10)
    assert [one.id for one in night.open] == ["A1"], "another core may see it down"
    night.run(SEEN_EVERY_S + 10)
    assert night.open == []


def test_without_anybody_on_call_all_alerts_are_over() -> None:
    night = Night()
    night.look(("orders", 1), main=T0 - 200_000)
    assert len(night.open) == 2
    night.rules = None
    night.look(("orders", 1))
    assert night.open == []


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(0, 3), st.booleans()), max_size=40), st.randoms())
def test_any_night(steps: list[tuple[int, int, bool]], chance: Any) -> None:
    """Whatever happens: one alert of a skill waits at most, each question has its time, nobody asks after the end."""
    night, covered = Night(), dict[str, int]()
    for seconds, count, acknowledges in steps:
        night.now += seconds * 1000
        still = {alert_id: min(number, chance.randint(0, number)) for alert_id, number in covered.items()}
        night.look(*([("orders", count)] if count else []), covered=still)
        covered = {alert.id: still[alert.id] for alert in night.open if alert.id in still}
        waiting = [alert for alert in night.open if alert.waits]
        assert len(waiting) == (1 if count else 0)
        if acknowledges and waiting:
            night.acknowledge(waiting[0].id)
            covered[waiting[0].id] = count
    for alert in night.alerts.values():
        times = [step.at for step in alert.steps]
        assert all(later - earlier >= 300_000 for earlier, later in itertools.pairwise(times))
        assert all(at >= alert.raised_at + GATHER_S * 1000 for at in times)
        end = min(filter(None, [alert.acknowledged_at, alert.ended_at]), default=night.now)
        assert all(at <= end for at in times)
        assert [name for step in alert.steps[:3] for name in step.people] == ["ann", "ben", "lead"][: len(times)]
        assert alert.ended_at is None or alert.next_at is None
