"""The attempts to send replies, and the receipts about them, in SQL."""

from __future__ import annotations

import json
from hashlib import blake2b

from msgspec.structs import asdict
from sqlalchemy import and_, bindparam, desc, insert, or_, select, update

from connector.domain.attempts import Attempt
from connector.domain.delivery import Receipt
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import insert_or_ignore, structs
from connector.store.sql.tables.messages import attempts, receipts
from connector.store.sql.tables.work import work

_ADD_ATTEMPT = insert(attempts)
_UPDATE_ATTEMPT = update(attempts).where(
    attempts.c.message_id == bindparam("of_message"), attempts.c.number == bindparam("of_number")
)
_LATEST_ATTEMPT = structs(
    Attempt,
    select(attempts).where(attempts.c.message_id == bindparam("message")).order_by(desc(attempts.c.number)).limit(1),
)
_ATTEMPTS = structs(
    Attempt, select(attempts).where(attempts.c.message_id == bindparam("message")).order_by(attempts.c.number)
)


LIMIT_ATTEMPTS = (
    update(attempts)
    .where(attempts.c.account == bindparam("of_account"), attempts.c.started_at > bindparam("now"))
    .values(started_at=bindparam("now"))
)
LIMIT_ENDS = (
    update(attempts)
    .where(attempts.c.message_id.in_(select(work.c.subject)), attempts.c.ended_at > bindparam("now"))
    .values(ended_at=bindparam("now"))
)


class SqlAttempts:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def add(self, attempt: Attempt) -> None:
        self._session.execute(_ADD_ATTEMPT, attempt)

    def update(self, attempt: Attempt) -> None:
        values = asdict(attempt)
        values["of_message"], values["of_number"] = values.pop("message_id"), values.pop("number")
        self._session.execute(_UPDATE_ATTEMPT, values)

    def latest(self, message_id: str) -> Attempt | None:
        return self._session.first(_LATEST_ATTEMPT, {"message": message_id})

    def all_of(self, message_id: str) -> list[Attempt]:
        return self._session.all(_ATTEMPTS, {"message": message_id})


_ADD_RECEIPT = insert_or_ignore(receipts, "key")
_is_of_account = receipts.c.account == bindparam("account")
_FOR_MESSAGE = structs(
    Receipt,
    select(receipts)
    # The account on both sides: otherwise SQLite reads all receipts of the account.
    .where(
        or_(
            and_(_is_of_account, receipts.c.message_id == bindparam("message")),
            and_(_is_of_account, receipts.c.ref == bindparam("ref"), receipts.c.message_id.is_(None)),
        )
    )
    .order_by(receipts.c.at, receipts.c.number),
)


class SqlReceipts:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def add_once(self, receipt: Receipt) -> bool:
        return self._session.execute(_ADD_RECEIPT, asdict(receipt) | {"key": _key(receipt)}) > 0

    def for_message(self, account: str, message_id: str, ref: str | None) -> list[Receipt]:
        return self._session.all(_FOR_MESSAGE, {"account": account, "message": message_id, "ref": ref})


def _key(receipt: Receipt) -> bytes:
    """Equal for repeats of one receipt. A digest, as some of its fields may be missing and a unique key treats NULLs as
    different; of JSON, which keeps "missing" and "empty" apart and takes any character."""
    which = [receipt.account, receipt.ref, receipt.message_id, receipt.part, receipt.parts]
    same = [*which, receipt.raw_status, receipt.code, receipt.words]
    return blake2b(json.dumps(same).encode(), digest_size=16).digest()
