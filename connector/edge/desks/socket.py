"""The door desks come in by: a Unix socket for this host, and, if asked for, a TCP websocket with tokens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from msgspec import Struct
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from connector.base.clock import Clock
from connector.base.version import version
from connector.domain.agent import Agent, Desk
from connector.edge.desks.feed import Feed
from connector.edge.desks.identity import Authenticator, Principal, SignInRefused
from connector.edge.desks.requests import RequestHandler
from connector.services import views
from connector.services.routing import presence
from connector.services.settings import BrandSettings, LineSettings
from connector.store.ports import Reading, Store, StoreUnavailable
from connector.store.values import Load
from connector.wire import frames, limits
from connector.wire.session import CloseConnection, Session, StartFromSnapshot
from connector.wire.views import AccountView, LineView

log = logging.getLogger(__name__)

_SIGN_IN_LIMIT_S = 10
_SNAPSHOT_PAGE = 500


class DeskServices(Struct, frozen=True):
    """What every connection needs of the core."""

    store: Store
    clock: Clock
    feed: Feed
    doorkeeper: Authenticator
    answers: RequestHandler
    agent: Callable[[str], Agent]  # as configured
    brand: BrandSettings
    reply_limit: int
    accounts: Callable[[], list[AccountView]]
    node: str


class DeskSocket:
    def __init__(self, office: DeskServices) -> None:
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
        session = Session(office.store.name, version())
        position = await office.store.read(lambda reading: reading.position())
        await connection.send(session.hello(office.clock.now(), position))
        try:
            async with asyncio.timeout(_SIGN_IN_LIMIT_S):
                first = session.received(await connection.recv())
        except TimeoutError:
            first = CloseConnection(frames.CLOSE_NOT_SIGNED_IN, "No sign-in came.")
        if isinstance(first, frames.RequestFrame):
            first = CloseConnection(frames.CLOSE_NOT_SIGNED_IN, "The first frame is sign_in.")
        if isinstance(first, CloseConnection):
            await connection.close(first.code, first.reason)
            return
        try:
            person = office.doorkeeper.identify(connection, first)
        except SignInRefused as error:
            await connection.close(frames.CLOSE_NOT_SIGNED_IN, str(error))
            return
        # A name of its own for each connection: a desk that is back before its old line is known to be dead must not be
        # signed off with that line.
        desk = Desk(id=str(connection.id), agent=person.agent, node=office.node, lease_until=self.lease_until())
        try:
            agent = await self._enter(first, desk)
            await self._catch_up(connection, session, first, agent, person)
            await self._serve(connection, session, person)
        finally:
            office.feed.leave(connection)
            if self.desks.pop(desk.id, None) is not None:
                self.changed.set()
                now = office.clock.now()
                await office.store.write(partial(presence.sign_off, desk_id=desk.id, agent_id=person.agent, now=now))

    def _line(self, line: LineSettings) -> LineView:
        undo_s = self._office.brand.rules.of(line.skill).undo_s
        return LineView(line.address, line.account, line.skill, undo_s)

    def lease_until(self) -> int:
        return self._office.clock.now() + presence.LEASE_S * 1000

    async def _enter(self, sign_in: frames.SignIn, desk: Desk) -> Agent:
        configured = self._office.agent(desk.agent)
        if sign_in.role == "tool":
            return configured
        self.desks[desk.id] = desk
        self.changed.set()
        now = self._office.clock.now()
        return await self._office.store.write(
            partial(presence.sign_in, brand=self._office.brand, agent=configured, desk=desk, now=now)
        )

    async def _catch_up(
        self, connection: ServerConnection, session: Session, sign_in: frames.SignIn, agent: Agent, person: Principal
    ) -> None:
        office = self._office
        position, floor, loads = await office.store.read(partial(_where, now=office.clock.now()))
        start = session.start(sign_in, position, floor)
        load = loads.get(agent.id)
        view = views.agent_view(agent, is_connected=True, assigned=load.count if load else 0)
        welcome = frames.Welcome(
            agent=view,
            resumed=not isinstance(start, StartFromSnapshot),
            lines=[self._line(line) for line in office.brand.lines.values()],
            reply_limit=office.reply_limit,
            is_lead=person.is_lead,
            away_reasons=list(office.brand.away_reasons),
            outcomes=list(office.brand.outcomes),
        )
        await connection.send(frames.encode(welcome))
        after = await self._send_snapshot(connection) if isinstance(start, StartFromSnapshot) else start.after
        await connection.send(frames.encode(frames.AccountsFrame(office.accounts())))
        await office.feed.follow(connection, after)

    async def _send_snapshot(self, connection: ServerConnection) -> int:
        now = self._office.clock.now()
        snapshot = await self._office.store.read(lambda reading: reading.snapshot(now, now - limits.CLOSED_LISTED_MS))
        loads: dict[str, int] = {}
        for conversation in snapshot.conversations:
            if conversation.state in ("assigned", "wrap_up") and conversation.agent is not None:
                loads[conversation.agent] = loads.get(conversation.agent, 0) + 1
        agents = [
            views.agent_view(agent, is_connected=agent.id in snapshot.connected, assigned=loads.get(agent.id, 0))
            for agent in snapshot.agents
        ]
        total = len(snapshot.conversations)
        rules = self._office.brand.rules
        for first in range(0, max(total, 1), _SNAPSHOT_PAGE):
            page = snapshot.conversations[first : first + _SNAPSHOT_PAGE]
            frame = frames.SnapshotFrame(
                position=snapshot.position,
                more=first + _SNAPSHOT_PAGE < total,
                agents=agents if first == 0 else [],
                conversations=[
                    views.conversation_view(
                        conversation, rules, is_opted_out=conversation.consumer in snapshot.opted_out
                    )
                    for conversation in page
                ],
            )
            await connection.send(frames.encode(frame))
        return snapshot.position

    async def _serve(self, connection: ServerConnection, session: Session, person: Principal) -> None:
        async for data in connection:
            request = session.received(data)
            if isinstance(request, CloseConnection):
                await connection.close(request.code, request.reason)
                return
            if isinstance(request, frames.RequestFrame):
                await connection.send(frames.encode(await self._office.answers.to(request, person)))


def _where(reading: Reading, now: int) -> tuple[int, int, dict[str, Load]]:
    return reading.position(), reading.floor(), reading.staff(now).loads
