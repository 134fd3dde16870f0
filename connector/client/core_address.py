"""Which core a desk or command talks to: by options, environment, the user's profiles, or what this host has.

The desk waits for this, so that it imports little.
"""

from __future__ import annotations

import os
import re
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from connector.base import data_directory, team_socket, trusted_files
from connector.client import own_core, profiles
from connector.client.errors import ClientError
from connector.wire import endpoint

_URL = re.compile(r"wss?://[^\s,]+|unix:/[^\s,]+")


class CoreAddress(NamedTuple):
    """Where cores listen and who signs in: at the first of `urls` that answers, or without one on the socket of the
    data directory. `aside`: a sentence for the user about what was not chosen.
    """

    data: Path
    urls: tuple[str, ...] = ()
    token: str | None = None
    token_file: Path | None = None
    agent: str | None = None
    aside: str = ""


class HostService(NamedTuple):
    """Where a host's service listens, and the group of those who use it."""

    socket: Path = endpoint.HOST_SOCKET
    group: str = endpoint.HOST_GROUP

    def is_expected(self, environ: Mapping[str, str]) -> bool:
        """Whether this user is of the host's team, whether or not its service runs or has run since the host started.

        Its folder, their group, or sshd's ForceCommand (SSH_ORIGINAL_COMMAND) say so. No group of a user's own name
        does: many systems make one for every user. Root, who administers the host, needs to be in no group.
        """
        if self.has_folder() or "SSH_ORIGINAL_COMMAND" in environ:
            return True
        if os.geteuid() == 0:
            return self.is_set_up()
        return team_socket.is_for_us(self.group)

    def has_folder(self) -> bool:
        return os.path.lexists(self.socket.parent)

    def is_set_up(self) -> bool:
        """Whether this host has a folder or a group for a service, independent of the calling user."""
        return self.has_folder() or team_socket.find_group(self.group) is not None


THIS_HOST = HostService()


def find(
    options: Namespace, environ: Mapping[str, str], host: HostService = THIS_HOST, *, with_demo: bool = False
) -> CoreAddress:
    """The first of: `--url`, `--data` or `--profile`; TEXTDESK_URL, TEXTDESK_PROFILE, TEXTDESK_DATA.

    Then the default profile; the user's own data directory, if a core on it is in use; the host's service, if one is
    expected here, running or not; a demo that the user has running, `with_demo`; and else the user's own data
    directory. Raises ClientError.
    """
    given: dict[str, object] = vars(options)
    url, data, name = given.get("url"), given.get("data"), given.get("profile")
    if name is not None and (url is not None or data is not None):
        raise ClientError("--profile says where the core is: leave --url and --data away.", os.EX_USAGE)
    own = data if isinstance(data, Path) else data_directory.data_dir(environ)
    urls: tuple[str, ...] = ()
    profile, aside = profiles.Profile(), ""
    if url is not None:
        urls = _urls(str(url), "--url")
    elif data is not None:
        pass
    elif name is not None:
        profile = profiles.load(environ, str(name))
    elif environ.get("TEXTDESK_URL"):
        urls = _urls(environ["TEXTDESK_URL"], "TEXTDESK_URL")
    elif environ.get("TEXTDESK_PROFILE"):
        profile = profiles.load(environ, environ["TEXTDESK_PROFILE"])
    elif not environ.get("TEXTDESK_DATA"):
        profile = profiles.load(environ, None)
        if not profile.url:
            starts_own = "config" in given or bool(environ.get("TEXTDESK_CONFIG"))
            urls, aside = ((), "") if starts_own else _of_this_host(own, environ, host)
            if with_demo and not starts_own and not urls and not own_core.has_content(own):
                own, aside = _demo(environ) or (own, aside)
    if profile.url:
        urls = _urls(profile.url, profile.place, os.EX_CONFIG)
    token_file = _token_file(given.get("token_file"), environ, profile, urls)
    agent = given.get("agent") or profile.agent
    return CoreAddress(own, urls, _token(token_file), token_file, str(agent) if agent else None, aside)


def _demo(environ: Mapping[str, str]) -> tuple[Path, str] | None:
    """The data directory of the demo that was started last, and a sentence that says so."""
    from connector.client import running_demo

    found = running_demo.find(environ)
    if not found:
        return None
    others = f", the latest of {len(found)}" if len(found) > 1 else ""
    return found[0], f"This is the demo that is running{others}: --data {found[0]}"


def _of_this_host(own: Path, environ: Mapping[str, str], host: HostService) -> tuple[tuple[str, ...], str]:
    """The address of the host's service, where one is expected, and a sentence when the user's own core is chosen."""
    if not host.is_expected(environ):
        return (), ""
    url = f"{endpoint.UNIX}{host.socket}"
    if not own_core.has_content(own):
        return (url,), ""
    words = (
        f"This is your own core, on {own}. That of this host is at --url {url}; it is used when you move {own} away."
    )
    return (), words


def _urls(text: str, place: str, code: int = os.EX_USAGE) -> tuple[str, ...]:
    """One or several, separated by commas or spaces."""
    found = tuple(text.replace(",", " ").split())
    for url in found:
        if _URL.fullmatch(url) is None:
            words = f"{place}: {url} is not a websocket address; it has the form wss://host:port, or unix:/path."
            raise ClientError(words, code)
    if not found:
        raise ClientError(f"{place}: expected the address of a core, like wss://host:port.", code)
    return found


def _token_file(
    given: object, environ: Mapping[str, str], profile: profiles.Profile, urls: Sequence[str]
) -> Path | None:
    if isinstance(given, Path):
        return given
    if all(url.startswith(endpoint.UNIX) for url in urls):
        return None  # this host's users are known without one
    if profile.token_file is not None:
        return profile.token_file
    return Path(named) if (named := environ.get("TEXTDESK_TOKEN_FILE")) else None


def _token(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return trusted_files.read(path, any_owner_for_root=True).decode().strip()
    except trusted_files.UntrustedFile as error:
        raise ClientError(str(error), os.EX_NOPERM) from None
    except UnicodeDecodeError:
        raise ClientError(f"{path}: is not a text file with a token.", os.EX_CONFIG) from None
