"""What the rows of a report say, in the words that desk and shell share."""

from __future__ import annotations

from collections.abc import Mapping

from connector.base import money
from connector.base.counted import count
from connector.wire.views import ReportRowView

_EIGHTHS = " ▏▎▍▌▋▊▉"
_LEAST_ONLINE_MS = 600_000  # in less, one reply would be many an hour


def percent(part: int, whole: int) -> str:
    """`94%`; all and nothing only where it is so, and empty of nothing."""
    if whole <= 0:
        return ""
    if part <= 0:
        return "0%"
    return "100%" if part >= whole else f"{min(99, max(1, round(100 * part / whole)))}%"


def in_time(row: ReportRowView) -> str:
    """The share of answers before their due time."""
    return percent(row.answers - row.late, row.answers)


def delivered(row: ReportRowView) -> str:
    """The share of replies that arrived, of those whose end is known."""
    return percent(row.delivered, row.delivered + row.failed)


def per_hour(row: ReportRowView) -> str:
    """Replies for each hour online; empty where that is not known, or too short to say."""
    if row.online_ms < _LEAST_ONLINE_MS:
        return ""
    found = row.replies * 3_600_000 / row.online_ms
    return f"{found:.1f}" if found < 10 else f"{found:.0f}"


def seconds(amount: int | None) -> str:
    """`45s`, `2m`, `1h05`, `3d`; empty of nothing."""
    if amount is None:
        return ""
    if amount < 60:
        return f"{amount}s"
    if amount < 3600:
        return f"{round(amount / 60)}m"
    if amount < 86_400:
        minutes = round(amount / 60)
        return f"{minutes // 60}h{minutes % 60:02}"
    return f"{amount // 86_400}d"


def billed_otherwise(row: ReportRowView) -> str:
    replies = f"{row.billed_otherwise:,} of {count(row.billed_replies, 'reply', 'replies')}"
    return f"billed {row.billed:,} where {row.predicted:,} were predicted ({replies} differ)"


def cost(paid: Mapping[str, str]) -> str:
    """`11.22 USD`; several currencies are never added."""
    amounts = (money.parse(f"{amount} {currency}") for currency, amount in paid.items())
    return " + ".join(money.in_words(*amount) for amount in amounts if amount is not None)


def bar(value: int, most: int, width: int) -> str:
    """A bar of so many cells for the largest value; any value but 0 shows."""
    if value <= 0 or most <= 0 or width <= 0:
        return " " * max(0, width)
    eighths = max(1, round(8 * width * min(value, most) / most))
    whole, rest = divmod(eighths, 8)
    return f"{'█' * whole}{_EIGHTHS[rest] if rest else ''}".ljust(width)
