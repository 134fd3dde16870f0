"""Authentication of desks: by OS user over the Unix socket, by token over TCP."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import os
from collections.abc import Mapping
from contextlib import suppress

from msgspec import Struct

from connector.base.trusted_files import peer
from connector.edge.desks.connection import DeskConnection
from connector.edge.desks.sign_in_delays import SignInDelays
from connector.wire import frames, limits

log = logging.getLogger(__name__)

_WRONG = "The token is not one of this core's."


class Principal(Struct, frozen=True):
    """The agent a connection has signed in as, and what they may do."""

    agent: str
    is_administrator: bool
    is_lead: bool  # administrators are


class SignInRefused(Exception):
    """The desk may not sign in. The text says why and goes to the desk, with a close code of `frames`."""

    def __init__(self, words: str, code: int = frames.CLOSE_NOT_SIGNED_IN) -> None:
        super().__init__(words)
        self.code = code


class Authenticator:
    """`tokens`: agent id to token, for TCP. The OS user that runs the core, and root, are always administrators."""

    def __init__(
        self,
        tokens: Mapping[str, str],
        administrators: frozenset[str],
        leads: frozenset[str],
        delays: SignInDelays,
    ) -> None:
        self._digests = [(agent, _digest(token)) for agent, token in tokens.items()]
        self._administrators = administrators
        self._leads = leads
        self._delays = delays

    async def identify(self, connection: DeskConnection, sign_in: frames.SignIn) -> Principal:
        """Raises SignInRefused. Over TCP it may take some seconds, when the source has tried wrong tokens before."""
        user = peer(connection.transport.get_extra_info("socket"))
        if user is None:
            agent = await self._by_token(connection, sign_in)
            return self._person(agent, is_administrator=agent in self._administrators)
        uid, name = user
        owns_core = uid in (0, os.getuid())
        agent = name if sign_in.agent is None else sign_in.agent
        if agent != name and not owns_core:
            raise SignInRefused(f"{name} may not work under another name.")
        if not agent.isprintable() or not 1 <= len(agent) <= limits.ID_LENGTH:
            raise SignInRefused(f"An agent's name has 1 to {limits.ID_LENGTH} printable characters.")
        return self._person(agent, is_administrator=owns_core or agent in self._administrators)

    def _person(self, agent: str, *, is_administrator: bool) -> Principal:
        return Principal(agent, is_administrator, is_lead=is_administrator or agent in self._leads)

    async def _by_token(self, connection: DeskConnection, sign_in: frames.SignIn) -> str:
        token, source = sign_in.token, connection.source or ""
        if not token:
            raise SignInRefused("A desk over TCP needs its agent's token: give --token-file FILE.")
        given = _digest(token)
        if self._delays.is_known_wrong(source, given):
            raise SignInRefused(_WRONG)
        wait_s = self._delays.reserve(source)
        if wait_s is None:
            words = "Too many wrong tokens from your address: try again in a minute."
            raise SignInRefused(words, frames.CLOSE_TOO_MANY)
        if wait_s:
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await connection.wait_closed()
                    raise SignInRefused("The desk has closed the connection.")
        # Every token is compared, and as a digest: the time says nothing of which agent, length or beginning is right.
        found = [
            agent
            for agent, digest in self._digests
            if hmac.compare_digest(digest, given) and sign_in.agent in (None, agent)
        ]
        if len(found) != 1:
            count = self._delays.failed(source, given)
            log.warning("a desk at %s gave a wrong token; wrong ones from there of late: %d", source, count)
            raise SignInRefused(_WRONG)
        return found[0]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
