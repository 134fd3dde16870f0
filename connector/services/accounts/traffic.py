"""The traffic of every line in the last hour."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from msgspec.structs import replace

from connector.domain.health import ReplyCounts, line_health
from connector.domain.masking.masking import MaskingRules
from connector.domain.message import Direction
from connector.domain.status import UNSUCCESSFUL, Status
from connector.services import views, work
from connector.services.accounts.recent_counts import hour_began_at
from connector.services.query import Query
from connector.store.values import TrafficCount
from connector.wire import answers, limits, requests
from connector.wire.views import ErrorCodeView, LineTrafficView, TrafficBucket

_TAKEN = frozenset({Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.EXPIRED})


class ReplyOutcome(NamedTuple):
    """What replies are counted by."""

    status: str
    code: str | None
    words: str | None


def replies(outcomes: Counter[ReplyOutcome]) -> ReplyCounts:
    """How many replies among these were taken by the provider and how many failed, with the most frequent code."""
    codes = _codes(outcomes)
    found = ReplyCounts(
        taken=sum(count for outcome, count in outcomes.items() if outcome.status in _TAKEN - UNSUCCESSFUL),
        failed=sum(count for outcome, count in outcomes.items() if outcome.status in UNSUCCESSFUL),
    )
    return replace(found, code=codes[0].code, words=codes[0].words, count=codes[0].count) if codes else found


def by_line(query: Query, _: requests.GetTraffic) -> answers.Traffic:
    newest = query.now // limits.TRAFFIC_BUCKET_MS
    rows = [row for row in query.reading.traffic(hour_began_at(query.now)) if row.bucket <= newest]
    depths = {depth.line: depth for depth in query.reading.line_depths(work.SEND)}
    found = []
    for line, settings in query.brand.lines.items():
        if not query.rights.sees_account(settings.account):
            continue
        mine = [row for row in rows if row.line == line]
        depth = depths.get(line)
        oldest_at = depth.oldest_since if depth else None
        inbound = sum(row.count for row in mine if row.direction is Direction.INBOUND)
        outcomes = _outcomes(mine, query.brand.masking)
        shown = line_health(replies(outcomes), inbound, oldest_at, query.now)
        found.append(
            LineTrafficView(
                account=settings.account,
                line=line,
                skill=settings.skill,
                segments_per_s=settings.segments_per_s,
                buckets=[_bucket(mine, number) for number in range(newest - limits.TRAFFIC_BUCKETS + 1, newest + 1)],
                codes=_codes(outcomes),
                queue_depth=depth.waiting if depth else 0,
                oldest_queued_at=oldest_at,
                last_inbound_at=_latest(mine, Direction.INBOUND),
                last_reply_at=_latest(mine, Direction.REPLY),
                state=shown.state,
                words=shown.words,
                reasons=list(shown.reasons),
            )
        )
    return answers.Traffic(found)


def _bucket(rows: list[TrafficCount], number: int) -> TrafficBucket:
    mine = [row for row in rows if row.bucket == number]
    replies = [row for row in mine if row.direction is Direction.REPLY]
    return TrafficBucket(
        at=number * limits.TRAFFIC_BUCKET_MS,
        inbound=sum(row.count for row in mine if row.direction is Direction.INBOUND),
        accepted=sum(row.count for row in replies if row.status in _TAKEN),
        delivered=sum(row.count for row in replies if row.status is Status.DELIVERED),
        failed=sum(row.count for row in replies if row.status in UNSUCCESSFUL),
        replies=sum(row.count for row in replies if row.status in _TAKEN | UNSUCCESSFUL),
    )


def _outcomes(rows: list[TrafficCount], masking: MaskingRules) -> Counter[ReplyOutcome]:
    counts: Counter[ReplyOutcome] = Counter()
    for row in rows:
        if row.direction is Direction.REPLY:
            counts[ReplyOutcome(row.status, row.code, views.masked_words(row.words, masking))] += row.count
    return counts


def _codes(outcomes: Counter[ReplyOutcome]) -> list[ErrorCodeView]:
    counts: Counter[tuple[str | None, str | None]] = Counter()
    for outcome, count in outcomes.items():
        if outcome.status in UNSUCCESSFUL:
            counts[outcome.code, outcome.words] += count
    return [ErrorCodeView(code, words, count) for (code, words), count in counts.most_common()]


def _latest(rows: list[TrafficCount], direction: Direction) -> int | None:
    return max((row.last_at for row in rows if row.direction is direction), default=None)
