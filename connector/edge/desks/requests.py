"""Answers to desks' requests: checks who may ask, and gives each what it needs of store, files and providers."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from connector.domain.refusals import Refused
from connector.edge.background.recovery import RecoveryTask
from connector.edge.desks.identity import Principal
from connector.edge.parts import CoreParts
from connector.pictures import content_types
from connector.providers.values import Hook, Unreadable
from connector.services import pictures, views
from connector.services import requests as desk
from connector.services.accounts import quarantine
from connector.store.ports import CommitUnknown, StoreUnavailable, Transaction
from connector.wire import answers, frames, requests
from connector.wire.refusals import RefusalCode

log = logging.getLogger(__name__)

_FOR_LEADS = (requests.TakeOver, requests.Join)
_FOR_ADMINISTRATORS = (requests.SetAccountMode, requests.GetHooks, requests.ReleaseHook, requests.Recover)


class RequestHandler:
    def __init__(self, parts: CoreParts, recovery: RecoveryTask) -> None:
        self._store = parts.store
        self._clock = parts.clock
        self._brand = parts.use_cases.brand
        self._desk = parts.use_cases.requests
        self._inbound = parts.use_cases.inbound
        self._files = parts.pictures
        self._providers = parts.providers
        self._recovery = recovery

    async def answer(self, request: frames.RequestFrame, person: Principal) -> frames.AnswerFrame | frames.Refusal:
        try:
            body = await self._answer(request, person)
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

    async def _answer(self, request: frames.RequestFrame, person: Principal) -> answers.Answer:
        body = request.body
        if isinstance(body, _FOR_ADMINISTRATORS) and not person.is_administrator:
            raise Refused(RefusalCode.NOT_ALLOWED, "This is for administrators; the configuration names them.")
        if isinstance(body, _FOR_LEADS) and not person.is_lead:
            raise Refused(RefusalCode.NOT_ALLOWED, "This is for leads; the configuration names them.")
        now = self._clock.now()
        match body:
            case (
                requests.GetHistory()
                | requests.GetHooks()
                | requests.GetTraffic()
                | requests.GetTargets()
                | requests.Explain()
                | requests.GetPresence()
            ):
                return await self._store.read(partial(desk.look_up, question=body, brand=self._brand, now=now))
            case requests.GetPicture():
                return await self._picture(body)
            case requests.PutPicture():
                return await self._put_picture(body, person.agent, now)
            case requests.Recover():
                return await self._recovery.recover_now(body.account, body.since)
            case requests.ReleaseHook():
                return await self._release(body, person.agent, now)
            case _:
                return await self._store.write(
                    partial(self._desk.carry_out, agent=person.agent, request_id=request.id, command=body, now=now)
                )

    async def _picture(self, body: requests.GetPicture) -> answers.Picture:
        media = await self._store.read(partial(pictures.kept_media, picture_id=body.picture_id))
        data = await asyncio.to_thread(self._files.read, media.digest or "")
        if data is None:
            raise Refused(RefusalCode.UNKNOWN_PICTURE, "The picture's file is gone from the core's data directory.")
        return answers.Picture(media.content_type, data)

    async def _put_picture(self, body: requests.PutPicture, agent: str, now: int) -> answers.PictureStored:
        content_type = content_types.sniff(body.data)
        words = content_types.rejection(body.data)
        if words is not None or content_type is None or not content_types.is_picture(content_type):
            raise Refused(RefusalCode.BAD_PICTURE, words or "This is no picture (JPEG, PNG, GIF or WebP).")
        digest = await asyncio.to_thread(self._files.save, body.data)
        kept = pictures.StoredPicture(digest, len(body.data), content_type)
        hand_over = partial(
            pictures.hand_over,
            upload_id=self._brand.ids.new(),
            token=self._brand.ids.secret(),
            agent=agent,
            kept=kept,
            now=now,
        )
        return await self._store.write(hand_over)

    async def _release(self, body: requests.ReleaseHook, agent: str, now: int) -> answers.Done:
        found = await self._store.read(lambda reading: reading.hook(body.hook_id))
        hook = quarantine.demand_releasable(found)
        provider = self._providers.get(hook.account)
        if provider is None:
            raise Refused(RefusalCode.BAD_REQUEST, f"There is no account {hook.account} to take it for.")
        kind = hook.path.rpartition("/")[2]
        try:
            arrivals = provider.read(Hook(kind, hook.method, hook.url, hook.headers, hook.body))
        except Unreadable as error:
            raise Refused(RefusalCode.BAD_REQUEST, f"It cannot be read: {error}") from None

        def release(tx: Transaction) -> None:
            quarantine.release(tx, self._inbound, hook, arrivals, agent, now)

        await self._store.write(release)
        return answers.Done()
