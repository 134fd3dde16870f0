"""Alerts as desks receive them, and who may see them."""

from __future__ import annotations

from connector.domain.alerts import Alert, AlertKind, next_asked
from connector.domain.rights import Rights, Visibility
from connector.services.settings import BrandSettings
from connector.wire.views import AlertStepView, AlertView


def skills_of(alert: Alert, brand: BrandSettings) -> tuple[str, ...]:
    """Whose people on call are asked about it: of its skill, or of all skills of the account's lines."""
    if alert.kind is AlertKind.OVERDUE:
        return (alert.skill,)
    lines = [line for line in brand.lines.values() if line.account == alert.account]
    return tuple(sorted({line.skill for line in lines}))


def visibilities(alert: Alert, brand: BrandSettings) -> tuple[Visibility, ...]:
    """For those who may see conversations of its account and skill, and for everybody who was asked."""
    return tuple(Visibility(alert.account, skill, alert.people) for skill in skills_of(alert, brand) or ("",))


def may_see(rights: Rights, alert: Alert, brand: BrandSettings) -> bool:
    return any(map(rights.may_see, visibilities(alert, brand)))


def alert_view(alert: Alert, brand: BrandSettings) -> AlertView:
    rules = brand.on_call
    return AlertView(
        id=alert.id,
        kind=alert.kind,
        account=alert.account,
        skill=alert.skill,
        count=alert.count,
        raised_at=alert.raised_at,
        since=alert.since,
        steps=[
            AlertStepView(one.at, list(one.people), one.asked_as, list(one.texted), list(one.untexted))
            for one in alert.steps
        ],
        next_at=alert.next_at,
        next=[] if rules is None else list(next_asked(rules, alert, skills_of(alert, brand))),
        acknowledged_by=alert.acknowledged_by,
        acknowledged_at=alert.acknowledged_at,
        ended_at=alert.ended_at,
    )
