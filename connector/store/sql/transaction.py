"""Transactions: all repositories on one write session."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from connector.store.sql import (
    agents,
    alerts,
    counters,
    delivery,
    facts,
    hooks,
    requests,
    saved_replies,
    tallies,
    uploads,
    work,
)
from connector.store.sql.accounts import SqlAccounts, SqlMarks
from connector.store.sql.agents import SqlAgents, SqlTokens
from connector.store.sql.alerts import SqlAlerts, SqlWebhookOutbox
from connector.store.sql.audit import SqlAudit
from connector.store.sql.consent import SqlConsent
from connector.store.sql.contact_imports import SqlContactImports
from connector.store.sql.contacts import SqlContacts
from connector.store.sql.conversations import SqlConversations
from connector.store.sql.delivery import SqlAttempts, SqlReceipts
from connector.store.sql.drafts import SqlDrafts
from connector.store.sql.erasure import SqlErasure
from connector.store.sql.facts import SqlFacts
from connector.store.sql.hooks import SqlHooks
from connector.store.sql.mentions import SqlMentions
from connector.store.sql.messages import SqlMessages
from connector.store.sql.requests import SqlRequests
from connector.store.sql.saved_replies import SqlSavedReplies
from connector.store.sql.scheduled import SqlScheduled
from connector.store.sql.search.index import SqlSearchIndex
from connector.store.sql.sends import SqlSendCounts
from connector.store.sql.session import WriteSession
from connector.store.sql.tallies import SqlTallies
from connector.store.sql.uploads import SqlUploads
from connector.store.sql.work import SqlWork
from connector.store.values import AheadLimits, ChangeKind, Cutoffs, FactRow, Staff

CHANNEL = "textdesk"


class CommitSummary(NamedTuple):
    """What a commit brings for those who wait for changes."""

    facts: list[FactRow]
    has_counted: bool
    has_changed_work: bool
    has_replaced_facts: bool = False
    has_ended_import: bool = False

    @property
    def changes(self) -> list[ChangeKind]:
        happened = (
            (ChangeKind.FACTS, bool(self.facts)),
            (ChangeKind.COUNTS, self.has_counted),
            (ChangeKind.WORK, self.has_changed_work),
            (ChangeKind.IMPORTS, self.has_ended_import),
        )
        return [change for change, has_happened in happened if has_happened]


NOTHING_COMMITTED = CommitSummary([], has_counted=False, has_changed_work=False)


class SqlTransaction:
    """See `ports.Transaction`. One object for all transactions of a connection, one after another."""

    def __init__(self, connection: Connection) -> None:
        self.session = session = WriteSession(connection)
        self.hooks = SqlHooks(session)
        self.conversations = SqlConversations(session)
        self.messages = SqlMessages(session)
        self.attempts = SqlAttempts(session)
        self.receipts = SqlReceipts(session)
        self.agents = SqlAgents(session)
        self.consent = SqlConsent(session)
        self.work = SqlWork(session)
        self.marks = SqlMarks(session)
        self.accounts = SqlAccounts(session)
        self.uploads = SqlUploads(session)
        self.requests = SqlRequests(session)
        self.facts = SqlFacts(session)
        self.audit = SqlAudit(session)
        self.sends = SqlSendCounts(session)
        self.tokens = SqlTokens(session)
        self.drafts = SqlDrafts(session)
        self.mentions = SqlMentions(session)
        self.scheduled = SqlScheduled(session)
        self.saved_replies = SqlSavedReplies(session)
        self.contacts = SqlContacts(session)
        self.contact_imports = SqlContactImports(session)
        self.search = SqlSearchIndex(session)
        self.erasure = SqlErasure(session, self.search.remove)
        self.alerts = SqlAlerts(session)
        self.webhook_outbox = SqlWebhookOutbox(session)
        self.tallies = SqlTallies(session)

    @property
    def latest_id(self) -> str:
        return facts.latest_id(self.session)

    @latest_id.setter
    def latest_id(self, given: str) -> None:
        facts.set_latest_id(self.session, given)

    def staff(self, now: int) -> Staff:
        return agents.known_staff(self.session, now)

    def bring_back(self, limits: AheadLimits) -> None:
        session = self.session
        work.bring_back(session, limits)
        for account in limits.accounts:
            session.execute(delivery.LIMIT_ATTEMPTS, {"of_account": account, "now": limits.now})
        session.execute(delivery.LIMIT_ENDS, {"now": limits.now})
        session.execute(uploads.LIMIT, {"until": limits.upload_until})
        session.execute(agents.LIMIT_SPANS, {"now": limits.now})

    def purge(self, cutoffs: Cutoffs, limit: int) -> bool:
        session = self.session
        session.execute(uploads.PURGE, {"until": cutoffs.uploads_until})
        is_more_left = (
            hooks.purge(session, cutoffs, limit),
            session.execute(requests.PURGE, {"before": cutoffs.requests_before, "limit": limit}) == limit,
            session.execute(saved_replies.PURGE, {"before": cutoffs.requests_before, "limit": limit}) == limit,
            facts.purge(session, cutoffs, limit),
            session.execute(alerts.PURGE, {"before": cutoffs.alerts_before, "limit": limit}) == limit,
            counters.purge(session, cutoffs.minutes_before, cutoffs.hours_before),
            tallies.purge(session, cutoffs.tally_hours_before, cutoffs.tally_days_before),
        )
        return any(is_more_left)

    def flush(self) -> CommitSummary:
        """Write what was collected; the commit follows at once."""
        session = self.session
        hooks.flush(session)
        tallies.flush(session)
        facts_added, has_counted = facts.flush(session), counters.flush(session)
        summary = CommitSummary(
            facts_added,
            has_counted,
            session.has_changed_work,
            session.has_replaced_facts,
            session.has_ended_import,
        )
        if summary.changes and session.is_postgresql:
            session.notify(CHANNEL, summary.changes)
        return summary
