"""The figures of a day that is over. Times are seconds, shares 0 to 1, loads places."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

from connector.domain.load import FULL_WEIGHT
from connector.lab.day.measurements import ConversationRecord, PlacementDecision, percentile
from connector.lab.day.simulation import DayResult

Figures = dict[str, Any]

_NUMBER = re.compile(r"\d[\d.]*")
_SEVERAL = re.compile(r"#(, #)+")


def skills(played: DayResult) -> list[Figures]:
    """A row for each skill. A conversation counts where it was last: after a transfer, with those who answered it."""
    records = played.measurements.records.values()
    names = sorted({record.skill for record in records})
    return [{"skill": name, **_figures([one for one in records if one.skill == name])} for name in names]


def summary(played: DayResult) -> Figures:
    """All skills together. `alarms`: how often the core reported an answer as overdue, by the rules that were played;
    `checks`: how often all promises were checked, and held."""
    measured = played.measurements
    more = {"replies": sum(measured.replies.values()), "not_sent": measured.unsent, "refused": played.refused}
    more["alarms"] = measured.alarms
    return _figures(measured.records.values()) | more | {"checks": played.checks}


def agents(played: DayResult) -> list[Figures]:
    scenario, measured = played.scenario, played.measurements
    begins, ends = scenario.moment(scenario.begins), scenario.moment(scenario.ends)
    rows = []
    for agent in played.agents:
        spent = dict.fromkeys(("online", "back_soon", "away"), 0)
        for span in played.spans:
            if span.agent == agent.id and span.state in spent:
                until = ends if span.until_at is None else min(span.until_at, ends)
                spent[span.state] += max(0, until - max(span.from_at, begins))
        rows.append(
            {
                "agent": agent.id,
                "skills": list(agent.skills),
                "conversations": len(measured.handled.get(agent.id, ())),
                "replies": measured.replies.get(agent.id, 0),
                **{f"{state}_s": ms // 1000 for state, ms in spent.items()},
                "offline_s": (ends - begins - sum(spent.values())) // 1000,
                "most_at_once": measured.most_at_once.get(agent.id, 0),
                "highest_load": round(played.highest_loads.get(agent.id, 0) / FULL_WEIGHT, 1),
                "places": agent.capacity,
            }
        )
    return rows


def decisions(played: DayResult, limit: int) -> list[Figures]:
    """At most so many of routing's decisions in the order of time, chosen to differ: of each kind the one in the
    middle."""
    names = re.compile(rf"\b({'|'.join(re.escape(agent.id) for agent in played.agents)})\b")
    made = played.measurements.decisions
    kinds: dict[str, list[PlacementDecision]] = {}
    for decision in made:
        kind = _SEVERAL.sub("#", names.sub("#", _NUMBER.sub("#", f"{decision.what} {decision.reason}")))
        kinds.setdefault(kind, []).append(decision)
    found = _spread([alike[len(alike) // 2] for alike in kinds.values()], limit)
    found += _spread([one for one in made if one not in found], limit - len(found))
    return [
        {
            "time": played.scenario.time_of_day(one.at),
            "consumer": one.consumer,
            "skill": one.skill,
            "what": one.what,
            "agents": one.agents,
            "reason": one.reason,
        }
        for one in sorted(found, key=lambda one: (one.at, one.conversation))
    ]


def _spread(decisions: list[PlacementDecision], limit: int) -> list[PlacementDecision]:
    """At most so many of these, from beginning to end."""
    ordered = sorted(decisions, key=lambda one: (one.at, one.conversation))
    if len(ordered) <= limit:
        return ordered
    return [ordered[place * len(ordered) // limit] for place in range(limit)]


def _figures(records: Collection[ConversationRecord]) -> Figures:
    waits = [record.answer_at - record.said_at for record in records if record.answer_at is not None]
    in_time = [record.is_in_time for record in records if record.is_in_time is not None]
    return {
        "conversations": len(records),
        "answered": len(waits),
        "p50_s": _seconds(percentile(waits, 0.5)),
        "p90_s": _seconds(percentile(waits, 0.9)),
        "max_s": _seconds(max(waits, default=None)),
        "in_time": round(sum(in_time) / len(in_time), 3) if in_time else None,
        "overdue": _sum(record.overdue for record in records),
        "given_back": _sum(record.given_back for record in records),
        "moved": _sum(record.moved for record in records),
        "transferred": _sum(record.transferred for record in records),
        "reopened": _sum(record.reopened for record in records),
        "closed_by_itself": _sum(record.closed_by_itself for record in records),
        "left_open": _sum(record.is_open for record in records),
    }


def _sum(counts: Iterable[int]) -> int:
    return sum(counts)


def _seconds(ms: int | None) -> int | None:
    return None if ms is None else round(ms / 1000)
