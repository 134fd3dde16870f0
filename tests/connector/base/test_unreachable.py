from __future__ import annotations

import asyncio
import grp
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve

from connector.base.unreachable import service_unreachable, unreachable
from connector.client import dial
from connector.client.errors import ClientError
from tests.kit.own_tls import own_tls
from tests.kit.ports import free_port
from tests.kit.raw_server import OK, RawServer, said
from tests.kit.second_user import as_user, needs_root
from tui.core.link import CannotConnect, CoreCannotStart, FirstToAnswer


async def why(url: str) -> tuple[str, int | None]:
    """What a command and a desk say of this address, and the exit code of a desk that ends for it at its start."""
    with pytest.raises(ClientError) as of_command:
        await dial.connect(Path(), url)
    with pytest.raises(CannotConnect) as of_desk:
        await FirstToAnswer([url])(lambda words: None)
    assert str(of_command.value) == str(of_desk.value)
    code = of_desk.value.code if isinstance(of_desk.value, CoreCannotStart) else None
    assert of_command.value.exit_code == (os.EX_UNAVAILABLE if code is None else code)
    return str(of_desk.value), code


@asynccontextmanager
async def websocket_port(folder: Path | None = None) -> AsyncIterator[int]:
    """Of a websocket server, with TLS when there is a folder for its certificate."""

    async def handle(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with serve(handle, "127.0.0.1", 0, ssl=own_tls(folder) if folder else None) as server:
        [listening] = server.sockets
        yield listening.getsockname()[1]


@asynccontextmanager
async def greeting(words: bytes) -> AsyncIterator[str]:
    """The address of a port that says this to whatever comes, and hangs up."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(words)
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"{host}:{port}"


@pytest.mark.parametrize(
    ("team", "forced", "words"),
    [
        ("daemon", False, "See systemctl status textdesk."),
        ("daemon", True, "Tell your administrator."),
        (None, True, "No core listens at"),
    ],
)
def test_a_service_that_is_away(
    team: str | None, forced: bool, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if forced:
        monkeypatch.setenv("SSH_ORIGINAL_COMMAND", "queue")
    (tmp_path / "textdesk").mkdir()
    said = service_unreachable(FileNotFoundError(), tmp_path / "textdsk" / "desk.sock", team).words
    assert words in said and ("service of this host" in said) == (team is not None)
    assert (f"did you mean {tmp_path}/textdesk?" in said) == (team is None)


@needs_root
@pytest.mark.parametrize(
    ("uid", "team", "words"),
    [(5, grp.getgrgid(5).gr_name, "Tell your administrator."), (1, "daemon", "systemctl"), (5, "daemon", "systemctl")],
)
def test_a_member_is_sent_to_the_administrator(uid: int, team: str, words: str) -> None:
    """As with uid 5 and its gid: users and groups of one number have different names in Debian."""

    def tell() -> None:
        raise AssertionError(service_unreachable(FileNotFoundError(), Path("/nowhere/desk.sock"), team).words)

    assert words in as_user(uid, tell)


async def test_tls_to_a_plain_port() -> None:
    async with websocket_port() as port:
        words, code = await why(f"wss://127.0.0.1:{port}")
    assert (f"try ws://127.0.0.1:{port}," in words, "takes no TLS" in words, code) == (True, True, None)


async def test_tls_to_what_answers_in_plain_text() -> None:
    async with greeting(b"220 mail.example.com ESMTP\r\n") as address:
        words, code = await why(f"wss://{address}")
    assert (f"try ws://{address}," in words, "takes no TLS" in words, code) == (True, True, None)


async def test_plain_text_to_a_tls_port(tmp_path: Path) -> None:
    async with websocket_port(tmp_path) as port:
        words, code = await why(f"ws://127.0.0.1:{port}")
    assert (f"try wss://127.0.0.1:{port}," in words, "expects TLS" in words, code) == (True, True, None)


async def test_a_certificate_that_is_not_trusted(tmp_path: Path) -> None:
    async with websocket_port(tmp_path) as port:
        words, code = await why(f"wss://127.0.0.1:{port}")
    assert ("self-signed certificate" in words, "SSL_CERT_FILE" in words, code) == (True, True, os.EX_NOPERM)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "it answered HTTP 404; compare host and port with"),
        (OK + b"Content-Length: 2\r\n\r\n{}", "it answered HTTP 200; compare host and port with desks.listen"),
        (b"220 mail.example.com ESMTP\r\n", "no websocket server, or expects TLS; try wss://127.0.0.1:"),
    ],
)
async def test_a_port_of_another_service(answer: bytes, expected: str) -> None:
    async with RawServer(said(answer)).running() as server:
        words, code = await why(server.url.replace("http", "ws"))
    assert (expected in words, code) == (True, None), words


@pytest.mark.parametrize("scheme", ["ws", "wss"])
async def test_a_closed_port(scheme: str) -> None:
    words, code = await why(f"{scheme}://127.0.0.1:{free_port()}/desk")
    assert "connection refused, so nothing listens there; start the core, or " in words
    assert code is None


@pytest.mark.parametrize("url", ["http://127.0.0.1", "127.0.0.1:8081", "ws://127.0.0.1:99999", "ws://[::1", "ws://"])
async def test_what_is_no_websocket_address(url: str) -> None:
    words, code = await why(url)
    assert words == f"{url} is not a websocket address; it has the form wss://host:port."
    assert code == os.EX_USAGE


async def test_a_proxy_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "all_proxy", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "carrier://pigeon")
    words, _ = await why("wss://desk.example.com")
    assert "the proxy of the environment cannot be used" in words
    assert "correct HTTPS_PROXY" in words


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "there is no host desk.example.com; correct the name."),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "the name desk.example.com cannot be looked up now; see whether the"),
        (TimeoutError(), "no answer in time; see whether"),
        (ConnectionResetError(), "takes no TLS"),
        (OSError(101, "x"), "network is unreachable; compare"),
    ],
)
def test_errors_of_other_networks(error: OSError, expected: str) -> None:
    words, code = unreachable(error, "wss://desk.example.com:8081")
    assert words.startswith("No core can be reached at wss://desk.example.com:8081: ")
    assert (expected in words, code) == (True, None), words


async def test_a_port_that_hangs_up() -> None:
    async with greeting(b"") as address:
        assert f"try wss://{address}" in (await why(f"ws://{address}"))[0]
        assert f"try ws://{address}" in (await why(f"wss://{address}"))[0]
