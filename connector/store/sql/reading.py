"""What is committed, seen through one consistent view."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    and_,
    bindparam,
    desc,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)

from connector.domain.account import AccountMode
from connector.domain.agent import Agent, PresenceSpan
from connector.domain.consent import ConsentKind
from connector.domain.conversation import Conversation
from connector.domain.media import Upload
from connector.domain.message import Message
from connector.store.sql.accounts import MARK
from connector.store.sql.conversations import LATEST_OWNER
from connector.store.sql.messages import HISTORY, HISTORY_BEFORE
from connector.store.sql.people import ALL, LIVE, people
from connector.store.sql.tables import (
    HAS_PICTURES,
    HAS_TIMER,
    IS_CLOSED,
    IS_OPEN,
    IS_QUEUED,
    IS_UNCERTAIN,
    SET_ASIDE,
    WAS_GIVEN,
    account_modes,
    attempts,
    consent,
    conversations,
    facts,
    hooks,
    messages,
    presence_spans,
    stream,
    uploads,
    work,
)
from connector.store.sql.work import NEXT_DUE
from connector.store.values import (
    AccountActivity,
    Assignments,
    Fact,
    FactRow,
    HookState,
    LineDepth,
    RawHook,
    Staff,
    StoreSnapshot,
    TrafficCount,
    WorkDepth,
)
from connector.wire import limits

_STREAM = select(stream.c.position, stream.c.floor)
_FACTS_AFTER = (
    select(facts).where(facts.c.position > bindparam("seen")).order_by(facts.c.position).limit(bindparam("most"))
)
_closed_lately = and_(IS_CLOSED, conversations.c.closed_at >= bindparam("since"))
# One branch for each partial index, so that conversations closed long ago are never looked at.
_CONVERSATIONS = union_all(select(conversations).where(IS_OPEN), select(conversations).where(_closed_lately))
# Few rows at a time: a hundred thousand that live together keep the garbage collector as busy as the query.
_ROWS_AT_A_TIME = 500
_later = consent.alias("later")
_word = consent.alias("word")
_is_last_word = ~exists().where(
    _later.c.consumer == _word.c.consumer,
    or_(_later.c.at > _word.c.at, and_(_later.c.at == _word.c.at, _later.c.id > _word.c.id)),
)
_OPTED_OUT = select(_word.c.consumer).where(_word.c.kind == ConsentKind.OPTED_OUT, _is_last_word)
_CONVERSATION = select(conversations).where(conversations.c.id == bindparam("key"))
_MESSAGE = select(messages).where(messages.c.id == bindparam("key"))
_newest_hooks = (
    select(hooks)
    .where(hooks.c.state == bindparam("in_state"))
    .order_by(desc(hooks.c.at), desc(hooks.c.id))
    .limit(bindparam("most"))
)
_HOOKS: dict[HookState, Select[Any]] = {
    state: _newest_hooks if state is HookState.TAKEN else _newest_hooks.where(SET_ASIDE) for state in HookState
}
_DEPTHS = (
    select(work.c.account, func.count(), func.min(work.c.since))
    .where(work.c.kind == bindparam("of_kind"), or_(work.c.node.is_(None), work.c.ready_at <= bindparam("now")))
    .group_by(work.c.account)
    .order_by(work.c.account)
)
_AHEAD = select(func.count()).where(
    IS_QUEUED,
    conversations.c.skill == bindparam("wanted"),
    tuple_(conversations.c.rank, conversations.c.id) < tuple_(bindparam("than_rank"), bindparam("than_id")),
)
_QUEUE_LENGTHS = select(conversations.c.skill, func.count()).where(IS_QUEUED).group_by(conversations.c.skill)
_GIVEN_SINCE = (
    select(conversations.c.skill, func.count(), func.min(conversations.c.assigned_at))
    .where(WAS_GIVEN, conversations.c.assigned_at >= bindparam("since"))
    .group_by(conversations.c.skill)
)
_NEXT_TIMER = select(conversations.c.timer_at).where(HAS_TIMER).order_by(conversations.c.timer_at).limit(1)
_SPANS = (
    select(presence_spans)
    .where(or_(presence_spans.c.until_at.is_(None), presence_spans.c.until_at > bindparam("since")))
    .order_by(presence_spans.c.agent, presence_spans.c.number)
)
_MODES = select(account_modes).where(account_modes.c.mode != AccountMode.ACTIVE)
_HOOK = select(hooks).where(hooks.c.id == bindparam("key"))
_UPLOAD = select(uploads).where(uploads.c.token == bindparam("key"))
_MEDIA = select(messages.c.media).where(HAS_PICTURES)
_LIVE_UPLOADS = select(uploads.c.digest).where(uploads.c.expires_at > bindparam("now"))
_alike = (messages.c.line, messages.c.direction, messages.c.status, messages.c.code, messages.c.words)
_TRAFFIC = (
    select(*_alike, (messages.c.at // limits.TRAFFIC_BUCKET_MS).label("bucket"), func.count(), func.max(messages.c.at))
    .where(messages.c.at >= bindparam("since"))
    .group_by(*_alike, literal_column("bucket"))
)
_LINE_DEPTHS = (
    select(messages.c.line, func.count(), func.min(work.c.since))
    .join_from(work, messages, messages.c.id == work.c.subject)
    .where(work.c.kind == bindparam("of_kind"))
    .group_by(messages.c.line)
)
_of_account: ColumnElement[str] = bindparam("of_account")


def _last_hook(state: HookState) -> Any:
    found = select(hooks.c.at).where(hooks.c.account == _of_account, hooks.c.state == state)
    return found.order_by(desc(hooks.c.at)).limit(1).scalar_subquery()


def _hooks_since(*states: HookState) -> Any:
    found = select(func.count()).where(hooks.c.account == _of_account, hooks.c.state.in_(states))
    return found.where(hooks.c.at >= bindparam("since")).scalar_subquery()


def _messages_since(condition: ColumnElement[bool]) -> Any:
    found = select(func.count()).where(messages.c.account == _of_account, condition)
    return found.where(messages.c.at >= bindparam("since")).scalar_subquery()


_ACTIVITY = select(
    _last_hook(HookState.TAKEN),
    _last_hook(HookState.UNREADABLE),
    _last_hook(HookState.UNROUTABLE),
    _last_hook(HookState.WATCHED),
    _hooks_since(HookState.REFUSED, HookState.WATCHED),
    _hooks_since(HookState.UNREADABLE, HookState.UNROUTABLE),
    _messages_since(IS_UNCERTAIN),
    _messages_since(messages.c.is_recovered),
)
_LATEST_ATTEMPT = (
    select(attempts.c.started_at, attempts.c.outcome, attempts.c.code, attempts.c.words)
    .where(attempts.c.account == _of_account)
    .order_by(desc(attempts.c.started_at))
    .limit(1)
)


class SqlReading:
    """See `base.Reading`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def position(self) -> int:
        return self._stream()[0]

    def floor(self) -> int:
        return self._stream()[1]

    def facts_after(self, position: int, limit: int) -> list[FactRow]:
        rows = self._rows(_FACTS_AFTER, seen=position, most=limit)
        return [FactRow(number, Fact(*fact)) for number, *fact in rows]

    def snapshot(self, now: int, closed_since: int) -> StoreSnapshot:
        parts = self._connection.execute(_CONVERSATIONS, {"since": closed_since}).partitions(_ROWS_AT_A_TIME)
        found = tuple(Conversation(*row) for rows in parts for row in rows)
        consumers = {conversation.consumer for conversation in found}
        return StoreSnapshot(
            position=self.position(),
            agents=tuple(Agent(*row) for row in self._rows(ALL)),
            connected=frozenset(agent for (agent,) in self._rows(LIVE, now=now)),
            conversations=found,
            opted_out=frozenset(consumer for (consumer,) in self._rows(_OPTED_OUT) if consumer in consumers),
        )

    def staff(self, now: int) -> Staff:
        return people(lambda statement, values: self._rows(statement, **values), now)

    def latest_owner(self, consumer: str) -> str | None:
        rows = self._rows(LATEST_OWNER, who=consumer)
        return rows[0][0] if rows else None

    def ahead_of(self, conversation: Conversation) -> int:
        ((count,),) = self._rows(
            _AHEAD, wanted=conversation.skill, than_rank=conversation.rank, than_id=conversation.id
        )
        return int(count)

    def queue_lengths(self) -> dict[str, int]:
        return dict(self._rows(_QUEUE_LENGTHS))

    def assigned_since(self, at: int) -> dict[str, Assignments]:
        return {skill: Assignments(count, first_at) for skill, count, first_at in self._rows(_GIVEN_SINCE, since=at)}

    def next_timer(self) -> int | None:
        rows = self._rows(_NEXT_TIMER)
        return rows[0][0] if rows else None

    def presence_spans(self, since: int, agent: str | None) -> list[PresenceSpan]:
        rows = self._rows(_SPANS, since=since)
        return [PresenceSpan(*row[:5]) for row in rows if agent is None or row.agent == agent]

    def conversation(self, conversation_id: str) -> Conversation | None:
        rows = self._rows(_CONVERSATION, key=conversation_id)
        return Conversation(*rows[0]) if rows else None

    def message(self, message_id: str) -> Message | None:
        rows = self._rows(_MESSAGE, key=message_id)
        return Message(*rows[0]) if rows else None

    def history(self, consumer: str, before: str | None, limit: int) -> list[Message]:
        if before is None:
            rows = self._rows(HISTORY, who=consumer, most=limit)
        else:
            rows = self._rows(HISTORY_BEFORE, who=consumer, most=limit, before=before)
        return [Message(*row) for row in reversed(rows)]

    def hooks(self, states: Sequence[HookState], limit: int) -> list[RawHook]:
        rows = (self._rows(_HOOKS[state], in_state=state, most=limit) for state in set(states))
        found = (RawHook(*row) for each in rows for row in each)
        return heapq.nlargest(limit, found, key=lambda hook: (hook.at, hook.id))

    def hook(self, hook_id: str) -> RawHook | None:
        rows = self._rows(_HOOK, key=hook_id)
        return RawHook(*rows[0]) if rows else None

    def upload(self, token: str) -> Upload | None:
        rows = self._rows(_UPLOAD, key=token)
        return Upload(*rows[0]) if rows else None

    def pictures_in_use(self, now: int) -> set[str]:
        uploaded = {digest for (digest,) in self._rows(_LIVE_UPLOADS, now=now)}
        parts = self._connection.execute(_MEDIA).partitions(_ROWS_AT_A_TIME)
        return uploaded | {one.digest for rows in parts for (media,) in rows for one in media if one.digest}

    def account_modes(self) -> dict[str, AccountMode]:
        return dict(self._rows(_MODES))

    def mark(self, name: str) -> int | None:
        rows = self._rows(MARK, key=name)
        return rows[0].at if rows else None

    def traffic(self, since: int) -> list[TrafficCount]:
        return [TrafficCount(*row) for row in self._rows(_TRAFFIC, since=since)]

    def line_depths(self, kind: str) -> list[LineDepth]:
        return [LineDepth(*row) for row in self._rows(_LINE_DEPTHS, of_kind=kind)]

    def next_due(self, kind: str, now: int) -> int | None:
        rows = self._rows(NEXT_DUE, of_kind=kind)
        return max(now, rows[0].ready_at) if rows else None

    def work_depths(self, kind: str, now: int) -> list[WorkDepth]:
        return [WorkDepth(*row) for row in self._rows(_DEPTHS, of_kind=kind, now=now)]

    def activity(self, account: str, since: int) -> AccountActivity:
        values = {"of_account": account, "since": since}
        ((*hooks_at, refused, unread, uncertain, recovered),) = self._rows(_ACTIVITY, **values)
        latest = self._rows(_LATEST_ATTEMPT, of_account=account)
        sent_at, outcome, code, words = latest[0] if latest else (None, None, None, None)
        was_accepted = outcome == "accepted"
        return AccountActivity(
            account=account,
            last_hook_at=max((at for at in hooks_at if at is not None), default=None),
            last_send_at=sent_at,
            refused_hooks=refused,
            unread_hooks=unread,
            uncertain=uncertain,
            recovered=recovered,
            last_code=None if was_accepted else code,
            last_words=None if was_accepted else words,
        )

    def _stream(self) -> tuple[int, int]:
        ((position, floor),) = self._rows(_STREAM)
        return position, floor

    def _rows(self, statement: Executable, **values: Any) -> Sequence[Any]:
        return self._connection.execute(statement, values).all()
