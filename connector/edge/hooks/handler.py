"""Handling of one hook: a 2xx leaves only after what it says is committed and on disk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from connector.base.redaction import redacted_url
from connector.edge.hooks.http import HttpAnswer, HttpRequest
from connector.edge.hooks.routes import HookRoute, HookRoutes
from connector.edge.hooks.source import source_of
from connector.edge.hooks.unproven import UnprovenBudget
from connector.edge.parts import CoreParts
from connector.providers.values import Hook, NotGenuine, Unreadable
from connector.services.accounts.stored_hooks import set_aside, stored_headers
from connector.services.conversations import inbound
from connector.services.unit_of_work import in_unit_of_work
from connector.sms.storable import storable
from connector.sms.text import one_line
from connector.store.hook_budgets import Standing
from connector.store.ports import StoreUnavailable
from connector.store.values import HookState, RawHook

log = logging.getLogger(__name__)

_MAX_NAME = 200
# What is read of a hook of no account, or without anything that could prove it.
_STRANGERS_BODY = 16 * 1024
# In an address; a text with ten pictures has some 45. To split many costs more than to read the rest of a hook.
_MOST_PARAMETERS = 200
_ENCODED = "its body is encoded (Content-Encoding), and providers send none that is"
_AGAIN = (("Retry-After", "5"),)


class HookAddress(Struct, frozen=True):
    """What the path of a hook names, by `routes`. `route` is None where there is no such account."""

    provider: str
    account: str
    kind: str
    routes: HookRoutes
    route: HookRoute | None


class HookHandler:
    def __init__(self, parts: CoreParts, budget: UnprovenBudget, request_recovery: Callable[[str], None]) -> None:
        self._store = parts.store
        self._clock = parts.clock
        self._ids = parts.brand.current.ids
        self._brand = parts.brand
        self._providers = parts.providers
        self._latest_routes = HookRoutes(parts.providers.current)
        self._request_recovery = request_recovery
        self._budget = budget

    def body_limit(self, request: HttpRequest) -> int:
        """See `HttpApplication`: nothing is read of what is refused for its header alone."""
        request.route = address = self._address(request)
        if address is None or _is_encoded(request) or request.method not in ("POST", "GET"):
            return 0
        route = address.route
        if route is None or not (route.is_watched or _carries_proof(route, request)):
            return _STRANGERS_BODY
        provider = route.provider
        if provider.hook_bytes_with_pictures and request.headers.get("content-type", "").startswith("multipart/"):
            return self._limit_with_pictures(request, address.kind, route)
        return provider.hook_bytes

    def _limit_with_pictures(self, request: HttpRequest, kind: str, route: HookRoute) -> int:
        """For a hook whose header alone proves it: no other may have so much."""
        url = route.public_url + request.target
        try:
            route.provider.authenticate(Hook(kind, request.method, url, request.headers, b""))
        except NotGenuine:
            return route.provider.hook_bytes
        return route.provider.hook_bytes_with_pictures

    async def answer(self, request: HttpRequest) -> HttpAnswer:
        address = request.route
        if not isinstance(address, HookAddress):
            return HttpAnswer(404, closes=True)
        if address.routes is not (routes := self._routes()):  # the accounts have changed since its header came
            route = routes.find(address.provider, address.account)
            address = replace(address, routes=routes, route=route)
        try:
            return await self._answer(request, address)
        except StoreUnavailable as error:
            return self._not_taken(address, str(error))
        except asyncio.CancelledError:  # the server's time limit
            return self._not_taken(address, "no answer in time")

    def broke_off(self, request: HttpRequest) -> None:
        """Log a hook whose body did not arrive whole."""
        address = request.route
        if isinstance(address, HookAddress):
            log.warning("hook of %s not read: the connection closed before its end", one_line(address.account, 40))

    def _not_taken(self, address: HookAddress, why: str) -> HttpAnswer:
        log.error("hook of %s not taken: %s", one_line(address.account, 40), why)
        self._request_recovery(address.account)
        return HttpAnswer(503)

    def _address(self, request: HttpRequest) -> HookAddress | None:
        # With two slashes where the address at the provider was put together from one that ends in a slash.
        parts = request.path.removeprefix("/" if request.path.startswith("//hooks/") else "").split("/")
        if len(parts) != 5 or parts[0] or parts[1] != "hooks" or not (parts[2] and parts[3] and parts[4]):
            return None
        name, account, kind = (unquote(part) for part in parts[2:]) if "%" in request.path else parts[2:]
        routes = self._routes()
        return HookAddress(name, account, kind, routes, routes.find(name, account))

    def _routes(self) -> HookRoutes:
        """Those of the current accounts."""
        if self._latest_routes.providers is not self._providers.current:
            self._latest_routes = HookRoutes(self._providers.current)
        return self._latest_routes

    async def _answer(self, request: HttpRequest, address: HookAddress) -> HttpAnswer:
        route = address.route
        if request.method not in ("POST", "GET"):
            reason = f"called with {one_line(request.method, 20)}; POST is read, and of some companies GET"
            return await self._quarantine(request, address, HookState.UNREADABLE, reason, 405)
        if _is_encoded(request):
            return await self._quarantine(request, address, HookState.UNREADABLE, _ENCODED, 415)
        if route is None:
            reason = address.routes.why_not(address.account)
            return await self._quarantine(request, address, HookState.UNROUTABLE, reason, 404)
        if request.target.count("&") >= _MOST_PARAMETERS:
            reason = f"its address has more than {_MOST_PARAMETERS} parameters"
            return await self._quarantine(request, address, HookState.UNREADABLE, reason, 400)
        if request.is_cut:
            reason = f"longer than {self.body_limit(request) // 1024:,} KB"
            return await self._quarantine(request, address, HookState.UNREADABLE, reason, 413)
        return await self._take(request, address, route)

    async def _take(self, request: HttpRequest, address: HookAddress, route: HookRoute) -> HttpAnswer:
        account, provider = address.account, route.provider
        url = route.public_url + request.target
        hook = Hook(address.kind, request.method, url, request.headers, request.body)
        size = len(request.target) + len(request.body)
        source, check = "", None
        if not request.is_trusted:  # a wrong proof ends the trust with the connection
            source = source_of(request.peer, request.headers)
            check = self._budget.check(account, source, size)
            if check is None:
                if _carries_proof(route, request) and self._budget.allows_recovery(account):
                    self._request_recovery(account)  # not every provider offers again what was refused
                return HttpAnswer(503, headers=_AGAIN, closes=True)
        raw = self._raw(request, address)
        try:
            provider.authenticate(hook)
        except NotGenuine as error:
            if check is not None:
                check.failed()
            standing = self._standing(request, address)
            if not route.is_watched:
                return await self._quarantine(request, address, HookState.REFUSED, str(error), 403, standing)
            if not self._budget.allows_watched(account, size):
                return HttpAnswer(503, headers=_AGAIN, closes=True)
            raw = set_aside(raw, HookState.WATCHED, str(error), standing)
        is_proven = raw.state is HookState.TAKEN
        if is_proven and source:
            self._budget.remember(source)
        try:
            arrivals = provider.read(hook)
            if not arrivals:
                raise Unreadable("nothing could be read in it")
        except Unreadable as error:
            standing = Standing.GENUINE if is_proven else Standing.UNPROVEN
            return await self._quarantine(request, address, HookState.UNREADABLE, str(error), 400, standing)
        taken = await self._store.write(in_unit_of_work(self._brand, raw.at, inbound.take_hook, raw, arrivals))
        if taken.unroutable:
            reason = f"{taken.unroutable} is not one of its numbers"
            _log_quarantined(request, account, HookState.UNROUTABLE, reason, is_proven=is_proven)
        elif taken.untaken is not None and taken.untaken.may_hide_text:
            _log_quarantined(request, account, HookState.UNREADABLE, taken.untaken.reason, is_proven=is_proven)
        elif not is_proven:
            words = "a hook of %s is taken without proof, as signatures are only watched: %s"
            log.warning(words, account, one_line(raw.reason, 200))
        expected = provider.answer()
        headers = (("Content-Type", f"{expected.content_type}; charset=utf-8"),)
        return HttpAnswer(expected.status, expected.body.encode(), headers, is_proven=is_proven)

    async def _quarantine(
        self,
        request: HttpRequest,
        address: HookAddress,
        state: HookState,
        reason: str,
        status: int,
        standing: Standing = Standing.UNPROVEN,
    ) -> HttpAnswer:
        """Store a hook that becomes no message, unless too many of its standing were stored in this minute."""
        if address.route is None:
            standing = Standing.UNKNOWN  # whatever names are made up, they have one budget
        is_proven = standing is Standing.GENUINE
        answer = HttpAnswer(status, is_proven=is_proven, closes=not is_proven)
        if not is_proven:
            source = source_of(request.peer, request.headers)
            if not self._budget.allows_row(standing, address.account, source):
                return answer
        raw = set_aside(self._raw(request, address), state, reason, standing, is_cut=request.is_cut)
        _log_quarantined(request, raw.account, state, reason, is_proven=is_proven)
        await self._store.write(lambda tx: tx.hooks.add(raw))
        return answer

    def _standing(self, request: HttpRequest, address: HookAddress) -> Standing:
        """How likely a hook is genuine that could not be proven."""
        route = address.route
        is_likely = route is not None and _carries_proof(route, request) and _names_our_line(route, request)
        return Standing.LIKELY if is_likely else Standing.UNPROVEN

    def _raw(self, request: HttpRequest, address: HookAddress) -> RawHook:
        url = address.routes.public_url(address.account) + request.target
        return RawHook(
            id=self._ids.new(),
            at=self._clock.now(),
            account=storable(address.account)[:_MAX_NAME],
            path=storable(request.path)[:_MAX_NAME],
            url=redacted_url(storable(url)),
            headers=stored_headers(request.method, request.headers.items(), address.routes.signature_headers),
            body=request.body,
            state=HookState.TAKEN,
        )


def _carries_proof(route: HookRoute, request: HttpRequest) -> bool:
    return route.provider.carries_proof(request.headers, request.target)


def _names_our_line(route: HookRoute, request: HttpRequest) -> bool:
    """Whether one of the account's numbers stands somewhere in the hook, without decoding it."""
    text = request.body or request.target.encode(errors="replace")
    return any(line in text for line in route.lines)


def _log_quarantined(request: HttpRequest, account: str, state: HookState, reason: str, *, is_proven: bool) -> None:
    """Log it, in words of its own for a genuine one: the log bounds lines by their words, and it is no stranger's."""
    words = "hook of %s from %s quarantined as %s: %s"
    if is_proven:
        words = "a genuine hook of %s from %s is quarantined as %s: %s"
    source = source_of(request.peer, request.headers)
    log.warning(words, one_line(account, 40), source, state, one_line(reason, 200))


def _is_encoded(request: HttpRequest) -> bool:
    return request.headers.get("content-encoding", "identity").strip().lower() not in ("identity", "")
