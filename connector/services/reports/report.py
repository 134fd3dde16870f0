"""What was done in a span of days, from tallies alone: it is the same whether messages have been erased meanwhile."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from connector.domain.agent import Agent, Presence, Role
from connector.domain.days import DAY_MS, date_of, day_began_at, days, hour_began_at, hour_of, next_day
from connector.domain.masking.masking import mask
from connector.domain.refusals import Refused
from connector.domain.rights import Rights
from connector.domain.tallies import TallyKind, TallySpan, TallySum, quantile_s
from connector.services.query import Query
from connector.store.marks import MarkKey
from connector.store.values import TallyQuestion
from connector.wire import answers, limits, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import ReportRowView

FILTERS = ("account", "line", "skill", "agent", "entry_point", "outcome")
BY = ("agent", "skill", "line", "outcome", "entry_point", "day", "hour")
_MOST_DAYS = 800
_MOST_DAYS_BY_HOUR = 35
_MOST_SPANS = 10_000
_NAMED = {"agent": "no agent", "outcome": "none", "skill": "not known", "entry_point": "not known", "line": "no line"}
# What a row has of its sums as they are; the rest is reckoned from them.
_PLAIN = [name for name in ReportRowView.__struct_fields__ if name not in ("key", "name", "median_s", "p90_s")]


class _Span(Struct, frozen=True):
    """The days of a report."""

    since: int
    until: int  # when the day after the last one begins
    kind: TallyKind
    of: TallySpan


def report(query: Query, question: requests.GetReport) -> answers.Report:
    """Raises Refused for what there is no report by, and for days that are none."""
    span = _span(query, question)
    by = "at" if question.by in ("day", "hour") else question.by
    found = query.reading.tallies(_question(query.rights, question, span, by))
    sums = _by_key(found, _naming(query, question.by))
    if question.by == "day":
        for at in days(span.since, span.until, query.brand.zone):
            sums.setdefault(str(at), Counter())
    elif question.by == "hour":
        for hour in range(24):
            sums.setdefault(_hour_key(hour), Counter())
    _add_online(query, question, span, sums)
    total: Counter[str] = Counter()
    for measures in sums.values():
        total.update(measures)
    rows = [_row(key, _name(query, question.by, key), measures) for key, measures in sums.items()]
    is_of_time = question.by in ("day", "hour")
    rows.sort(key=_time if is_of_time else _busiest_first)
    shown = rows if is_of_time else rows[: limits.REPORT_ROWS]
    began = query.reading.mark(MarkKey.tallies_began())
    return answers.Report(
        by=question.by,
        since=span.since,
        until=span.until,
        zone=str(query.brand.zone or ""),
        is_own=not _leads(query.rights),
        rows=shown,
        total=_row("", "all", total),
        left_out=len(rows) - len(shown),
        counted_since=began if began is not None and began > span.since else None,
    )


def _span(query: Query, question: requests.GetReport) -> _Span:
    if question.by not in BY:
        raise Refused(RefusalCode.BAD_REQUEST, f"There are reports by {', '.join(BY)}.")
    if unknown := [name for name in question.only if name not in FILTERS]:
        words = f"A report can be about one {', '.join(FILTERS)} only; there is no {unknown[0]}."
        raise Refused(RefusalCode.BAD_REQUEST, words)
    zone, now = query.brand.zone, query.now
    since = day_began_at(min(question.since, now), zone)
    until = next_day(day_began_at(now if question.until is None else min(question.until, now), zone), zone)
    if since >= until:
        raise Refused(RefusalCode.BAD_REQUEST, "The report would end before it begins.")
    is_by_hour = question.by == "hour"
    most = _MOST_DAYS_BY_HOUR if is_by_hour else _MOST_DAYS
    since = max(since, day_began_at(now - most * DAY_MS, zone))
    if since >= until:
        kept = "What was counted by hour stays" if is_by_hour else "What was counted stays"
        raise Refused(RefusalCode.BAD_REQUEST, f"{kept} for {most} days: ask for later ones.")
    is_ended = question.by == "outcome" or "outcome" in question.only
    return _Span(
        since,
        until,
        TallyKind.ENDED if is_ended else TallyKind.WORK,
        TallySpan.HOUR if is_by_hour else TallySpan.DAY,
    )


def _leads(rights: Rights) -> bool:
    """Whether others' work is shown, too: of leads in their skills and accounts."""
    return rights.role.includes(Role.LEAD)


def _question(rights: Rights, question: requests.GetReport, span: _Span, by: str) -> TallyQuestion:
    is_all = rights.role is Role.ADMINISTRATOR
    return TallyQuestion(
        kind=span.kind,
        span=span.of,
        since=span.since,
        until=span.until,
        by=by,
        only=question.only,
        leads=_leads(rights),
        accounts=() if is_all else rights.accounts,
        skills=() if is_all else rights.skills,
        own=rights.agent,
    )


def _naming(query: Query, by: str) -> Callable[[str | int], str]:
    """The key of a row by that of its sums: days and hours begin in other moments, and are the clock's."""
    zone = query.brand.zone
    if by == "day":
        # A day that was counted in another zone is the one it has most of.
        return lambda at: str(day_began_at(int(at) + DAY_MS // 2, zone))
    if by == "hour":
        return lambda at: _hour_key(hour_of(int(at), zone))
    if by == "outcome":
        return lambda outcome: mask(str(outcome), query.brand.masking)[0]  # agents may write anything
    return str


def _hour_key(hour: int) -> str:
    return f"{hour:02}"


def _by_key(found: Iterable[TallySum], naming: Callable[[str | int], str]) -> dict[str, Counter[str]]:
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        sums[naming(one.key)].update(one.measures)
    return {key: measures for key, measures in sums.items() if any(measures.values())}


def _name(query: Query, by: str, key: str) -> str:
    """A row's key for people."""
    if by == "day":
        return date_of(int(key), query.brand.zone).isoformat()
    if by == "hour":
        return f"{key}:00"
    if by == "agent" and key:
        known = query.reading.agent(key)
        return known.name if known is not None else key
    return key or _NAMED[by]


def _row(key: str, name: str, measures: Mapping[str, int]) -> ReportRowView:
    return ReportRowView(
        key=key,
        name=name,
        median_s=quantile_s(measures, 0.5),
        p90_s=quantile_s(measures, 0.9),
        **{each: max(0, measures.get(each, 0)) for each in _PLAIN},
    )


def _time(row: ReportRowView) -> str:
    return row.key.zfill(20)


def _busiest_first(row: ReportRowView) -> tuple[bool, int, str, str]:
    """What belongs to nobody last."""
    return not row.key, -(row.replies + row.closed + row.opened), row.name, row.key


# How long agents were online.


def _add_online(query: Query, question: requests.GetReport, span: _Span, sums: dict[str, Counter[str]]) -> None:
    """By agent and by time; presence is of no skill, line or entry point."""
    is_by_time = question.by in ("day", "hour")
    if (question.by != "agent" and not is_by_time) or set(question.only) - {"agent"}:
        return
    seen = _seen_agents(query, question.only.get("agent"))
    naming, by = _naming(query, question.by), "at" if is_by_time else "agent"
    stored = query.reading.online_ms(span.of, span.since, span.until, sorted(seen), by) if seen else {}
    for key, online_ms in stored.items():
        sums.setdefault(naming(key), Counter())["online_ms"] += online_ms
    for presence in query.reading.presence_spans(query.now, None, _MOST_SPANS):
        if presence.state != Presence.ONLINE or presence.agent not in seen or presence.until_at is not None:
            continue
        at = max(presence.from_at, span.since)
        while at < min(query.now, span.until):
            until = min(query.now, span.until, hour_began_at(at, query.brand.zone) + TallySpan.HOUR)
            key = naming(at) if question.by == "hour" else str(day_began_at(at, query.brand.zone))
            sums.setdefault(key if is_by_time else presence.agent, Counter())["online_ms"] += until - at
            at = until


def _seen_agents(query: Query, only: str | None) -> set[str]:
    """Whose presence is shown: the asker's own, and to leads that of the colleagues they see."""
    rights = query.rights

    def is_seen(agent: Agent) -> bool:
        return agent.id == rights.agent or (_leads(rights) and rights.shows(agent))

    agents = query.reading.staff(query.now).agents
    return {agent.id for agent in agents if is_seen(agent) and only in (None, agent.id)}
