"""Opens a websocket to a core; failures are errors whose words say what to do."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, unix_connect
from websockets.asyncio.client import connect as connect_tcp
from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException

from connector.base import team_socket, trusted_files
from connector.base.data_directory import data_dir, service_mark
from connector.base.ip_addresses import is_loopback
from connector.base.mistyped_path import likeness
from connector.base.trusted_files import UntrustedFile, quoted
from connector.base.unreachable import Unreachable, own_core_shut, service_unreachable, unreachable
from connector.client import own_core
from connector.client.errors import ClientError, CoreUnreachable
from connector.wire import endpoint, limits
from connector.wire.closing import turned_away

_OPEN_WITHIN_S = 10.0


async def connect(data: Path, url: str | None) -> ClientConnection:
    """An open connection, before the hello. Raises CoreUnreachable, or ClientError when waiting would not help."""
    if url and url.startswith(endpoint.UNIX):
        return await _connect_service(Path(url.removeprefix(endpoint.UNIX)))
    if url:
        return await _connect_tcp(url)
    path = endpoint.socket_path(data, os.environ)
    try:
        connection = await _open_unix(path)
    except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
        raise _no_core(data) from None
    except PermissionError:
        raise _error(own_core_shut(data)) from None
    except (OSError, InvalidHandshake) as error:
        raise CoreUnreachable(f"The core on {data} cannot be reached: {_words(error)}.") from None
    try:
        trusted_files.demand_our_core(connection.transport.get_extra_info("socket"), path)
    except UntrustedFile as error:
        await connection.close()
        raise ClientError(f"The core on {data} is not yours: {error}", os.EX_NOPERM) from None
    return connection


def _no_core(data: Path) -> ClientError:
    """A core may be started where one has run, in an empty directory, or in the user's usual place: any other may be
    mistyped, or evidence."""
    if os.path.isfile(data):
        words = f"{data} is a file: --data names a data directory, perhaps its folder: --data {quoted(data.parent)}"
        return ClientError(words, os.EX_USAGE)
    where = f"No core is running on {data}"
    if data != data_dir({}) and not own_core.has_core(data):
        name_it = "name the data directory of a core with --data."
        if not os.path.lexists(data):
            return CoreUnreachable(f"{where}, which does not exist{likeness(data, is_folder=True)}: {name_it}")
        if _holds_other_files(data):
            return CoreUnreachable(f"{where}, and none has run there: {name_it}")
    desk = "" if service_mark(data).exists() else "with `textdesk`, or "
    return CoreUnreachable(f"{where}: start one {desk}with `textdesk serve --data {data}`.")


def _holds_other_files(data: Path) -> bool:
    try:
        names = os.listdir(data)
    except OSError:
        return False
    return bool(names) and "core.lock" not in names


async def _connect_service(path: Path) -> ClientConnection:
    try:
        owner = team_socket.trusted_owner(path.parent)
        connection = await _open_unix(path)
    except (OSError, WebSocketException) as error:
        raise _error(service_unreachable(error, path, endpoint.team_at(path))) from None
    try:
        trusted_files.demand_our_core(connection.transport.get_extra_info("socket"), path, owner)
    except UntrustedFile as error:
        await connection.close()
        raise _error(service_unreachable(error, path, endpoint.team_at(path))) from None
    return connection


async def _open_unix(path: Path) -> ClientConnection:
    return await unix_connect(
        str(path),
        "ws://localhost/",
        compression=None,
        max_size=limits.FRAME_BYTES,
        open_timeout=_OPEN_WITHIN_S,
    )


async def _connect_tcp(url: str) -> ClientConnection:
    try:
        host = urlsplit(url).hostname or ""
        return await connect_tcp(
            url,
            compression=None,
            max_size=limits.FRAME_BYTES,
            open_timeout=_OPEN_WITHIN_S,
            # A proxy for the internet does not lead back to this machine.
            proxy=None if is_loopback(host) else True,
        )
    except (OSError, ValueError, ImportError, WebSocketException) as error:
        raise _error(unreachable(error, url)) from None


def refusal(closed: ConnectionClosed) -> ClientError | None:
    """The error behind a closed connection, when connecting again would end the same way."""
    received = closed.rcvd
    turned = turned_away(received.code, received.reason) if received else None
    return ClientError(turned.words, turned.code) if turned is not None else None


def _error(cause: Unreachable) -> ClientError:
    return CoreUnreachable(cause.words) if cause.code is None else ClientError(cause.words, cause.code)


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()
    return str(error)
