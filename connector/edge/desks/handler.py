"""Handling of one desk's connection: hello, sign-in, the state to start from, then requests until it closes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from functools import partial

from msgspec import Struct
from websockets.asyncio.server import ServerConnection, broadcast

from connector.base.money import Money, exact
from connector.base.version import version
from connector.domain.agent import Agent, Role
from connector.domain.days import date_of
from connector.domain.refusals import Refused
from connector.domain.rights import Rights, rights_of
from connector.domain.skill_rules import Rules
from connector.edge.desks.at_conversations import AtConversations
from connector.edge.desks.bounds import AgentBounds
from connector.edge.desks.connected import ConnectedDesks
from connector.edge.desks.connection import DeskConnection
from connector.edge.desks.feed import Feed, accounts_frame
from connector.edge.desks.identity import Authenticator, SignInRefused
from connector.edge.desks.request_handler import RequestHandler
from connector.edge.desks.sign_in_delays import SignInDelays
from connector.edge.desks.sign_in_records import SignInRecords
from connector.edge.desks.snapshot import Snapshot
from connector.edge.desks.subscriber import Subscriber
from connector.edge.parts import CoreParts
from connector.services import views
from connector.services.agents import admission
from connector.services.agents.admission import Principal
from connector.services.request_rights import first_text_of, is_takeable
from connector.services.routing import desks
from connector.services.settings import BrandSettings, LineSettings
from connector.services.unit_of_work import in_unit_of_work
from connector.store.ports import Reading, StoreUnavailable
from connector.wire import frames, limits
from connector.wire.refusals import RefusalCode
from connector.wire.session import CloseConnection, Session, StartFromSnapshot, close_reason
from connector.wire.views import AccountView, LineView

log = logging.getLogger(__name__)

# Before a refusal for asking too fast: refusing at the speed of the asker would take most of a processor.
_TOO_FAST_S = 0.05


class DeskHandler:
    def __init__(
        self, parts: CoreParts, feed: Feed, requests: RequestHandler, accounts: Callable[[], list[AccountView]]
    ) -> None:
        self.connected = ConnectedDesks(parts.clock, parts.node)
        has_team = parts.config.current.has_team
        self._at_conversations = AtConversations(parts.clock)
        self._authenticator = Authenticator(parts.store, parts.brand, SignInDelays(parts.clock), has_team=has_team)
        self._records = SignInRecords(parts.clock)
        self._bounds: dict[str, AgentBounds] = {}
        self._at_desks: set[DeskConnection] = set()
        self._tasks = parts.tasks
        self._brand = parts.brand
        self._store = parts.store
        self._clock = parts.clock
        self._feed = feed
        self._requests = requests
        self._accounts = accounts

    def settings_changed(self, before: BrandSettings) -> None:
        """Have desks connect again where the welcome would have other lines, reasons or outcomes than it had, or
        where texts are masked by other rules."""
        now = self._clock.now()
        if _welcome_settings(before, now) != _welcome_settings(self._brand.current, now):
            for connection in tuple(self._at_desks):
                closing = connection.close(frames.CLOSE_RIGHTS_CHANGED, "The configuration has changed.")
                self._tasks.start("have a desk connect again", closing)

    async def handle(self, connection: DeskConnection) -> None:
        try:
            await self._handle(connection)
        except StoreUnavailable as error:
            log.error("desk turned away: %s", error)
            await connection.close(frames.CLOSE_STOPPING, "The core's store is not available.")

    async def _handle(self, connection: DeskConnection) -> None:
        session = Session(self._store.name, version())
        await connection.send(await self._hello(connection, session))
        sign_in = await _first_frame(connection, session)
        if isinstance(sign_in, CloseConnection):
            await connection.close(sign_in.code, sign_in.reason)
            return
        try:
            person = await self._authenticator.identify(connection, sign_in)
            bounds = self._bounds_of(person.agent)
        except SignInRefused as error:
            await self._refuse(connection, error)
            return
        connection.signed_in(bounds)
        bounds.connections += 1
        # An id of its own for each connection: a desk that has reconnected before its old connection is known to be
        # dead must not be signed off with it.
        desk_id = str(connection.id)
        if sign_in.role != "tool":
            self._at_desks.add(connection)
        try:
            agent = await self._sign_in(sign_in, desk_id, person)
            rights = await self._send_state(connection, session, sign_in, agent, person, bounds)
            await self._answer_requests(connection, session, desk_id, person, bounds, rights)
        except SignInRefused as error:
            await self._refuse(connection, error)
        finally:
            bounds.connections -= 1
            connection.ended()
            self._at_desks.discard(connection)
            self._feed.unsubscribe(connection)
            _send_now(self._at_conversations.gone(connection))
            if self.connected.remove(desk_id):
                gone = in_unit_of_work(self._brand, self._clock.now(), desks.disconnect, desk_id, person.agent)
                await self._store.write(gone)

    async def _refuse(self, connection: DeskConnection, refused: SignInRefused) -> None:
        why, source = str(refused), connection.source or ""
        if refused.agent and self._records.is_refusal_due(refused.agent, refused.way, source):
            noting = in_unit_of_work(
                self._brand, self._clock.now(), admission.note_refusal, refused.agent, why, refused.way, source
            )
            await self._store.write(noting)
        await connection.close(refused.code, close_reason(str(refused)))

    async def refused_user(self, user: str, why: str) -> None:
        """Record that an OS user of this host is refused before a desk of theirs is heard."""
        way = f"OS user {user}"
        if self._records.is_refusal_due(user, f"{way}, of no member", ""):
            noting = in_unit_of_work(self._brand, self._clock.now(), admission.note_refusal_of_user, user, why, way)
            with suppress(StoreUnavailable):  # they are refused all the same
                await self._store.write(noting)

    async def _hello(self, connection: DeskConnection, session: Session) -> str:
        """Peers on the Unix socket are this user's; the others are strangers until they have signed in."""
        if connection.source is not None:
            return session.hello_to_stranger(self._clock.now())
        position = await self._store.read(lambda reading: reading.position())
        return session.hello(self._clock.now(), position)

    def _bounds_of(self, agent: str) -> AgentBounds:
        """Raises SignInRefused when the agent has too many connections."""
        bounds = self._bounds.setdefault(agent, AgentBounds(self._clock))
        if bounds.connections >= limits.CONNECTIONS_PER_AGENT:
            words = f"{agent} has {bounds.connections} desks and scripts connected already: close some."
            raise SignInRefused(words, frames.CLOSE_TOO_MANY)
        return bounds

    async def _sign_in(self, sign_in: frames.SignIn, desk_id: str, person: Principal) -> Agent:
        """The agent as stored by now. Raises SignInRefused when what let them in has been taken away since."""
        is_recorded = self._records.is_due(person, sign_in)
        if sign_in.role == "tool" and not is_recorded:
            return person.agent_as_read
        is_tool = sign_in.role == "tool"
        desk = None if is_tool else self.connected.add(desk_id, person, is_silent=sign_in.is_silent)
        now = self._clock.now()
        try:
            agent = await self._store.write(
                in_unit_of_work(self._brand, now, admission.sign_in, person, desk, is_recorded=is_recorded)
            )
        except Refused as no:
            self.connected.remove(desk_id)
            raise SignInRefused(no.words, agent=person.agent, way=person.way) from None
        if is_recorded:
            self._records.recorded(person, sign_in)
        return agent

    async def _send_state(
        self,
        connection: DeskConnection,
        session: Session,
        sign_in: frames.SignIn,
        agent: Agent,
        person: Principal,
        bounds: AgentBounds,
    ) -> Rights:
        """Welcome the desk, bring it up to date and subscribe it to the feed. The rights under which it is."""
        try:
            now, is_silent = self._clock.now(), sign_in.is_silent
            stand = await self._store.read(partial(_stand, person=person, now=now, is_silent=is_silent))
        except Refused as no:
            raise SignInRefused(no.words, agent=person.agent, way=person.way) from None
        rights = stand.rights
        subscriber = Subscriber(connection, rights, person, takes_batches=sign_in.takes_batches)
        self._feed.admit(subscriber)
        brand = self._brand.current
        seen_under = rights.digest + brand.masking.digest  # what a desk has under others it is sent anew
        start = session.start(sign_in, stand.position, stand.floor, seen_under)
        welcome = frames.Welcome(
            agent=views.agent_view(
                agent, is_connected=stand.is_connected, is_silent=sign_in.is_silent, assigned=stand.owned
            ),
            resumed=not isinstance(start, StartFromSnapshot),
            lines=_line_views(brand, rights, now),
            reply_limit=limits.REPLY_LENGTH,
            is_lead=rights.role.includes(Role.LEAD),
            away_reasons=list(brand.away_reasons),
            outcomes=list(brand.outcomes),
            store=session.store,
            position=stand.position,
            version=session.version,
            rights=seen_under,
            role=rights.role,
            takes_looking_at=True,
        )
        await connection.send(frames.encode(welcome))
        if isinstance(start, StartFromSnapshot):
            after = await self._send_snapshot(subscriber, bounds, with_others=sign_in.others)
        else:
            after = start.after
        accounts = self._accounts()
        await connection.send(accounts_frame(accounts, rights))
        await self._feed.subscribe(subscriber, after)
        if accounts != self._accounts():  # published while it caught up
            await connection.send(accounts_frame(self._accounts(), rights))
        return rights

    async def _send_snapshot(self, subscriber: Subscriber, bounds: AgentBounds, *, with_others: bool) -> int:
        # A script that signs in again and again would keep the core busy with nothing else.
        await asyncio.sleep(bounds.pace_snapshot())
        snapshot = Snapshot(subscriber.rights, self._brand.current, self._clock.now(), with_others=with_others)
        position = await self._feed.send_snapshot(subscriber, snapshot)
        bounds.snapshot_conversations = snapshot.count
        return position

    async def _answer_requests(
        self,
        connection: DeskConnection,
        session: Session,
        desk_id: str,
        person: Principal,
        bounds: AgentBounds,
        rights: Rights,
    ) -> None:
        async for data in connection:
            received = session.received(data)
            if isinstance(received, frames.RequestFrame):
                answer = await self._requests.answer(received, person, bounds, len(data))
                if isinstance(answer, frames.Refusal) and answer.code == RefusalCode.TOO_MANY_REQUESTS:
                    await asyncio.sleep(_TOO_FAST_S)
                await connection.send(_sendable(received.id, frames.encode(answer)))
            elif isinstance(received, frames.LineState):
                await asyncio.sleep(bounds.pace(len(data)))
                await self._line_changed(desk_id, received)
            elif isinstance(received, frames.LookingAt):
                await asyncio.sleep(bounds.pace(len(data)))
                await self._looks_at(connection, received, rights)
            elif isinstance(received, frames.Refusal):
                await asyncio.sleep(bounds.pace(len(data)))
                await connection.send(frames.encode(received))
            connection.answered(len(data))

    async def _line_changed(self, desk_id: str, line: frames.LineState) -> None:
        desk = self.connected.set_silent(desk_id, line.is_silent)
        if desk is not None:  # else it is as it was, or a script's
            await self._store.write(in_unit_of_work(self._brand, self._clock.now(), desks.line_changed, desk))

    async def _looks_at(self, connection: DeskConnection, look: frames.LookingAt, rights: Rights) -> None:
        """Tell the desks that look at the same conversation; one that its agent may not see counts as none."""
        asked = look.conversation_id or ""
        seen = await self._store.read(lambda reading: reading.desk_pages.visibilities([asked]).get(asked))
        at = asked if seen is not None and rights.may_see(seen) else None
        _send_now(self._at_conversations.moved(connection, rights.agent, at, is_writing=look.is_writing))


def _send_now(texts: Iterable[tuple[ServerConnection, str]]) -> None:
    for connection, text in texts:
        broadcast([connection], text)


async def _first_frame(connection: DeskConnection, session: Session) -> frames.SignIn | CloseConnection:
    try:
        async with asyncio.timeout(limits.SIGN_IN_WITHIN_S):
            first = session.received(await connection.recv())
    except TimeoutError:
        return CloseConnection(frames.CLOSE_NOT_SIGNED_IN, "No sign-in came.")
    if isinstance(first, frames.SignIn | CloseConnection):
        return first
    return CloseConnection(frames.CLOSE_NOT_SIGNED_IN, "The first frame is sign_in.")


def _welcome_settings(brand: BrandSettings, now: int) -> object:
    """What welcomes have of these settings, and what decides how texts are shown."""
    return _line_views(brand, Rights(""), now), brand.away_reasons, brand.outcomes, brand.masking.digest


def _line_views(brand: BrandSettings, rights: Rights, now: int) -> list[LineView]:
    """The lines that these rights show."""
    seen = [line for line in brand.lines.values() if rights.sees_account(line.account)]
    today = date_of(now, brand.zone)
    return [_line_view(line, brand.rules, rights, today) for line in seen]


def _line_view(line: LineSettings, rules: Rules, rights: Rights, today: date) -> LineView:
    hours = rules.of(line.skill).hours
    return LineView(
        address=line.address,
        account=line.account,
        skill=line.skill,
        undo_s=rules.of(line.skill).undo_s,
        reply_limit=line.reply_limit.most,
        reply_unit=line.reply_limit.unit,
        may_start=is_takeable(rights, first_text_of(line)),
        zone="" if hours is None else str(hours.zone),
        region=line.region or "",
        price=_price(line.prices.of_sent("", today)),
        prices={f"+{code}": _price(line.prices.of_sent(code, today)) for code in line.prices.abroad},
    )


def _price(money: Money | None) -> str:
    return "" if money is None else f"{exact(money.billionths)} {money.currency}"


def _sendable(request_id: str, answer: str) -> str:
    """The answer, or a refusal where no desk would take it: it would connect again and ask the same."""
    if len(answer) <= limits.FRAME_BYTES // 4 or len(answer.encode()) <= limits.FRAME_BYTES:
        return answer
    words = f"The answer would be larger than {limits.FRAME_BYTES >> 20} MiB: ask for less."
    return frames.encode(frames.Refusal(request_id, RefusalCode.BAD_REQUEST, words))


class _Stand(Struct, frozen=True):
    """What a sign-in starts from. `position`: the latest; `floor`: the earliest from which a desk can resume."""

    position: int
    floor: int
    rights: Rights
    owned: int  # conversations of the agent
    is_connected: bool  # whether the agent has a desk that counts


def _stand(reading: Reading, person: Principal, now: int, *, is_silent: bool) -> _Stand:
    """Raises Refused when what let them in has been taken away since."""
    rights = rights_of(admission.still_admitted(reading, person), is_administrator=person.is_administrator)
    pages = reading.desk_pages
    is_connected = not is_silent or person.agent in pages.connected(now)
    return _Stand(reading.position(), reading.floor(), rights, pages.owned_count(person.agent), is_connected)
