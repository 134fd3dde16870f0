"""Alerts at the desk: which wait for somebody, which of them ask this agent, and what an event about one says."""

from __future__ import annotations

from msgspec.structs import replace

from connector.wire import events
from connector.wire.alert_words import asked_as, waits, what
from connector.wire.views import AlertView
from tui.model.conversations import agent_name
from tui.model.state import Model

AlertEvent = (
    events.AlertRaised | events.AlertUpdated | events.AlertEscalated | events.AlertAcknowledged | events.AlertEnded
)


def put(model: Model, alert: AlertView) -> Model:
    """An alert is like this now."""
    if alert.ended_at is None:
        return replace(model, alerts=model.alerts.set(alert.id, alert))
    return replace(model, alerts=model.alerts.delete(alert.id)) if alert.id in model.alerts else model


def waiting(model: Model) -> list[AlertView]:
    """Those that wait for somebody to acknowledge them: first those that ask this agent, then by their time."""
    found = [alert for alert in model.alerts.values() if waits(alert)]
    return sorted(found, key=lambda alert: (not asks_me(model, alert), alert.raised_at, alert.id))


def asks_me(model: Model, alert: AlertView) -> bool:
    """This agent was asked about it, at whichever step, and nobody has acknowledged it."""
    return waits(alert) and _was_asked(model, alert)


def asking_me(model: Model) -> list[AlertView]:
    return [alert for alert in waiting(model) if asks_me(model, alert)]


def _was_asked(model: Model, alert: AlertView) -> bool:
    me = model.agents.me
    return me is not None and any(me.id in step.people for step in alert.steps)


def last_asked(model: Model, alert: AlertView) -> str:
    """Who was asked last, by name: "you", "Ben", "Ann and Ben"; empty: nobody yet."""
    me = model.agents.me
    people = alert.steps[-1].people if alert.steps else []
    return " and ".join("you" if me is not None and one == me.id else agent_name(model, one) for one in people)


def whom_it_asks(model: Model, alert: AlertView) -> str:
    """`orders: 20 overdue: Ben is asked`."""
    people = last_asked(model, alert)
    are = "are" if " and " in people or people == "you" else "is"
    return f"{what(alert)}: {people} {are} asked" if people else f"{what(alert)}: nobody is asked yet"


def news(model: Model, body: AlertEvent) -> tuple[str, bool] | None:
    """What an event tells this agent, if anything, and whether it calls for them; `model` is as it was before it."""
    alert, me = body.alert, model.agents.me
    if me is None:
        return None
    match body:
        case events.AlertAcknowledged():
            if alert.acknowledged_by == me.id or not _was_asked(model, alert):
                return None
            return f"{agent_name(model, alert.acknowledged_by)} looks after {what(alert)}.", False
        case events.AlertEnded():
            known = model.alerts.get(alert.id)
            if known is None or not asks_me(model, known):
                return None
            return f"Over by itself: {what(known)}.", False
    before = model.alerts.get(alert.id)
    known_at = before.steps[-1].at if before is not None and before.steps else 0
    asked = next((step for step in reversed(alert.steps) if step.at > known_at and me.id in step.people), None)
    if asked is None or not waits(alert):
        return None
    key = model.keys.name("acknowledge")
    return f"You are asked ({asked_as(asked.asked_as)}): {what(alert)}. {key} says that you look after it.", True


def acknowledged_words(model: Model, alerts: list[AlertView]) -> str:
    """What an answer to an acknowledgement says."""
    me = model.agents.me
    mine = [alert for alert in alerts if me is not None and alert.acknowledged_by == me.id]
    others = [alert for alert in alerts if alert not in mine and alert.acknowledged_by is not None]
    if mine:
        return f"You look after {', '.join(map(what, mine))}: nobody else is asked."
    if others:
        return f"{agent_name(model, others[0].acknowledged_by)} looks after {what(others[0])} already."
    return "There is no alert any more that waits for somebody."
