"""Why no core could be connected to, in one sentence with what to do: for desks and for commands."""

from __future__ import annotations

import os
import socket
import ssl
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from connector.base import team_socket
from connector.base.mistyped_path import likeness
from connector.base.trusted_files import UntrustedFile, user_name

_ELSEWHERE = "compare host and port with desks.listen in its configuration"


class Unreachable(NamedTuple):
    """`code`: the exit code where another attempt would end the same way; None: a core may answer later."""

    words: str
    code: int | None = None


def unreachable(error: Exception, url: str) -> Unreachable:
    """What an error of `websockets.connect(url)` means."""
    from websockets.exceptions import InvalidHandshake, InvalidProxy, InvalidStatus, InvalidURI, ProxyError

    match error:
        case ssl.SSLCertVerificationError():
            words = (
                f"The certificate of {url} is not to be trusted: {error.verify_message}. Use the name that it is for,"
                " and give the file of its issuer in SSL_CERT_FILE if that is your own."
            )
            return Unreachable(words, os.EX_NOPERM)
        case InvalidStatus() if error.response.status_code in (401, 403):
            return Unreachable(
                f"The core at {url} does not let you in (HTTP {error.response.status_code}).", os.EX_NOPERM
            )
        case InvalidProxy() | ProxyError() | ImportError():
            return Unreachable(
                f"No core can be reached at {url}: the proxy of the environment cannot be used ({error}); correct"
                " HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, or name the host in NO_PROXY."
            )
        case InvalidURI() | ValueError():
            return Unreachable(f"{url} is not a websocket address; it has the form wss://host:port.", os.EX_USAGE)
        case InvalidStatus():
            status = error.response.status_code
            return Unreachable(f"There is no core at {url}: it answered HTTP {status}; {_ELSEWHERE}.")
        case InvalidHandshake():
            return Unreachable(f"There is no core at {url}: {_no_handshake(urlsplit(url))}.")
        case OSError():
            return Unreachable(f"No core can be reached at {url}: {_no_connection(error, urlsplit(url))}.")
    return Unreachable(f"No core can be reached at {url}: {error or type(error).__name__}; {_ELSEWHERE}.")


def service_unreachable(error: Exception, path: Path, team: str | None) -> Unreachable:
    """What an error of connecting to the socket of a service on this host means.

    `team`: the group of this host's team, where its service listens at this path; None for any other socket.
    """
    match error:
        case UntrustedFile():
            return Unreachable(str(error), os.EX_NOPERM)
        case PermissionError() if os.access(path.parent, os.X_OK):
            words = f"{path} does not let its group in: an administrator restarts the service, which puts that right."
            return Unreachable(words, os.EX_NOPERM)
        case PermissionError():
            return Unreachable(team_socket.why_shut(path.parent), os.EX_NOPERM)
        case FileNotFoundError() | ConnectionRefusedError() | NotADirectoryError():
            words = _why_away(error, path)
            if team is None:
                hint = likeness(path.parent, is_folder=True)
                return Unreachable(f"No core listens at {path}: {words}{hint}; compare it with desks.socket.")
            is_user = "SSH_ORIGINAL_COMMAND" in os.environ or team_socket.is_for_us(team)
            step = "Tell your administrator." if is_user else "See systemctl status textdesk."
            return Unreachable(f"The service of this host is not running: {words}. {step}")
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return Unreachable(f"The service at {path} cannot be reached: {words.lower()}.")


def _why_away(error: OSError, path: Path) -> str:
    if isinstance(error, ConnectionRefusedError):
        return f"nothing listens at {path}, which a core has left that was killed"
    try:
        owner = user_name(path.parent.stat().st_uid)
    except OSError:
        return f"{path.parent} is missing"
    if isinstance(error, NotADirectoryError):
        return f"{path.parent} is no folder"
    return f"there is no {path.name} in {path.parent}, which belongs to {owner}"


def own_core_shut(data: Path) -> Unreachable:
    """A data directory that cannot be entered, or whose socket is another user's."""
    return Unreachable(f"The core on {data} belongs to another user.", os.EX_NOPERM)


def _no_handshake(url: SplitResult) -> str:
    if url.scheme == "ws":
        return f"what answers is no websocket server, or expects TLS; try wss://{url.netloc}, or {_ELSEWHERE}"
    return f"what answers is no websocket server; {_ELSEWHERE}"


def _no_connection(error: OSError, url: SplitResult) -> str:
    match error:
        case TimeoutError():
            return "no answer in time; see whether the core runs, and whether a firewall is between"
        case socket.gaierror():
            if error.errno == socket.EAI_AGAIN:
                return f"the name {url.hostname} cannot be looked up now; see whether the network is there"
            return f"there is no host {url.hostname}; correct the name"
        case ConnectionRefusedError():
            return f"connection refused, so nothing listens there; start the core, or {_ELSEWHERE}"
        case ssl.SSLError() | ConnectionResetError() if url.scheme == "wss" and _is_without_tls(error):
            return f"the port takes no TLS, as it seems; try ws://{url.netloc}, or {_ELSEWHERE}"
        case ssl.SSLError():
            return f"TLS fails ({(error.reason or 'no reason given').replace('_', ' ').lower()}); {_ELSEWHERE}"
        case ConnectionResetError():
            return f"it hung up at once, and may expect TLS; try wss://{url.netloc}, or {_ELSEWHERE}"
    why = os.strerror(error.errno).lower() if error.errno else str(error) or type(error).__name__
    return f"{why}; {_ELSEWHERE}"


def _is_without_tls(error: OSError) -> bool:
    """Whether the other side hung up on TLS, or answered something else."""
    return not isinstance(error, ssl.SSLError) or error.reason in (
        "WRONG_VERSION_NUMBER",
        "RECORD_LAYER_FAILURE",
        "HTTP_REQUEST",
        "PACKET_LENGTH_TOO_LONG",
        "UNEXPECTED_EOF_WHILE_READING",
    )
