"""A scripted core in the desk's own process, whose clock stands still: what a desk shows of it never changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close

from connector.wire import frames
from connector.wire.session import Session
from tests.kit.fake_core import FakeCore
from tui.core.heard import HeardConnection
from tui.core.link import CannotConnect


class MemoryCore(FakeCore):
    """Desks are linked to it by `dial`. `at`: the moment it always is."""

    def __init__(self, at: int) -> None:
        self._at = at
        super().__init__(Path("memory"))
        self.is_away = False
        self._desks: list[_Connection] = []

    def now(self) -> int:
        return self._at

    def go_to(self, at: int) -> None:
        """From now on it is another moment."""
        self._at = at

    async def dial(self, say: Callable[[str], None]) -> HeardConnection:
        if self.is_away:
            raise CannotConnect("no answer")
        self._desks.append(_Connection(self))
        return self._desks[-1]  # type: ignore[return-value]  # what the link uses of one

    def go_away(self) -> None:
        """As a killed process does, for good."""
        self.is_away = True
        self.close(1006, "")

    def close(self, code: int, reason: str) -> None:
        """End the connections."""
        for desk in self._desks:
            desk.end(code, reason)
        self._desks.clear()

    def _broadcast(self, frame: frames.FromCore) -> None:
        for desk in self._desks:
            desk.put(frame)

    def opening(self, sign_in: frames.SignIn) -> list[frames.FromCore]:
        """What a desk is sent when it has signed in."""
        return self._opening(self.agents[sign_in.agent or "ann"], sign_in, None)

    def done(self, request: frames.RequestFrame) -> frames.AnswerFrame | frames.Refusal | None:
        """The answer; None where it is to be met with silence."""
        self.asked.append(request)
        return None if type(request.body) in self.silent else self._do(request, "ann")


class _Connection:
    """The desk's end."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._session = Session(core.store)
        self._came: asyncio.Queue[str | None] = asyncio.Queue()
        self._came.put_nowait(self._session.hello(core.now(), core.position))
        self.close_code: int | None = None
        self.close_reason = ""

    def put(self, frame: frames.FromCore) -> None:
        self._came.put_nowait(frames.encode(frame))

    def end(self, code: int, reason: str) -> None:
        self.close_code, self.close_reason = code, reason
        self._came.put_nowait(None)

    async def recv(self) -> str:
        data = await self._came.get()
        if data is None:
            assert self.close_code is not None
            raise ConnectionClosedError(Close(self.close_code, self.close_reason), None)
        return data

    async def send(self, data: str) -> None:
        frame = self._session.received(data)
        if isinstance(frame, frames.SignIn):
            if self._core.refuses_desks:
                self.end(frames.CLOSE_NOT_SIGNED_IN, self._core.refuses_desks)
                return
            for each in self._core.opening(frame):
                self.put(each)
        elif isinstance(frame, frames.RequestFrame) and (answer := self._core.done(frame)) is not None:
            self.put(answer)

    async def falls_silent(self) -> None:
        """It never does."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """There is nothing to close."""
