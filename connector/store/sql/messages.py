"""Messages, the attempts to send them and the reports about them, in SQL."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import bindparam, desc, exists, insert, or_, select, update

from connector.domain.attempts import Attempt
from connector.domain.delivery import Receipt
from connector.domain.message import Message
from connector.domain.status import Status
from connector.store.sql.connection import WriteConnection, keeping_the_first
from connector.store.sql.tables import attempts, message_refs, messages, receipts, work

_ADD = insert(messages)
_ADD_REF = keeping_the_first(message_refs, "account", "ref")
_GET = select(messages).where(messages.c.id == bindparam("key"))
_BY_REF = select(messages).where(
    messages.c.id
    == select(message_refs.c.message_id)
    .where(message_refs.c.account == bindparam("of_account"), message_refs.c.ref == bindparam("known_as"))
    .scalar_subquery()
)
_UNDER_WAY = (
    select(messages)
    .where(
        messages.c.consumer == bindparam("of_consumer"),
        messages.c.account == bindparam("of_account"),
        messages.c.line == bindparam("of_line"),
        or_(messages.c.status == Status.SENDING, messages.c.status == Status.UNCERTAIN),
        exists().where(work.c.subject == messages.c.id),
    )
    .order_by(messages.c.id)
)
_UPDATE = update(messages).where(messages.c.id == bindparam("key"))
HISTORY = (
    select(messages)
    .where(messages.c.consumer == bindparam("who"))
    .order_by(desc(messages.c.id))
    .limit(bindparam("most"))
)
HISTORY_BEFORE = HISTORY.where(messages.c.id < bindparam("before"))


class SqlMessages:
    def __init__(self, unit: WriteConnection) -> None:
        self._unit = unit

    def add_once(self, message: Message) -> bool:
        if message.ref is not None and not self._add_ref(message):
            return False
        self._unit.run(_ADD, asdict(message))
        return True

    def get(self, message_id: str) -> Message | None:
        row = self._unit.first(_GET, {"key": message_id})
        return Message(*row) if row else None

    def by_ref(self, account: str, ref: str) -> Message | None:
        row = self._unit.first(_BY_REF, {"of_account": account, "known_as": ref})
        return Message(*row) if row else None

    def history(self, consumer: str, before: str | None, limit: int) -> list[Message]:
        values: dict[str, Any] = {"who": consumer, "most": limit}
        if before is None:
            rows = self._unit.rows(HISTORY, values)
        else:
            rows = self._unit.rows(HISTORY_BEFORE, values | {"before": before})
        return [Message(*row) for row in reversed(rows)]

    def in_flight(self, account: str, line: str, consumer: str) -> list[Message]:
        values = {"of_account": account, "of_line": line, "of_consumer": consumer}
        return [Message(*row) for row in self._unit.rows(_UNDER_WAY, values)]

    def update(self, message: Message) -> None:
        # A provider that gives one reference to two messages must not keep us from writing down how the send ended:
        # the first keeps the reference.
        if message.ref is not None:
            self._add_ref(message)
        values = asdict(message)
        values["key"] = values.pop("id")
        self._unit.run(_UPDATE, values)

    def _add_ref(self, message: Message) -> bool:
        values = {"account": message.account, "ref": message.ref, "message_id": message.id}
        return self._unit.kept(_ADD_REF, values)


_ADD_ATTEMPT = insert(attempts)
_UPDATE_ATTEMPT = update(attempts).where(
    attempts.c.message_id == bindparam("of_message"), attempts.c.number == bindparam("nth")
)
_LATEST_ATTEMPT = (
    select(attempts).where(attempts.c.message_id == bindparam("of_message")).order_by(desc(attempts.c.number)).limit(1)
)


class SqlAttempts:
    def __init__(self, unit: WriteConnection) -> None:
        self._unit = unit

    def add(self, attempt: Attempt) -> None:
        self._unit.run(_ADD_ATTEMPT, asdict(attempt))

    def update(self, attempt: Attempt) -> None:
        values = asdict(attempt)
        values["of_message"], values["nth"] = values.pop("message_id"), values.pop("number")
        self._unit.run(_UPDATE_ATTEMPT, values)

    def latest(self, message_id: str) -> Attempt | None:
        row = self._unit.first(_LATEST_ATTEMPT, {"of_message": message_id})
        return Attempt(*row) if row else None


_ADD_RECEIPT = keeping_the_first(receipts, "key")
_FOR_MESSAGE = (
    select(*[receipts.c[field] for field in Receipt.__struct_fields__])
    .where(
        receipts.c.account == bindparam("of_account"),
        or_(receipts.c.message_id == bindparam("of_message"), receipts.c.ref == bindparam("known_as")),
    )
    .order_by(receipts.c.at, receipts.c.number)
)


class SqlReceipts:
    def __init__(self, unit: WriteConnection) -> None:
        self._unit = unit

    def add_once(self, receipt: Receipt) -> bool:
        return self._unit.kept(_ADD_RECEIPT, asdict(receipt) | {"key": _sameness(receipt)})

    def for_message(self, account: str, message_id: str, ref: str | None) -> list[Receipt]:
        values = {"of_account": account, "of_message": message_id, "known_as": ref}
        return [Receipt(*row) for row in self._unit.rows(_FOR_MESSAGE, values)]


def _sameness(receipt: Receipt) -> bytes:
    """Equal for the very same report. A digest, as parts of it may be missing and a unique key tells no two NULLs
    apart; of JSON, which keeps "missing" and "empty" apart and takes any character."""
    same = [receipt.account, receipt.ref, receipt.message_id, receipt.part, receipt.parts, receipt.raw_status]
    return blake2b(json.dumps(same).encode(), digest_size=16).digest()
