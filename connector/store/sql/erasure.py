"""Finding and removing what is stored of a person, in SQL. See `connector.store.erasure`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec.structs import asdict
from sqlalchemy import (
    Column,
    LargeBinary,
    bindparam,
    delete,
    desc,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    union_all,
    update,
)

from connector.domain.audit import AuditAction
from connector.domain.conversation import Conversation
from connector.domain.message import Direction, Message
from connector.domain.tallies import MEASURES, TallyKey
from connector.store.erasure import Begun, Scanned, StoredAnswer
from connector.store.sql.counters import ADD as ADD_COUNTERS
from connector.store.sql.drafts import REMOVE_OF as REMOVE_DRAFTS_OF
from connector.store.sql.facts import POSITION
from connector.store.sql.holds import Holds
from connector.store.sql.hooks import IS_GENUINE
from connector.store.sql.mentions import REMOVE_OF as REMOVE_MENTIONS_OF
from connector.store.sql.saved_replies import REMOVE_DONE
from connector.store.sql.scheduled import REMOVE_OF as REMOVE_SCHEDULED_OF
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import RowQuery, insert_or_ignore, scalars, structs, tuples
from connector.store.sql.tables.accounts import counters
from connector.store.sql.tables.audit import audit
from connector.store.sql.tables.base import metadata
from connector.store.sql.tables.consent import consent
from connector.store.sql.tables.contacts import contacts
from connector.store.sql.tables.conversations import IS_CLOSED, IS_OPEN, conversations, erased_conversations
from connector.store.sql.tables.facts import facts, requests
from connector.store.sql.tables.hooks import hooks
from connector.store.sql.tables.messages import HAS_PICTURES, attempts, message_refs, messages, receipts, uploads
from connector.store.sql.tables.tallies import tallies
from connector.store.sql.tables.work import work
from connector.store.sql.tallies import ADD as ADD_TALLIES
from connector.store.sql.tallies import KEY as TALLY_KEY
from connector.store.values import CounterKey, CounterRow, Fact, FactRow, HookState, RawHook, TallyRow

T = TypeVar("T")


_COUNTS = {
    "conversations": scalars(select(func.count()).where(conversations.c.person == bindparam("person"))),
    "messages": scalars(select(func.count()).where(messages.c.person == bindparam("person"))),
    "consent": scalars(select(func.count()).where(consent.c.person == bindparam("person"))),
    "contacts": scalars(select(func.count()).where(contacts.c.person == bindparam("person"))),
}
_MESSAGES = structs(
    Message,
    select(messages)
    .where(messages.c.person == bindparam("person"), messages.c.conversation_id <= bindparam("until"))
    .order_by(messages.c.id)
    .limit(bindparam("limit")),
)
_HOOKS_AT = structs(RawHook, select(hooks).where(hooks.c.at == bindparam("moment"), hooks.c.account == bindparam("of")))
_next_hooks = select(hooks).where(hooks.c.id > bindparam("after"), hooks.c.id <= bindparam("upto"))
_HOOKS = structs(
    RawHook,
    union_all(
        _next_hooks.where(Holds(hooks.c.body, bindparam("in_body", type_=LargeBinary))),
        _next_hooks.where(
            ~Holds(hooks.c.body, bindparam("in_body", type_=LargeBinary)), Holds(hooks.c.url, bindparam("in_text"))
        ),
    ),
)
_FACTS = RowQuery(
    select(facts).where(
        facts.c.position > bindparam("after"),
        facts.c.position <= bindparam("upto"),
        Holds(facts.c.body, bindparam("in_body", type_=LargeBinary)),
    ),
    ("position", *Fact.__struct_fields__),
    lambda position, *fact: FactRow(position, Fact(*fact)),
)
_ANSWERS = structs(
    StoredAnswer,
    select(requests.c.id, requests.c.answer).where(
        requests.c.id > bindparam("after"),
        requests.c.id <= bindparam("upto"),
        Holds(requests.c.answer, bindparam("in_body", type_=LargeBinary)),
    ),
)
_COUNTED = structs(
    CounterRow,
    select(counters).where(
        or_(Holds(counters.c.words, bindparam("in_text")), Holds(counters.c.code, bindparam("in_text")))
    ),
)
_TALLIED = RowQuery(
    select(tallies).where(Holds(tallies.c.outcome, bindparam("in_text"))),
    (*TALLY_KEY, *MEASURES),
    lambda kind, span, at, *row: TallyRow(
        span,
        at,
        TallyKey(kind, *row[: len(TALLY_KEY) - 3]),
        dict(zip(MEASURES, row[len(TALLY_KEY) - 3 :], strict=True)),
    ),
)
_WAS_ERASED = scalars(
    select(audit.c.number)
    .where(audit.c.person == bindparam("person"), audit.c.action == AuditAction.FORGOTTEN)
    .where(~Holds(audit.c.details, literal_column("'nothing'")))
    .limit(1)
)
_BEGUN = tuples(
    select(audit.c.at, audit.c.details)
    .where(audit.c.person == bindparam("person"), audit.c.action == AuditAction.FORGOTTEN)
    .where(Holds(audit.c.details, literal_column("'begun'")))
    .order_by(desc(audit.c.number))
    .limit(1)
)
_ERASED = scalars(select(erased_conversations.c.id).where(erased_conversations.c.id == bindparam("key")))


def _last_of(column: Column[Any]) -> RowQuery[Any]:
    """The key of the row with which a scan of the next `limit` rows ends; None when there are none."""
    following = select(column).where(column > bindparam("after")).order_by(column).limit(bindparam("limit")).subquery()
    return scalars(select(func.max(following.c[0]).label("last")))


_LAST_HOOK, _LAST_FACT, _LAST_ANSWER = map(_last_of, (hooks.c.id, facts.c.position, requests.c.id))


class SqlErasureReading:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def counts(self, person: str) -> dict[str, int]:
        return {name: int(self._session.one(query, {"person": person})) for name, query in _COUNTS.items()}

    def was_erased(self, pseudonym: str) -> bool:
        return self._session.first(_WAS_ERASED, {"person": pseudonym}) is not None

    def messages(self, person: str, until: str, limit: int) -> list[Message]:
        return self._session.all(_MESSAGES, {"person": person, "until": until, "limit": limit})

    def hooks_at(self, account: str, moments: Collection[int]) -> list[RawHook]:
        found = (self._session.all(_HOOKS_AT, {"moment": at, "of": account}) for at in sorted(set(moments)))
        return [hook for some in found for hook in some]

    def hooks_mentioning(self, needle: str, after: str, limit: int) -> Scanned[str, RawHook]:
        return self._scanned(_LAST_HOOK, _HOOKS, needle, after, limit)

    def facts_mentioning(self, needle: str, after: int, limit: int) -> Scanned[int, FactRow]:
        return self._scanned(_LAST_FACT, _FACTS, needle, after, limit)

    def answers_mentioning(self, needle: str, after: str, limit: int) -> Scanned[str, StoredAnswer]:
        return self._scanned(_LAST_ANSWER, _ANSWERS, needle, after, limit)

    def counted_with(self, needle: str) -> list[CounterRow]:
        return self._session.all(_COUNTED, {"in_text": needle})

    def tallied_with(self, needle: str) -> list[TallyRow]:
        return self._session.all(_TALLIED, {"in_text": needle})

    def are_erased(self, conversation_ids: Collection[str]) -> list[str]:
        return [one for one in conversation_ids if self._session.first(_ERASED, {"key": one}) is not None]

    def rows_with(self, needles: Sequence[str]) -> dict[str, int]:
        found = {}
        for table in metadata.sorted_tables:
            for column in table.columns:
                if condition := _holding(column, len(needles), is_postgresql=self._session.is_postgresql):
                    values = tuple(n.encode() if _is_bytes(column) else n for n in needles)
                    sql = f'SELECT count(*) FROM "{table.name}" WHERE {condition}'
                    count = self._session.connection.exec_driver_sql(sql, values).scalar_one()
                    if count:
                        found[f"{table.name}.{column.name}"] = int(count)
        return found

    def _scanned(self, last: RowQuery[Any], query: RowQuery[T], needle: str, after: Any, limit: int) -> Scanned[Any, T]:
        upto = self._session.one(last, {"after": after, "limit": limit})
        if upto is None:
            return Scanned([], None)
        values = {"after": after, "upto": upto, "in_body": needle.encode(), "in_text": needle}
        return Scanned(self._session.all(query, values), upto)


def text_columns() -> list[str]:
    """`table.column` of every column that holds text or bytes."""
    columns = [column for table in metadata.sorted_tables for column in table.columns]
    return [f"{column.table.name}.{column.name}" for column in columns if _is_text(column)]


def _is_bytes(column: Column[Any]) -> bool:
    return isinstance(column.type, LargeBinary)


def _is_text(column: Column[Any]) -> bool:
    return _is_bytes(column) or "TEXT" in str(column.type.compile())


def _holding(column: Column[Any], count: int, *, is_postgresql: bool) -> str:
    if not _is_text(column):
        return ""
    one = f'position(%s in "{column.name}") > 0' if is_postgresql else f'instr("{column.name}", ?) > 0'
    return " OR ".join([one] * count)


_CONVERSATIONS = [
    structs(
        Conversation,
        select(conversations)
        .where(conversations.c.person == bindparam("person"), conversations.c.id <= bindparam("until"), condition)
        .order_by(*order)
        .limit(bindparam("limit")),
    )
    for condition, order in (
        (IS_OPEN, (conversations.c.id,)),
        (IS_CLOSED, (desc(conversations.c.closed_at), desc(conversations.c.id))),
    )
]
_REMOVE_CONVERSATION = delete(conversations).where(conversations.c.id == bindparam("key"))
_REMEMBER = insert_or_ignore(erased_conversations, "id")
_REMOVE_MESSAGE = delete(messages).where(messages.c.id == bindparam("key"))
_REMOVE_ATTEMPTS = delete(attempts).where(attempts.c.message_id == bindparam("key"))
_REMOVE_WORK = delete(work).where(work.c.subject == bindparam("key"))
_REMOVE_RECEIPTS = delete(receipts).where(
    receipts.c.account == bindparam("of_account"), receipts.c.message_id == bindparam("key")
)
_REMOVE_RECEIPTS_BY_REF = delete(receipts).where(
    receipts.c.account == bindparam("of_account"),
    receipts.c.ref == bindparam("of_ref"),
    receipts.c.message_id.is_(None),
)
_REMOVE_UPLOAD = delete(uploads).where(uploads.c.token == bindparam("token"))
_ADD_REF = insert_or_ignore(message_refs, "account", "ref")
_is_of_ref = (message_refs.c.account == bindparam("account"), message_refs.c.ref == bindparam("ref"))
_IS_ERASED = scalars(
    select(message_refs.c.ref).where(*_is_of_ref, ~exists().where(messages.c.id == message_refs.c.message_id))
)
_CLOSED_BEFORE = structs(
    Conversation,
    select(conversations)
    .where(IS_CLOSED, conversations.c.account == bindparam("of_account"))
    .where(conversations.c.closed_at < bindparam("before"))
    .order_by(conversations.c.closed_at)
    .limit(bindparam("limit")),
)
_MESSAGES_OF = structs(
    Message,
    select(messages)
    .where(messages.c.person == bindparam("person"), messages.c.conversation_id == bindparam("conversation"))
    .order_by(messages.c.id)
    .limit(bindparam("limit")),
)
_FIRST_AT = scalars(select(messages.c.at).order_by(messages.c.at).limit(1))
_WITH_PICTURES = structs(
    Message,
    select(messages).where(
        messages.c.at > bindparam("after"),
        messages.c.at <= bindparam("until"),
        messages.c.account == bindparam("of_account"),
        HAS_PICTURES,
    ),
)
_REMOVE_OLD_HOOKS = delete(hooks).where(
    hooks.c.id.in_(
        select(hooks.c.id)
        .where(
            hooks.c.account == bindparam("of_account"),
            hooks.c.state == bindparam("of_state"),
            hooks.c.at < bindparam("before"),
            or_(hooks.c.budget.is_(None), not_(IS_GENUINE)),
        )
        .order_by(hooks.c.at)
        .limit(bindparam("limit"))
    )
)
_REMOVE_HOOK = delete(hooks).where(hooks.c.id == bindparam("key"))
_REPLACE_FACT = (
    update(facts)
    .where(facts.c.position == bindparam("of"))
    .values(kind=bindparam("to_kind"), body=bindparam("to_body"))
)
_REPLACE_ANSWER = update(requests).where(requests.c.id == bindparam("of")).values(answer=bindparam("to_answer"))
_KEY = ("span", "at", "account", "line", "kind", "status", "code", "words")
_REMOVE_COUNTER = delete(counters).where(*(counters.c[name] == bindparam(f"of_{name}") for name in _KEY))

_REMOVE_TALLY = delete(tallies).where(*(tallies.c[name] == bindparam(f"of_{name}") for name in TALLY_KEY))


class SqlErasure:
    def __init__(self, session: WriteSession, unindex: Callable[[Sequence[Message]], None]) -> None:
        """`unindex`: takes messages out of the index for search. It may raise IndexDamaged."""
        self._session = session
        self._unindex = unindex

    def conversations(self, person: str, until: str, limit: int) -> list[Conversation]:
        found: list[Conversation] = []
        for query in _CONVERSATIONS:
            found += self._session.all(query, {"person": person, "until": until, "limit": limit - len(found)})
        return found

    def remove_conversations(self, gone: Sequence[Conversation], at: int) -> None:
        if gone:
            self._session.execute_many(_REMOVE_CONVERSATION, [{"key": one.id} for one in gone])
            self._session.execute_many(REMOVE_DRAFTS_OF, [{"key": one.id} for one in gone])
            self._session.execute_many(REMOVE_SCHEDULED_OF, [{"key": one.id} for one in gone])
            self._session.execute_many(_REMEMBER, [{"id": one.id, "at": at} for one in gone])
            self._session.cache.clear_rows()

    def remove_messages(self, gone: Sequence[Message], *, is_recent: bool = True) -> dict[str, int]:
        self._unindex(gone)
        keys = [{"key": one.id} for one in gone]
        replies = [one for one in gone if one.direction is Direction.REPLY]
        sent = [{"account": one.account, "ref": one.id, "message_id": one.id} for one in replies]
        of_replies = [{"key": one.id, "of_account": one.account} for one in replies]
        by_ref = [{"of_account": one.account, "of_ref": one.ref} for one in replies if one.ref is not None]
        served = [{"token": media.url.rpartition("/")[2]} for one in replies for media in one.media if media.digest]
        removed = {
            "messages": self._each(_REMOVE_MESSAGE, keys),
            "attempts": self._each(_REMOVE_ATTEMPTS, [{"key": one.id} for one in replies]),
            "receipts": self._each(_REMOVE_RECEIPTS, of_replies) + self._each(_REMOVE_RECEIPTS_BY_REF, by_ref),
            "work": self._each(_REMOVE_WORK, keys),
            "uploads": self._each(_REMOVE_UPLOAD, served),
        }
        self._each(REMOVE_MENTIONS_OF, [{"key": one.id} for one in gone if one.direction is Direction.NOTE])
        self._each(REMOVE_DONE, [{"key": one.id} for one in replies])
        if is_recent:
            self._each(_ADD_REF, sent)
        for one in gone:
            self._session.cache.messages.pop(one.id, None)
        self._session.has_changed_work |= removed["work"] > 0
        return removed

    def closed_before(self, account: str, at: int, limit: int) -> list[Conversation]:
        return self._session.all(_CLOSED_BEFORE, {"of_account": account, "before": at, "limit": limit})

    def messages_of(self, conversation: Conversation, limit: int) -> list[Message]:
        values = {"person": conversation.person, "conversation": conversation.id, "limit": limit}
        return self._session.all(_MESSAGES_OF, values)

    def first_message_at(self) -> int | None:
        found: int | None = self._session.first(_FIRST_AT, {})
        return found

    def with_pictures(self, account: str, after: int, until: int) -> list[Message]:
        return self._session.all(_WITH_PICTURES, {"of_account": account, "after": after, "until": until})

    def remove_old_hooks(self, account: str, at: int, limit: int) -> int:
        count = 0
        for state in HookState:
            values = {"of_account": account, "of_state": state, "before": at, "limit": limit}
            count += self._session.execute(_REMOVE_OLD_HOOKS, values)
        return count

    def is_erased(self, account: str, ref: str | None, message_id: str | None) -> bool:
        names = [name for name in (ref, message_id) if name]
        return any(self._session.first(_IS_ERASED, {"account": account, "ref": name}) is not None for name in names)

    def remember_erased(self, account: str, ref: str) -> None:
        self._session.execute(_ADD_REF, {"account": account, "ref": ref, "message_id": ref})

    def begun(self, pseudonym: str) -> Begun | None:
        found = self._session.first(_BEGUN, {"person": pseudonym})
        return None if found is None else Begun(found[0], msgspec.json.decode(found[1]).get("position"))

    def position(self) -> int:
        latest: int = self._session.one(POSITION, {})
        return latest + len(self._session.facts)

    def consent_entries(self, person: str) -> int:
        return int(self._session.one(_COUNTS["consent"], {"person": person}))

    def remove_hooks(self, hook_ids: Sequence[str]) -> int:
        return self._each(_REMOVE_HOOK, [{"key": one} for one in hook_ids])

    def replace_facts(self, bodies: Mapping[int, tuple[str, bytes]]) -> None:
        values = [{"of": position, "to_kind": kind, "to_body": body} for position, (kind, body) in bodies.items()]
        self._each(_REPLACE_FACT, values)
        self._session.has_replaced_facts = True

    def replace_answers(self, answers: Sequence[StoredAnswer]) -> None:
        self._each(_REPLACE_ANSWER, [{"of": one.id, "to_answer": one.answer} for one in answers])

    def recount(self, rows: Mapping[CounterKey, Sequence[CounterRow]]) -> None:
        for key, counted in rows.items():
            for row in counted:
                self._session.execute(_REMOVE_COUNTER, {f"of_{name}": getattr(row, name) for name in _KEY})
                self._session.execute(ADD_COUNTERS, asdict(row) | key._asdict())

    def without_outcome(self, rows: Sequence[TallyRow]) -> None:
        for row in rows:
            place = {"span": row.span, "at": row.at}
            self._session.execute(_REMOVE_TALLY, {f"of_{n}": v for n, v in (place | row.key._asdict()).items()})
            self._session.execute(ADD_TALLIES, place | row.key._replace(outcome="")._asdict() | dict(row.measures))

    def _each(self, statement: Any, values: Sequence[Mapping[str, Any]]) -> int:
        return sum(self._session.execute(statement, one) for one in values)
