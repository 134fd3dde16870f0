"""Erasing one person: in small steps beside other work, and a search that proves it.

What goes on is in this process's memory; all it does is in the store. After a kill it is asked again, and goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from connector.base.counted import count
from connector.domain.address import person_of
from connector.domain.mentions import Mentions
from connector.domain.message import Direction, Message
from connector.domain.refusals import Refused
from connector.edge.erasure import remains
from connector.edge.erasure.reach import out_of_reach
from connector.edge.parts import CoreParts
from connector.providers.values import InboundText, Unreadable
from connector.services import pictures
from connector.services.accounts.stored_hooks import as_it_came
from connector.services.erasure import forget
from connector.services.erasure.forget import Drawn, Person
from connector.services.search import indexing
from connector.services.unit_of_work import UnitOfWork, in_unit_of_work
from connector.store.erasure import AT_ONCE, SCANNED_AT_ONCE, ErasureReading, Scanned
from connector.store.ports import Reading, StoreUnavailable
from connector.store.search import IndexDamaged
from connector.store.values import FactRow, HookState, RawHook
from connector.wire import administration, answers, events, limits
from connector.wire.refusals import RefusalCode

T = TypeVar("T")
P = ParamSpec("P")
K = TypeVar("K")
V = TypeVar("V")
_Scan = Callable[[str, K, int], Scanned[K, V]]
log = logging.getLogger(__name__)

_STATUS_MOVED = str(events.StatusMoved.__struct_config__.tag)
_ANSWER_WITHIN_S = 1.0
_PAUSE_S = 0.02  # between two steps: as long as one takes, so that others have the writer half of the time
_PICTURE_SETTLED_MS = 60_000  # longer than it takes from a picture's file to the commit that refers to it
_REMEMBERED_MS = 30_000  # how long a result waits for its asker, who asks again every second
_ANY_TIME = limits.BIGGEST_NUMBER  # later than any file was saved
_SMALL_BYTES = 50_000_000  # a database that is written anew within a second or two, so that it need not be asked for
_BESIDE = (
    "Files beside the database have some, too, and no core writes to these any more: look at each, and delete it (a"
    " log, a copy or a rescued database); of a running relay the texts go when they are handed over."
)


def _stopped(words: str) -> Refused:
    words = f"The erasure stopped in the middle. {words} Run it again: it goes on."
    return Refused(RefusalCode.STORE_UNAVAILABLE, words)


class _Work:
    """One erasure that goes on, or whose result waits for its asker."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.mentions = Mentions(person.key)
        self.needles = remains.Needles(self.mentions.spellings())
        self.digests: set[str] = set()
        self.erased: Counter[str] = Counter()
        self.stored: dict[str, int] = {}
        self.searched: list[str] = []
        self.found: list[str] = []
        self.free_places = 0  # how many of these are
        self.others: list[str] = []
        self.words = "It begins."
        # What is said unless it comes to its end: a core that stops cuts it off, too.
        self.error: Refused | None = _stopped("The core is stopping.")
        self.ended = asyncio.Event()
        self.ended_at: int | None = None  # steady time


class Forgetting:
    """Erasures by person. Two that ask for the same one wait for the same erasure."""

    def __init__(self, parts: CoreParts) -> None:
        self._parts = parts
        self._store = parts.store
        self._work: dict[str, _Work] = {}
        self._proving = asyncio.Lock()

    async def answer(
        self, body: administration.Forget, person: Person, agent: str, begin: Callable[[], Awaitable[Drawn]]
    ) -> answers.Forgotten:
        """`begin`: does the first step, if its asker may have it done by then. Raises Refused."""
        if body.is_preview:
            words = "Nothing was erased yet."
            return answers.Forgotten(person.address, False, words, stored=person.stored, was_known=person.is_known)
        self._drop_old()
        work = self._work.get(person.key)
        if work is None:
            work = self._work[person.key] = _Work(person)
            self._parts.tasks.start("forget", self._run(work, agent, begin, rewrite=body.rewrite))
        try:
            async with asyncio.timeout(_ANSWER_WITHIN_S):
                await work.ended.wait()
        except TimeoutError:
            return answers.Forgotten(person.address, False, work.words, erased=dict(+work.erased))
        self._work.pop(person.key, None)
        if work.error is not None:
            raise work.error
        return self._done(work)

    def _drop_old(self) -> None:
        """Without the results that were never asked for: what has come since is not erased by them."""
        since = self._parts.clock.steady() - _REMEMBERED_MS
        self._work = {key: one for key, one in self._work.items() if one.ended_at is None or one.ended_at > since}

    def _done(self, work: _Work) -> answers.Forgotten:
        accounts = self._parts.providers.current
        return answers.Forgotten(
            work.person.address,
            True,
            work.words,
            erased=dict(+work.erased),
            stored=work.stored,
            searched=work.searched,
            found=work.found,
            others=work.others,
            out_of_reach=out_of_reach(accounts, is_postgresql=self._store.is_of_server),
            was_known=work.person.is_known or any(work.erased.values()),
        )

    async def _run(self, work: _Work, agent: str, begin: Callable[[], Awaitable[Drawn]], *, rewrite: bool) -> None:
        try:
            await self._erase(work, agent, await begin(), rewrite=rewrite)
            work.error = None
        except Refused as no:
            work.error = no
        except StoreUnavailable as error:
            work.error = _stopped(str(error))
        except Exception:
            log.exception("a consumer could not be erased")
            words = "The erasure failed in the middle; the core's log says why. Run it again: it goes on."
            work.error = Refused(RefusalCode.FAILED, words)
        finally:
            work.ended_at = self._parts.clock.steady()
            work.ended.set()

    async def _erase(self, work: _Work, agent: str, drawn: Drawn, *, rewrite: bool) -> None:
        key = work.person.key
        until, work.erased["conversations"] = drawn.until, drawn.erased
        if drawn.contact is not None:
            work.erased["contacts"] = 1
            work.needles.add_text(drawn.contact.notes)
        while number := await self._step(forget.conversations, key, until):
            work.erased["conversations"] += number
        await self._messages(work, until)
        await self._hooks(work, until)
        await self._facts(work, until)
        await self._answers(work)
        await self._words(work)
        await self._pictures(work)
        await self._prove(work, rewrite=rewrite)
        kept = await self._write(forget.finish, agent, work.person, dict(+work.erased))
        work.stored = {"consent entries under a keyed hash": kept}

    async def _messages(self, work: _Work, until: str) -> None:
        """With the hooks that brought them, which came at the moments that the messages have."""
        while found := await self._read(lambda r: r.erasure.messages(work.person.key, until, AT_ONCE)):
            hook_ids = await self._hooks_of(work, found)
            for one in found:
                work.digests.update(media.digest for media in one.media if media.digest)
                if one.direction is Direction.INBOUND:
                    work.needles.add_text(one.text)
            try:
                work.erased += await self._step(forget.messages, found, hook_ids)
            except IndexDamaged:  # nothing can be taken out of it
                await self._write(indexing.give_up)
                continue
            work.words = f"Messages: {work.erased['messages']:,} of {work.person.stored['messages']:,} erased."

    async def _purge_index(self, work: _Work) -> None:
        """What was taken out of the index for search stays in its segments until they are joined."""
        steps = 0
        try:
            while await self._write(_purge_some):
                steps += 1
                work.words = f"Clearing the index for search: {count(steps, 'step')}."
                await asyncio.sleep(_PAUSE_S)
        except IndexDamaged:
            await self._write(indexing.give_up)

    async def _hooks_of(self, work: _Work, found: list[Message]) -> list[str]:
        inbound = [one for one in found if one.direction is Direction.INBOUND]
        hook_ids: list[str] = []
        for account in {one.account for one in inbound}:
            moments = {one.at for one in inbound if one.account == account}
            hooks = await self._read(partial(_hooks_at, account=account, moments=moments))
            hook_ids += [hook.id for hook in hooks if self._is_theirs(work, hook)]
        return hook_ids

    def _is_theirs(self, work: _Work, hook: RawHook) -> bool:
        """By who wrote what its provider reads in it; where that is no text, by the number as it stands there."""
        if texts := self._texts_in(hook):
            return any(person_of(one.consumer) == work.person.key for one in texts)
        return work.mentions.in_text(hook.url) or work.mentions.in_text(hook.body.decode("latin-1"))

    def _goes(self, hook: RawHook, until: str) -> bool:
        """A receipt goes also where it has come since: it was of a reply that has only just gone."""
        return hook.id <= until or (hook.state is HookState.TAKEN and not self._texts_in(hook))

    def _texts_in(self, hook: RawHook) -> list[InboundText]:
        provider = self._parts.providers.current.get(hook.account)
        if provider is None:
            return []
        try:
            arrivals = provider.read(as_it_came(hook, provider.settings.public_url))
        except Unreadable:
            return []
        return [one for one in arrivals if isinstance(one, InboundText)]

    async def _hooks(self, work: _Work, until: str) -> None:
        """All others: offered again, about replies, in quarantine."""
        async for found in self._scanned(work, "Hooks", "", lambda e: e.hooks_mentioning):
            theirs = [hook for hook in found if self._is_theirs(work, hook) and self._goes(hook, until)]
            quarantined = [hook for hook in theirs if hook.state is not HookState.TAKEN]
            refs = [(hook.account, one.ref) for hook in quarantined for one in self._texts_in(hook)]
            ids = [hook.id for hook in theirs]
            work.erased["hooks"] += await self._step(forget.hooks, work.person.key, ids, refs)

    async def _facts(self, work: _Work, until: str) -> None:
        async for found in self._scanned(work, "Events", 0, lambda e: e.facts_mentioning):
            theirs = [row for row in found if (row.fact.conversation_id or "") <= until and _is_about(work, row)]
            await self._step(forget.facts, theirs)
            work.erased["events"] += len(theirs)

    async def _answers(self, work: _Work) -> None:
        async for found in self._scanned(work, "Answers", "", lambda e: e.answers_mentioning):
            theirs = [one for one in found if work.mentions.in_json(one.answer)]
            await self._step(forget.answered, theirs)
            work.erased["answers"] += len(theirs)

    async def _words(self, work: _Work) -> None:
        """What a provider has said of a send, and an agent of an outcome, perhaps with the number in it, is counted."""
        found = await self._read(lambda reading: reading.erasure.counted_with(work.mentions.needle))
        theirs = [row for row in found if work.mentions.in_text(f"{row.words} {row.code}")]
        await self._step(forget.counted, theirs, work.mentions)
        work.erased["words of counters"] += len(theirs)
        outcomes = await self._read(lambda reading: reading.erasure.tallied_with(work.mentions.needle))
        of_theirs = [row for row in outcomes if work.mentions.in_text(row.key.outcome)]
        await self._step(forget.tallied, of_theirs)
        work.erased["outcomes in tallies"] += len(of_theirs)

    async def _pictures(self, work: _Work) -> None:
        """Files that nothing refers to any more. Those just saved may be about to be referred to again: they wait."""
        files = self._parts.pictures
        wanted = sorted(work.digests)
        if work.person.was_erased:  # a kill after their messages were erased leaves files that no message names
            wanted = sorted({*wanted, *await asyncio.to_thread(files.saved_before, _ANY_TIME)})
        if not wanted or not await asyncio.to_thread(files.belong_to, self._store.name):
            return
        while True:
            # Asked again each time: meanwhile another consumer may have sent the same picture.
            wanted = await self._read(partial(pictures.unused, digests=wanted, now=self._parts.clock.now()))
            ages = [(one, await asyncio.to_thread(files.age_ms, one)) for one in wanted]
            wanted = [one for one, age_ms in ages if age_ms is not None and age_ms < _PICTURE_SETTLED_MS]
            for digest in {one for one, _ in ages} - set(wanted):
                work.erased["picture files"] += await asyncio.to_thread(files.erase, digest)
            if not wanted:
                return
            work.words = "Pictures: one was stored within the last minute."
            await asyncio.sleep(1)

    async def _prove(self, work: _Work, *, rewrite: bool) -> None:
        """One at a time, as a search has the database's log wait."""
        work.words = "Another search goes on; this one waits."
        async with self._proving:
            await self._purge_index(work)
            work.words = "Searching for what is left."
            await self._store.clean()
            size = await self._search(work, is_new=False)
            if work.free_places and (rewrite or (size <= _SMALL_BYTES and not self._store.is_of_server)):
                work.words = f"Writing the database anew ({size / 1e6:,.0f} MB): nothing can be stored meanwhile."
                await self._store.clean(rewrite=True)
                await self._search(work, is_new=True)
        work.words = "Everything is erased, and nothing of it was found any more."
        if work.found:
            work.words = "Everything is erased."
        if work.free_places:
            work.words += (
                " Deleted bytes are still in free space of the database's files, or may be: to have these written anew,"
                " run it again with --rewrite at a quiet time."
            )
        if len(work.found) > work.free_places:
            work.words += f" {_BESIDE}"
        later = (await self._read(lambda reading: reading.erasure.counts(work.person.key)))["messages"]
        if later:
            work.words += (
                f" They have written since: {count(later, 'new message')} {'stays' if later == 1 else 'stay'}."
            )

    async def _search(self, work: _Work, *, is_new: bool) -> int:
        """Search all files; the bytes of the database's.

        What is in rows is of others, or came since; what is elsewhere was deleted and left in free space. Of a server
        this is not known byte by byte: there free space may have what rows have, unless the files were just written
        anew (`is_new`).
        """

        def progress(share: float) -> None:
            work.words = f"Searching for what is left: {share:.0%} of the database."

        database = await self._store.find_bytes(work.needles.in_files(), progress)
        data = self._parts.pictures.folder.parent
        left = await asyncio.to_thread(remains.search_files, work.needles, database, data)
        work.searched, work.others, in_free_space = [left.searched], [], []
        if self._store.is_of_server:
            work.searched.insert(0, "every table of the database, by SQL")
        for name, needles in work.needles.in_sql().items():
            rows: dict[str, int] = {}
            if needles and (self._store.is_of_server or name in left.rows):
                rows = await self._read(partial(_rows_with, needles=needles))
                work.others += [f"{name}, in {count(number, 'row')} of {place}" for place, number in rows.items()]
            if rows and is_new:
                continue  # copies of these, which moved while the file was written
            also = "; rows of others are among these" if rows and self._store.is_of_server else ""
            in_free_space += [f"{place}{also}" for place in left.free.get(name, [])]
        work.free_places = len(in_free_space)
        work.found = [*in_free_space, *(f"{place}, a file beside the database" for place in left.beside)]
        return sum(file.size for file in database)

    async def _scanned(
        self, work: _Work, name: str, after: K, query: Callable[[ErasureReading], _Scan[K, V]]
    ) -> AsyncIterator[Sequence[V]]:
        looked_at = 0
        while True:
            scanned = await self._read(partial(_scan, query=query, needle=work.mentions.needle, after=after))
            if scanned.upto is None:
                return
            for first in range(0, len(scanned.found), AT_ONCE):
                yield scanned.found[first : first + AT_ONCE]
            after = scanned.upto
            looked_at += SCANNED_AT_ONCE
            work.words = f"{name}: {looked_at:,} looked at."

    async def _step(self, use_case: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **named: P.kwargs) -> T:
        """A transaction of some ten milliseconds, and as long a pause."""
        value = await self._write(use_case, *args, **named)
        await asyncio.sleep(_PAUSE_S)
        return value

    async def _write(self, use_case: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **named: P.kwargs) -> T:
        parts = self._parts
        return await self._store.write(in_unit_of_work(parts.brand, parts.clock.now(), use_case, *args, **named))

    async def _read(self, query: Callable[[Reading], T]) -> T:
        return await self._store.read(query)


def _purge_some(uow: UnitOfWork) -> bool:
    return uow.tx.search.purge()


def _scan(reading: Reading, query: Callable[[ErasureReading], _Scan[K, V]], needle: str, after: K) -> Scanned[K, V]:
    return query(reading.erasure)(needle, after, SCANNED_AT_ONCE)


def _hooks_at(reading: Reading, account: str, moments: set[int]) -> list[RawHook]:
    return reading.erasure.hooks_at(account, moments)


def _rows_with(reading: Reading, needles: list[str]) -> dict[str, int]:
    return reading.erasure.rows_with(needles)


def _is_about(work: _Work, row: FactRow) -> bool:
    if work.mentions.in_json(row.fact.body):
        return True
    return row.fact.kind == _STATUS_MOVED and work.mentions.in_text(row.fact.body.decode("latin-1"))
