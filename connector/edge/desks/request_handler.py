"""Answers to desks' requests: checks who may ask, and gives each what it needs of store, files and providers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar, cast

from connector.domain.agent import Role
from connector.domain.audit import AuditAction, AuditNote
from connector.domain.media import Media
from connector.domain.refusals import Refused
from connector.edge.background.recovery import RecoveryTask
from connector.edge.desks.bounds import AgentBounds
from connector.edge.desks.recorded_reads import RecordedReads
from connector.edge.erasure.forgetting import Forgetting
from connector.edge.parts import CoreParts
from connector.pictures import content_types
from connector.providers.values import Unreadable
from connector.services import pictures, views
from connector.services.accounts import quarantine
from connector.services.accounts.stored_hooks import as_it_came
from connector.services.agents.admission import Principal
from connector.services.audit.record import record_notes
from connector.services.contacts import imports
from connector.services.contacts.imports import Checked
from connector.services.erasure import forget
from connector.services.erasure.forget import Drawn, Person
from connector.services.request_table import CommandRow, QuestionRow, admit, ask, execute, row_of
from connector.services.search import indexing
from connector.services.unit_of_work import UnitOfWork, in_unit_of_work
from connector.store.ports import CommitUnknown, Reading, StoreUnavailable
from connector.store.search import IndexTrouble
from connector.store.values import RawHook
from connector.wire import administration, answers, contacts, frames, limits, requests
from connector.wire.refusals import RefusalCode

T = TypeVar("T")
log = logging.getLogger(__name__)

# Of a request, what its row finds for it, who asks, and their bounds.
Handler = Callable[[Any, Any, Principal, AgentBounds], Awaitable[answers.Answer]]


class RequestHandler:
    def __init__(
        self,
        parts: CoreParts,
        recovery: RecoveryTask,
        reload: Callable[[str, Callable[[UnitOfWork], None]], Awaitable[answers.Reloaded]],
    ) -> None:
        """`reload`: see `Reloading.reload`."""
        self._store = parts.store
        self._clock = parts.clock
        self._brand = parts.brand
        self._files = parts.pictures
        self._providers = parts.providers
        self._recovery = recovery
        self._reload_for = reload
        self._reads = RecordedReads()
        self._forgetting = Forgetting(parts)
        self.handlers: dict[type, Handler] = {
            requests.GetPicture: self._picture,
            requests.PutPicture: self._put_picture,
            administration.ReleaseHook: self._release,
            administration.Recover: self._recover,
            administration.Reload: self._reload,
            administration.Forget: self._forget,
            contacts.StageContacts: self._stage_contacts,
        }

    async def answer(
        self, request: frames.RequestFrame, person: Principal, bounds: AgentBounds, size: int
    ) -> frames.AnswerFrame | frames.Refusal:
        """`size`: of the request's frame, which counts for the agent's bounds."""
        try:
            body = await self._answer(request, person, bounds, size)
        except Refused as no:
            await self._note_refusal(request.body, no, person)
            if no.details.get("cause") == IndexTrouble.DAMAGED:
                await self._give_up_index()
            newer = [views.message_view(message, self._brand.current.masking) for message in no.messages]
            return frames.Refusal(id=request.id, code=no.code, words=no.words, details=no.details, messages=newer)
        except CommitUnknown:
            raise  # the desk comes back and repeats the request, which then finds what was done
        except StoreUnavailable as error:
            words = f"Nothing was kept: {error} Try again."
            return frames.Refusal(id=request.id, code=RefusalCode.STORE_UNAVAILABLE, words=words)
        except OSError as error:
            words = f"Nothing was kept: {error.strerror}."
            return frames.Refusal(id=request.id, code=RefusalCode.STORE_UNAVAILABLE, words=words)
        except Exception:
            log.exception("a request could not be answered")  # of ours, never the request itself
            words = "The core could not do this; its log says why."
            return frames.Refusal(id=request.id, code=RefusalCode.FAILED, words=words)
        return frames.AnswerFrame(id=request.id, body=body)

    async def _answer(
        self, request: frames.RequestFrame, person: Principal, bounds: AgentBounds, size: int
    ) -> answers.Answer:
        body = request.body
        row = row_of(type(body))
        if isinstance(row, QuestionRow):
            bounds.ask(size, limits.SEARCH_REQUESTS if isinstance(body, requests.Search) else 1)
        else:
            # It waits. A refusal says that nothing was done, and this may be the repeat of what was done.
            await asyncio.sleep(bounds.pace(size))
        now = self._clock.now()
        if isinstance(row, CommandRow):
            too_many = bounds.write_note() if isinstance(body, requests.WriteNote) else None
            command = in_unit_of_work(
                self._brand,
                now,
                execute,
                person.agent,
                request.id,
                body,
                too_many,
                is_administrator=person.is_administrator,
                token=person.token,
            )
            return await self._store.write(command)

        def read(reading: Reading) -> tuple[Any, list[AuditNote]]:
            return ask(
                reading,
                self._brand.current,
                now,
                person.agent,
                body,
                is_administrator=person.is_administrator,
                token=person.token,
            )

        found, notes = await self._store.read(read)
        if not isinstance(row, QuestionRow):
            found = await self.handlers[row.request](body, found, person, bounds)
        await self._record(person.agent, notes, now)
        return cast(answers.Answer, found)

    async def _give_up_index(self) -> None:
        """A question has found the index for search damaged: from now on it counts as such."""
        with suppress(StoreUnavailable):  # the next question finds the same
            await self._store.write(in_unit_of_work(self._brand, self._clock.now(), indexing.give_up))

    async def _record(self, agent: str, notes: Sequence[AuditNote], now: int) -> None:
        """Record what an answer shows before it is sent: what is not recorded is not shown. Raises StoreUnavailable."""
        if unrecorded := self._reads.without_known(agent, notes, now):
            await self._store.write(in_unit_of_work(self._brand, now, record_notes, agent, unrecorded))
            self._reads.recorded(agent, unrecorded, now)

    async def _note_refusal(self, body: requests.Request, no: Refused, person: Principal) -> None:
        """Record what only leads or administrators may ask, and who asked it and may not: once an hour."""
        is_override = isinstance(body, requests.Reply | requests.Resend | requests.Start) and body.override
        if no.code == RefusalCode.NOT_ALLOWED and (is_override or row_of(type(body)).needs.role is not Role.AGENT):
            asked = str(type(body).__struct_config__.tag)
            note = AuditNote(AuditAction.REQUEST_REFUSED, details={"request": asked}, is_hourly=True)
            with suppress(StoreUnavailable):  # it is refused all the same
                await self._record(person.agent, [note], self._clock.now())

    def _admit(self, uow: UnitOfWork, body: requests.Request, person: Principal) -> None:
        """Raises Refused where they may not ask this any more."""
        admit(uow, person.agent, body, is_administrator=person.is_administrator, token=person.token)

    async def _write(self, body: requests.Request, person: Principal, use_case: Callable[[UnitOfWork], T]) -> T:
        """With the rights of its asker read anew in its transaction."""

        def admitted(uow: UnitOfWork) -> T:
            self._admit(uow, body, person)
            return use_case(uow)

        return await self._store.write(in_unit_of_work(self._brand, self._clock.now(), admitted))

    async def _picture(
        self, body: requests.GetPicture, media: Media, person: Principal, bounds: AgentBounds
    ) -> answers.Picture:
        data = await asyncio.to_thread(self._files.read, media.digest or "")
        if data is None:
            raise Refused(RefusalCode.UNKNOWN_PICTURE, "The picture's file is gone from the core's data directory.")
        return answers.Picture(media.content_type, data)

    async def _put_picture(
        self, body: requests.PutPicture, found: None, person: Principal, bounds: AgentBounds
    ) -> answers.PictureStored:
        content_type = content_types.sniff(body.data)
        words = content_types.rejection(body.data)
        if words is not None or content_type is None or not content_types.is_picture(content_type):
            raise Refused(RefusalCode.BAD_PICTURE, words or "This is no picture (JPEG, PNG, GIF or WebP).")
        bounds.upload(len(body.data))
        digest = await asyncio.to_thread(self._files.save, body.data)
        stored = pictures.StoredPicture(digest, len(body.data), content_type)
        return await self._write(body, person, lambda uow: pictures.upload(uow, person.agent, stored))

    async def _recover(
        self, body: administration.Recover, found: None, person: Principal, bounds: AgentBounds
    ) -> answers.Recovered:
        try:
            recovered = await self._recovery.recover_now(
                body.account, body.since, lambda uow: self._admit(uow, body, person)
            )
        except Refused as no:
            if stored := no.details.get("taken_in"):
                await self._record_recovered(body, person, int(stored))
            raise
        await self._record_recovered(body, person, recovered.taken_in)
        return recovered

    async def _record_recovered(self, body: administration.Recover, person: Principal, taken_in: int) -> None:
        details: dict[str, str | int | list[str]] = {"since": body.since, "taken_in": taken_in}
        note = AuditNote(AuditAction.RECOVERED, body.account, details=details)
        await self._record(person.agent, [note], self._clock.now())

    async def _reload(
        self, body: administration.Reload, found: None, person: Principal, bounds: AgentBounds
    ) -> answers.Reloaded:
        return await self._reload_for(person.agent, lambda uow: self._admit(uow, body, person))

    async def _forget(
        self, body: administration.Forget, found: Person, person: Principal, bounds: AgentBounds
    ) -> answers.Forgotten:
        async def begin() -> Drawn:
            return await self._write(body, person, lambda uow: forget.begin(uow, person.agent, found))

        return await self._forgetting.answer(body, found, person.agent, begin)

    async def _stage_contacts(
        self, body: contacts.StageContacts, found: Checked, person: Principal, bounds: AgentBounds
    ) -> answers.ContactsStaged:
        return await self._write(body, person, lambda uow: imports.stage(uow, person.agent, body.import_id, found))

    async def _release(
        self, body: administration.ReleaseHook, hook: RawHook, person: Principal, bounds: AgentBounds
    ) -> answers.Done:
        provider = self._providers.current.get(hook.account)
        if provider is None:
            raise Refused(RefusalCode.BAD_REQUEST, f"There is no account {hook.account} to process it for.")
        try:
            arrivals = provider.read(as_it_came(hook, provider.settings.public_url))
        except Unreadable as error:
            raise Refused(RefusalCode.BAD_REQUEST, f"It cannot be read: {error}") from None
        await self._write(body, person, lambda uow: quarantine.release(uow, person.agent, hook, arrivals))
        return answers.Done()
