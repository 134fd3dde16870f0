"""The door desks come in by: a Unix socket for this host, and, if asked for, a TCP websocket with tokens."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import pwd
import socket
import struct
from collections.abc import Callable, Mapping
from functools import partial

from msgspec import Struct
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from connector.clock import Clock
from connector.domain.refusals import Refused
from connector.domain.values import Agent, Desk
from connector.edge.feed import Feed
from connector.services import desk as desk_service
from connector.services import presence, present
from connector.store.base import Reading, Store, StoreUnavailable
from connector.wire import frames, requests
from connector.wire.session import Afresh, End, Session
from connector.wire.views import AccountView, LineView

log = logging.getLogger(__name__)

_SIGN_IN_LIMIT_S = 10
_SNAPSHOT_PAGE = 500
# Conversations closed within this time are still in the list; older ones are found through their consumer.
_CLOSED_KEPT_MS = 24 * 3_600_000


class Office(Struct, frozen=True):
    """What every connection needs of the core."""

    store: Store
    clock: Clock
    feed: Feed
    requests: desk_service.DeskRequests
    agent: Callable[[str], Agent]  # as configured
    tokens: Mapping[str, str]  # agent id to token
    lines: list[LineView]
    reply_limit: int
    accounts: Callable[[], list[AccountView]]
    node: str


class NotAllowed(Exception):
    """Nobody we know. The text goes to the desk."""


class DeskSocket:
    def __init__(self, office: Office) -> None:
        self._office = office
        self.desks: dict[str, Desk] = {}
        self.changed = asyncio.Event()

    async def handle(self, connection: ServerConnection) -> None:
        """One connection, from hello to goodbye."""
        try:
            await self._converse(connection)
        except ConnectionClosed:
            pass
        except StoreUnavailable as error:
            log.error("desk turned away: %s", error)
            await connection.close(frames.CLOSE_STOPPING, "The core's store is not available.")

    async def _converse(self, connection: ServerConnection) -> None:
        office = self._office
        session = Session(office.store.name)
        position = await office.store.read(lambda reading: reading.position())
        await connection.send(session.hello(office.clock.now(), position))
        try:
            async with asyncio.timeout(_SIGN_IN_LIMIT_S):
                first = session.received(await connection.recv())
        except TimeoutError:
            first = End(frames.CLOSE_NOT_SIGNED_IN, "No sign-in came.")
        if isinstance(first, frames.RequestFrame):
            first = End(frames.CLOSE_NOT_SIGNED_IN, "The first frame is sign_in.")
        if isinstance(first, End):
            await connection.close(first.code, first.reason)
            return
        try:
            agent_id = self._identify(connection, first)
        except NotAllowed as error:
            await connection.close(frames.CLOSE_NOT_SIGNED_IN, str(error))
            return
        desk = Desk(id=first.desk, agent=agent_id, node=office.node, lease_until=self.lease_until())
        try:
            agent = await self._enter(first, desk)
            await self._catch_up(connection, session, first, agent)
            await self._serve(connection, session, agent_id)
        finally:
            office.feed.leave(connection)
            if self.desks.pop(desk.id, None) is not None:
                self.changed.set()
                now = office.clock.now()
                await office.store.write(partial(presence.sign_off, desk_id=desk.id, agent_id=agent_id, now=now))

    def lease_until(self) -> int:
        return self._office.clock.now() + presence.LEASE_S * 1000

    async def _enter(self, sign_in: frames.SignIn, desk: Desk) -> Agent:
        configured = self._office.agent(desk.agent)
        if sign_in.role == "tool":
            return configured
        self.desks[desk.id] = desk
        self.changed.set()
        now = self._office.clock.now()
        return await self._office.store.write(partial(presence.sign_in, agent=configured, desk=desk, now=now))

    async def _catch_up(
        self, connection: ServerConnection, session: Session, sign_in: frames.SignIn, agent: Agent
    ) -> None:
        office = self._office
        position, floor, loads = await office.store.read(_where)
        start = session.start(sign_in, position, floor)
        view = present.agent_view(agent, is_connected=True, assigned=loads.get(agent.id, 0))
        welcome = frames.Welcome(
            agent=view,
            resumed=not isinstance(start, Afresh),
            lines=office.lines,
            reply_limit=office.reply_limit,
        )
        await connection.send(frames.encode(welcome))
        after = await self._send_snapshot(connection) if isinstance(start, Afresh) else start.after
        await connection.send(frames.encode(frames.Accounts(office.accounts())))
        await office.feed.follow(connection, after)

    async def _send_snapshot(self, connection: ServerConnection) -> int:
        now = self._office.clock.now()
        snapshot = await self._office.store.read(lambda reading: reading.snapshot(now, now - _CLOSED_KEPT_MS))
        loads: dict[str, int] = {}
        for conversation in snapshot.conversations:
            if conversation.state == "assigned" and conversation.agent is not None:
                loads[conversation.agent] = loads.get(conversation.agent, 0) + 1
        agents = [
            present.agent_view(agent, is_connected=agent.id in snapshot.connected, assigned=loads.get(agent.id, 0))
            for agent in snapshot.agents
        ]
        total = len(snapshot.conversations)
        for first in range(0, max(total, 1), _SNAPSHOT_PAGE):
            page = snapshot.conversations[first : first + _SNAPSHOT_PAGE]
            frame = frames.Snapshot(
                position=snapshot.position,
                more=first + _SNAPSHOT_PAGE < total,
                agents=agents if first == 0 else [],
                conversations=[
                    present.conversation_view(conversation, is_opted_out=conversation.consumer in snapshot.opted_out)
                    for conversation in page
                ],
            )
            await connection.send(frames.encode(frame))
        return snapshot.position

    async def _serve(self, connection: ServerConnection, session: Session, agent_id: str) -> None:
        async for data in connection:
            request = session.received(data)
            if isinstance(request, End):
                await connection.close(request.code, request.reason)
                return
            if isinstance(request, frames.RequestFrame):
                await connection.send(frames.encode(await self._answer(request, agent_id)))

    async def _answer(self, request: frames.RequestFrame, agent_id: str) -> frames.FromCore:
        office = self._office
        body = request.body
        try:
            if isinstance(body, requests.GetHistory | requests.GetHooks):
                question = body
                answer = await office.store.read(lambda reading: desk_service.look_up(reading, question))
            else:
                carry_out = partial(
                    office.requests.carry_out,
                    agent=agent_id,
                    request_id=request.id,
                    command=body,
                    now=office.clock.now(),
                )
                answer = await office.store.write(carry_out)
        except Refused as no:
            return frames.Refusal(id=request.id, code=no.code, words=no.words, details=no.details)
        except StoreUnavailable as error:
            words = f"Nothing was kept: {error}. Try again."
            return frames.Refusal(id=request.id, code=requests.STORE_UNAVAILABLE, words=words)
        return frames.AnswerFrame(id=request.id, body=answer)

    def _identify(self, connection: ServerConnection, sign_in: frames.SignIn) -> str:
        """The agent at the other end. Raises NotAllowed."""
        user = unix_user(connection)
        if user is None:
            return self._by_token(sign_in)
        uid, name = user
        if sign_in.agent is None or sign_in.agent == name:
            return name
        if uid not in (0, os.getuid()):
            raise NotAllowed(f"{name} may not work as {sign_in.agent[:64]}.")
        if not sign_in.agent.isprintable() or len(sign_in.agent) > 64:
            raise NotAllowed("An agent's name has at most 64 printable characters.")
        return sign_in.agent

    def _by_token(self, sign_in: frames.SignIn) -> str:
        given = (sign_in.token or "").encode()
        found = [
            agent
            for agent, token in self._office.tokens.items()
            if hmac.compare_digest(token.encode(), given) and sign_in.agent in (None, agent)
        ]
        if len(found) != 1:
            raise NotAllowed("The token is not one of this core's.")
        return found[0]


def unix_user(connection: ServerConnection) -> tuple[int, str] | None:
    """Uid and name of the OS user at the other end of a Unix socket, as the kernel knows them; None over TCP."""
    peer: socket.socket = connection.transport.get_extra_info("socket")
    if peer.family != socket.AF_UNIX:
        return None
    if hasattr(socket, "SO_PEERCRED"):
        credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        _, uid, _ = struct.unpack("3i", credentials)
    else:
        uid = os.getuid()  # the socket's mode lets nobody else in
    try:
        return uid, pwd.getpwuid(uid).pw_name
    except KeyError:
        return uid, f"uid-{uid}"


def _where(reading: Reading) -> tuple[int, int, dict[str, int]]:
    return reading.position(), reading.floor(), reading.loads()
