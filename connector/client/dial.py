"""Opens a websocket to a core; failures are errors whose words say what to do."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, unix_connect
from websockets.asyncio.client import connect as connect_tcp
from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException

from connector.base import trusted_files
from connector.base.data_directory import service_mark
from connector.base.ip_addresses import is_loopback
from connector.base.trusted_files import UntrustedFile
from connector.base.unreachable import unreachable
from connector.client.errors import ClientError, CoreUnreachable
from connector.wire import endpoint, frames, limits

_OPEN_WITHIN_S = 10.0


async def connect(data: Path, url: str | None) -> ClientConnection:
    """An open connection, before the hello. Raises CoreUnreachable, or ClientError when waiting would not help."""
    if url:
        return await _connect_tcp(url)
    path = endpoint.socket_path(data, os.environ)
    try:
        connection = await unix_connect(
            str(path),
            "ws://localhost/",
            compression=None,
            max_size=limits.FRAME_BYTES,
            open_timeout=_OPEN_WITHIN_S,
        )
    except (FileNotFoundError, ConnectionRefusedError):
        desk = "" if service_mark(data).exists() else "with `textdesk`, or "
        words = f"No core is running on {data}: start one {desk}with `textdesk serve --data {data}`."
        raise CoreUnreachable(words) from None
    except PermissionError:
        raise ClientError(f"The core on {data} belongs to another user.", os.EX_NOPERM) from None
    except (OSError, InvalidHandshake) as error:
        raise CoreUnreachable(f"The core on {data} cannot be reached: {_words(error)}.") from None
    try:
        trusted_files.demand_our_core(connection.transport.get_extra_info("socket"), path)
    except UntrustedFile as error:
        await connection.close()
        raise ClientError(f"The core on {data} is not yours: {error}", os.EX_NOPERM) from None
    return connection


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
        words, code = unreachable(error, url)
        raise (CoreUnreachable(words) if code is None else ClientError(words, code)) from None


def refusal(closed: ConnectionClosed) -> ClientError | None:
    """The error behind a closed connection, when connecting again would end the same way."""
    code = closed.rcvd.code if closed.rcvd else None
    words = closed.rcvd.reason if closed.rcvd else ""
    if code == frames.CLOSE_NOT_SIGNED_IN:
        return ClientError(f"The core does not let you in: {words or 'no reason given'}", os.EX_NOPERM)
    if code == frames.CLOSE_TOO_MANY:
        return ClientError(f"The core lets no more in for now: {words or 'no reason given'}", os.EX_TEMPFAIL)
    if code in (frames.CLOSE_PROTOCOL, frames.CLOSE_BAD_FRAME):
        return ClientError(f"The core does not understand this command: {words or 'no reason given'}")
    return None


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()
    return str(error)
