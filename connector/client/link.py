"""A desk connection for programs: `connector.wire.client` on a websocket, with reconnection.

Nothing runs in the background. `snapshot`, `ask` and `next_event` read frames until they have what they need, queue
what else arrives, and reconnect when the connection is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Callable
from types import TracebackType

from msgspec import Struct
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from connector.base.clock import SystemClock
from connector.base.ids import Ids
from connector.base.token_file import TokenFile
from connector.client import dial
from connector.client.core_address import CoreAddress
from connector.client.errors import ClientError, CoreUnreachable, RequestRefused
from connector.wire import answers, endpoint, frames, requests
from connector.wire.client import Client, ProtocolMismatch
from connector.wire.core_order import CoreOrder
from connector.wire.views import AccountView, AgentView, ConversationView, LineView

_PATIENCE_S = 30.0
_PAUSES_S = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)


class ClientState(Struct, frozen=True):
    """A snapshot at one position: all agents, and conversations that are open or were closed within the last day."""

    position: int
    agents: list[AgentView]
    conversations: list[ConversationView]


class EventsMissed(Struct, frozen=True):
    """The core could not resume from the last event; `state` is the snapshot it sent instead."""

    state: ClientState


class _Gathered:
    """A snapshot as its frames come in. A conversation that was closed meanwhile may be in two of them."""

    def __init__(self) -> None:
        self._agents: dict[str, AgentView] = {}
        self._conversations: dict[str, ConversationView] = {}

    def add(self, frame: frames.SnapshotFrame) -> None:
        self._agents |= {agent.id: agent for agent in frame.agents}
        self._conversations |= {view.id: view for view in frame.conversations}

    def state(self, position: int) -> ClientState:
        return ClientState(position, list(self._agents.values()), list(self._conversations.values()))


class Link:
    """`async with Link(core) as link`: signed in, with a snapshot. Raises ClientError when that fails.

    `role` is `tool`, or `desk` for a client that counts as present and is given work. When the connection is lost, the
    link reconnects for up to `patience_s` (None: without limit); `notify` gets a sentence when it is lost and restored.
    """

    def __init__(
        self,
        core: CoreAddress,
        *,
        role: str = "tool",
        patience_s: float | None = _PATIENCE_S,
        notify: Callable[[str], None] = lambda words: None,
    ) -> None:
        self._core = core
        self._order = CoreOrder(core.urls)
        self._patience_s = patience_s
        self._notify = notify
        self._clock = SystemClock()
        self._ids = Ids(self._clock)
        self._client = Client(f"{role}-{self._ids.new()}", agent=core.agent, token=core.token, role=role)
        # Read again at each connection: a link may last for weeks.
        self._token = TokenFile(core.token_file, core.token) if core.token_file is not None else None
        self._socket: ClientConnection | None = None
        self._clock_offset_ms = 0
        self._gathered: _Gathered | None = None  # while a snapshot is arriving
        self._state: ClientState | None = None
        self._events: deque[frames.EventFrame | EventsMissed] = deque()
        self._answers: dict[str, frames.AnswerFrame | frames.Refusal] = {}
        self._accounts: list[AccountView] | None = None
        self._is_awaited = False  # the connection was closed so that another one can follow at once
        self.agent: AgentView | None = None
        self.lines: list[LineView] = []

    async def __aenter__(self) -> Link:
        await self._connect()
        try:
            await self.snapshot()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    @property
    def is_on_this_host(self) -> bool:
        return all(url.startswith(endpoint.UNIX) for url in self._core.urls)

    def now(self) -> int:
        """The time of the core's clock, in milliseconds since 1970-01-01 UTC, whatever this machine's is set to."""
        return self._clock.steady() + self._clock_offset_ms

    async def snapshot(self) -> ClientState:
        """The first snapshot of this link."""
        while self._state is None:
            await self._step()
        return self._state

    async def accounts(self, until: Callable[[list[AccountView]], bool] = lambda accounts: True) -> list[AccountView]:
        """The provider accounts that the agent may see, as soon as they are so."""
        while self._accounts is None or not until(self._accounts):
            await self._step()
        return self._accounts

    async def ask(self, body: requests.Request) -> answers.Answer:
        """Send a request, repeated with the same id after each reconnection, and wait for its answer.

        Raises RequestRefused, or ClientError when no answer came.
        """
        request_id = self._ids.new()
        limit_s = self._patience_s or _PATIENCE_S
        self._client.request(request_id, body)
        try:
            async with asyncio.timeout(limit_s):
                await self._flush()
                while request_id not in self._answers:
                    await self._step()
        except TimeoutError:
            raise ClientError(
                f"The core did not answer within {limit_s:.0f} seconds, so nobody knows yet whether it was done: "
                "look before you try again."
            ) from None
        answer = self._answers.pop(request_id)
        if isinstance(answer, frames.Refusal):
            raise RequestRefused(answer)
        return answer.body

    async def next_event(self) -> frames.EventFrame | EventsMissed:
        """Wait for the next event. Cancelling the wait loses none."""
        while not self._events:
            await self._step()
        return self._events.popleft()

    async def _step(self) -> None:
        """Receive one message and handle its frames."""
        try:
            received = self._client.received(await self._receive())
        except frames.BadFrame as error:
            raise ClientError(f"The core sent what this program cannot read; update it: {error}") from None
        for frame in received:
            match frame:
                case frames.SnapshotFrame():
                    self._take_snapshot(frame)
                case frames.AccountsFrame():
                    self._accounts = frame.accounts
                case frames.EventFrame():
                    self._events.append(frame)
                case frames.AnswerFrame() | frames.Refusal():
                    self._answers[frame.id] = frame
                case _:
                    pass

    async def _receive(self) -> str | bytes:
        while True:
            if self._socket is None:
                await self._connect_again()
                continue
            try:
                return await self._socket.recv()
            except ConnectionClosed as closed:
                self._socket = None
                self._client.disconnected()
                code = closed.rcvd.code if closed.rcvd is not None else None
                if code == frames.CLOSE_NOT_SIGNED_IN and self._has_another_token():
                    self._is_awaited = True
                    continue
                if failure := dial.refusal(closed):
                    raise failure from None
                self._is_awaited = code == frames.CLOSE_RIGHTS_CHANGED

    def _has_another_token(self) -> bool:
        """Whether the token file has another one than the core was given."""
        return self._token is not None and self._token() != self._client.token

    async def _flush(self) -> None:
        for text in self._client.take_outgoing():
            if self._socket is not None:
                try:
                    await self._socket.send(text)
                except ConnectionClosed:
                    return  # the client repeats it on the next connection

    async def _connect(self) -> None:
        """To a core that lets us in: one that is reached and does not is followed by the next."""
        for left in reversed(range(max(1, len(self._core.urls)))):
            try:
                await self._connect_once()
                return
            except CoreUnreachable:
                if not left or not self._order.has_silent:
                    raise

    async def _connect_once(self) -> None:
        socket = await self._reach()
        if self._token is not None:
            self._client.token = self._token()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._sign_in(socket)
            self._socket = socket
            self._order.welcomed()
        except ConnectionClosed as closed:
            raise dial.refusal(closed) or CoreUnreachable("The core ended the connection; try again.") from None
        except TimeoutError:
            raise CoreUnreachable("The core was reached and said nothing; try again, or restart it.") from None
        except (ProtocolMismatch, frames.BadFrame) as error:
            raise ClientError(str(error)) from None
        finally:
            if self._socket is not socket:
                await socket.close()

    async def _reach(self) -> ClientConnection:
        """A connection to the first core that can be reached."""
        if not self._core.urls:
            return await dial.connect(self._core.data, None)
        errors: list[ClientError] = []
        for url in self._order.next():
            try:
                socket = await dial.connect(self._core.data, url)
            except ClientError as error:
                errors.append(error)
            else:
                self._order.reached(url)
                return socket
        if len(errors) == 1:
            raise errors[0]
        words = " ".join(["No core can be reached.", *map(str, errors)])
        if any(isinstance(error, CoreUnreachable) for error in errors):
            raise CoreUnreachable(words)
        raise ClientError(words, errors[0].exit_code)

    async def _sign_in(self, socket: ClientConnection) -> None:
        self._client.connected()
        self._gathered = None
        while not self._client.signed_in:
            for frame in self._client.received(await socket.recv()):
                if isinstance(frame, frames.Hello):
                    self._clock_offset_ms = frame.server_at - self._clock.steady()
                elif isinstance(frame, frames.Welcome):
                    self.agent, self.lines = frame.agent, frame.lines
            for text in self._client.take_outgoing():
                await socket.send(text)

    async def _connect_again(self) -> None:
        if self._is_awaited:
            self._is_awaited = False
            with contextlib.suppress(CoreUnreachable):
                await self._connect()
                return
        self._notify("The core is gone; waiting for it.")
        try:
            async with asyncio.timeout(self._patience_s):
                for attempt in range(1_000_000_000):
                    # Random pauses keep many clients from reconnecting at one moment.
                    await asyncio.sleep(_PAUSES_S[min(attempt, len(_PAUSES_S) - 1)] * random.uniform(0.7, 1.3))
                    try:
                        await self._connect()
                        break
                    except CoreUnreachable:
                        continue
        except TimeoutError:
            raise ClientError(f"The core went away and was not back within {self._patience_s:.0f} seconds.") from None
        self._notify("The core is back.")

    def _take_snapshot(self, frame: frames.SnapshotFrame) -> None:
        gathered = self._gathered or _Gathered()
        gathered.add(frame)
        self._gathered = gathered if frame.more else None
        if frame.more:
            return
        state = gathered.state(frame.position)
        if self._state is not None:
            self._events.append(EventsMissed(state))
        self._state = state

    async def _close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
            self._socket = None
