"""The alerts that there are and were, and who is on call now."""

from __future__ import annotations

from connector.domain.rights import Visibility
from connector.domain.rota import AskedAs, changes_at, levels
from connector.services.on_call import webhook
from connector.services.on_call.alert_views import alert_view, may_see
from connector.services.query import Query
from connector.wire import answers, limits, requests
from connector.wire.views import OnCallView


def page(query: Query, question: requests.GetAlerts) -> answers.Alerts:
    """Those that are open, and those that have ended since; and who is on call for the asker's skills."""
    alerts = query.reading.alerts
    found = alerts.open()
    if question.since is not None:
        found = [*alerts.ended_since(question.since, limits.ALERTS), *found]
    seen = [alert_view(one, query.brand) for one in found if may_see(query.rights, one, query.brand)]
    rules = query.brand.on_call
    return answers.Alerts(
        sorted(seen, key=lambda one: (one.raised_at, one.id))[-limits.ALERTS :],
        _on_call(query),
        webhook.state(query.reading) if rules is not None and rules.has_webhook else None,
    )


def _on_call(query: Query) -> list[OnCallView]:
    rules, brand = query.brand.on_call, query.brand
    if rules is None:
        return []
    accounts = {line.account for line in brand.lines.values()}
    found = []
    for skill in brand.rules.names:
        if not any(query.rights.may_see(Visibility(account, skill)) for account in accounts):
            continue
        asked = levels(rules.rota, (skill,), query.now)
        leads = [one for one in asked if one.asked_as in (AskedAs.LEAD, AskedAs.GAP)]
        found.append(
            OnCallView(
                skill=skill,
                people=[name for level in asked if level not in leads for name in level.people],
                leads=[name for level in leads for name in level.people],
                is_gap=asked[-1].asked_as is AskedAs.GAP,
                until=changes_at(rules.rota, skill, query.now),
            )
        )
    return found
