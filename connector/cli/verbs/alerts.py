"""`textdesk alerts`: what calls for those who are on call, who was asked when, and who is on call now."""

from __future__ import annotations

from argparse import Namespace

import msgspec

from connector.cli.moment_arguments import past
from connector.client.link import Link
from connector.console.output import age, clock, json_line, moment, plain, table, write
from connector.wire import answers, requests
from connector.wire.alert_words import asked_as, waits, what
from connector.wire.views import AlertView, OnCallView, WebhookView

_LONGEST_UNTIL_MS = 20 * 3_600_000  # a time of day alone says which


async def run(link: Link, options: Namespace) -> int:
    """Lists open alerts; with `--since`, those that have ended as well, and each escalation as a row."""
    from_at = None if options.since is None else past(options.since, link.now())
    answer = await link.ask(requests.GetAlerts(from_at))
    assert isinstance(answer, answers.Alerts)
    now = link.now()
    if options.json:
        for alert in answer.alerts:
            write(json_line(msgspec.to_builtins(alert)))
        for one in answer.on_call:
            write(json_line({"on_call": msgspec.to_builtins(one)}))
        if answer.webhook is not None:
            write(json_line({"webhook": msgspec.to_builtins(answer.webhook)}))
        return 0
    for line in _lines(answer, now, with_steps=from_at is not None):
        write(line)
    return 0


def escalation_rows(alerts: list[AlertView]) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table of escalations, in the order of time: what happened to which alert, and to whom."""
    rows: list[tuple[int, list[str]]] = []
    for alert in alerts:
        about = what(alert)
        rows.append((alert.raised_at, [clock(alert.raised_at), about, "raised", "", f"since {clock(alert.since)}"]))
        for step in alert.steps:
            words = [asked_as(step.asked_as)]
            words += [f"texted {', '.join(step.texted)}"] if step.texted else []
            rows.append(
                (step.at, [clock(step.at), about, "asked", ", ".join(step.people), "; ".join([*words, *step.untexted])])
            )
        if alert.acknowledged_at is not None:
            waited = f"after {age(alert.acknowledged_at - alert.raised_at)}"
            rows.append(
                (
                    alert.acknowledged_at,
                    [clock(alert.acknowledged_at), about, "acknowledged", alert.acknowledged_by or "", waited],
                )
            )
        if alert.ended_at is not None:
            lasted = f"lasted {age(alert.ended_at - alert.raised_at)}"
            rows.append((alert.ended_at, [clock(alert.ended_at), about, "over", "", lasted]))
    rows.sort(key=lambda row: row[0])
    return ["AT", "ALERT", "WHAT", "WHO", "HOW"], [row for _, row in rows]


def _lines(answer: answers.Alerts, now: int, *, with_steps: bool) -> list[str]:
    if not answer.on_call and not answer.alerts:
        return ["Nobody is on call: [on_call] of the configuration says who is, and what raises an alert."]
    open_ones = [alert for alert in answer.alerts if alert.ended_at is None]
    lines = ["There is no alert."]
    if open_ones:
        head = ["ID", "SINCE", "ALERT", "STATE", "NEXT"]
        lines = table(head, [[one.id, age(now - one.since), what(one), _state(one), _next(one)] for one in open_ones])
    if with_steps:
        head, rows = escalation_rows(answer.alerts)
        lines += ["", *(table(head, rows) if rows else ["There was none in this time."])]
    if answer.on_call:
        lines += ["", *table(["SKILL", "ON CALL", "THEN", "UNTIL"], [_on_call(one, now) for one in answer.on_call])]
    return [*lines, "", _webhook(answer.webhook, now)] if answer.webhook is not None else lines


def _state(alert: AlertView) -> str:
    if not waits(alert):
        return f"{alert.acknowledged_by} acknowledged it at {clock(alert.acknowledged_at or 0)}"
    if not alert.steps:
        return "nobody asked yet"
    step = alert.steps[-1]
    return f"{', '.join(step.people)} asked at {clock(step.at)}"


def _next(alert: AlertView) -> str:
    return "-" if alert.next_at is None else f"{', '.join(alert.next)} at {clock(alert.next_at)}"


def _webhook(state: WebhookView, now: int) -> str:
    if state.words:
        return plain(f"Webhook: {state.waiting} wait, not taken: {state.words}.")
    took = "none taken yet" if state.answered_at is None else f"the last taken {age(now - state.answered_at)} ago"
    return f"Webhook: {took}; {state.waiting} wait."


def _on_call(one: OnCallView, now: int) -> list[str]:
    until = "-" if one.until is None else clock(one.until) if one.until - now < _LONGEST_UNTIL_MS else moment(one.until)
    people = "nobody: a gap of the rota" if one.is_gap else ", ".join(one.people) or "-"
    return [one.skill, plain(people), ", ".join(one.leads) or "-", until]
