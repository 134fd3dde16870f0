"""Authentication of desks: by OS user over the Unix socket, by token over TCP."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress
from functools import partial

from connector.base import agent_token
from connector.base.live import Live
from connector.base.trusted_files import peer_uid, user_name
from connector.domain.refusals import Refused
from connector.edge.desks.connection import DeskConnection
from connector.edge.desks.sign_in_delays import SignInDelays
from connector.edge.desks.sign_in_records import WRONG_TOKEN
from connector.services.agents.admission import Principal, by_os_user, by_token
from connector.services.settings import BrandSettings
from connector.store.ports import Store
from connector.wire import frames

log = logging.getLogger(__name__)

_WRONG = "The token is not one of this core's."
_TOO_MANY = (
    "Too many wrong tokens from your address, and yours might be guessed: try again in a minute,"
    " or with one of `textdesk agent token`."
)
# Strangers' tokens are looked up one at a time: however many try wrong ones, the store's other readers stay free, and
# each is counted before the next one is looked at.
_LOOK_UPS = 1


class SignInRefused(Exception):
    """The desk may not sign in. The text says why and goes to the desk, with a close code of `frames`.

    `agent`: the one they would be, or asked for; blank where that is not known; `way`: the token or OS user.
    """

    def __init__(self, words: str, code: int = frames.CLOSE_NOT_SIGNED_IN, *, agent: str = "", way: str = "") -> None:
        super().__init__(words)
        self.code = code
        self.agent = agent
        self.way = way


class Authenticator:
    """Agents and tokens are those of the store.

    The OS user that runs the core, and root, are administrators, and may sign in under any name, unless `has_team`:
    then every user of this host is an ordinary agent of their own, on every socket.
    """

    def __init__(
        self, store: Store, brand: Live[BrandSettings], delays: SignInDelays, *, has_team: bool = False
    ) -> None:
        self._store = store
        self._brand = brand
        self._has_team = has_team
        self._delays = delays
        self._look_ups = asyncio.Semaphore(_LOOK_UPS)

    async def identify(self, connection: DeskConnection, sign_in: frames.SignIn) -> Principal:
        """Raises SignInRefused. Over TCP it may take some seconds, when the source has tried wrong tokens before and
        this one is of a form that can be guessed."""
        uid = peer_uid(connection.transport.get_extra_info("socket"))
        if uid is None:
            return await self._by_token(connection, sign_in)
        name = await asyncio.to_thread(user_name, uid)
        find = partial(
            by_os_user,
            user=name,
            asked=sign_in.agent,
            is_administrator=uid in (0, os.getuid()) and not self._has_team,
            capacity=self._brand.current.capacity,
        )
        try:
            return await self._store.read(find)
        except Refused as no:
            agent = str(no.details.get("agent", ""))
            raise SignInRefused(no.words, agent=agent, way=f"OS user {name}") from None

    async def _by_token(self, connection: DeskConnection, sign_in: frames.SignIn) -> Principal:
        token, source = sign_in.token, connection.source or ""
        if not token:
            raise SignInRefused("A desk over TCP needs its agent's token: give --token-file FILE.")
        given = agent_token.digest(token)
        # Trying a token again is no new guess; and it may have become one of ours since.
        was_wrong = self._delays.was_wrong(source, given)
        async with self._look_ups:
            # An issued token has 190 bits: no number of guesses finds one, and looking at it costs less than its
            # connection does. So it is never delayed, whatever others behind its address try.
            is_free = was_wrong or agent_token.cannot_be_guessed(token)
            wait_s = 0.0 if is_free else self._delays.reserve(source)
            if wait_s is None:
                raise SignInRefused(_TOO_MANY, frames.CLOSE_TOO_MANY)
            if not wait_s:
                return await self._look_up(given, sign_in.agent, source, is_guess=not was_wrong)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await connection.wait_closed()
                raise SignInRefused("The desk has closed the connection.")
        async with self._look_ups:
            return await self._look_up(given, sign_in.agent, source, is_guess=True)

    async def _look_up(self, given: str, asked: str | None, source: str, *, is_guess: bool) -> Principal:
        """`is_guess`: whether this source has not tried it of late. Raises SignInRefused."""
        # What is compared is the digest, by an index: the time it takes says nothing of any token.
        try:
            found = await self._store.read(partial(by_token, digest=given, asked=asked, source=source))
        except Refused as no:
            way = f"token {agent_token.id_of(given)}"
            raise SignInRefused(no.words, agent=str(no.details.get("agent", "")), way=way) from None
        if found is None:
            if is_guess:
                count = self._delays.failed(source, given)
                log.warning("a desk at %s gave a wrong token; wrong ones from there of late: %d", source, count)
            raise SignInRefused(_WRONG, agent=asked or "", way=WRONG_TOKEN)
        return found
