"""Handling of one desk's connection: hello, sign-in, the state to start from, then requests until it closes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from connector.base.version import version
from connector.domain.agent import Agent
from connector.edge.desks.connected import ConnectedDesks
from connector.edge.desks.feed import Feed
from connector.edge.desks.identity import Authenticator, Principal, SignInRefused
from connector.edge.desks.request_handler import RequestHandler
from connector.edge.desks.snapshot import snapshot_frames
from connector.edge.parts import CoreParts
from connector.services import views
from connector.services.routing import desks
from connector.services.settings import LineSettings
from connector.services.unit_of_work import in_unit_of_work
from connector.store.ports import Reading, StoreUnavailable
from connector.store.values import Load
from connector.wire import frames, limits
from connector.wire.session import CloseConnection, Session, StartFromSnapshot
from connector.wire.views import AccountView, LineView

log = logging.getLogger(__name__)

_SIGN_IN_LIMIT_S = 10


class DeskHandler:
    def __init__(
        self, parts: CoreParts, feed: Feed, requests: RequestHandler, accounts: Callable[[], list[AccountView]]
    ) -> None:
        self.connected = ConnectedDesks(parts.clock, parts.node)
        self._authenticator = Authenticator(
            {name: agent.token.reveal() for name, agent in parts.config.agents.items() if agent.token},
            frozenset(name for name, agent in parts.config.agents.items() if agent.administrator),
            frozenset(name for name, agent in parts.config.agents.items() if agent.lead),
        )
        self._agent = parts.config.agent
        self._brand = parts.brand
        self._store = parts.store
        self._clock = parts.clock
        self._feed = feed
        self._requests = requests
        self._accounts = accounts

    async def handle(self, connection: ServerConnection) -> None:
        try:
            await self._handle(connection)
        except ConnectionClosed:
            pass
        except StoreUnavailable as error:
            log.error("desk turned away: %s", error)
            await connection.close(frames.CLOSE_STOPPING, "The core's store is not available.")

    async def _handle(self, connection: ServerConnection) -> None:
        session = Session(self._store.name, version())
        position = await self._store.read(lambda reading: reading.position())
        await connection.send(session.hello(self._clock.now(), position))
        sign_in = await _first_frame(connection, session)
        if isinstance(sign_in, CloseConnection):
            await connection.close(sign_in.code, sign_in.reason)
            return
        try:
            person = self._authenticator.identify(connection, sign_in)
        except SignInRefused as error:
            await connection.close(frames.CLOSE_NOT_SIGNED_IN, str(error))
            return
        # An id of its own for each connection: a desk that has reconnected before its old connection is known to be
        # dead must not be signed off with it.
        desk_id = str(connection.id)
        try:
            agent = await self._sign_in(sign_in, desk_id, person)
            await self._send_state(connection, session, sign_in, agent, person)
            await self._answer_requests(connection, session, person)
        finally:
            self._feed.unsubscribe(connection)
            if self.connected.remove(desk_id):
                gone = in_unit_of_work(self._brand, self._clock.now(), desks.disconnect, desk_id, person.agent)
                await self._store.write(gone)

    async def _sign_in(self, sign_in: frames.SignIn, desk_id: str, person: Principal) -> Agent:
        configured = self._agent(person.agent)
        if sign_in.role == "tool":
            return configured
        desk = self.connected.add(desk_id, person.agent)
        connect = in_unit_of_work(self._brand, self._clock.now(), desks.connect, configured, desk)
        return await self._store.write(connect)

    async def _send_state(
        self, connection: ServerConnection, session: Session, sign_in: frames.SignIn, agent: Agent, person: Principal
    ) -> None:
        """Welcome the desk, bring it up to date and subscribe it to the feed."""
        position, floor, loads = await self._store.read(partial(_positions_and_loads, now=self._clock.now()))
        start = session.start(sign_in, position, floor)
        load = loads.get(agent.id)
        welcome = frames.Welcome(
            agent=views.agent_view(agent, is_connected=True, assigned=load.count if load else 0),
            resumed=not isinstance(start, StartFromSnapshot),
            lines=[self._line_view(line) for line in self._brand.lines.values()],
            reply_limit=limits.REPLY_LENGTH,
            is_lead=person.is_lead,
            away_reasons=list(self._brand.away_reasons),
            outcomes=list(self._brand.outcomes),
        )
        await connection.send(frames.encode(welcome))
        after = await self._send_snapshot(connection) if isinstance(start, StartFromSnapshot) else start.after
        await connection.send(frames.encode(frames.AccountsFrame(self._accounts())))
        await self._feed.subscribe(connection, after)

    def _line_view(self, line: LineSettings) -> LineView:
        undo_s = self._brand.rules.of(line.skill).undo_s
        return LineView(line.address, line.account, line.skill, undo_s)

    async def _send_snapshot(self, connection: ServerConnection) -> int:
        now = self._clock.now()
        snapshot = await self._store.read(lambda reading: reading.snapshot(now, now - limits.CLOSED_LISTED_MS))
        for frame in snapshot_frames(snapshot, self._brand.rules):
            await connection.send(frames.encode(frame))
        return snapshot.position

    async def _answer_requests(self, connection: ServerConnection, session: Session, person: Principal) -> None:
        async for data in connection:
            request = session.received(data)
            if isinstance(request, CloseConnection):
                await connection.close(request.code, request.reason)
                return
            if isinstance(request, frames.RequestFrame):
                await connection.send(frames.encode(await self._requests.answer(request, person)))


async def _first_frame(connection: ServerConnection, session: Session) -> frames.SignIn | CloseConnection:
    try:
        async with asyncio.timeout(_SIGN_IN_LIMIT_S):
            first = session.received(await connection.recv())
    except TimeoutError:
        return CloseConnection(frames.CLOSE_NOT_SIGNED_IN, "No sign-in came.")
    if isinstance(first, frames.RequestFrame):
        return CloseConnection(frames.CLOSE_NOT_SIGNED_IN, "The first frame is sign_in.")
    return first


def _positions_and_loads(reading: Reading, now: int) -> tuple[int, int, dict[str, Load]]:
    """The latest position, the earliest from which a desk can resume, and the agents' loads."""
    return reading.position(), reading.floor(), reading.staff(now).loads
