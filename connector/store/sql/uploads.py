"""Uploaded pictures in SQL. Their bytes are files; see `connector.pictures`."""

from __future__ import annotations

import re

from sqlalchemy import bindparam, delete, insert, select, update

from connector.domain.media import Upload
from connector.store.sql.messages import MEDIA_JSON
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import scalars, structs
from connector.store.sql.tables.messages import uploads as table

_DIGEST = re.compile('"([0-9a-f]{64})"')
_ADD = insert(table)
_BY_ID = structs(Upload, select(table).where(table.c.id == bindparam("key")))
BY_TOKEN = structs(Upload, select(table).where(table.c.token == bindparam("token")))
_LIVE_DIGESTS = scalars(select(table.c.digest).where(table.c.expires_at > bindparam("now")))
LIMIT = update(table).where(table.c.expires_at > bindparam("until")).values(expires_at=bindparam("until"))
PURGE = delete(table).where(table.c.expires_at <= bindparam("until"))


def pictures_in_use(session: SqlSession, now: int) -> set[str]:
    # Found as text, as there may be very many; what only looks like a digest is the name of no file.
    sent = {digest for media in session.all(MEDIA_JSON, {}) for digest in _DIGEST.findall(media)}
    return sent.union(session.all(_LIVE_DIGESTS, {"now": now}))


class SqlUploads:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def add(self, upload: Upload) -> None:
        self._session.execute(_ADD, upload)

    def get(self, upload_id: str) -> Upload | None:
        return self._session.first(_BY_ID, {"key": upload_id})
