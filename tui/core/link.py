"""The websocket to the core: a thin shell around `connector.wire.client`.

Frames are collected until the desk takes them, so a burst is folded at once and painted once. The app learns of frames
and of the state of the link by Textual messages.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct
from textual.message import Message

from connector.base import trusted_files
from connector.base.loading_later import load_later
from connector.wire import frames, requests
from connector.wire.client import Client, ProtocolMismatch
from connector.wire.endpoint import UNIX, team_at
from tui.model.interning import intern_strings
from tui.model.state import LinkPhase

if TYPE_CHECKING:
    from connector.base.unreachable import Unreachable
    from tui.core.heard import HeardConnection

SELDOM_USED = ("importlib.metadata", "urllib.request")  # by the websocket library: half of what it loads
_FIRST_DELAY_S, _MAX_DELAY_S = 0.2, 5.0
_HOPELESS_DELAY_S = 60.0  # where connecting again most likely ends the same way
_FRAMES_PER_TURN = 50  # read before the screen gets its turn
_LARGE_BYTES = 32 * 1024  # so does a message of this size: it takes some milliseconds to decode
_PAUSE_S = 0.004  # for the screen, which needs several turns of the event loop to draw a key
_TURN_S = 0.006  # to fold what has arrived, before the screen gets its turn
_SOON_S = 1.0  # when the core closes a connection to have another one after less than this, there is a pause


class CannotConnect(Exception):
    """Why there is no connection, in one sentence."""


class AwaitsService(CannotConnect):
    """There is no core, and the desk must not start one."""


class NoCore(CannotConnect):
    """No core answers now: a desk ends with this at its start, and one that had a core waits."""


class CoreCannotStart(CannotConnect):
    """There is no core, and another attempt would fail as well."""

    def __init__(self, words: str, code: int) -> None:
        super().__init__(words)
        self.code = code


class _End(Struct, frozen=True):
    """Why a connection ended. `code` is the exit code of a desk that cannot start for this reason; None: try again.

    `lasts`: connecting again most likely ends the same way.
    """

    words: str
    code: int | None = None
    lasts: bool = False
    at_once: bool = False  # the core asks for another connection


Dial = Callable[[Callable[[str], None]], Awaitable["HeardConnection"]]
"""Opens a connection and reports its progress. Raises CannotConnect, OSError or WebSocketException."""


class DeskLink:
    """Holds a connection, and connects again when it is lost."""

    class FramesArrived(Message):
        """Frames can be taken."""

    class PhaseChanged(Message):
        """The phase of the link; `words` say why, or what is being done."""

        def __init__(self, phase: LinkPhase, words: str) -> None:
            super().__init__()
            self.phase = phase
            self.words = words

    class GaveUp(Message):
        """There was no connection and will be none; `code` is the exit code for that."""

        def __init__(self, code: int, words: str) -> None:
            super().__init__()
            self.code = code
            self.words = words

    def __init__(
        self,
        client: Client,
        dial: Dial,
        post: Callable[[Message], object],
        token: Callable[[], str] | None = None,
    ) -> None:
        """`token` is called before each connection."""
        self._client = client
        self._token = token
        self._dial = dial
        self._post = post
        self._arrived: deque[frames.FromCore] = deque()
        self._wake = asyncio.Event()
        self._phase = LinkPhase.STARTING
        self._was_welcomed = False

    def take(self) -> Iterator[frames.FromCore]:
        """The frames that have arrived, as many as the receiver deals with in a few milliseconds. When some are left,
        FramesArrived is posted again."""
        over_at = time.monotonic() + _TURN_S
        while self._arrived:
            yield self._arrived.popleft()
            if self._arrived and time.monotonic() >= over_at:
                self._post(self.FramesArrived())
                return

    @property
    def has_more(self) -> bool:
        """Frames have arrived that were not taken."""
        return bool(self._arrived)

    def ask(self, request_id: str, body: requests.Request) -> None:
        """Send a request now, or as soon as there is a connection."""
        self._client.request(request_id, body)
        self._wake.set()

    def report_line(self, *, is_silent: bool) -> None:
        """Tell the core, now or at the next sign-in, whether the desk's line is silent."""
        self._client.report_line(is_silent=is_silent)
        self._wake.set()

    def look_at(self, conversation_id: str | None, is_writing: bool) -> None:
        """Tell the core which conversation the desk shows, while there is a connection."""
        self._client.look_at(conversation_id, is_writing=is_writing)
        self._wake.set()

    async def run(self) -> None:
        """Connect, and connect again, until cancelled or the first connection is known to be impossible."""
        for name in SELDOM_USED:
            load_later(name)
        from websockets.exceptions import WebSocketException

        delay = _FIRST_DELAY_S
        while True:
            self._was_welcomed = False
            began_at = time.monotonic()
            try:
                end = await self._converse()
            except CannotConnect as error:
                end = _end_without_connection(error)
                if isinstance(error, AwaitsService) and self._phase is LinkPhase.LOST:
                    self._phase = LinkPhase.AWAITING
            except (OSError, WebSocketException) as error:
                end = _End(f"no answer: {getattr(error, 'strerror', None) or error or type(error).__name__}")
            if end.code is not None and self._phase is LinkPhase.STARTING:
                self._post(self.GaveUp(end.code, end.words))
                return
            self._client.disconnected()
            if end.at_once and self._was_welcomed:
                # Of a changed configuration all desks hear at one moment.
                is_soon = time.monotonic() - began_at < _SOON_S
                await asyncio.sleep(_FIRST_DELAY_S * (1 if is_soon else random.random()))
                continue
            self._ended(end)
            if self._was_welcomed and not end.lasts:
                delay = _FIRST_DELAY_S
            # Random delays keep many desks from reconnecting at one moment.
            await asyncio.sleep(delay * random.uniform(0.7, 1.3))
            delay = min(delay * 2, _HOPELESS_DELAY_S if end.lasts else _MAX_DELAY_S)

    async def _converse(self) -> _End:
        """One connection from its start to its end."""
        from websockets.exceptions import ConnectionClosed

        if self._token is not None:
            self._client.token = self._token()
        connection = await self._dial(self._report)
        end = _End("")
        try:
            self._client.connected()
            async with asyncio.TaskGroup() as group:
                beside = [group.create_task(self._write(connection)), group.create_task(self._watch(connection))]
                try:
                    await self._read(connection)
                finally:
                    for task in beside:
                        task.cancel()
        except* ConnectionClosed:
            end = _end_of(connection)
        except* (ProtocolMismatch, frames.BadFrame) as errors:
            end = _End(str(errors.exceptions[0]), os.EX_UNAVAILABLE, lasts=True)
        except* TimeoutError:
            end = _End("the core does not answer")
        finally:
            await connection.close()
        return end

    async def _read(self, connection: HeardConnection) -> None:
        count = 0
        while True:
            data = await connection.recv()
            received = self._client.received(data)
            self._wake.set()
            for frame in received:
                intern_strings(frame)
                if isinstance(frame, frames.Welcome):
                    self._was_welcomed = True
                    if isinstance(self._dial, FirstToAnswer):
                        self._dial.welcomed()
                    self._phase = LinkPhase.LINKED
                    self._say("")
                if not self._arrived:
                    self._post(self.FramesArrived())
                self._arrived.append(frame)
            # After the whole message: the client's position is that of its last event.
            count += len(received)
            if count >= _FRAMES_PER_TURN or len(data) >= _LARGE_BYTES:
                count = 0
                await asyncio.sleep(_PAUSE_S)

    async def _write(self, connection: HeardConnection) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            for frame in self._client.take_outgoing():
                await connection.send(frame)

    async def _watch(self, connection: HeardConnection) -> None:
        """Say when the core answers no more, and when it does again. Raises TimeoutError when it does not for long."""
        while True:
            await connection.falls_silent()
            if self._phase is LinkPhase.LINKED:
                self._phase = LinkPhase.SILENT
                self._say("")
            await connection.speaks_again()
            if self._phase is LinkPhase.SILENT:
                self._phase = LinkPhase.LINKED
                self._say("")

    def _ended(self, end: _End) -> None:
        if end.code == os.EX_NOPERM:
            # The desk drops what it has: only a whole snapshot brings it back.
            self._phase = LinkPhase.SHUT_OUT
            self._client.position = None
            self._arrived.clear()
            self._say(end.words)
            return
        if end.code is not None and self._phase is not LinkPhase.SHUT_OUT:
            self._phase = LinkPhase.REFUSED
        elif self._phase in (LinkPhase.LINKED, LinkPhase.SILENT, LinkPhase.REFUSED):
            self._phase = LinkPhase.LOST
        self._report(end.words)

    def _report(self, words: str) -> None:
        """Say how connecting goes, except to an agent who is not let in: for them why stays on the screen."""
        if self._phase is not LinkPhase.SHUT_OUT:
            self._say(words)

    def _say(self, words: str) -> None:
        self._post(self.PhaseChanged(self._phase, words))


def _end_without_connection(error: CannotConnect) -> _End:
    match error:
        case CoreCannotStart():
            return _End(str(error), error.code, lasts=True)
        case NoCore():
            return _End(str(error), os.EX_UNAVAILABLE)
    return _End(str(error))


def _end_of(connection: HeardConnection) -> _End:
    from connector.wire.closing import turned_away

    words = connection.close_reason or ""
    match connection.close_code:
        case frames.CLOSE_STOPPING:
            return _End("the core stops")
        case frames.CLOSE_RIGHTS_CHANGED:
            return _End(words, at_once=True)
    if (turned := turned_away(connection.close_code, words)) is not None:
        return _End(turned.words, turned.code, lasts=True)
    return _End(words)


class FirstToAnswer:
    """A `Dial` of several addresses of one database's cores: ws://, wss:// or unix:/PATH."""

    def __init__(self, urls: Sequence[str]) -> None:
        from connector.wire.core_order import CoreOrder

        self._order = CoreOrder(urls)

    async def __call__(self, say: Callable[[str], None]) -> HeardConnection:
        errors: list[CannotConnect] = []
        for url in self._order.next():
            dial = over_service(Path(url.removeprefix(UNIX))) if url.startswith(UNIX) else over_tcp(url)
            try:
                connection = await dial(say)
            except CannotConnect as error:
                errors.append(error)
            else:
                self._order.reached(url)
                return connection
        if len(errors) == 1:
            raise errors[0]
        words = " ".join(["No core can be reached.", *map(str, errors)])
        first = errors[0]
        if isinstance(first, CoreCannotStart) and all(isinstance(error, CoreCannotStart) for error in errors):
            raise CoreCannotStart(words, first.code)
        raise NoCore(words)

    def welcomed(self) -> None:
        """A core has let the desk in."""
        self._order.welcomed()


def over_tcp(url: str) -> Dial:
    """A core at a websocket URL. The token goes into the first frame, not into the URL."""

    async def dial(say: Callable[[str], None]) -> HeardConnection:
        from websockets.exceptions import WebSocketException

        from connector.base.ip_addresses import is_loopback
        from connector.base.unreachable import unreachable
        from tui.core.heard import open_tcp

        say(f"connecting to {url}")
        try:
            # A proxy for the internet does not lead back to this machine.
            return await open_tcp(url, through_proxy=not is_loopback(urlsplit(url).hostname or ""))
        except (OSError, ValueError, ImportError, WebSocketException) as error:
            raise _cannot_connect(unreachable(error, url)) from None

    return dial


def over_service(path: Path) -> Dial:
    """The core of this host's service, whose folder belongs to another user."""

    async def dial(say: Callable[[str], None]) -> HeardConnection:
        from websockets.exceptions import WebSocketException

        from connector.base import team_socket
        from connector.base.unreachable import service_unreachable

        try:
            owner = team_socket.trusted_owner(path.parent)
            connection = await _open_unix(path)
        except (OSError, WebSocketException) as error:
            raise _cannot_connect(service_unreachable(error, path, team_at(path))) from None
        try:
            trusted_files.demand_our_core(connection.transport.get_extra_info("socket"), path, owner)
        except trusted_files.UntrustedFile as error:
            await connection.close()
            raise _cannot_connect(service_unreachable(error, path, team_at(path))) from None
        return connection

    return dial


async def _open_unix(path: Path) -> HeardConnection:
    from tui.core.heard import open_unix  # loads the websocket library

    return await open_unix(path)


def _cannot_connect(cause: Unreachable) -> CannotConnect:
    return NoCore(cause.words) if cause.code is None else CoreCannotStart(cause.words, cause.code)


def over_unix(path: Path) -> Dial:
    """A core on this host."""

    async def dial(say: Callable[[str], None]) -> HeardConnection:
        connection = await _open_unix(path)
        try:
            trusted_files.demand_our_core(connection.transport.get_extra_info("socket"), path)
        except trusted_files.UntrustedFile as error:
            await connection.close()
            raise CoreCannotStart(str(error), os.EX_NOPERM) from None
        return connection

    return dial
