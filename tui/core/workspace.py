"""A desk's own file, which survives a crash: drafts, their pictures, texts the core has not answered;
and the commands that were used last.

One TinyDB file per desk, `desk-1.json`, `desk-2.json`…: a desk takes the first one that no other desk has locked. The
lock is on a file beside it, as saving replaces the file itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from connector.base import trusted_files
from connector.base.json_tables import JSONTables
from connector.wire.client import decode_pending, encode_pending
from connector.wire.frames import RequestFrame
from tui.core.files import OpenedPictures
from tui.model.state import Attachment, Macro, SavedDraft

if TYPE_CHECKING:
    from tinydb import TinyDB


class Workspace:
    """Read when it is made, written by `save`. Raises OSError where the directory cannot be used."""

    def __init__(self, directory: Path) -> None:
        directory = trusted_files.make_folder(directory)
        self._lock, self.slot = _first_free(directory)
        self._path = directory / f"desk-{self.slot}.json"
        file = JSONTables(self._path)
        self._read = file.read() or {}
        self.moved_aside: list[Path] = file.moved_aside
        self._db: TinyDB | None = None  # from the first save on: a start does not wait for its import
        self._saving = asyncio.Lock()
        self.opened = OpenedPictures(directory / f"opened-{self.slot}")
        self.editing = directory / f"editing-{self.slot}"
        """The folder for a text that an editor outside of the desk has open."""

    def _rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table as they were at the start."""
        return list(self._read.get(table, {}).values())

    def drafts(self) -> dict[str, str]:
        """Texts by conversation id."""
        rows = self._rows("drafts")
        return {row["conversation_id"]: row["text"] for row in rows if {"conversation_id", "text"} <= row.keys()}

    def attachments(self) -> dict[str, tuple[Attachment, ...]]:
        """The pictures of drafts by conversation id; the upload of one without a reference was interrupted."""
        found: dict[str, tuple[Attachment, ...]] = {}
        for row in self._rows("pictures"):
            if {"conversation_id", "name", "size", "reference"} <= row.keys():
                picture = Attachment(row["name"], row["size"], row["reference"], None)
                found[row["conversation_id"]] = (*found.get(row["conversation_id"], ()), picture)
        return found

    def macros(self) -> dict[str, Macro]:
        """What is done with drafts as they are sent, by conversation id."""
        found: dict[str, Macro] = {}
        for row in self._rows("macros"):
            with contextlib.suppress(msgspec.ValidationError):
                found[str(row.get("conversation_id"))] = msgspec.convert(row.get("macro"), Macro)
        return found

    def saved_drafts(self) -> dict[str, SavedDraft]:
        """Drafts as the core has them, by conversation id."""
        rows = self._rows("saved_drafts")
        return {
            row["conversation_id"]: SavedDraft(row["version"], row["digest"])
            for row in rows
            if {"conversation_id", "version", "digest"} <= row.keys()
        }

    def used_commands(self) -> tuple[str, ...]:
        """Ids of the actions that were run by the command palette, the latest last."""
        return tuple(row["action"] for row in self._rows("commands") if "action" in row)

    def unanswered(self) -> list[RequestFrame]:
        """Texts that were sent and not answered, oldest first."""
        return decode_pending(str(row.get("request")) for row in self._rows("requests"))

    async def save(
        self,
        drafts: Mapping[str, str],
        unanswered: Sequence[RequestFrame],
        attachments: Mapping[str, Sequence[Attachment]] = MappingProxyType({}),
        saved_drafts: Mapping[str, SavedDraft] = MappingProxyType({}),
        used_commands: Sequence[str] = (),
        macros: Mapping[str, Macro] = MappingProxyType({}),
    ) -> None:
        """Write all of it as of one moment; it is on disk on return. On OSError the old state is."""
        tables: dict[str, list[dict[str, object]]] = {
            "drafts": [{"conversation_id": key, "text": text} for key, text in drafts.items()],
            "saved_drafts": [
                {"conversation_id": key, "version": each.version, "digest": each.digest}
                for key, each in saved_drafts.items()
            ],
            "macros": [{"conversation_id": key, "macro": msgspec.to_builtins(each)} for key, each in macros.items()],
            "commands": [{"action": action} for action in used_commands],
            "requests": [{"request": text} for text in encode_pending(unanswered)],
            "pictures": [
                {"conversation_id": key, "name": each.name, "size": each.size, "reference": each.reference}
                for key, pictures in attachments.items()
                for each in pictures
            ],
        }
        async with self._saving:
            await asyncio.to_thread(self._write, tables)

    def _write(self, tables: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
        """Many operations on the tables, one durable write."""
        db = self._db = self._db or _opened(self._path)
        for name, rows in tables.items():
            table = db.table(name)
            table.truncate()
            table.insert_multiple(rows)
        storage: Any = db.storage
        storage.flush()

    def close(self) -> None:
        """Free the file for another desk, and remove what was opened outside."""
        self.opened.clear()
        if self._db is not None:
            self._db.close()
        os.close(self._lock)


def _opened(path: Path) -> TinyDB:
    from tinydb import TinyDB
    from tinydb.middlewares import CachingMiddleware

    from connector.base.durable_json import DurableJSONStorage

    cache: Any = CachingMiddleware
    return TinyDB(path, storage=cache(DurableJSONStorage))


def _first_free(directory: Path) -> tuple[int, int]:
    """A locked file descriptor and its number. The system unlocks it when the process ends, for whatever reason."""
    for number in count(1):
        lock = trusted_files.open_private(directory / f"desk-{number}.lock", os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        return lock, number
    raise AssertionError
