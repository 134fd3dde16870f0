"""Raising alerts, asking those who are on call one after another, and ending what is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from connector.domain import fact_visibility
from connector.domain.alerts import (
    Alert,
    AlertChange,
    AlertKind,
    AlertRules,
    AlertSigns,
    AlertStep,
    ChangeOfAlert,
    OverdueAnswers,
    changes,
)
from connector.domain.audit import AuditAction
from connector.services import save
from connector.services.audit.record import record
from connector.services.on_call import texts, webhook
from connector.services.on_call.alert_views import alert_view, skills_of, visibilities
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import UnitOfWork
from connector.store.on_call import AlertReading
from connector.store.ports import Reading
from connector.wire import events

AlertEvent = (
    type[events.AlertRaised]
    | type[events.AlertUpdated]
    | type[events.AlertEscalated]
    | type[events.AlertAcknowledged]
    | type[events.AlertEnded]
)
_EVENTS: Mapping[ChangeOfAlert, AlertEvent] = {
    ChangeOfAlert.RAISED: events.AlertRaised,
    ChangeOfAlert.UPDATED: events.AlertUpdated,
    ChangeOfAlert.ASKED: events.AlertEscalated,
    ChangeOfAlert.ENDED: events.AlertEnded,
}


def has_changed(reading: Reading, brand: BrandSettings, now: int, down: Mapping[str, int]) -> bool:
    """Whether `look` would do anything now: most often it would not."""
    return bool(_changes(reading.alerts, brand, now, down, lambda: ""))


def look(uow: UnitOfWork, down: Mapping[str, int]) -> None:
    """Do what is to be done about alerts now. `down`: the accounts that this core sees down, and since when."""
    found = _changes(uow.tx.alerts, uow.brand, uow.now, down, uow.brand.ids.new)
    asked: dict[str, list[Alert]] = {}
    for change in found:
        if change.what is ChangeOfAlert.ASKED:
            for name in change.alert.steps[-1].people:
                asked.setdefault(name, []).append(change.alert)
    # One text for a person, whatever it is about; before the steps are stored, which say whom it has reached.
    why_not = texts.text_asked(uow, asked)
    for change in found:
        _store(uow, change, why_not)


def save_alert(uow: UnitOfWork, alert: Alert, event: AlertEvent) -> None:
    """Write the row of a changed alert and append its event."""
    uow.tx.alerts.update(alert)
    announce(uow, alert, event)


def announce(uow: UnitOfWork, alert: Alert, event: AlertEvent) -> None:
    seen_by = fact_visibility.of_visibilities(*visibilities(alert, uow.brand))
    view = alert_view(alert, uow.brand)
    save.fact(uow, event(view), None, visibility=seen_by)
    webhook.add(uow, event, view)


def details_of(alert: Alert) -> dict[str, str | int | list[str]]:
    """What the audit has of an alert."""
    found: dict[str, str | int | list[str]] = {"kind": str(alert.kind), "account": alert.account}
    if alert.kind is AlertKind.OVERDUE:
        found |= {"skill": alert.skill, "count": alert.count}
    return found


def _changes(
    alerts: AlertReading, brand: BrandSettings, now: int, down: Mapping[str, int], new_id: Callable[[], str]
) -> list[AlertChange]:
    open_, rules = alerts.open(), brand.on_call
    found = AlertSigns() if rules is None else _found(alerts, rules, open_, now, down)
    return changes(rules, open_, found, lambda alert: skills_of(alert, brand), now, new_id)


def _found(
    alerts: AlertReading, rules: AlertRules, open_: Sequence[Alert], now: int, down: Mapping[str, int]
) -> AlertSigns:
    late_ms = rules.overdue_s * 1000
    overdue = {(one.account, one.skill): one for one in alerts.overdue(now - late_ms)}
    covered: dict[str, int] = {}
    covered_until: dict[tuple[str, str], int] = {}
    for alert in open_:
        if alert.kind is AlertKind.OVERDUE and alert.acknowledged_at is not None:
            key = (alert.account, alert.skill)
            covered_until[key] = max(covered_until.get(key, 0), alert.acknowledged_at)
            still = _overdue_of(alerts, key, alert.covers_after - late_ms, alert.acknowledged_at - late_ms)
            covered[alert.id] = still.count if still else 0
    for key, until in covered_until.items():
        rest = _overdue_of(alerts, key, until - late_ms, now - late_ms) if key in overdue else None
        if rest is None:
            overdue.pop(key, None)
        else:
            overdue[key] = rest
    return AlertSigns(tuple(overdue.values()), covered, down)


def _overdue_of(alerts: AlertReading, key: tuple[str, str], after: int, until: int) -> OverdueAnswers | None:
    return alerts.overdue_of(*key, after, until)


def _store(uow: UnitOfWork, change: AlertChange, why_not: Mapping[str, str]) -> None:
    """`why_not`: of those who were to be texted, why they were not; empty: they were."""
    alert = change.alert
    match change.what:
        case ChangeOfAlert.SEEN:
            uow.tx.alerts.update(alert)
            return
        case ChangeOfAlert.RAISED:
            uow.tx.alerts.add(alert)
            record(uow, "", AuditAction.ALERT_RAISED, subject=alert.id, details=details_of(alert))
            announce(uow, alert, events.AlertRaised)
            return
        case ChangeOfAlert.ASKED:
            alert = _with_texts(alert, why_not)
            record(
                uow,
                "",
                AuditAction.ALERT_ESCALATED,
                subject=alert.id,
                details={**details_of(alert), **_asked(alert.steps[-1])},
            )
        case _:
            pass
    save_alert(uow, alert, _EVENTS[change.what])


def _with_texts(alert: Alert, why_not: Mapping[str, str]) -> Alert:
    *before, step = alert.steps
    texted = tuple(name for name in step.people if why_not.get(name) == "")
    untexted = tuple(f"{name}: {words}" for name in step.people if (words := why_not.get(name)))
    return replace(alert, steps=(*before, replace(step, texted=texted, untexted=untexted)))


def _asked(step: AlertStep) -> dict[str, str | int | list[str]]:
    return {"asked": list(step.people), "as": str(step.asked_as)}
