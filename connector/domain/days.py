"""Hours and days as the clock of a brand shows them. Times are milliseconds since 1970-01-01 UTC.

`zone` None is the machine's own, as in `connector.base.moments`. A day has the length that its clock gives it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def hour_began_at(at: int, zone: tzinfo | None) -> int:
    """When the clock showed the last full hour, in zones of half an hour, too."""
    here = datetime.fromtimestamp(at / 1000, zone)
    return at - (here.minute * 60 + here.second) * 1000 - at % 1000


def day_began_at(at: int, zone: tzinfo | None) -> int:
    """When the day of this moment began."""
    return begins(date_of(at, zone), zone)


def next_day(day_at: int, zone: tzinfo | None) -> int:
    """When the day after the one that began then begins."""
    return begins(date_of(day_at + DAY_MS // 2, zone) + timedelta(days=1), zone)


def begins(day: date, zone: tzinfo | None) -> int:
    """When this day begins: at midnight, or at the first moment after one that the clock skips."""
    return round(datetime.combine(day, time(), zone).timestamp() * 1000)


def date_of(at: int, zone: tzinfo | None) -> date:
    return datetime.fromtimestamp(at / 1000, zone).date()


def days(since: int, until: int, zone: tzinfo | None) -> list[int]:
    """When each day from the one of `since` on begins, up to `until`."""
    found = [day_began_at(since, zone)]
    while (after := next_day(found[-1], zone)) < until:
        found.append(after)
    return found


def hour_of(at: int, zone: tzinfo | None) -> int:
    """The hour that the clock shows, 0 to 23."""
    return datetime.fromtimestamp(at / 1000, zone).hour
