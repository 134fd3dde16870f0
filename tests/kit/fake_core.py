"""A scripted core on a real Unix socket: it speaks connector.wire and keeps everything in memory."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace
from websockets.asyncio.server import Server, ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosed

from connector.wire import answers, frames
from connector.wire.session import CloseConnection, Session, StartFromSnapshot
from connector.wire.views import AgentView, MessageView
from tests.kit.fake_answers import Refused, answered
from tests.kit.fake_world import LINE, FakeWorld

__all__ = ["LINE", "FakeCore", "asked", "conversation_of", "undo_s"]

T = TypeVar("T")
_PAGE = 2000


class FakeCore(FakeWorld):
    """Facts are made by its methods and told to every desk; requests are kept in `asked` and answered."""

    def __init__(self, path: Path, *, store: str = "fake", clock_ahead: int = 0) -> None:
        super().__init__(clock_ahead=clock_ahead)
        self.path = path
        self.store = store
        self.floor = 0
        self.asked: list[frames.RequestFrame] = []
        self.line_states: list[bool] = []  # whether desks' lines are silent, as they said
        self.looks: list[frames.LookingAt] = []  # what desks said they look at
        self.refuse: dict[type[Any], tuple[Any, ...]] = {}  # code, words, details
        self.silent: set[type[Any]] = set()
        self.after_reply: Callable[[MessageView], None] | None = None
        self.refuses_desks = ""  # why it lets none in
        self._held: list[tuple[asyncio.Queue[str], frames.RequestFrame, str]] = []
        self._answers: dict[str, frames.AnswerFrame | frames.Refusal] = {}
        self._connections: dict[ServerConnection, asyncio.Queue[str]] = {}
        self._server: Server | None = None

    async def __aenter__(self) -> FakeCore:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        self.path.unlink(missing_ok=True)
        self._server = await unix_serve(self._serve, str(self.path), compression=None, close_timeout=0.1)

    async def stop(self) -> None:
        """As a killed process does: sockets go, state stays."""
        if self._server is not None:
            for connection in tuple(self._connections):
                connection.transport.abort()
            self._server.close()
            await self._server.wait_closed()
            self._server = None
        self.path.unlink(missing_ok=True)

    def hang(self) -> None:
        """As a stopped process does: the sockets stay open, and nothing is read from them."""
        for connection in self._connections:
            connection.transport.pause_reading()

    def go_on(self) -> None:
        """After a hang."""
        for connection in self._connections:
            connection.transport.resume_reading()

    async def change_rights(self, rights: str, role: str) -> None:
        """Desks have to connect again, and those whose agent sees something else start afresh."""
        self.rights, self.role = rights, role
        for connection in tuple(self._connections):
            await connection.close(frames.CLOSE_RIGHTS_CHANGED, "Your rights have changed.")

    def tell_writing(self, conversation_id: str, *agents: str) -> None:
        """Tell desks who else is writing there."""
        self._broadcast(frames.WritingFrame(conversation_id, list(agents)))

    async def shut_out(self, reason: str) -> None:
        """Let no desk in any more, nor those that are here."""
        self.refuses_desks = reason
        for connection in tuple(self._connections):
            await connection.close(frames.CLOSE_NOT_SIGNED_IN, reason)

    @property
    def desks(self) -> int:
        return len(self._connections)

    def _broadcast(self, frame: frames.FromCore) -> None:
        for queue in self._connections.values():
            queue.put_nowait(frames.encode(frame))

    async def _serve(self, connection: ServerConnection) -> None:
        try:
            await self._converse(connection)
        except ConnectionClosed:
            pass
        finally:
            self._connections.pop(connection, None)

    async def _converse(self, connection: ServerConnection) -> None:
        session = Session(self.store)
        await connection.send(session.hello(self.now(), self.position))
        sign_in = session.received(await connection.recv())
        if not isinstance(sign_in, frames.SignIn):
            return
        if self.refuses_desks:
            await connection.close(frames.CLOSE_NOT_SIGNED_IN, self.refuses_desks)
            return
        queue: asyncio.Queue[str] = asyncio.Queue()
        afresh = isinstance(session.start(sign_in, self.position, self.floor), StartFromSnapshot)
        me = self.agents[sign_in.agent or "ann"]
        afresh = afresh or sign_in.rights != self.rights
        for frame in self._opening(me, sign_in, None if afresh else sign_in.after):
            queue.put_nowait(frames.encode(frame))
        self._connections[connection] = queue
        self._held.clear()
        async with asyncio.TaskGroup() as group:
            teller = group.create_task(self._tell_from(connection, queue))
            with contextlib.suppress(ConnectionClosed):
                async for data in connection:
                    request = session.received(data)
                    if isinstance(request, frames.RequestFrame):
                        self.asked.append(request)
                        self._held.append((queue, request, me.id))
                        self.answer()
                    elif isinstance(request, frames.LineState):
                        self.line_states.append(request.is_silent)
                    elif isinstance(request, frames.LookingAt):
                        self.looks.append(request)
                    elif isinstance(request, CloseConnection):
                        await connection.close(request.code, request.reason)
            teller.cancel()

    def _opening(self, me: AgentView, sign_in: frames.SignIn, after: int | None) -> list[frames.FromCore]:
        told: list[frames.FromCore] = [
            frames.Welcome(
                me,
                after is not None,
                self.lines,
                1600,
                self.role in ("lead", "administrator"),
                self.away_reasons,
                self.outcomes,
                rights=self.rights,
                role=self.role,
                takes_looking_at=True,
            )
        ]
        if after is None:
            others = [] if sign_in.others else self.others_than(me.id)
            held = Counter("" if view.state == "closed" else view.agent or "" for view in others)
            left_out = {view.id for view in others}
            views = [view for view in self.conversations.values() if view.id not in left_out]
            for first in range(0, max(len(views), 1), _PAGE):
                page, more = views[first : first + _PAGE], first + _PAGE < len(views)
                agents = [] if first else list(self.agents.values())
                alerts = [] if first else list(self.alerts.values())
                counts = {} if first else dict(held)
                told.append(frames.SnapshotFrame(self.position, more, agents, page, counts, alerts))
        told.append(frames.AccountsFrame(self.accounts))
        return told + [fact for fact in self.facts if after is not None and fact.position > after]

    async def _tell_from(self, connection: ServerConnection, queue: asyncio.Queue[str]) -> None:
        while True:
            await connection.send(await queue.get())

    def answer(self) -> None:
        """Answer what was asked, except what is to be met with silence for now."""
        held, self._held = self._held, []
        for queue, request, me in held:
            if type(request.body) in self.silent:
                self._held.append((queue, request, me))
                continue
            if request.id not in self._answers:
                self._answers[request.id] = self._do(request, me)
            queue.put_nowait(frames.encode(self._answers[request.id]))

    def _do(self, request: frames.RequestFrame, me: str) -> frames.AnswerFrame | frames.Refusal:
        if type(request.body) in self.refuse:
            return frames.Refusal(request.id, *self.refuse[type(request.body)])
        done = answered(self, request.body, me)
        if isinstance(done, Refused):
            return frames.Refusal(request.id, done.code, done.words, messages=list(done.messages))
        if isinstance(done, answers.Written) and self.after_reply is not None:
            self.after_reply(self.messages[-1])
        return frames.AnswerFrame(request.id, done)


def asked(core: FakeCore, kind: type[T]) -> list[T]:
    """The requests of one kind, in their order."""
    return [request.body for request in core.asked if isinstance(request.body, kind)]


def conversation_of(core: FakeCore, consumer: str) -> str:
    """The id of a consumer's first conversation."""
    return next(view.id for view in core.conversations.values() if view.consumer == consumer)


def undo_s(core: FakeCore, seconds: int) -> None:
    """Let texts be undone for so long."""
    core.lines = [replace(line, undo_s=seconds) for line in core.lines]
