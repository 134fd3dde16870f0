"""Handling of one hook: a 2xx leaves only after what it says is committed and on disk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from aiohttp import web

from connector.base.redaction import redacted_url
from connector.edge.hooks.body import BodyBroken, BodyTooLong, read_body
from connector.edge.hooks.rate_limit import RateLimit
from connector.edge.parts import CoreParts
from connector.providers.values import Hook, HookAnswer, NotGenuine, Unreadable
from connector.services.accounts.stored_hooks import set_aside, stored_headers
from connector.services.conversations import inbound
from connector.services.unit_of_work import in_unit_of_work
from connector.sms.storable import storable
from connector.sms.text import one_line
from connector.store.hook_budgets import Standing
from connector.store.ports import StoreUnavailable
from connector.store.values import HookState, RawHook

log = logging.getLogger(__name__)

# Providers give up after 15 s (Twilio, "Webhook connection overrides"), so a later answer is not read.
_TIME_LIMIT_S = 12
_MAX_NAME = 200


class HookHandler:
    def __init__(self, parts: CoreParts, failures: RateLimit, request_recovery: Callable[[str], None]) -> None:
        """`failures` limits the log lines about hooks that could not be taken or read."""
        accounts = parts.config.accounts
        self._store = parts.store
        self._clock = parts.clock
        self._ids = parts.brand.ids
        self._brand = parts.brand
        self._providers = {
            (accounts[account].provider, account): provider for account, provider in parts.providers.items()
        }
        self._signature_headers = frozenset().union(*(one.signature_headers for one in parts.providers.values()))
        self._public_urls = {account: settings.public_url for account, settings in accounts.items()}
        self._watched = {account for account, settings in accounts.items() if settings.signatures == "watch"}
        self._request_recovery = request_recovery
        self._failures = failures
        # So many hooks without proof are stored in a minute; all of them are refused.
        self._unproven = RateLimit(log, "hooks without proof", parts.clock)

    async def handle(self, request: web.Request) -> web.Response:
        account = request.match_info["account"]
        try:
            async with asyncio.timeout(_TIME_LIMIT_S):
                answer = await self._answer(request)
        except (StoreUnavailable, TimeoutError) as error:
            if self._failures.allows_one():
                log.error("hook of %s not taken: %s", one_line(account, 40), error or "no answer in time")
            self._request_recovery(account)
            answer = HookAnswer(status=503)
        return web.Response(status=answer.status, text=answer.body, content_type=answer.content_type)

    async def _answer(self, request: web.Request) -> HookAnswer:
        try:
            raw = self._raw(request, await read_body(request))
        except BodyTooLong as error:
            await self._quarantine(self._raw(request, error.start), HookState.UNREADABLE, str(error), Standing.UNPROVEN)
            return HookAnswer(status=413)
        except BodyBroken as error:
            if self._failures.allows_one():
                log.warning("hook of %s not read: %s", one_line(request.match_info["account"], 40), error)
            return HookAnswer(status=400)
        if request.method not in ("POST", "GET"):
            reason = f"called with {one_line(request.method, 20)}; POST is read, and of some companies GET"
            await self._quarantine(raw, HookState.UNREADABLE, reason, Standing.UNPROVEN)
            return HookAnswer(status=405)
        return await self._take(request, raw)

    def _raw(self, request: web.Request, body: bytes) -> RawHook:
        account = request.match_info["account"]
        return RawHook(
            id=self._ids.new(),
            at=self._clock.now(),
            account=storable(account)[:_MAX_NAME],
            path=storable(request.path)[:_MAX_NAME],
            url=redacted_url(storable(self._url(request))),
            headers=stored_headers(request.method, request.headers.items(), self._signature_headers),
            body=body,
            state=HookState.TAKEN,
        )

    def _url(self, request: web.Request) -> str:
        """The URL that the provider requested and signed. Headers that a proxy adds are not trusted for it."""
        return self._public_urls.get(request.match_info["account"], "").rstrip("/") + request.path_qs

    async def _take(self, request: web.Request, raw: RawHook) -> HookAnswer:
        match = request.match_info
        account = match["account"]
        provider = self._providers.get((match["provider"], account))
        if provider is None:
            await self._quarantine(raw, HookState.UNROUTABLE, "there is no such account", Standing.UNKNOWN)
            return HookAnswer(status=404)
        headers = {key.lower(): value for key, value in request.headers.items()}
        hook = Hook(match["kind"], request.method, self._url(request), headers, raw.body)
        try:
            provider.authenticate(hook)
        except NotGenuine as error:
            has_signature = any(hook.headers.get(name) for name in provider.signature_headers)
            standing = Standing.LIKELY if has_signature else Standing.UNPROVEN
            if account not in self._watched:
                await self._quarantine(raw, HookState.REFUSED, str(error), standing)
                return HookAnswer(status=403)
            raw = set_aside(raw, HookState.WATCHED, str(error), standing)
        try:
            arrivals = provider.read(hook)
        except Unreadable as error:
            standing = Standing.GENUINE if raw.state is HookState.TAKEN else Standing.UNPROVEN
            await self._quarantine(raw, HookState.UNREADABLE, str(error), standing)
            return HookAnswer(status=400)
        await self._store.write(in_unit_of_work(self._brand, raw.at, inbound.take_hook, raw, arrivals))
        return provider.answer()

    async def _quarantine(self, raw: RawHook, state: HookState, reason: str, standing: Standing) -> None:
        """Store a hook that becomes no message, unless too many without proof were stored in this minute."""
        if raw.account not in self._public_urls:
            standing = Standing.UNKNOWN  # whatever names are made up, they have one budget
        if standing is not Standing.GENUINE and not self._unproven.allows_one():
            return
        log.warning("hook of %s quarantined as %s: %s", one_line(raw.account, 40), state, one_line(reason, 200))
        stored = set_aside(raw, state, reason, standing)
        is_counted = standing is not Standing.UNKNOWN
        await self._store.write(lambda tx: tx.hooks.add(stored, is_counted=is_counted))
