"""Answers for pictures from the kit's server, and a bare server for what a web server would not do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from connector.base.secret import Secret
from connector.pictures.values import Fetched, FetchFailed, Patience
from connector.providers.values import MediaCall
from tests.connector.pictures.samples import PNG
from tests.kit.vendor_server import TIME_LIMIT_S, Behaviour, Call

SECRET = "hush-hush"
LOGIN = ("AC123", Secret(SECRET))
HIDDEN = "hidden-key"  # a part of every address that no sentence may show


def call_to(url: str, *hosts: str, login: tuple[str, Secret] | None = LOGIN) -> MediaCall:
    """For the picture below this address of a server."""
    return MediaCall(f"{url}/picture?key={HIDDEN}", hosts or ("127.0.0.1",), login)


def failed(result: Fetched | FetchFailed, *, patience: Patience, words: str) -> None:
    assert isinstance(result, FetchFailed), result
    assert words in result.words and result.words.endswith(".")
    assert result.patience is patience
    assert not result.advice or result.advice.endswith(".")
    assert HIDDEN not in result.words and SECRET not in result.words


def give(data: bytes = PNG, status: int = 200, **headers: str) -> Behaviour:
    """An answer with these bytes; `headers` by their names with underscores, a picture's type if none is given."""
    named = {"Content-Type": "image/png"} | {name.replace("_", "-"): value for name, value in headers.items()}

    async def behave(request: web.Request, leaving: asyncio.Event) -> web.StreamResponse:
        return web.Response(status=status, body=data, headers=named)

    return behave


def lead(to: str | Callable[[str], str], status: int = 302, **headers: str) -> Behaviour:
    """A redirect; the address of the next step can depend on this one's path."""

    async def behave(request: web.Request, leaving: asyncio.Event) -> web.StreamResponse:
        place = to if isinstance(to, str) else to(request.path)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, headers={"Location": place} | named, text="moved")

    return behave


def pour(piece: bytes, pause_s: float = 0.0) -> Behaviour:
    """An answer without an end: the piece again and again."""

    async def behave(request: web.Request, leaving: asyncio.Event) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "image/png"})
        await response.prepare(request)
        try:
            while not leaving.is_set():
                await response.write(piece)
                await asyncio.sleep(pause_s)
        except ConnectionError:
            pass
        return response

    return behave


def login_of(call: Call) -> str | None:
    return call.headers.get("authorization")


class BareServer:
    """Takes connections, keeps the first bytes each of them says in `heard`, and says `answer` to it."""

    def __init__(self, answer: bytes) -> None:
        self.heard: list[bytes] = []  # complete when the server has ended
        self.port = 0
        self._answer = answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(TIME_LIMIT_S):
                self.heard.append(await reader.read(65_536))
            writer.write(self._answer)
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[BareServer]:
        async with asyncio.TaskGroup() as talks:
            server = await asyncio.start_server(lambda *ends: talks.create_task(self._take(*ends)), "127.0.0.1", 0)
            async with server:
                self.port = server.sockets[0].getsockname()[1]
                yield self
