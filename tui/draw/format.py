"""Times, numbers and delivery signs, as text. Times are milliseconds since 1970-01-01 UTC.

Words or a sign always say what a colour says. The colour is a role, which the screen turns into a style: amber is what
needs the agent (`you`), red what has gone wrong or is late (`bad`), blue what rings and the consumer (`ring`), green
what is well (`good`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from connector.sms.text import cells, one_line
from connector.wire.views import ConversationView, PictureView

Span = tuple[str, str]
"""A piece of text and its role."""

Line = list[Span]

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
SLOW_MS, LATE_MS = 5 * _MINUTE, 15 * _MINUTE
"""How long a consumer may wait before the row warns, and before it alarms."""

_SIGNS: dict[str, Span] = {
    "queued": ("·", "muted"),
    "sending": ("·", "muted"),
    "accepted": ("✓", "muted"),
    "sent": ("✓", "muted"),
    "delivered": ("✓✓", "good"),
    "undelivered": ("✗", "bad"),
    "failed": ("✗", "bad"),
    "expired": ("✗", "bad"),
    "uncertain": ("?", "you"),
    "withdrawn": ("↶", "muted"),
}

_LIGHTS: dict[str, tuple[str, str]] = {"ok": ("●", "good"), "warning": ("▲", "warn"), "down": ("✗", "bad")}


def clock(at: int, zone: tzinfo | None = None) -> str:
    """`14:05`, in the desk's time zone unless another is given."""
    return _local(at, zone).strftime("%H:%M")


def day(at: int, zone: tzinfo | None = None) -> str:
    """`Tuesday 18 November 2025`."""
    when = _local(at, zone)
    return f"{when:%A} {when.day} {when:%B %Y}"


def day_words(at: int, now: int, zone: tzinfo | None = None) -> str:
    """`today`, `yesterday`, `Tuesday 18 November`, with the year where it is another one."""
    when, here = _local(at, zone), _local(now, zone)
    days = (here.date() - when.date()).days
    if days in (0, 1):
        return "yesterday" if days else "today"
    return day(at, zone) if when.year != here.year else f"{when:%A} {when.day} {when:%B}"


def moment(at: int, now: int, zone: tzinfo | None = None) -> str:
    """`14:05` today, `18 Nov 14:05` on other days."""
    when = _local(at, zone)
    same_day = when.date() == _local(now, zone).date()
    return clock(at, zone) if same_day else f"{when.day} {when:%b} {clock(at, zone)}"


def _local(at: int, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(at / 1000, zone)


def duration(ms: int) -> str:
    """How long, in at most four cells: `now`, `4m`, `3h`, `12d`. Coarse, so that a still screen stays still."""
    if ms < _MINUTE:
        return "now"
    if ms < _HOUR:
        return f"{ms // _MINUTE}m"
    if ms < 2 * _DAY:
        return f"{ms // _HOUR}h"
    return f"{min(ms // _DAY, 999)}d"


def left(ms: int) -> str:
    """What is left of a short time, to the second: `42s`, `3m`, `2h`."""
    return f"{max(0, -(-ms // 1000))}s" if ms < 2 * _MINUTE else duration(ms)


def due_words(at: int, alarm: str, now: int, zone: tzinfo | None = None) -> Span:
    """When an answer is due: `due 14:05`, `▲ due 14:05, in 4m` soon, `! overdue 3m, since 14:05`."""
    if now >= at:
        return f"! overdue {_about(now - at)}, since {moment(at, now, zone)}", "bad"
    words = f"due {moment(at, now, zone)}"
    return (f"▲ {words}, in {_about(at - now)}", "you") if alarm == "soon" else (words, "")


def _about(ms: int) -> str:
    return "<1m" if ms < _MINUTE else duration(ms)


def ago(at: int | None, now: int) -> str:
    """`just now`, `4m ago`, `never`."""
    if at is None:
        return "never"
    return "just now" if now - at < _MINUTE else f"{duration(now - at)} ago"


def urgency(waited_ms: int) -> str:
    """The role of a waiting time."""
    return "bad" if waited_ms >= LATE_MS else "you" if waited_ms >= SLOW_MS else ""


def status_sign(status: str) -> Span:
    """The sign of a delivery status; `·` for one unknown to this desk."""
    return _SIGNS.get(status, ("·", "muted"))


def unsent_words(view: ConversationView) -> str:
    """`✗ not sent`, `✗ 3 not sent`, `? not sure it was sent`: replies that wait for an agent's decision."""
    if view.unsent_status == "uncertain":
        return f"? not sure {'it was' if view.unsent == 1 else f'{view.unsent:,} were'} sent"
    return f"✗ {f'{view.unsent:,} ' if view.unsent > 1 else ''}not sent"


def light(state: str) -> Span:
    """A provider account's state as sign and word."""
    sign, role = _LIGHTS.get(state, ("○", "muted"))
    return f"{sign} {one_line(state, 12)}", role


def size(count: int) -> str:
    """`912 B`, `48 KB`, `1.2 MB`."""
    if count < 1000:
        return f"{count} B"
    return f"{round(count / 1000)} KB" if count < 999_500 else f"{count / 1_000_000:.1f} MB"


def picture(view: PictureView) -> Span:
    """A picture's placeholder: what it is, how large, and whether it is here."""
    family, _, name = one_line(view.content_type, 40).partition("/")
    kind = f"{name.upper()} picture" if family == "image" and name else one_line(view.content_type, 40) or "picture"
    if view.state == "kept":
        much = f" · {size(view.size)}" if view.size is not None else ""
        return f"[{kind}{much}]", "link"
    if view.state == "failed":
        return f"[{kind} · failed: {one_line(view.words or 'no reason given', 300)}]", "bad"
    why = f": {one_line(view.words, 300)}" if view.words else "…"
    return f"[{kind} · being fetched{why}]", "muted"


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Outside text on one line of exactly `width` cells."""
    text = one_line(text, width)
    return " " * (width - cells(text)) + text if right else pad(text, width)


def line_width(spans: Iterable[Span]) -> int:
    """Cells of a line, or of a part of it."""
    return sum(cells(text) for text, _ in spans)


def pad(text: str, width: int) -> str:
    """Safe text and blanks up to `width` cells."""
    return text + " " * (width - cells(text))


def quoted(char: str) -> str:
    """A visible character in quotation marks; another one as its number."""
    text = one_line(char, 2)
    return f"“{text}”" if cells(text) and text.strip() and text == char else f"U+{ord(char):04X}"
