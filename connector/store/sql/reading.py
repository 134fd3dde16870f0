"""Readings: queries on one consistent view of what is committed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from connector.domain.account import AccountMode
from connector.domain.agent import Agent, AgentToken, Desk, PresenceSpan
from connector.domain.attempts import Attempt
from connector.domain.audit import AuditEntry, StoredEntry
from connector.domain.consent.entries import ConsentEntry, LikelyOptOut
from connector.domain.contact import Contact
from connector.domain.conversation import Conversation
from connector.domain.draft import Draft
from connector.domain.media import Upload
from connector.domain.message import Message
from connector.domain.note_mentions import Mention
from connector.domain.saved_reply import SavedReply, SavedReplyUses
from connector.domain.scheduled import ScheduledReply
from connector.domain.tallies import TallySpan, TallySum
from connector.store.hook_budgets import Standing
from connector.store.marks import MarkKey
from connector.store.sql import (
    accounts,
    agents,
    audit,
    consent,
    contact_imports,
    contacts,
    conversations,
    counters,
    drafts,
    facts,
    hooks,
    mentions,
    messages,
    saved_replies,
    scheduled,
    tallies,
    traffic,
    uploads,
    work,
)
from connector.store.sql.alerts import SqlAlertReading
from connector.store.sql.desk_pages import SqlDeskPages
from connector.store.sql.erasure import SqlErasureReading
from connector.store.sql.search.reading import SqlSearchReading
from connector.store.sql.session import SqlSession
from connector.store.values import (
    Assignments,
    CounterRow,
    FactRow,
    HookState,
    LineDepth,
    RawHook,
    Span,
    Staff,
    StoreSnapshot,
    TallyQuestion,
    TrafficCount,
    WorkDepth,
)


class SqlReading:
    """See `ports.Reading`."""

    def __init__(self, session: SqlSession) -> None:
        self._session = session
        self.desk_pages = SqlDeskPages(session)
        self.erasure = SqlErasureReading(session)
        self.alerts = SqlAlertReading(session)
        self.search = SqlSearchReading(session)

    def server_time(self) -> int:
        """The time by the clock of a PostgreSQL server."""
        return int(self._session.one(facts.SERVER_TIME, {}))

    def position(self) -> int:
        return int(self._session.one(facts.POSITION, {}))

    def floor(self) -> int:
        return int(self._session.one(facts.FLOOR, {}))

    def facts_after(self, position: int, limit: int) -> list[FactRow]:
        return self._session.all(facts.AFTER, {"after": position, "limit": limit})

    def snapshot(self, now: int, closed_since: int) -> StoreSnapshot:
        return StoreSnapshot(
            position=self.position(),
            agents=tuple(self._session.all(agents.ALL, {})),
            connected=frozenset(self._session.all(agents.CONNECTED, {"now": now})),
            silent=frozenset(self._session.all(agents.SILENT, {"now": now})),
            conversations=tuple(self._session.all(conversations.SHOWN_SINCE, {"since": closed_since})),
        )

    def staff(self, now: int) -> Staff:
        return agents.staff(self._session, now)

    def agent(self, agent_id: str) -> Agent | None:
        return self._session.first(agents.BY_ID, {"key": agent_id})

    def scheduled_of(self, author: str) -> list[ScheduledReply]:
        return scheduled.of_author(self._session, author)

    def scheduled_in(self, conversation_id: str) -> list[ScheduledReply]:
        return scheduled.in_conversation(self._session, conversation_id)

    def drafts(self, agent: str, conversation_ids: Collection[str] | None) -> list[Draft]:
        return drafts.of_agent(self._session, agent, conversation_ids)

    def mentions(self, agent: str, limit: int) -> list[Mention]:
        return mentions.of_agent(self._session, agent, limit)

    def saved_reply(self, saved_reply_id: str) -> SavedReply | None:
        return self._session.first(saved_replies.BY_ID, {"key": saved_reply_id})

    def saved_replies(self, agent: str, after: str, limit: int) -> list[SavedReply]:
        return saved_replies.after(self._session, agent, after, limit)

    def saved_reply_uses(self, agent: str, first: str, last: str) -> list[SavedReplyUses]:
        return saved_replies.uses(self._session, agent, first, last)

    def agents_of_os_user(self, user: str) -> list[Agent]:
        return self._session.all(agents.OF_OS_USER, {"user": user})

    def agents_after(self, agent_id: str, limit: int) -> list[Agent]:
        return self._session.all(agents.AFTER, {"after": agent_id, "limit": limit})

    def token(self, digest: str) -> AgentToken | None:
        return self._session.first(agents.TOKEN, {"key": digest})

    def tokens_of(self, first: str, last: str) -> list[AgentToken]:
        return self._session.all(agents.TOKENS_OF, {"first": first, "last": last})

    def live_desks_of(self, first: str, last: str, now: int) -> list[Desk]:
        return self._session.all(agents.LIVE_DESKS, {"first": first, "last": last, "now": now})

    def latest_owner(self, person: str) -> str | None:
        return self._session.first(conversations.LATEST_OWNER, {"person": person})

    def ahead_of(self, conversation: Conversation, accounts: Collection[str] = ()) -> int:
        return conversations.ahead_of(self._session, conversation, accounts)

    def queue_lengths(self, account: str | None = None) -> dict[str, int]:
        if account is None:
            return dict(self._session.all(conversations.QUEUE_LENGTHS, {}))
        return dict(self._session.all(conversations.QUEUE_LENGTHS_AT, {"account": account}))

    def assigned_since(self, at: int) -> dict[str, Assignments]:
        return conversations.assigned_since(self._session, at)

    def next_timer(self) -> int | None:
        return self._session.first(conversations.NEXT_TIMER, {})

    def presence_spans(self, since: int, agent: str | None, limit: int) -> list[PresenceSpan]:
        return agents.spans_since(self._session, since, agent, limit)

    def conversation(self, conversation_id: str) -> Conversation | None:
        return self._session.first(conversations.BY_ID, {"key": conversation_id})

    def message(self, message_id: str) -> Message | None:
        return self._session.first(messages.BY_ID, {"key": message_id})

    def latest_consent(self, person: str) -> ConsentEntry | None:
        return self._session.first(consent.LATEST, {"person": person})

    def likely_opt_out(self, person: str) -> LikelyOptOut | None:
        return self._session.first(consent.LIKELY, {"person": person})

    def contact(self, person: str) -> Contact | None:
        return self._session.first(contacts.BY_PERSON, {"key": person})

    def contacts_among(self, persons: Collection[str]) -> dict[str, Contact]:
        return contacts.among(self._session, persons)

    def staged_lines(self, import_id: str, persons: Collection[str]) -> dict[str, int]:
        return contact_imports.lines_of(self._session, import_id, persons)

    def contacts_found(self, words: Sequence[str], digits: str, limit: int) -> list[Contact]:
        return contacts.found(self._session, words, digits, limit)

    def contacts_after(self, person: str, limit: int) -> list[Contact]:
        return self._session.all(contacts.AFTER, {"after": person, "limit": limit})

    def likely_opt_outs(self, limit: int) -> list[LikelyOptOut]:
        return self._session.all(consent.LIKELY_FIRST, {"limit": limit})

    def history(self, person: str, before: str | None, limit: int) -> list[Message]:
        return messages.history(self._session, person, before, limit)

    def history_after(self, person: str, after: str, limit: int) -> list[Message]:
        return self._session.all(messages.FIRST_AFTER, {"person": person, "after": after, "limit": limit})

    def hooks(self, states: Sequence[HookState], limit: int) -> list[RawHook]:
        return hooks.latest(self._session, states, limit)

    def quarantined_hooks(self, standing: Standing, limit: int) -> list[RawHook]:
        return hooks.latest_of(self._session, standing, limit)

    def hook(self, hook_id: str) -> RawHook | None:
        return self._session.first(hooks.BY_ID, {"key": hook_id})

    def upload(self, token: str) -> Upload | None:
        return self._session.first(uploads.BY_TOKEN, {"token": token})

    def pictures_in_use(self, now: int) -> set[str]:
        return uploads.pictures_in_use(self._session, now)

    def account_modes(self) -> dict[str, AccountMode]:
        return dict(self._session.all(accounts.NOT_ACTIVE, {}))

    def mark(self, key: MarkKey) -> int | None:
        return self._session.first(accounts.MARK, {"name": key.text})

    def counters(self, span: Span, since: int) -> list[CounterRow]:
        return self._session.all(counters.SINCE, {"of": span, "since": since})

    def counters_after(self, position: int) -> list[CounterRow]:
        return self._session.all(counters.CHANGED, {"position": position})

    def tallies(self, question: TallyQuestion) -> list[TallySum]:
        return tallies.sums(self._session, question)

    def online_ms(
        self, span: TallySpan, since: int, until: int, agents: Sequence[str], by: str
    ) -> dict[str | int, int]:
        return tallies.online(self._session, span, since, until, agents, by)

    def traffic(self, since: int) -> list[TrafficCount]:
        return self._session.all(traffic.COUNTS, {"since": since})

    def unsettled_counts(self) -> dict[str, int]:
        return dict(self._session.all(messages.UNSETTLED_COUNTS, {}))

    def latest_attempts(self, account: str, limit: int) -> list[Attempt]:
        return self._session.all(traffic.LATEST_ATTEMPTS, {"account": account, "limit": limit})

    def line_depths(self, kind: str) -> list[LineDepth]:
        return self._session.all(work.LINE_DEPTHS, {"kind": kind})

    def next_due(self, kind: str, now: int, without: Collection[str] = ()) -> int | None:
        ready_at: int | None = self._session.first(work.NEXT_DUE, {"kind": kind, "without": work.names(without)})
        return None if ready_at is None else max(now, ready_at)

    def work_depths(self, kind: str, now: int) -> list[WorkDepth]:
        return self._session.all(work.DEPTHS, {"kind": kind, "now": now})

    def audit_before(self, number: int, actor: str | None, person: str | None, limit: int) -> list[AuditEntry]:
        given = {"before": number, "limit": limit}
        if person is not None:
            found = self._session.all(audit.ABOUT, given | {"person": person})
            return [one for one in found if actor in (None, one.actor)]
        if actor is not None:
            return self._session.all(audit.BY_ACTOR, given | {"actor": actor})
        return self._session.all(audit.BEFORE, given)

    def stored_audit(self, after: int, limit: int) -> list[StoredEntry]:
        return [audit.stored_entry(*row) for row in self._session.all(audit.STORED, {"after": after, "limit": limit})]
