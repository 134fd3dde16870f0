"""What is known of accounts and handed over for them, in SQL."""

from __future__ import annotations

from msgspec.structs import asdict
from sqlalchemy import bindparam, insert, select

from connector.domain.account import AccountMode
from connector.domain.media import Upload
from connector.store.sql.connection import WriteConnection, replacing
from connector.store.sql.tables import account_modes, marks, uploads

MARK = select(marks.c.at).where(marks.c.name == bindparam("key"))
_PUT_MARK = replacing(marks, "name")
_MODE = select(account_modes.c.mode).where(account_modes.c.account == bindparam("key"))
_SET_MODE = replacing(account_modes, "account")
_ADD_UPLOAD = insert(uploads)
_UPLOAD = select(uploads).where(uploads.c.id == bindparam("key"))


class SqlMarks:
    def __init__(self, unit: WriteConnection) -> None:
        self._unit = unit

    def get(self, name: str) -> int | None:
        at: int | None = self._unit.value(MARK, {"key": name})
        return at

    def put(self, name: str, at: int) -> None:
        self._unit.kept(_PUT_MARK, {"name": name, "at": at})


class SqlAccounts:
    def __init__(self, unit: WriteConnection) -> None:
        self._unit = unit

    def mode(self, account: str) -> AccountMode:
        return self._unit.value(_MODE, {"key": account}) or AccountMode.ACTIVE

    def set_mode(self, account: str, mode: AccountMode) -> None:
        self._unit.kept(_SET_MODE, {"account": account, "mode": mode})
        self._unit.work_moved = True


class SqlUploads:
    def __init__(self, unit: WriteConnection) -> None:
        self._unit = unit

    def add(self, upload: Upload) -> None:
        self._unit.run(_ADD_UPLOAD, asdict(upload))

    def get(self, upload_id: str) -> Upload | None:
        row = self._unit.first(_UPLOAD, {"key": upload_id})
        return Upload(*row) if row else None
