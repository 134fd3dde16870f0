"""The figures of a day that is over. Times are seconds, shares 0 to 1, loads places."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

from connector.domain.load import FULL_WEIGHT
from connector.lab.day.ledger import Decision, Record, percentile
from connector.lab.day.play import PlayedDay

Figures = dict[str, Any]

_NUMBER = re.compile(r"\d[\d.]*")
_SEVERAL = re.compile(r"#(, #)+")


def skills(played: PlayedDay) -> list[Figures]:
    """A row for each skill. A conversation counts where it was last, so that one that was handed over counts with those
    who answered it."""
    records = played.ledger.records.values()
    names = sorted({record.skill for record in records})
    return [{"skill": name, **_figures([one for one in records if one.skill == name])} for name in names]


def summary(played: PlayedDay) -> Figures:
    """All skills together; `alarms`: how often the core told that an answer was overdue, by the rules that were
    played; `checks`: how often everything that must be true was looked at, and was."""
    ledger = played.ledger
    more = {"replies": sum(ledger.replies.values()), "not_sent": ledger.unsent, "refused": played.refused}
    more["alarms"] = ledger.told_overdue
    return _figures(ledger.records.values()) | more | {"checks": played.checks}


def agents(played: PlayedDay) -> list[Figures]:
    scenario, ledger = played.scenario, played.ledger
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
                "conversations": len(ledger.taken.get(agent.id, ())),
                "replies": ledger.replies.get(agent.id, 0),
                **{f"{state}_s": ms // 1000 for state, ms in spent.items()},
                "offline_s": (ends - begins - sum(spent.values())) // 1000,
                "most_at_once": ledger.most.get(agent.id, 0),
                "highest_load": round(played.highest.get(agent.id, 0) / FULL_WEIGHT, 1),
                "places": agent.capacity,
            }
        )
    return rows


def decisions(played: PlayedDay, limit: int) -> list[Figures]:
    """So many of the day's decisions in the order of time, as different from one another as there are: of each kind
    the one in the middle."""
    names = re.compile(rf"\b({'|'.join(re.escape(agent.id) for agent in played.agents)})\b")
    made = played.ledger.decisions
    kinds: dict[str, list[Decision]] = {}
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


def _spread(decisions: list[Decision], limit: int) -> list[Decision]:
    """At most so many of these, from beginning to end."""
    ordered = sorted(decisions, key=lambda one: (one.at, one.conversation))
    if len(ordered) <= limit:
        return ordered
    return [ordered[place * len(ordered) // limit] for place in range(limit)]


def _figures(records: Collection[Record]) -> Figures:
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
