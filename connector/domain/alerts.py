"""Alerts: what calls for somebody who is on call, who was asked, and when the next is. Pure.

There is one alert for all conversations of a skill and account whose answers are overdue, with their number, and one
for an account that is down. Until it is acknowledged one after another is asked. What becomes overdue after that is a
new alert. It ends by itself, once nothing of what raised it is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, tzinfo
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from connector.domain.rota import AskedAs, Rota, following

# What becomes overdue within this time of the first is asked about at once: one text, not twenty.
GATHER_S = 30
# After everybody has been asked so often, one is asked an hour.
ROUNDS = 3
SELDOM_S = 3600
MOST_STEPS = 50  # the latest that are stored
# A core that sees an account down says so this often; what none has said for so long is over.
SEEN_EVERY_S, UNSEEN_S = 30, 90


class AlertKind(StrEnum):
    OVERDUE = "overdue"  # answers of one skill and account
    ACCOUNT_DOWN = "account_down"


class AlertStep(Struct, frozen=True):
    """Somebody was asked. `texted`: those of them who were sent a text; `untexted`: why the others were not."""

    at: int
    people: tuple[str, ...]
    asked_as: AskedAs
    texted: tuple[str, ...] = ()
    untexted: tuple[str, ...] = ()


class Alert(Struct, frozen=True):
    """`since`: when the first answer was due, or the account went down. An alert about overdue answers is about those
    that became so after `covers_after`, and, acknowledged, up to then."""

    id: str
    kind: AlertKind
    account: str
    skill: str  # empty: all skills of the account
    raised_at: int
    since: int
    count: int = 1  # conversations
    covers_after: int = 0
    seen_at: int = 0  # when a core last saw the account down
    next_at: int | None = None  # when the next is asked
    rounds: int = 0  # how often everybody was asked
    asked: tuple[str, ...] = ()  # in this round
    steps: tuple[AlertStep, ...] = ()
    acknowledged_by: str | None = None
    acknowledged_at: int | None = None
    ended_at: int | None = None

    @property
    def subject(self) -> tuple[AlertKind, str, str]:
        """What it is about. There is one at most of a subject that is neither acknowledged nor ended."""
        return self.kind, self.account, self.skill

    @property
    def waits(self) -> bool:
        """For somebody to acknowledge it."""
        return self.acknowledged_at is None and self.ended_at is None

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who was asked, each once, and who has acknowledged it."""
        named = (*(name for step in self.steps for name in step.people), *filter(None, [self.acknowledged_by]))
        return tuple(dict.fromkeys(named))


class OverdueAnswers(Struct, frozen=True):
    """Conversations of one account and skill whose answers are overdue for long enough."""

    account: str
    skill: str
    count: int
    first_due_at: int


class AlertSigns(Struct, frozen=True):
    """What is the case now. `overdue`: what no acknowledged alert is about; `covered`: by the id of an acknowledged
    alert, how many of its conversations are still overdue; `down`: accounts, and since when."""

    overdue: tuple[OverdueAnswers, ...] = ()
    covered: Mapping[str, int] = {}
    down: Mapping[str, int] = {}


class AlertRules(Struct, frozen=True):
    """By what alerts are raised, and whom they are for."""

    rota: Rota
    acknowledge_s: int = 300  # without an acknowledgement, the next is asked
    overdue_s: int = 300  # for how long an answer is overdue before it raises an alert
    account_down_s: int = 180
    line: str | None = None  # of ours, from which the phones of those who are asked are texted
    texts_per_hour: int = 6  # to one phone
    zone: tzinfo = UTC  # in which times are texted
    has_webhook: bool = False


class ChangeOfAlert(StrEnum):
    RAISED = "raised"
    UPDATED = "updated"  # another count
    ASKED = "asked"
    ENDED = "ended"
    SEEN = "seen"  # only that it is still so


class AlertChange(Struct, frozen=True):
    what: ChangeOfAlert
    alert: Alert  # after it


SkillsOf = Callable[[Alert], Iterable[str]]


def changes(
    rules: AlertRules | None,
    open_: Sequence[Alert],
    found: AlertSigns,
    skills_of: SkillsOf,
    now: int,
    new_id: Callable[[], str],
) -> list[AlertChange]:
    """What is to be done about alerts now. `open_`: those that have not ended; `rules`: None when nobody is on call."""
    if rules is None:
        return [_ended(alert, now) for alert in open_]
    overdue = {(one.account, one.skill): one for one in found.overdue}
    made = [*_raised(rules, open_, overdue, found, now, new_id)]
    for alert in open_:
        made += _of_open(rules, alert, overdue, found, skills_of, now)
    return made


def acknowledged(alert: Alert, by: str, now: int) -> Alert:
    return replace(alert, acknowledged_by=by, acknowledged_at=now, next_at=None)


def next_asked(rules: AlertRules, alert: Alert, skills: Iterable[str]) -> tuple[str, ...]:
    """Who is asked next, should nobody acknowledge it until then and the rota stay as it is."""
    if alert.next_at is None:
        return ()
    skills = tuple(skills)
    level = following(rules.rota, skills, alert.next_at, alert.asked) or following(
        rules.rota, skills, alert.next_at, ()
    )
    return level.people if level else ()


def _raised(
    rules: AlertRules,
    open_: Sequence[Alert],
    overdue: Mapping[tuple[str, str], OverdueAnswers],
    found: AlertSigns,
    now: int,
    new_id: Callable[[], str],
) -> Iterable[AlertChange]:
    waiting = {alert.subject for alert in open_ if alert.waits}
    first_at = now + GATHER_S * 1000
    for (account, skill), one in sorted(overdue.items()):
        if (AlertKind.OVERDUE, account, skill) not in waiting:
            covered = [
                alert.acknowledged_at or 0
                for alert in open_
                if alert.subject == (AlertKind.OVERDUE, account, skill) and alert.acknowledged_at
            ]
            raised = Alert(new_id(), AlertKind.OVERDUE, account, skill, now, one.first_due_at, next_at=first_at)
            raised = replace(raised, count=one.count, covers_after=max(covered, default=0))
            yield AlertChange(ChangeOfAlert.RAISED, raised)
    known = {alert.account for alert in open_ if alert.kind is AlertKind.ACCOUNT_DOWN}
    for account, since in sorted(found.down.items()):
        if account not in known and now - since >= rules.account_down_s * 1000:
            raised = Alert(new_id(), AlertKind.ACCOUNT_DOWN, account, "", now, since, seen_at=now, next_at=now)
            yield AlertChange(ChangeOfAlert.RAISED, raised)


def _of_open(
    rules: AlertRules,
    alert: Alert,
    overdue: Mapping[tuple[str, str], OverdueAnswers],
    found: AlertSigns,
    skills_of: SkillsOf,
    now: int,
) -> Iterable[AlertChange]:
    if alert.kind is AlertKind.ACCOUNT_DOWN:
        if alert.account in found.down:
            if now - alert.seen_at >= SEEN_EVERY_S * 1000:
                alert = replace(alert, seen_at=now)
                yield AlertChange(ChangeOfAlert.SEEN, alert)
        elif now - alert.seen_at >= UNSEEN_S * 1000:
            yield _ended(alert, now)
            return
    else:
        one = overdue.get((alert.account, alert.skill)) if alert.waits else None
        count = (one.count if one else 0) if alert.waits else found.covered.get(alert.id, 0)
        if not count:
            yield _ended(alert, now)
            return
        since = one.first_due_at if one else alert.since
        if (count, since) != (alert.count, alert.since):
            alert = replace(alert, count=count, since=since)
            yield AlertChange(ChangeOfAlert.UPDATED, alert)
    if alert.next_at is not None and alert.next_at <= now:
        yield AlertChange(ChangeOfAlert.ASKED, _asked(rules, alert, tuple(skills_of(alert)), now))


def _asked(rules: AlertRules, alert: Alert, skills: Sequence[str], now: int) -> Alert:
    rounds, asked = alert.rounds, alert.asked
    level = following(rules.rota, skills, now, asked)
    if level is None:
        rounds, asked = rounds + 1, ()
        level = following(rules.rota, skills, now, ())
    assert level is not None  # there is always a lead
    asked = (*asked, *level.people)
    wait_s = rules.acknowledge_s
    is_round_over = following(rules.rota, skills, now, asked) is None
    if rounds >= ROUNDS or (rounds == ROUNDS - 1 and is_round_over):
        wait_s = max(wait_s, SELDOM_S)
    step = AlertStep(now, level.people, level.asked_as)
    return replace(
        alert,
        rounds=rounds,
        asked=asked,
        steps=(*alert.steps, step)[-MOST_STEPS:],
        next_at=now + wait_s * 1000,
    )


def _ended(alert: Alert, now: int) -> AlertChange:
    return AlertChange(ChangeOfAlert.ENDED, replace(alert, ended_at=now, next_at=None))
