"""The websocket server for desks: a Unix socket for the core's own user and, if configured, one for a team, and TCP."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

from connector.base import descriptors, trusted_files
from connector.base.data_directory import CannotStart
from connector.base.supervise import Supervisor
from connector.base.team_socket import NoSuchGroup, TeamSocket, group_id
from connector.config.settings import DeskSettings
from connector.edge.accepting import bound_to
from connector.edge.desks.connection import DeskConnection
from connector.edge.desks.listener import DeskListener
from connector.edge.desks.team_members import TeamMembers
from connector.edge.listening import listening_on
from connector.wire import endpoint, frames


class DeskServer:
    """Call `close` whether or not it has ever listened."""

    def __init__(
        self,
        handle: Callable[[DeskConnection], Awaitable[None]],
        refused_user: Callable[[str, str], Awaitable[None]],
        tasks: Supervisor,
    ) -> None:
        """`refused_user`: see `TeamMembers`."""
        self._refused_user = refused_user
        self._listener = DeskListener(handle, tasks, descriptors.connection_budget().desks)
        self._tasks = tasks
        self._path: Path | None = None
        self._inode = 0
        self._team: TeamSocket | None = None
        self.url: str | None = None
        """The address for desks elsewhere, while it listens there."""

    async def listen(self, data: Path, settings: DeskSettings | None) -> Path:
        """The Unix socket of this data directory, whose lock is held. Raises CannotStart."""
        path = endpoint.socket_path(data, os.environ)
        with listening_on(f"desks: {path}"):
            trusted_files.make_folder(path.parent)
            path.unlink(missing_ok=True)  # left by a core that was killed
            bound = socket.socket(socket.AF_UNIX)
            bound.bind(str(path))
            path.chmod(0o600)  # before it listens, so that no other user can have connected
            self._listener.listen(bound)
        self._path, self._inode = path, path.stat().st_ino
        if settings is not None and settings.group is not None:
            self._listen_for_team(settings.group, Path(settings.socket or endpoint.HOST_SOCKET))
        if settings is not None and settings.listen is not None:
            self._listen_on_tcp(settings, settings.listen)
        return path

    @property
    def team(self) -> Path | None:
        """The socket of the team."""
        return self._team.path if self._team is not None else None

    def _listen_for_team(self, group: str, path: Path) -> None:
        with listening_on(f"desks: {path}"):
            try:
                self._team = TeamSocket(path, group)
            except NoSuchGroup as error:
                raise CannotStart(f"desks.group: {error}.", os.EX_CONFIG) from None
            except BlockingIOError:
                words = f"desks: another core listens in {path.parent}; give each one a desks.socket of its own."
                raise CannotStart(words, os.EX_UNAVAILABLE) from None
            members = TeamMembers(group_id(group), group, self._refused_user)
            self._listener.listen(self._team.bound, members=members)
        self._tasks.start("look after the team", members.watch())

    def _listen_on_tcp(self, settings: DeskSettings, listen: str) -> None:
        host, _, port = listen.rpartition(":")
        tls = None
        if settings.tls_certificate is not None:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            try:
                for file in (settings.tls_certificate, settings.tls_key):
                    trusted_files.read(Path(file or ""), any_owner_for_root=True)
                tls.load_cert_chain(settings.tls_certificate, settings.tls_key)
            except trusted_files.UntrustedFile as error:
                raise CannotStart(f"desks: {error}", os.EX_NOPERM) from None
            except OSError as error:
                raise CannotStart(f"desks: the TLS certificate or key cannot be used: {error}.", os.EX_CONFIG) from None
        with listening_on(f"desks: {listen}"):
            for bound in bound_to(host.strip("[]"), int(port)):
                self._listener.listen(bound, tls)
                port = bound.getsockname()[1]  # which the system has chosen for port 0
        self.url = f"{'ws' if tls is None else 'wss'}://{host}:{port}"

    def announce_stop(self) -> None:
        """Close every desk's connection with the code that says that the core stops."""
        self._listener.close_all(frames.CLOSE_STOPPING, "The core stops.")

    async def close(self) -> None:
        await self._listener.close()
        if self._team is not None:
            self._team.close()
            self._team = None
        # In a data directory that was renamed another core may have taken the place, and its socket the name.
        if self._path is not None and self._path.exists() and self._path.stat().st_ino == self._inode:
            self._path.unlink(missing_ok=True)
