"""What is stored about accounts: their modes, and the marks of what is done for them."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from connector.domain.account import AccountMode
from connector.store.marks import MarkKey
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import scalars, tuples, upsert
from connector.store.sql.tables.accounts import account_modes, marks

MARK = scalars(select(marks.c.at).where(marks.c.name == bindparam("name")))
_SET_MARK = upsert(marks, "name")
_MODE = scalars(select(account_modes.c.mode).where(account_modes.c.account == bindparam("account")))
_SET_MODE = upsert(account_modes, "account")
NOT_ACTIVE = tuples(
    select(account_modes.c.account, account_modes.c.mode).where(account_modes.c.mode != AccountMode.ACTIVE)
)


class SqlMarks:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def get(self, key: MarkKey) -> int | None:
        return self._session.first(MARK, {"name": key.text})

    def set(self, key: MarkKey, at: int) -> None:
        self._session.execute(_SET_MARK, {"name": key.text, "at": at})


class SqlAccounts:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def mode(self, account: str) -> AccountMode:
        return self._session.first(_MODE, {"account": account}) or AccountMode.ACTIVE

    def set_mode(self, account: str, mode: AccountMode) -> None:
        self._session.execute(_SET_MODE, {"account": account, "mode": mode})
        self._session.has_changed_work = True
