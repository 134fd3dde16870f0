"""The door vendors knock at. A 2xx leaves only after what was said is committed and on disk."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping, Set
from functools import partial

from aiohttp import web
from msgspec.structs import replace

from connector.base.clock import Clock
from connector.base.ids import Ids
from connector.edge.hooks.body import BrokenOff, TooLong, whole_body
from connector.edge.hooks.loopback import is_near
from connector.edge.hooks.rate_limit import RateLimit, ServerLog
from connector.pictures.files import PictureFiles
from connector.pictures.serve import answer_headers
from connector.providers.base import Provider
from connector.providers.values import Hook, HookAnswer, NotGenuine, Unreadable
from connector.services.accounts.quarantine import KEPT_BODY
from connector.services.conversations.inbound import Inbound
from connector.sms.storable import storable
from connector.sms.text import one_line
from connector.store.ports import Store, StoreUnavailable
from connector.store.values import METHOD, HookState, RawHook

log = logging.getLogger(__name__)

# Vendors give up after 15 s (Twilio, "Webhook connection overrides"); an answer later than that says nothing.
_TIME_LIMIT_S = 12
# A call by GET has the whole text in its address, percent-encoded.
LONGEST_ADDRESS = 64 * 1024
# What proves a caller is not kept: passwords in headers, and the key that stands in for one in an address.
_KEY = re.compile(r"([?&]key=)[^&]*")
_LONGEST_NAME = 200
_NOT_KEPT = frozenset({"authorization", "cookie", "proxy-authorization"})

Health = Callable[[], Mapping[str, object]]


class HookServer:
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
        # Anybody on the internet can send calls that are not genuine. So many a minute are kept; all are refused.
        self._room = RateLimit(log, "calls that prove nothing", clock)
        self._trouble = RateLimit(log, "calls that were not taken or broke off", clock)
        self.server_log = ServerLog(log, self._trouble)
        """For the server that runs the application."""

    def application(self, health: Health) -> web.Application:
        """`health` gives status, reasons and store; strangers are not told the reasons."""

        async def hook(request: web.Request) -> web.Response:
            return await self._respond(request)

        async def healthy(request: web.Request) -> web.Response:
            said = health()
            told = said if is_near(request.remote, request.headers) else {key: said[key] for key in ("status", "store")}
            return web.json_response(told)

        app = web.Application()
        app.router.add_route("*", "/hooks/{provider}/{account}/{kind}", hook)
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
        account = request.match_info["account"]
        try:
            async with asyncio.timeout(_TIME_LIMIT_S):
                answer = await self._answer(request)
        except (StoreUnavailable, TimeoutError) as error:
            if self._trouble.has_one():
                log.error("hook of %s not taken: %s", one_line(account, 40), error or "no answer in time")
            self._missed(account)
            answer = HookAnswer(status=503)
        return web.Response(status=answer.status, text=answer.body, content_type=answer.content_type)

    async def _answer(self, request: web.Request) -> HookAnswer:
        try:
            raw = self._raw(request, await whole_body(request))
        except TooLong as error:
            await self._quarantine(self._raw(request, error.start), HookState.UNREADABLE, str(error), is_proven=False)
            return HookAnswer(status=413)
        except BrokenOff as error:
            if self._trouble.has_one():
                log.warning("hook of %s not read: %s", one_line(request.match_info["account"], 40), error)
            return HookAnswer(status=400)
        if request.method not in ("POST", "GET"):
            reason = f"called with {one_line(request.method, 20)}; POST is read, and of some companies GET"
            await self._quarantine(raw, HookState.UNREADABLE, reason, is_proven=False)
            return HookAnswer(status=405)
        return await self._take(request, raw)

    def _raw(self, request: web.Request, body: bytes) -> RawHook:
        account = request.match_info["account"]
        headers = {key.lower(): value for key, value in request.headers.items() if key.lower() not in _NOT_KEPT}
        if request.method != "POST":
            headers[METHOD] = request.method
        return RawHook(
            id=self._ids.new(),
            at=self._clock.now(),
            account=storable(account)[:_LONGEST_NAME],
            path=storable(request.path)[:_LONGEST_NAME],
            url=_KEY.sub(r"\1•••", storable(self._url(request))),
            headers={storable(key): storable(value) for key, value in headers.items()},
            body=body,
            state=HookState.TAKEN,
        )

    def _url(self, request: web.Request) -> str:
        """Signatures cover the address the vendor called; what a proxy says of it is nobody's proof."""
        return self._public_urls.get(request.match_info["account"], "").rstrip("/") + request.path_qs

    async def _take(self, request: web.Request, raw: RawHook) -> HookAnswer:
        where = request.match_info
        account = where["account"]
        provider = self._providers.get((where["provider"], account))
        if provider is None:
            await self._quarantine(raw, HookState.UNROUTABLE, "there is no such account", is_proven=False)
            return HookAnswer(status=404)
        headers = {key.lower(): value for key, value in request.headers.items()}
        hook = Hook(where["kind"], request.method, self._url(request), headers, raw.body)
        try:
            provider.authenticate(hook)
        except NotGenuine as error:
            if account not in self._watching:
                await self._quarantine(raw, HookState.REFUSED, str(error), is_proven=False)
                return HookAnswer(status=403)
            raw = replace(raw, state=HookState.WATCHED, reason=str(error))
        try:
            arrivals = provider.read(hook)
        except Unreadable as error:
            await self._quarantine(raw, HookState.UNREADABLE, str(error), is_proven=raw.state is HookState.TAKEN)
            return HookAnswer(status=400)
        await self._store.write(partial(self._inbound.take, hook=raw, arrivals=arrivals))
        return provider.answer()

    async def _quarantine(self, raw: RawHook, state: HookState, reason: str, *, is_proven: bool) -> None:
        """Keep a call that becomes no message, as far as there is room for it."""
        if not is_proven and not self._room.has_one():
            return
        log.warning("hook of %s kept as %s: %s", one_line(raw.account, 40), state, one_line(reason, 200))
        kept = replace(raw, body=raw.body[:KEPT_BODY], state=state, reason=storable(reason))
        await self._store.write(lambda tx: tx.hooks.add(kept))
