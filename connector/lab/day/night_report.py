"""A night's escalations as rows: who was asked when, about what, by which ways, and who acknowledged it."""

from __future__ import annotations

from connector.domain.rota import gaps
from connector.lab.day.escalations import ACKNOWLEDGED, ASKED, ENDED, AlertRecord, Night, WebhookPost, first_taken
from connector.lab.day.report import Figures
from connector.lab.day.scenario import DayScenario
from connector.wire.alert_words import asked_as
from connector.wire.views import AlertStepView

_AT_ONCE_MS = 60_000


def escalations(scenario: DayScenario, night: Night) -> list[Figures]:
    """A row for each step of an escalation, by time. `after_s`: from being asked last to the
    acknowledgement; `raised_s`: from the alert to it."""
    posts = {(post.what, post.alert_id, number): post for post, number in _numbered(night)}
    counts: dict[str, int] = {}
    rows = []
    for place, record in enumerate(night.records):
        if record.what != ASKED:
            continue
        alert = record.alert
        number = counts[alert.id] = counts.get(alert.id, -1) + 1
        step = alert.steps[-1]
        following = next((one for one in night.records[place + 1 :] if one.alert.id == alert.id), None)
        done = _ending(night.records[place + 1 :], alert.id)
        is_last = following is None or following.what in (ACKNOWLEDGED, ENDED)
        rows.append(
            {
                "at": scenario.time_of_day(record.at),
                "skill": alert.skill,
                "count": alert.count,
                "since": scenario.time_of_day(alert.since),
                "asked": step.people,
                "as": step.asked_as,
                "ways": _ways(scenario, night, step, posts.get((ASKED, alert.id, number)), record.at),
                **(_acknowledgement(done) if is_last and done is not None else {}),
            }
        )
    return rows


def rota_gaps(scenario: DayScenario) -> list[Figures]:
    """Gaps in the rota, by skill."""
    if scenario.on_call is None:
        return []
    rota, begins, ends = scenario.on_call.rota(), scenario.moment(scenario.begins), scenario.moment(scenario.ends)
    return [
        {
            "skill": skill,
            "from": scenario.time_of_day(start)[:5],
            "until": scenario.time_of_day(end)[:5],
            "leads": list(rota.leads),
        }
        for skill in sorted({line.skill for line in scenario.lines})
        for start, end in gaps(rota, skill, begins, ends)
    ]


def summary(scenario: DayScenario, night: Night) -> Figures:
    alerts = {record.alert.id for record in night.records}
    return {
        "alerts": len(alerts),
        "asked": sum(record.what == ASKED for record in night.records),
        "acknowledged": sum(record.what == ACKNOWLEDGED for record in night.records),
        "over": sum(record.what == ENDED for record in night.records),
        "texts": len(night.texts),
        "posts": len(night.posts),
        "events": len(first_taken(night)),
        "waiting": night.waiting,
    }


def asked_words(row: Figures) -> str:
    return f"{' and '.join(row['asked'])} ({asked_as(row['as'])})"


def _numbered(night: Night) -> list[tuple[WebhookPost, int]]:
    """Each event that was taken, with how many of its kind and alert were before it."""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for post in first_taken(night):
        key = post.what, post.alert_id
        found.append((post, seen.get(key, 0)))
        seen[key] = seen.get(key, 0) + 1
    return found


def _ways(scenario: DayScenario, night: Night, step: AlertStepView, post: WebhookPost | None, at: int) -> list[str]:
    """`text`, `no text: has no phone`, `webhook`, `webhook, taken 05:00:10`."""
    ways = ["text"] if step.texted else []
    ways += [f"no text: {words.partition(': ')[2]}" for words in step.untexted]
    if scenario.receiver is not None:
        if post is None:
            ways.append("webhook, not taken yet")
        else:
            is_late = post.at - at > _AT_ONCE_MS
            ways.append(f"webhook, taken {scenario.time_of_day(post.at)}" if is_late else "webhook")
    return ways


def _ending(records: list[AlertRecord], alert_id: str) -> AlertRecord | None:
    """The acknowledgement that follows, if any."""
    return next((one for one in records if one.alert.id == alert_id and one.what == ACKNOWLEDGED), None)


def _acknowledgement(done: AlertRecord) -> Figures:
    alert = done.alert
    return {
        "acknowledged_by": alert.acknowledged_by,
        "way": done.way,
        "after_s": (done.at - alert.steps[-1].at) // 1000,
        "raised_s": (done.at - alert.raised_at) // 1000,
    }
