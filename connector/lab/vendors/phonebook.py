"""The vendors' phone book: contacts, line settings and every message, in one TinyDB file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from tinydb import TinyDB, where
from tinydb.table import Document

from connector.base.clock import Clock
from connector.base.durable_json import DurableJSONStorage
from connector.base.json_tables import Tables

_GATHER_S = 0.005  # changes made in this time share the write


class MediaFetch(Struct, frozen=True):
    """A file that Twilio fetched from the core; `status` is None without a response."""

    url: str
    status: int | None
    bytes: int
    content_type: str


class VendorMessage(Struct, frozen=True, kw_only=True, rename={"sender": "from", "recipient": "to"}):
    """One text in either direction. `sender` and `recipient` are E.164 or a short code; times are milliseconds.

    `direction` and `status` are Twilio's words, for both vendors. Of an inbound text, `hooks` has the id of each hook
    (one at Twilio, one per segment at OpenMarket), `lost` the ids of those never sent, and `answers` the status of
    every attempt in order, None without a response. `alert` is the code of Twilio's alert for that response.

    Of a message of the core, `service` is the Messaging Service it was sent through, `validity_s` its validity period,
    `media_urls` its files and `fetched` the result of fetching them; `codes` are OpenMarket's, one per segment.
    """

    id: str
    provider: str
    direction: str
    sender: str
    recipient: str
    body: str
    segments: int
    status: str
    created_at: int
    updated_at: int
    sent_at: int | None = None
    media: int = 0
    error_code: int | None = None
    callback: str | None = None
    reference: int | None = None
    service: str | None = None
    validity_s: int | None = None
    media_urls: list[str] = []
    fetched: list[MediaFetch] = []
    codes: list[int] = []
    hooks: list[str] = []
    lost: list[str] = []
    answers: list[int | None] = []
    alert: int | None = None
    fields: dict[str, str] = {}  # of the hook of an inbound text, beside or instead of the usual ones


class _WriteBehindStorage(DurableJSONStorage):
    """Keeps the tables in memory; `flush` writes them to the file."""

    def __init__(self, path: Path) -> None:
        self._tables: Tables | None = None
        self._has_changed = False
        super().__init__(path)

    def read(self) -> Tables | None:
        if self._tables is None:
            self._tables = super().read()
        return self._tables

    def write(self, data: Tables) -> None:
        self._tables = data
        self._has_changed = True

    def flush(self) -> None:
        if self._has_changed and self._tables is not None:
            super().write(self._tables)
            self._has_changed = False

    def close(self) -> None:
        self.flush()


class PhoneBook:
    """The records of one simulator. Changes are visible at once, and on disk when `saved` returns.

    An id is given out only after `saved` has returned, so that it is not made again after a crash.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._db = TinyDB(path, storage=_WriteBehindStorage)
        storage = self._db.storage
        assert isinstance(storage, _WriteBehindStorage)
        self._storage = storage
        self._messages = self._db.table("messages")
        self._contacts = self._db.table("contacts")
        self._lines = self._db.table("lines")
        self._services = self._db.table("services")
        self._clock = clock
        self._changes = 0
        self._saved_changes = 0
        self._saving = asyncio.Lock()
        self.moved_aside = storage.moved_aside

    def set_name(self, number: str, name: str) -> None:
        """Set the name of a contact."""
        self._contact(number)
        self._contacts.update({"name": name}, where("number") == number)
        self._changes += 1

    def count(self, number: str, what: str) -> int:
        """Count `what` for a contact: 0, 1, 2, …"""
        contact = self._contact(number)
        count: int = contact["counts"].get(what, 0)
        self._contacts.update({"counts": {**contact["counts"], what: count + 1}}, where("number") == number)
        self._changes += 1
        return count

    def is_opted_out(self, number: str, line: str) -> bool:
        return line in self._contact(number)["opted_out"]

    def set_opted_out(self, number: str, line: str, opted_out: bool) -> None:
        lines = set(self._contact(number)["opted_out"])
        lines = lines | {line} if opted_out else lines - {line}
        self._contacts.update({"opted_out": sorted(lines)}, where("number") == number)
        self._changes += 1

    def line(self, number: str) -> dict[str, str]:
        """The settings of a line made through the vendor's API, by the resource's field names."""
        found = self._lines.get(where("number") == number)
        return dict(found) if isinstance(found, Document) else {}

    def set_line(self, number: str, changes: Mapping[str, str]) -> None:
        self._lines.upsert({"number": number, **changes}, where("number") == number)
        self._changes += 1

    def services(self) -> list[dict[str, Any]]:
        """All Messaging Services."""
        return [dict(document) for document in self._services.all()]

    def put_service(self, service: dict[str, Any]) -> None:
        self._services.upsert(service, where("sid") == service["sid"])
        self._changes += 1

    def add(self, message: VendorMessage) -> None:
        self._messages.insert(msgspec.to_builtins(message))
        self._changes += 1

    def update(self, id_: str, **changes: Any) -> None:
        """Change fields of a message, by their stored names."""
        self._messages.update({**changes, "updated_at": self._clock.now()}, where("id") == id_)
        self._changes += 1

    def append(self, id_: str, name: str, *values: Any) -> None:
        """Add to a list of a message, by its stored name."""

        def extend(document: Mapping[str, Any]) -> None:
            document[name].extend(values)

        self._messages.update(extend, where("id") == id_)
        self._changes += 1

    def find(self, id_: str) -> VendorMessage | None:
        found = self._messages.get(where("id") == id_)
        return msgspec.convert(found, VendorMessage) if found else None

    def messages(self, wanted: Callable[[VendorMessage], bool] = lambda message: True) -> list[VendorMessage]:
        """Oldest first."""
        every = (msgspec.convert(document, VendorMessage) for document in self._messages.all())
        return [message for message in every if wanted(message)]

    async def saved(self) -> None:
        """Wait until every change made so far is on disk; concurrent callers share one write."""
        wanted = self._changes
        async with self._saving:
            if self._saved_changes < wanted:
                await asyncio.sleep(_GATHER_S)
                changes = self._changes
                self._storage.flush()
                self._saved_changes = changes

    def close(self) -> None:
        self._db.close()

    def _contact(self, number: str) -> dict[str, Any]:
        found = self._contacts.get(where("number") == number)
        if isinstance(found, Document):
            return found
        new = {"number": number, "name": "", "counts": {}, "opted_out": []}
        self._contacts.insert(new)
        return new
