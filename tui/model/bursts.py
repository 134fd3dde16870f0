"""Alarms that come right after each other: one sentence with a number, and one bell.

A sentence alone is of no use where the next one takes its place at once, and twenty bells say no more than one.
"""

from __future__ import annotations

from collections import Counter

from immutables import Map
from msgspec.structs import replace

from tui.model.alarms import Alarm, AlarmKind
from tui.model.notices import tell_news
from tui.model.state import Burst, Model, Notice

_APART_MS = 2_000  # an alarm that comes so long after the last one begins another burst
_LONGEST_MS = 15_000

# What is said of one and of several; and whether `n` leads there.
_OF_SEVERAL: dict[AlarmKind, tuple[str, str, bool]] = {
    AlarmKind.ALERT: ("alert asks you", "alerts ask you", False),
    AlarmKind.RING: ("rings you", "ring you", True),
    AlarmKind.OVERDUE: ("is overdue", "are overdue", True),
    AlarmKind.UNSENT: ("was not sent", "were not sent", True),
    AlarmKind.UNSURE: ("may not have been sent", "may not have been sent", True),
    AlarmKind.HELD_BACK: ("was not sent at its moment", "were not sent at their moment", False),
    AlarmKind.CANCELLED: ("of yours for later was cancelled", "of yours for later were cancelled", False),
    AlarmKind.TRANSFERRED: ("was transferred to you", "were transferred to you", True),
    AlarmKind.MENTIONED: ("has a note that mentions you", "have notes that mention you", True),
    AlarmKind.SOON: ("has to be answered soon", "have to be answered soon", True),
    AlarmKind.AWAKE: ("is back from its snooze", "are back from their snooze", True),
    AlarmKind.TAKEN_OVER: ("was taken over from you", "were taken over from you", False),
    AlarmKind.JOINED: ("has somebody who writes beside you", "have somebody who writes beside you", False),
    AlarmKind.NOTED: ("has a colleague's note for you", "have a colleague's note for you", False),
    AlarmKind.RANG_OUT: ("rang out", "rang out", False),
    AlarmKind.QUEUED: ("went back to the queue", "went back to the queue", False),
    AlarmKind.GONE: ("is no longer yours", "are no longer yours", False),
    AlarmKind.LOST: ("was taken by somebody else first", "were taken by others first", False),
    AlarmKind.ALERT_OVER: ("alert is looked after or over", "alerts are looked after or over", False),
}


def told(model: Model, alarm: Alarm, at: int, about: tuple[str, int] | None) -> Model:
    """An alarm of the core's time `at` is told, together with those right before it."""
    last = model.notices.burst
    if last is not None and not (at - last.last_at < _APART_MS and at - last.begun_at < _LONGEST_MS):
        last = None
    kinds = (last.kinds if last is not None else Map[str, str]()).set(alarm.subject, alarm.kind)
    if last is None or len(kinds) == 1:
        notice = Notice(alarm.words, alarm.is_error, is_news=True, about=about)
        model = tell_news(model, notice)
    else:
        notice = Notice(_gathered(model, kinds), alarm.is_error or last.notice.is_error, is_news=True)
        model = _in_place_of(model, last.notice, notice)
    has_rung = last is not None and last.has_rung
    burst = Burst(last.begun_at if last is not None else at, at, kinds, notice, has_rung or alarm.bell)
    rings = alarm.bell and not has_rung
    notices = replace(model.notices, burst=burst, alarm_count=model.notices.alarm_count + rings)
    return replace(model, notices=notices)


def _in_place_of(model: Model, before: Notice, notice: Notice) -> Model:
    """The sentence of the burst so far goes on as another one, where it is still to be read."""
    notices = model.notices
    if notices.current is before:
        return replace(model, notices=replace(notices, current=notice))
    if notices.held is before:
        return replace(model, notices=replace(notices, held=notice))
    return tell_news(model, notice)


def _gathered(model: Model, kinds: Map[str, str]) -> str:
    """`3 ring you, 20 are overdue: n goes to the most urgent.`"""
    numbers = Counter(kinds.values())
    known = [(kind, numbers[kind]) for kind in AlarmKind if numbers[kind]]
    said = [f"{number:,} {_OF_SEVERAL[kind][number > 1]}" for kind, number in known]
    leads = any(_OF_SEVERAL[kind][2] for kind, _ in known)
    key = model.keys.name
    words = ", ".join(said)
    if number := numbers[AlarmKind.ALERT]:
        return f"{words}: {key('acknowledge')} says that you look after {'it' if number == 1 else 'them'}."
    return f"{words}: {key('next_need')} goes to the most urgent." if leads else f"{words}."
