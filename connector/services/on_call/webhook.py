"""The webhook: each step of an alert is posted to an address of the configuration, at least once.

What is to be posted is stored in the transaction of the step. One is posted after the other, so that their order
stays; one that fails is tried again, at last every five minutes, for three days. No text, name or number of a consumer
is in it: it goes to programs of others, which mostly show it to many.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from connector.services import work
from connector.services.unit_of_work import UnitOfWork
from connector.store.marks import MarkKey
from connector.store.on_call import WebhookEvent
from connector.store.ports import Reading
from connector.store.values import Work
from connector.wire import events
from connector.wire.views import AlertView, WebhookView

MOST_WAITING = 1000  # events; beyond them the oldest give way
# A post times out after 15 s. The event that a core was posting as it died may be claimed by another after this lease.
LEASE_S = 30
RETRY_FOR_S = 3 * 86400
# After the first try, the second, …; then every five minutes: it is night, and somebody waits for what is behind it.
BACKOFF_S = (5, 30, 120, 300)
_LANE = "webhook"
_ACCOUNT = "on call"  # of no provider
_TYPES: dict[type, str] = {
    events.AlertRaised: "alert.raised",
    events.AlertEscalated: "alert.escalated",
    events.AlertAcknowledged: "alert.acknowledged",
    events.AlertEnded: "alert.ended",
}


def add(uow: UnitOfWork, event: type, alert: AlertView) -> None:
    """Have it posted, where there is a webhook and the event is a step."""
    rules, kind = uow.brand.on_call, _TYPES.get(event)
    if rules is None or not rules.has_webhook or kind is None:
        return
    stored = uow.tx.webhook_outbox
    for oldest in stored.oldest(max(0, stored.count() + 1 - MOST_WAITING)):
        if uow.tx.work.cancel(work.WEBHOOK, oldest.id):
            _drop(uow, oldest.id)
    new = WebhookEvent(uow.brand.ids.new(), uow.now, _body(kind, uow.now, alert))
    stored.add(new)
    uow.tx.work.add(
        Work(
            id=uow.brand.ids.new(),
            kind=work.WEBHOOK,
            subject=new.id,
            account=_ACCOUNT,
            lane=_LANE,
            ordinal=new.id,
            due_at=uow.now,
        )
    )


def claim(uow: UnitOfWork, node: str) -> tuple[Work, WebhookEvent] | None:
    """The next to be posted, if it is due."""
    for job in work.claim(uow, work.WEBHOOK, node, 1, lease_s=LEASE_S):
        event = uow.tx.webhook_outbox.get(job.subject)
        if event is not None:
            return job, event
        uow.tx.work.done(job.id)
    return None


def taken(uow: UnitOfWork, job: Work) -> None:
    """Its receiver has answered that it took it."""
    uow.tx.webhook_outbox.remove(job.subject)
    uow.tx.work.done(job.id)
    uow.tx.marks.set(MarkKey.webhook_answered(), uow.now)


def failed(uow: UnitOfWork, job: Work, event: WebhookEvent, words: str) -> bool:
    """Try again later; after three days give up. Returns whether it is given up."""
    if uow.now - event.at >= RETRY_FOR_S * 1000:
        drop(uow, job)
        return True
    uow.tx.webhook_outbox.failed(event.id, words)
    uow.tx.work.reschedule(job.id, uow.now + BACKOFF_S[min(job.tries, len(BACKOFF_S) - 1)] * 1000, is_try=True)
    return False


def drop(uow: UnitOfWork, job: Work) -> None:
    """Not to be posted any more."""
    uow.tx.work.done(job.id)
    _drop(uow, job.subject)


def state(reading: Reading) -> WebhookView:
    """What waits to be posted, and how the last posts went."""
    backlog = reading.alerts.webhook_backlog()
    answered, given_up = reading.mark(MarkKey.webhook_answered()), reading.mark(MarkKey.webhook_given_up())
    return WebhookView(backlog.waiting, backlog.oldest_at, backlog.words, answered, given_up)


def _drop(uow: UnitOfWork, event_id: str) -> None:
    uow.tx.webhook_outbox.remove(event_id)
    uow.tx.marks.set(MarkKey.webhook_given_up(), uow.now)


def _body(kind: str, now: int, alert: AlertView) -> str:
    data: dict[str, Any] = {
        "id": alert.id,
        "kind": str(alert.kind),
        "account": alert.account,
        "skill": alert.skill,
        "count": alert.count,
        "since": _moment(alert.since),
        "raised_at": _moment(alert.raised_at),
        "asked": [{"at": _moment(step.at), "people": step.people, "as": str(step.asked_as)} for step in alert.steps],
        "next_at": _moment(alert.next_at),
        "next": alert.next,
        "acknowledged_by": alert.acknowledged_by,
        "acknowledged_at": _moment(alert.acknowledged_at),
        "ended_at": _moment(alert.ended_at),
    }
    return msgspec.json.encode({"type": kind, "timestamp": _moment(now), "data": data}).decode()


def _moment(at: int | None) -> str | None:
    if at is None:
        return None
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
