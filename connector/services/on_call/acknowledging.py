"""Acknowledging alerts: somebody looks after what they are about, and nobody else is asked."""

from __future__ import annotations

from connector.domain.alerts import Alert, acknowledged
from connector.domain.audit import AuditAction
from connector.domain.refusals import Refused
from connector.services.audit.record import record
from connector.services.on_call.alert_views import alert_view, may_see
from connector.services.on_call.watch import details_of, save_alert
from connector.services.unit_of_work import UnitOfWork
from connector.wire import answers, events, requests
from connector.wire.refusals import RefusalCode


def acknowledge(uow: UnitOfWork, agent: str, request: requests.Acknowledge) -> answers.Acknowledged:
    """Those that are named, or all that wait and the agent may see. One that is acknowledged or over stays so."""
    if request.alert_ids:
        named = [_seen(uow, alert_id) for alert_id in dict.fromkeys(request.alert_ids)]
    else:
        named = [alert for alert in uow.tx.alerts.open() if may_see(uow.rights, alert, uow.brand)]
        named = [alert for alert in named if alert.waits]
    found = [acknowledge_one(uow, agent, alert, "") if alert.waits else alert for alert in named]
    return answers.Acknowledged([alert_view(alert, uow.brand) for alert in found])


def acknowledge_one(uow: UnitOfWork, agent: str, alert: Alert, way: str) -> Alert:
    """`way`: how it was done, where not by a request."""
    alert = acknowledged(alert, agent, uow.now)
    details = {**details_of(alert), **({"way": way} if way else {})}
    record(uow, agent, AuditAction.ALERT_ACKNOWLEDGED, subject=alert.id, details=details)
    save_alert(uow, alert, events.AlertAcknowledged)
    return alert


def _seen(uow: UnitOfWork, alert_id: str) -> Alert:
    """Raises Refused for one that there is not, or that the agent may not see."""
    found = uow.tx.alerts.get(alert_id)
    if found is None or not may_see(uow.rights, found, uow.brand):
        raise Refused(RefusalCode.UNKNOWN_ALERT, f"There is no alert {alert_id[:64]}. `textdesk alerts` lists them.")
    return found
