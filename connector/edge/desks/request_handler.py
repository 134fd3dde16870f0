"""Answers to desks' requests: checks who may ask, and gives each what it needs of store, files and providers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from connector.domain.agent import Role
from connector.domain.refusals import Refused
from connector.edge.background.recovery import RecoveryTask
from connector.edge.desks.bounds import AgentBounds
from connector.edge.desks.identity import Principal
from connector.edge.parts import CoreParts
from connector.pictures import content_types
from connector.providers.values import Unreadable
from connector.services import pictures, views
from connector.services.accounts import quarantine
from connector.services.accounts.stored_hooks import as_it_came
from connector.services.query import Query
from connector.services.request_table import CommandRow, QuestionRow, execute, row_of
from connector.services.unit_of_work import in_unit_of_work
from connector.store.ports import CommitUnknown, Reading, StoreUnavailable
from connector.wire import answers, frames, requests
from connector.wire.refusals import RefusalCode

log = logging.getLogger(__name__)

Handler = Callable[[Any, str, AgentBounds], Awaitable[answers.Answer]]  # of a request, the agent, and their bounds


class RequestHandler:
    def __init__(self, parts: CoreParts, recovery: RecoveryTask) -> None:
        self._store = parts.store
        self._clock = parts.clock
        self._brand = parts.brand
        self._files = parts.pictures
        self._providers = parts.providers
        self._recovery = recovery
        self.handlers: dict[type, Handler] = {
            requests.GetPicture: self._picture,
            requests.PutPicture: self._put_picture,
            requests.ReleaseHook: self._release,
            requests.Recover: self._recover,
        }

    async def answer(
        self, request: frames.RequestFrame, person: Principal, bounds: AgentBounds, size: int
    ) -> frames.AnswerFrame | frames.Refusal:
        """`size`: of the request's frame, which counts for the agent's bounds."""
        try:
            body = await self._answer(request, person, bounds, size)
        except Refused as no:
            newer = [views.message_view(message) for message in no.messages]
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
            bounds.ask(size)
        else:
            # It waits. A refusal says that nothing was done, and this may be the repeat of what was done.
            await asyncio.sleep(bounds.pace(size))
        row.require(_role(person))
        now = self._clock.now()
        if isinstance(row, QuestionRow):
            answer = row.answer

            def read(reading: Reading) -> answers.Answer:
                return answer(Query(reading, self._brand.current, now), body)

            return await self._store.read(read)
        if isinstance(row, CommandRow):
            too_many = bounds.write_note() if isinstance(body, requests.WriteNote) else None
            command = in_unit_of_work(self._brand, now, execute, person.agent, request.id, body, too_many)
            return await self._store.write(command)
        return await self.handlers[row.request](body, person.agent, bounds)

    async def _picture(self, body: requests.GetPicture, agent: str, bounds: AgentBounds) -> answers.Picture:
        media = await self._store.read(partial(pictures.stored_media, picture_id=body.picture_id))
        data = await asyncio.to_thread(self._files.read, media.digest or "")
        if data is None:
            raise Refused(RefusalCode.UNKNOWN_PICTURE, "The picture's file is gone from the core's data directory.")
        return answers.Picture(media.content_type, data)

    async def _put_picture(self, body: requests.PutPicture, agent: str, bounds: AgentBounds) -> answers.PictureStored:
        content_type = content_types.sniff(body.data)
        words = content_types.rejection(body.data)
        if words is not None or content_type is None or not content_types.is_picture(content_type):
            raise Refused(RefusalCode.BAD_PICTURE, words or "This is no picture (JPEG, PNG, GIF or WebP).")
        bounds.upload(len(body.data))
        digest = await asyncio.to_thread(self._files.save, body.data)
        stored = pictures.StoredPicture(digest, len(body.data), content_type)
        return await self._store.write(in_unit_of_work(self._brand, self._clock.now(), pictures.upload, agent, stored))

    async def _recover(self, body: requests.Recover, agent: str, bounds: AgentBounds) -> answers.Recovered:
        return await self._recovery.recover_now(body.account, body.since)

    async def _release(self, body: requests.ReleaseHook, agent: str, bounds: AgentBounds) -> answers.Done:
        found = await self._store.read(lambda reading: reading.hook(body.hook_id))
        hook = quarantine.require_releasable(found)
        provider = self._providers.current.get(hook.account)
        if provider is None:
            raise Refused(RefusalCode.BAD_REQUEST, f"There is no account {hook.account} to process it for.")
        try:
            arrivals = provider.read(as_it_came(hook, provider.settings.public_url))
        except Unreadable as error:
            raise Refused(RefusalCode.BAD_REQUEST, f"It cannot be read: {error}") from None
        await self._store.write(
            in_unit_of_work(self._brand, self._clock.now(), quarantine.release, agent, hook, arrivals)
        )
        return answers.Done()


def _role(person: Principal) -> Role:
    if person.is_administrator:
        return Role.ADMINISTRATOR
    return Role.LEAD if person.is_lead else Role.AGENT
