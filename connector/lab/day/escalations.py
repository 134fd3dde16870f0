"""What a night's alerts did, and whether that is what the rota says. Pure, and written from the manual: it shares no
rule with what it checks but the shifts' times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from connector.config.on_call import OnCallSettings
from connector.domain.hours import is_open
from connector.wire.alert_words import waits, what
from connector.wire.views import AlertView

RAISED, ASKED, ACKNOWLEDGED, ENDED = "raised", "escalated", "acknowledged", "ended"
LOOK_EVERY_S = 10
_FIRST_AFTER_S = 30
_ROUNDS, _SELDOM_S = 3, 3600
_LATE_MS = 2 * LOOK_EVERY_S * 1000


class AlertRecord(Struct, frozen=True):
    """A step of an alert, as the core has announced it. `way`: how it was acknowledged, by text or at the desk."""

    at: int
    what: str
    alert: AlertView
    way: str = ""


class WebhookPost(Struct, frozen=True):
    """An event that the receiver of the webhook took."""

    at: int
    id: str
    what: str
    alert_id: str


class Night(Struct):
    """All that was seen of a night. `texts`: when which phone was sent a text; `unalerted`: what was overdue and no
    alert was about; `waiting`: events that wait for the receiver at the end."""

    records: list[AlertRecord] = []
    posts: list[WebhookPost] = []
    texts: set[tuple[str, int]] = set()
    unalerted: list[str] = []
    waiting: int = 0


def broken_rules(
    on_call: OnCallSettings, night: Night, phones: dict[str, str], *, has_webhook: bool, now: int
) -> list[str]:
    """What was not as the rules say, in words. `phones` by agent."""
    by_alert: dict[str, list[AlertRecord]] = {}
    for record in night.records:
        by_alert.setdefault(record.alert.id, []).append(record)
    found = list(night.unalerted)
    for records in by_alert.values():
        found += _of_alert(on_call, records, now)
    found += _of_texts(on_call, night, phones)
    return [*found, *(_of_webhook(night) if has_webhook else [])]


def first_taken(night: Night) -> list[WebhookPost]:
    """The events that the receiver took, each once, in the order in which it took them first."""
    return list({post.id: post for post in reversed(night.posts)}.values())[::-1]


def expected(on_call: OnCallSettings, skill: str, at: int, asked: Sequence[str]) -> tuple[list[str], str] | None:
    """The next step of the escalation: agents and their role; None after the last."""
    shifts = [one for one in on_call.shifts if not one.skills or skill in one.skills]
    covering = [one for one in shifts if is_open(one.hours(on_call.zone), at)]
    chain = [name for one in covering for name in one.agents]
    for place, name in enumerate(dict.fromkeys(chain)):
        if name not in asked:
            return [name], "next" if place else "on_call"
    leads = [name for name in on_call.lead if name not in asked]
    return (leads, "lead" if covering else "gap") if leads else None


def _of_alert(on_call: OnCallSettings, records: Sequence[AlertRecord], now: int) -> Iterable[str]:
    about = f"alert {records[0].alert.id} ({what(records[0].alert)})"
    due_at: int | None = None
    asked: list[str] = []
    rounds = 0
    for record in records:
        if record.what == RAISED:
            due_at = record.at + _FIRST_AFTER_S * 1000
        elif record.what in (ACKNOWLEDGED, ENDED):
            due_at = None
        elif record.what == ASKED:
            step = record.alert.steps[-1]
            if due_at is None:
                yield f"{about} asked {_listed(step.people)}, and nobody was to be asked"
                continue
            if not 0 <= record.at - due_at <= _LATE_MS:
                yield f"{about} asked {_listed(step.people)} {(record.at - due_at) // 1000} s late"
            who = expected(on_call, record.alert.skill, record.at, asked)
            if who is None:
                asked = []
                who = expected(on_call, record.alert.skill, record.at, asked)
            assert who is not None  # there is always a lead
            if (sorted(step.people), step.asked_as) != (sorted(who[0]), who[1]):
                yield f"{about} asked {_listed(step.people)} as {step.asked_as}, not {_listed(who[0])} as {who[1]}"
            asked += who[0]
            rounds += expected(on_call, record.alert.skill, record.at, asked) is None
            wait_s = max(on_call.acknowledge_s, _SELDOM_S) if rounds >= _ROUNDS else on_call.acknowledge_s
            due_at = record.at + wait_s * 1000
    if due_at is not None and now - due_at > _LATE_MS:
        yield f"{about} asked nobody, and somebody was to be asked {(now - due_at) // 1000} s ago"


def _of_texts(on_call: OnCallSettings, night: Night, phones: dict[str, str]) -> Iterable[str]:
    """Who was asked was texted, or it is said why not."""
    for record in night.records if on_call.line else ():
        if record.what != ASKED:
            continue
        step = record.alert.steps[-1]
        why_not = {words.partition(": ")[0] for words in step.untexted}
        for name in step.people:
            is_texted = name in step.texted
            if is_texted is (name in why_not):
                yield f"{name} was asked, and it is not said whether they were texted"
            elif is_texted and (phones.get(name, ""), step.at) not in night.texts:
                yield f"{name} was not texted, and the alert says so"


def _of_webhook(night: Night) -> Iterable[str]:
    """The receiver took all that has happened, in order, but for what still waits."""
    happened = [(one.what, one.alert.id) for one in night.records if one.what in (RAISED, ASKED, ACKNOWLEDGED, ENDED)]
    taken = [(post.what, post.alert_id) for post in first_taken(night)]
    if len(taken) + night.waiting != len(happened):
        yield f"the webhook has {len(taken)} events, {night.waiting} wait, and there were {len(happened)}"
    elif taken != happened[: len(taken)]:
        yield "the webhook got its events in another order"


def covers(alert: AlertView, skill: str, overdue_at: int) -> bool:
    """Whether an alert that has not ended is about an answer that has been overdue for long enough since a moment."""
    if alert.skill != skill or alert.ended_at is not None:
        return False
    return waits(alert) or (alert.acknowledged_at is not None and alert.acknowledged_at >= overdue_at)


def _listed(people: Sequence[str]) -> str:
    return " and ".join(people) or "nobody"
