"""Alerts and the rota as lines: what calls for somebody, who was asked and is asked next, who is on call."""

from __future__ import annotations

from connector.base.counted import count
from connector.sms.text import cells, one_line
from connector.wire.alert_words import waits, what
from connector.wire.views import AlertStepView, AlertView, OnCallView, WebhookView
from tui.draw.format import Line, Span, clock, left, line_width, moment
from tui.model import alerts
from tui.model.conversations import agent_name
from tui.model.state import Model

_INDENT, _BELOW = "    ", "      "
_LATEST_STEPS = 5
_MOST_ON_CALL = 3  # lines
_NO_ROTA = "Nobody is on call: without [on_call] nothing raises an alert."


def in_order(model: Model) -> list[AlertView]:
    """Those that wait, first those that ask this agent; then those that somebody looks after."""
    looked_after = [alert for alert in model.alerts.values() if not waits(alert)]
    return [*alerts.waiting(model), *sorted(looked_after, key=lambda alert: (alert.raised_at, alert.id))]


def alert_lines(model: Model, alert: AlertView, now: int, width: int) -> list[Line]:
    """What it is about and whom it asks or who looks after it; below it who is asked next, and who was."""
    since: Span = (f"  since {moment(alert.since, now)}", "muted")
    if not waits(alert):
        who = "You look" if is_me(model, alert.acknowledged_by) else f"{short_name(model, alert.acknowledged_by)} looks"
        after = f"{who} after it since {moment(alert.acknowledged_at or alert.since, now)}"
        return [_ends([("● ", "good"), (what(alert), ""), since], (after, "muted"), width)]
    role = "strong you" if alerts.asks_me(model, alert) else "warn"
    first: Line = [("▲ ", role), (what(alert), role), since]
    steps = ", ".join(_step(model, step) for step in reversed(alert.steps[-_LATEST_STEPS:]))
    told = [f"asked {steps}" if steps else "nobody is asked yet"]
    if alert.next_at is not None:
        then = _names(model, alert.next) or "the next one"
        told.insert(0, f"next {then} at {clock(alert.next_at)}, in {left(alert.next_at - now)}")
    below = one_line(" · ".join(told), width - len(_BELOW) - 1)
    return [_ends(first, (_asks(model, alert), role), width), [(f"{_BELOW}{below}", "muted")]]


def _asks(model: Model, alert: AlertView) -> str:
    if alerts.asks_me(model, alert):
        return f"asks you: {model.keys.name('acknowledge')} says that you look after it"
    people = alerts.last_asked(model, alert)
    return f"asks {one_line(people, 24)}" if people else ""


def _step(model: Model, step: AlertStepView) -> str:
    """`Ben 02:05 (lead, texted)`: who, when, and whether it reached their phone."""
    as_whom = {"lead": ["lead"], "gap": ["lead: nobody is on call"]}.get(step.asked_as, [])
    why_not = [words.partition(": ")[2] or words for words in step.untexted]
    how = [*as_whom, *(["texted"] if step.texted else why_not)]
    return f"{_names(model, step.people)} {clock(step.at)}" + (f" ({', '.join(how)})" if how else "")


def _ends(first: Line, last: Span, width: int) -> Line:
    """Words at the left and at the right end; at the left is cut what does not fit."""
    words, role = last
    words = one_line(words, width // 2)
    room = width - len(_INDENT) - cells(words) - 3
    shown: Line = []
    for text, tone in first:
        text = one_line(text, room) if cells(text) > room else text
        shown.append((text, tone))
        room -= cells(text)
    return [(_INDENT, ""), *shown, (" " * (room + 2), ""), (words, role), (" ", "")]


# Who is on call.


def on_call_lines(model: Model, width: int) -> list[Line]:
    found = model.fetched.on_call
    if found is None:
        return []
    if not found.on_call:
        return [
            [
                (
                    f"{_INDENT}{one_line('Nobody is on call: without [on_call] nothing raises an alert.', width - 5)}",
                    "faint",
                )
            ]
        ]
    alike: dict[str, list[str]] = {}
    gaps = set[str]()
    for one in found.on_call:
        words = _chain(model, one)
        alike.setdefault(words, []).append(one.skill)
        if one.is_gap:
            gaps.add(words)
    lines: list[Line] = []
    for words, skills in [*alike.items()][:_MOST_ON_CALL]:
        title = "On call  " if not lines else " " * 9
        room = width - len(_INDENT) - len(title) - 1
        of = one_line(", ".join(skills), max(8, room // 3)) if len(alike) > 1 else "all skills"
        line: Line = [(_INDENT, ""), (title, "faint"), (of, ""), ("  ", "")]
        lines.append(
            [*line, (one_line(words, max(0, width - line_width(line) - 1)), "warn" if words in gaps else "muted")]
        )
    if len(alike) > _MOST_ON_CALL:
        rest = sum(len(skills) for skills in [*alike.values()][_MOST_ON_CALL:])
        lines.append([(f"{_INDENT}{' ' * 9}and {count(rest, 'more skill')}", "faint")])
    return [*lines, *_webhook(found.webhook, width)]


def _chain(model: Model, one: OnCallView) -> str:
    """`Ann, Ben, lead Carla, until 08:00`: in the order in which they are asked."""
    leads = f"lead {_names(model, one.leads)}"
    words = ", ".join([*(_names(model, [name]) for name in one.people), *([leads] if one.leads else [])])
    if one.is_gap:
        words = f"nobody, so {leads} is asked at once"
    return words if one.until is None else f"{words}, until {clock(one.until)}"


def _webhook(webhook: WebhookView | None, width: int) -> list[Line]:
    """What the receiver of the webhook has not taken yet."""
    if webhook is None or not webhook.waiting or not webhook.words:
        return []
    since = f" since {clock(webhook.oldest_at)}" if webhook.oldest_at is not None else ""
    words = (
        f"webhook: {count(webhook.waiting, 'event')} wait{'s' if webhook.waiting == 1 else ''}{since}: {webhook.words}"
    )
    return [[(f"{_INDENT}{one_line(words, width - 5)}", "warn")]]


def is_me(model: Model, agent_id: str | None) -> bool:
    return model.agents.me is not None and agent_id == model.agents.me.id


def short_name(model: Model, agent_id: str | None) -> str:
    return one_line(agent_name(model, agent_id), 20)


def _names(model: Model, people: list[str]) -> str:
    return " and ".join("you" if is_me(model, one) else short_name(model, one) for one in people)
