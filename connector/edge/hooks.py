"""The door vendors knock at. A 2xx leaves only after what was said is committed and on disk."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping, Set
from functools import partial

from aiohttp import web
from msgspec.structs import replace

from connector.clock import Clock
from connector.edge.nearness import is_near
from connector.ids import Ids
from connector.pictures.files import PictureFiles
from connector.pictures.serve import answer_headers
from connector.providers.base import Hook, HookAnswer, NotGenuine, Provider, Unreadable
from connector.services.inbound import Inbound
from connector.services.quarantine import KEPT_BODY
from connector.services.storable import storable
from connector.store.base import Store, StoreUnavailable
from connector.store.values import HookState, RawHook
from connector.text import one_line

log = logging.getLogger(__name__)

_BIGGEST_BODY = 1024 * 1024
# Vendors give up after 15 s (Twilio, "Webhook connection overrides"); an answer later than that says nothing.
_TIME_LIMIT_S = 12
# Anybody on the internet can send calls that are not genuine. So many a minute are kept; all are refused.
_QUARANTINE_A_MINUTE = 60
# What proves a caller is not kept: passwords in headers, and the key that stands in for one in an address.
_KEY = re.compile(r"([?&]key=)[^&]*")
_LONGEST_NAME = 200
_NOT_KEPT = frozenset({"authorization", "cookie", "proxy-authorization"})

Health = Callable[[], Mapping[str, object]]


class HookDoor:
    def __init__(
        self,
        store: Store,
        inbound: Inbound,
        providers: Mapping[tuple[str, str], Provider],
        public_urls: Mapping[str, str],
        watching: Set[str],
        files: PictureFiles,
        missed: Callable[[str], None],
        clock: Clock,
        ids: Ids,
    ) -> None:
        """`providers` by (vendor's word in the path, account); `public_urls` by account; `watching`: accounts that
        take calls without proof for now, and mark them; `missed` hears of accounts that were answered 5xx."""
        self._store = store
        self._inbound = inbound
        self._providers = providers
        self._public_urls = public_urls
        self._watching = watching
        self._files = files
        self._missed = missed
        self._clock = clock
        self._ids = ids
        self._minute = 0
        self._kept = 0

    def application(self, health: Health) -> web.Application:
        """`health` gives status, reasons and store; strangers are not told the reasons."""

        async def hook(request: web.Request) -> web.Response:
            return await self._respond(request)

        async def healthy(request: web.Request) -> web.Response:
            said = health()
            told = said if is_near(request.remote, request.headers) else {key: said[key] for key in ("status", "store")}
            return web.json_response(told)

        app = web.Application(client_max_size=_BIGGEST_BODY)
        app.router.add_post("/hooks/{provider}/{account}/{kind}", hook)
        app.router.add_get("/pictures/{token}", self._picture)
        app.router.add_get("/health", healthy)
        return app

    async def _picture(self, request: web.Request) -> web.Response:
        """A picture that an agent handed over, for the provider to fetch."""
        token = request.match_info["token"]
        upload = await self._store.read(lambda reading: reading.upload(token))
        if upload is None or upload.expires_at <= self._clock.now():
            return web.Response(status=404)
        data = await asyncio.to_thread(self._files.read, upload.digest)
        if data is None:
            return web.Response(status=404)
        return web.Response(body=data, headers=answer_headers(upload.content_type))

    async def _respond(self, request: web.Request) -> web.Response:
        where = request.match_info
        try:
            async with asyncio.timeout(_TIME_LIMIT_S):
                body = await request.read()
                answer = await self._take(where["provider"], where["account"], where["kind"], request, body)
        except (StoreUnavailable, TimeoutError) as error:
            log.error("hook of %s not taken: %s", one_line(where["account"], 40), error or "no answer in time")
            self._missed(where["account"])
            answer = HookAnswer(status=503)
        return web.Response(status=answer.status, text=answer.body, content_type=answer.content_type)

    async def _take(self, name: str, account: str, kind: str, request: web.Request, body: bytes) -> HookAnswer:
        headers = {key.lower(): value for key, value in request.headers.items()}
        # Signatures cover the address the vendor called; what a proxy says of it is nobody's proof.
        url = self._public_urls.get(account, "").rstrip("/") + request.path_qs
        raw = RawHook(
            id=self._ids.new(),
            at=self._clock.now(),
            account=storable(account)[:_LONGEST_NAME],
            path=storable(request.path)[:_LONGEST_NAME],
            url=_KEY.sub(r"\1•••", storable(url)),
            headers={storable(key): storable(value) for key, value in headers.items() if key not in _NOT_KEPT},
            body=body,
            state=HookState.TAKEN,
        )
        provider = self._providers.get((name, account))
        if provider is None:
            await self._quarantine(raw, HookState.UNROUTABLE, "there is no such account")
            return HookAnswer(status=404)
        hook = Hook(kind=kind, method=request.method, url=url, headers=headers, body=body)
        try:
            provider.authenticate(hook)
        except NotGenuine as error:
            if account not in self._watching:
                await self._quarantine(raw, HookState.REFUSED, str(error))
                return HookAnswer(status=403)
            raw = replace(raw, state=HookState.WATCHED, reason=str(error))
        try:
            arrivals = provider.read(hook)
        except Unreadable as error:
            await self._quarantine(raw, HookState.UNREADABLE, str(error))
            return HookAnswer(status=400)
        await self._store.write(partial(self._inbound.take, hook=raw, arrivals=arrivals))
        return provider.answer()

    def _has_room(self, at: int) -> bool:
        """Whether one more call that proves nothing is kept in this minute."""
        minute = at // 60_000
        if minute != self._minute:
            self._minute, self._kept = minute, 0
        self._kept += 1
        return self._kept <= _QUARANTINE_A_MINUTE

    async def _quarantine(self, raw: RawHook, state: HookState, reason: str) -> None:
        log.warning("hook of %s kept as %s: %s", one_line(raw.account, 40), state, one_line(reason, 200))
        if state is not HookState.UNREADABLE and not self._has_room(raw.at):
            return
        kept = replace(raw, body=raw.body[:KEPT_BODY], state=state, reason=storable(reason))
        await self._store.write(lambda tx: tx.hooks.add(kept))
