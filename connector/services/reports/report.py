"""What was done in a span of days, from tallies alone: it is the same whether messages have been erased meanwhile."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from msgspec import Struct

from connector.base.money import Money, exact
from connector.domain.agent import Agent, Presence, Role
from connector.domain.days import DAY_MS, begins, date_of, day_began_at, days, hour_began_at, hour_of, next_day
from connector.domain.masking.masking import mask
from connector.domain.prices import Prices
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
_RECKONED = ("key", "name", "median_s", "p90_s", "cost", "unpriced")
# What a row has of its sums as they are.
_PLAIN = [name for name in ReportRowView.__struct_fields__ if name not in _RECKONED]


class _Sums:
    """What is summed in one row."""

    def __init__(self) -> None:
        self.measures: Counter[str] = Counter()
        self.billionths: Counter[str] = Counter()  # what it cost, by currency
        self.unpriced = 0  # segments

    def add(self, other: _Sums) -> None:
        self.measures.update(other.measures)
        self.billionths.update(other.billionths)
        self.unpriced += other.unpriced

    def pay(self, segments: int, price: Money | None) -> None:
        if price is None:
            self.unpriced += segments
        elif segments:
            self.billionths[price.currency] += segments * price.billionths


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
    sums: defaultdict[str, _Sums] = defaultdict(_Sums)
    for since, until in _same_prices(query, span):
        asked = _question(query.rights, question, span, by, since, until)
        _add_tallies(query, question.by, query.reading.tallies(asked), since, sums)
    if question.by == "day":
        for at in days(span.since, span.until, query.brand.zone):
            sums[str(at)].add(_Sums())
    elif question.by == "hour":
        for hour in range(24):
            sums[_hour_key(hour)].add(_Sums())
    _add_online(query, question, span, sums)
    total = _Sums()
    for one in sums.values():
        total.add(one)
    rows = [_row(key, _name(query, question.by, key), one) for key, one in sums.items()]
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
        last, first = (f"{date_of(at, zone):%Y-%m-%d}" for at in (until - 1, since))
        words = f"The report would end on {last}, before it begins on {first}: say when it begins, and ends."
        raise Refused(RefusalCode.BAD_REQUEST, words)
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


def _question(
    rights: Rights, question: requests.GetReport, span: _Span, by: str, since: int, until: int
) -> TallyQuestion:
    is_all = rights.role is Role.ADMINISTRATOR
    return TallyQuestion(
        kind=span.kind,
        span=span.of,
        since=since,
        until=until,
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


def _same_prices(query: Query, span: _Span) -> list[tuple[int, int]]:
    """The days of a report in spans in which prices do not change."""
    zone = query.brand.zone
    changes = {begins(day, zone) for line in query.brand.lines.values() for day in line.prices.changes()}
    return [*pairwise(sorted({span.since, span.until, *(at for at in changes if span.since < at < span.until)}))]


def _add_tallies(query: Query, by: str, found: Iterable[TallySum], since: int, sums: defaultdict[str, _Sums]) -> None:
    naming, day = _naming(query, by), date_of(since, query.brand.zone)
    for one in found:
        if not any(one.measures.values()):
            continue
        row, line = sums[naming(one.key)], query.brand.lines.get(one.line)
        row.measures.update(one.measures)
        prices = Prices() if line is None else line.prices
        of = one.measures.get
        row.pay(of("segments", 0) + of("billed", 0) - of("predicted", 0), prices.of_sent(one.country, day))
        received = prices.of_received(day)
        row.pay(of("text_segments", 0) if received is not None else 0, received)


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


def _row(key: str, name: str, sums: _Sums) -> ReportRowView:
    measures = sums.measures
    plain: dict[str, Any] = {each: max(0, measures.get(each, 0)) for each in _PLAIN}
    return ReportRowView(
        key=key,
        name=name,
        median_s=quantile_s(measures, 0.5),
        p90_s=quantile_s(measures, 0.9),
        cost={currency: exact(paid) for currency, paid in sorted(sums.billionths.items()) if paid > 0},
        unpriced=max(0, sums.unpriced),
        **plain,
    )


def _time(row: ReportRowView) -> str:
    return row.key.zfill(20)


def _busiest_first(row: ReportRowView) -> tuple[bool, int, int, str, str]:
    """What belongs to nobody last."""
    return not row.key, -row.replies, -(row.closed + row.opened), row.name, row.key


# How long agents were online.


def _add_online(query: Query, question: requests.GetReport, span: _Span, sums: defaultdict[str, _Sums]) -> None:
    """By agent and by time; presence is of no skill, line or entry point."""
    is_by_time = question.by in ("day", "hour")
    if (question.by != "agent" and not is_by_time) or set(question.only) - {"agent"}:
        return
    seen = _seen_agents(query, question.only.get("agent"))
    naming, by = _naming(query, question.by), "at" if is_by_time else "agent"
    stored = query.reading.online_ms(span.of, span.since, span.until, sorted(seen), by) if seen else {}
    for key, online_ms in stored.items():
        sums[naming(key)].measures["online_ms"] += online_ms
    for presence in query.reading.presence_spans(query.now, None, _MOST_SPANS):
        if presence.state != Presence.ONLINE or presence.agent not in seen or presence.until_at is not None:
            continue
        at = max(presence.from_at, span.since)
        while at < min(query.now, span.until):
            until = min(query.now, span.until, hour_began_at(at, query.brand.zone) + TallySpan.HOUR)
            key = naming(at) if question.by == "hour" else str(day_began_at(at, query.brand.zone))
            sums[key if is_by_time else presence.agent].measures["online_ms"] += until - at
            at = until


def _seen_agents(query: Query, only: str | None) -> set[str]:
    """Whose presence is shown: the asker's own, and to leads that of the colleagues they see."""
    rights = query.rights

    def is_seen(agent: Agent) -> bool:
        return agent.id == rights.agent or (_leads(rights) and rights.shows(agent))

    agents = query.reading.staff(query.now).agents
    return {agent.id for agent in agents if is_seen(agent) and only in (None, agent.id)}
