"""Alerts in words, the same at the desk, in the shell, and in what is texted to those who are on call."""

from __future__ import annotations

from connector.wire.views import AlertView

_ASKED_AS = {
    "on_call": "on call",
    "next": "next on call",
    "lead": "lead",
    "gap": "lead: the rota has nobody for this time",
}


def what(alert: AlertView) -> str:
    """What it is about: "orders: 20 overdue"."""
    if alert.kind == "account_down":
        return f"{alert.account} is down"
    if alert.kind == "overdue":
        return f"{alert.skill}: {alert.count} overdue"
    return f"{alert.skill or alert.account}: {alert.kind}"  # of a newer core


def asked_as(word: str) -> str:
    """Why somebody was asked."""
    return _ASKED_AS.get(word, word)


def waits(alert: AlertView) -> bool:
    """For somebody to acknowledge it."""
    return alert.acknowledged_at is None and alert.ended_at is None
