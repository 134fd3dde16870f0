"""The ports for alerts and for what is posted to the webhook."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from connector.domain.alerts import Alert, OverdueAnswers


class WebhookEvent(Struct, frozen=True):
    """Something to be posted, in the exact bytes each try has. `words`: why the last try failed; empty: none has."""

    id: str
    at: int
    body: str
    words: str = ""


class WebhookBacklog(Struct, frozen=True):
    """What waits to be posted. `words`: why the oldest was not; empty: it has not been tried, or nothing waits."""

    waiting: int = 0
    oldest_at: int | None = None
    words: str = ""


class AlertReading(Protocol):
    def get(self, alert_id: str) -> Alert | None: ...

    def open(self) -> list[Alert]:
        """Those that have not ended, by id."""
        ...

    def ended_since(self, at: int, limit: int) -> list[Alert]:
        """The first of those that ended at this time or later, by `ended_at`."""
        ...

    def overdue(self, until: int) -> list[OverdueAnswers]:
        """Open conversations whose consumer waits for an answer that was due by this moment and is known to be overdue,
        by account and skill."""
        ...

    def overdue_of(self, account: str, skill: str, after: int, until: int) -> OverdueAnswers | None:
        """Those of this account and skill whose answer was due after the first moment, and by the second."""
        ...

    def webhook_backlog(self) -> WebhookBacklog: ...


class AlertRepository(AlertReading, Protocol):
    def add(self, alert: Alert) -> None:
        """Raises Raced when another of its subject waits for an acknowledgement."""

    def update(self, alert: Alert) -> None:
        """Replace it by its id."""


class WebhookOutbox(Protocol):
    """Events by id, which sorts by time. That one is due is said by a `Work` with its id as the subject."""

    def add(self, event: WebhookEvent) -> None: ...

    def get(self, event_id: str) -> WebhookEvent | None: ...

    def count(self) -> int: ...

    def oldest(self, limit: int) -> list[WebhookEvent]: ...

    def failed(self, event_id: str, words: str) -> None:
        """Store why the last try failed."""

    def remove(self, event_id: str) -> None: ...
