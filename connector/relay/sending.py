"""Replies on their way from the core to the gateway: recorded, cut into segments, handed over one after another.

Kannel asks for a receipt of the first segment only of a text that it splits itself (`sms_split`, gw/sms.c), so the
relay splits, and every segment has its own. A segment is handed over when it is known that the one before was taken:
what is left waits until then, at most until the text ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from connector.base.clock import Clock
from connector.relay.kannel.receipts import KannelReceipt
from connector.relay.kannel.smsbox import Handed, HandedOver, Smsbox, TextPart
from connector.relay.store import RelayStore, add_forward
from connector.relay.times import TIMES, RelayTimes
from connector.sms.segments import measure, split

log = logging.getLogger(__name__)

_ENDS_AFTER_S = 900  # without valid_for_s: for how long parts wait for Kannel
_MOST_PARTS = 255
_STATUSES = ("", "accepted", "sent", "expired", "failed", "undelivered", "delivered")
_RANK = {word: rank for rank, word in enumerate(_STATUSES)}

ReportsUrl = Callable[[str, int, int], str]


class RelayAnswer(Struct, frozen=True):
    """HTTP status and content of an answer to the core, by docs/generic-provider.md."""

    status: int
    content: dict[str, Any]
    retry_after_s: int | None = None


class _Outgoing(Struct, frozen=True, rename={"line": "from", "consumer": "to"}):
    id: str
    line: str
    consumer: str
    text: str
    pictures: list[str] = []
    valid_for_s: int | None = None


class _Rest(Struct, frozen=True):
    """A text's next part, and what is needed to hand it over."""

    id: str
    part: int
    parts: int
    text: str
    line: str
    consumer: str
    number: int
    encoding: str
    valid_until: int | None


class Dispatcher:
    """`reports_url`: the address for receipts of part N of M of a reply. `forwarded` is called when a row was added."""

    def __init__(
        self,
        store: RelayStore,
        smsbox: Smsbox,
        clock: Clock,
        reports_url: ReportsUrl,
        forwarded: Callable[[], None],
        times: RelayTimes = TIMES,
    ) -> None:
        self._store = store
        self._smsbox = smsbox
        self._clock = clock
        self._reports_url = reports_url
        self._forwarded = forwarded
        self._times = times
        self._under_way: set[str] = set()
        self._resumed = asyncio.Event()

    async def start(self) -> None:
        """What was being handed over when the relay ended is of unknown end."""
        await self._store.run(lambda db: db.execute("UPDATE parts SET state='unknown' WHERE state='trying'").rowcount)

    # From the core

    async def send(self, body: bytes) -> RelayAnswer:
        """Raises sqlite3.Error when nothing could be recorded, before anything was handed over."""
        try:
            message = msgspec.json.decode(body, type=_Outgoing)
        except msgspec.MsgspecError:
            return RelayAnswer(400, {"code": "malformed", "text": "The relay could not read the message"})
        if message.pictures:
            return RelayAnswer(400, {"code": "pictures", "text": "Kannel cannot send pictures"})
        texts = split(message.text)
        if len(texts) > _MOST_PARTS:
            return RelayAnswer(400, {"code": "too_long", "text": "The text has more segments than a phone can join"})
        if message.id in self._under_way:
            return RelayAnswer(504, {"text": "It is being handed to Kannel"})
        self._under_way.add(message.id)  # from here on a look-up does not say that it was never here
        try:
            if not await self._smsbox.answers():
                return _later(HandedOver(Handed.LATER, "Kannel's smsbox does not answer; nothing was handed to it"))
            if not await self._store.run(lambda db: _add(db, message, texts, self._clock.now())):
                return await self._known(message.id)
            return await self._hand_over_first(message.id)
        finally:
            self._under_way.discard(message.id)

    async def _hand_over_first(self, id_: str) -> RelayAnswer:
        try:
            async with asyncio.timeout(self._times.answer_within_s):
                first = await self._hand_over(id_)
                if first is None or first.end is Handed.UNKNOWN:
                    return RelayAnswer(504, {"text": "Kannel did not say whether it has the message"})
                if first.end is not Handed.TAKEN:
                    await self._store.run(lambda db: _forget(db, id_))
                    if first.end is Handed.LATER:
                        return _later(first)
                    return RelayAnswer(400, {"code": "kannel", "text": first.words})
                await self._rest_of(id_)
        except TimeoutError:
            self._resumed.set()
        return await self._known(id_, status=200)

    async def _rest_of(self, id_: str) -> None:
        """Hand over parts until there is none, or the next one has to wait."""
        while (end := await self._hand_over(id_)) is not None:
            if end.end is Handed.REFUSED:
                await self._give_up(id_, f"Kannel refused it: {end.words}")
            if end.end is not Handed.TAKEN:
                return

    async def _known(self, id_: str, status: int = 409) -> RelayAnswer:
        found = await self.look_up(id_)
        return RelayAnswer(status, found.content) if found.status == 200 else RelayAnswer(504, found.content)

    async def look_up(self, id_: str) -> RelayAnswer:
        """The answer to `status_url`: 503 while it is not known whether Kannel has all that was handed to it."""
        rows = await self._store.run(
            lambda db: db.execute("SELECT state, status FROM parts WHERE id=? ORDER BY part", (id_,)).fetchall()
        )
        if not rows and id_ in self._under_way:
            return RelayAnswer(503, {"text": "It is being handed to Kannel"})
        if not rows:
            return RelayAnswer(404, {"code": "unknown_id", "text": "The relay never had this message"})
        if any(state in ("unknown", "trying") for state, _ in rows):
            return RelayAnswer(503, {"text": "It is not known whether Kannel has this message"})
        statuses = {"failed" if state == "refused" else status or "accepted" for state, status in rows}
        worst = next((word for word in ("undelivered", "failed", "expired") if word in statuses), None)
        return RelayAnswer(
            200, {"id": id_, "message_id": id_, "status": worst or min(statuses, key=lambda one: _RANK.get(one, 1))}
        )

    # From the gateway

    async def take_receipt(self, id_: str, part: int, parts: int, event: str, receipt: KannelReceipt) -> None:
        """Record a receipt, also of a message that is not known. Raises sqlite3.Error."""
        added = await self._store.run(lambda db: _take_receipt(db, id_, part, parts, event, receipt, self._clock.now()))
        if added:
            self._forwarded()
        if part < parts:
            self._resumed.set()

    # What is left

    async def resume(self) -> None:
        """Hand over parts whose turn has come, and give up those of a text that has ended."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._times.resume_every_s):
                    await self._resumed.wait()
            self._resumed.clear()
            try:
                for id_, is_over in await self._store.run(lambda db: _unfinished(db, self._clock.now())):
                    if id_ in self._under_way:
                        continue
                    self._under_way.add(id_)
                    try:
                        if is_over:
                            await self._give_up(id_, "Kannel did not take the rest in time")
                        else:
                            await self._rest_of(id_)
                    finally:
                        self._under_way.discard(id_)
            except sqlite3.Error as error:
                log.error("the relay's records cannot be used: %s", error)

    async def _hand_over(self, id_: str) -> HandedOver | None:
        """Hand over the next part, if it may go. None when there is none, or the one before is not known to be taken.

        It is recorded before the call, so that a part without a record was never handed over.
        """
        rest = await self._store.run(lambda db: _begin(db, id_, self._clock.now()))
        if rest is None:
            return None
        ended = HandedOver(Handed.UNKNOWN)
        try:
            ended = await self._smsbox.hand_over(
                TextPart(
                    line=rest.line,
                    consumer=rest.consumer,
                    text=rest.text,
                    reports_url=self._reports_url(id_, rest.part, rest.parts),
                    reference=rest.number,
                    part=rest.part,
                    parts=rest.parts,
                    encoding=rest.encoding,
                    valid_for_s=None if rest.valid_until is None else (rest.valid_until - self._clock.now()) // 1000,
                )
            )
        finally:  # also when the call is cancelled
            await asyncio.shield(self._store.run(lambda db: _end(db, id_, rest.part, ended.end)))
        return ended

    async def _give_up(self, id_: str, why: str) -> None:
        if await self._store.run(lambda db: _refuse(db, id_, why, self._clock.now())):
            self._forwarded()


def _later(ended: HandedOver) -> RelayAnswer:
    return RelayAnswer(503, {"code": "kannel", "text": ended.words}, ended.after_s)


def status_body(id_: str, part: int, parts: int, receipt: KannelReceipt) -> bytes:
    """The content of the core's hook `status`."""
    content: dict[str, Any] = {"id": id_, "message_id": id_, "status": receipt.status}
    content |= {"code": receipt.code} if receipt.code else {}
    content |= {"text": receipt.text} if receipt.text else {}
    content |= {"part": part, "parts": parts} if parts > 1 else {}
    return msgspec.json.encode(content)


# Statements


def _add(db: sqlite3.Connection, message: _Outgoing, texts: list[str], now: int) -> bool:
    """Record a message and its parts; False when its id is known."""
    valid_until = None if message.valid_for_s is None else now + 1000 * message.valid_for_s
    ends_at = now + 1000 * _ENDS_AFTER_S if valid_until is None else valid_until
    added = db.execute(
        "INSERT OR IGNORE INTO sends (id, line, consumer, at, ends_at, valid_until, encoding)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (message.id, message.line, message.consumer, now, ends_at, valid_until, measure(message.text).encoding),
    ).rowcount
    if added:
        db.executemany(
            "INSERT INTO parts (id, part, parts, text, state) VALUES (?, ?, ?, ?, 'waiting')",
            [(message.id, number, len(texts), text) for number, text in enumerate(texts, 1)],
        )
    return bool(added)


def _forget(db: sqlite3.Connection, id_: str) -> None:
    """Nothing of it was handed over: the core may send it again under the same id."""
    db.execute("DELETE FROM parts WHERE id=?", (id_,))
    db.execute("DELETE FROM sends WHERE id=?", (id_,))


def _begin(db: sqlite3.Connection, id_: str, now: int) -> _Rest | None:
    row = db.execute(
        "SELECT p.id, part, parts, text, line, consumer, number, encoding, valid_until FROM parts AS p"
        " JOIN sends USING (id)"
        " WHERE p.id=? AND p.state='waiting' AND ends_at > ?"
        " AND NOT EXISTS (SELECT 1 FROM parts WHERE id=p.id AND part < p.part AND state <> 'taken')"
        " ORDER BY part LIMIT 1",
        (id_, now),
    ).fetchone()
    if row is None:
        return None
    db.execute("UPDATE parts SET state='trying' WHERE id=? AND part=?", (id_, row[1]))
    return _Rest(*row)


def _end(db: sqlite3.Connection, id_: str, part: int, end: Handed) -> None:
    """Record how a call ended, unless a receipt has said more already."""
    state = {Handed.LATER: "waiting"}.get(end, end.value)
    text = "text" if state == "waiting" else "''"
    db.execute(f"UPDATE parts SET state=?, text={text} WHERE id=? AND part=? AND state='trying'", (state, id_, part))


def _take_receipt(
    db: sqlite3.Connection, id_: str, part: int, parts: int, event: str, receipt: KannelReceipt, now: int
) -> bool:
    known = db.execute("SELECT status FROM parts WHERE id=? AND part=?", (id_, part)).fetchone()
    if known is not None:
        status = max(known[0], receipt.status, key=lambda word: _RANK.get(word, 0))
        db.execute("UPDATE parts SET state='taken', status=?, text='' WHERE id=? AND part=?", (status, id_, part))
    body = status_body(id_, part, parts, receipt)
    return add_forward(db, f"dlr {id_} {part} {event} {receipt.code}", lane=id_, kind="status", body=body, now=now)


def _unfinished(db: sqlite3.Connection, now: int) -> list[tuple[str, bool]]:
    """Ids of texts that Kannel has the first part of and not all, and whether their time is over.

    Those with a part of unknown end wait for its receipt until their time is over.
    """
    return db.execute(
        "SELECT p.id, s.ends_at <= ? FROM parts AS p JOIN sends AS s USING (id)"
        " WHERE p.state IN ('waiting', 'unknown') AND p.part > 1"
        " AND NOT EXISTS (SELECT 1 FROM parts WHERE id=p.id AND part < p.part AND state <> 'taken')"
        " AND (p.state = 'waiting' OR s.ends_at <= ?)"
        " AND NOT EXISTS (SELECT 1 FROM forwards WHERE id = 'unsent ' || p.id)"
        " ORDER BY s.number LIMIT 100",
        (now, now),
    ).fetchall()


def _refuse(db: sqlite3.Connection, id_: str, why: str, now: int) -> bool:
    """Give up what is left of a text, and tell the core of the first part that was not, or perhaps not, sent."""
    db.execute("UPDATE parts SET state='refused', text='' WHERE id=? AND state='waiting'", (id_,))
    row = db.execute(
        "SELECT part, parts, state FROM parts WHERE id=? AND state IN ('refused', 'unknown') ORDER BY part LIMIT 1",
        (id_,),
    ).fetchone()
    if row is None:
        return False
    part, parts, state = row
    if state == "unknown":
        words = f"It is not known whether part {part} of {parts} was sent: Kannel did not answer"
        said = KannelReceipt("undelivered", "part_unknown", words)
    else:
        said = KannelReceipt("failed", "part_not_sent", f"Only {part - 1} of {parts} parts were sent. {why}")
    body = status_body(id_, part, parts, said)
    return add_forward(db, f"unsent {id_}", lane=id_, kind="status", body=body, now=now)
