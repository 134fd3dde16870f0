"""Authentication of desks: by OS user over the Unix socket, by token over TCP."""

from __future__ import annotations

import hmac
import os
import pwd
import socket
import struct
from collections.abc import Mapping

from msgspec import Struct
from websockets.asyncio.server import ServerConnection

from connector.wire import frames, limits


class Principal(Struct, frozen=True):
    """The agent a connection has signed in as, and what they may do."""

    agent: str
    is_administrator: bool
    is_lead: bool  # administrators are


class SignInRefused(Exception):
    """The desk may not sign in. The text says why, and goes to the desk."""


class Authenticator:
    """`tokens`: agent id to token, for TCP. The OS user that runs the core, and root, are always administrators."""

    def __init__(
        self, tokens: Mapping[str, str], administrators: frozenset[str], leads: frozenset[str] = frozenset()
    ) -> None:
        self._tokens = tokens
        self._administrators = administrators
        self._leads = leads

    def identify(self, connection: ServerConnection, sign_in: frames.SignIn) -> Principal:
        """Raises SignInRefused."""
        user = unix_user(connection)
        if user is None:
            agent = self._by_token(sign_in)
            return self._person(agent, is_administrator=agent in self._administrators)
        uid, name = user
        owns_core = uid in (0, os.getuid())
        agent = name if sign_in.agent is None else sign_in.agent
        if agent != name and not owns_core:
            raise SignInRefused(f"{name} may not work under another name.")
        if not agent.isprintable() or not 1 <= len(agent) <= limits.ID_LENGTH:
            raise SignInRefused(f"An agent's name has 1 to {limits.ID_LENGTH} printable characters.")
        return self._person(agent, is_administrator=owns_core or agent in self._administrators)

    def _person(self, agent: str, *, is_administrator: bool) -> Principal:
        return Principal(agent, is_administrator, is_lead=is_administrator or agent in self._leads)

    def _by_token(self, sign_in: frames.SignIn) -> str:
        if not sign_in.token:
            raise SignInRefused("A desk over TCP needs its agent's token: give --token-file FILE.")
        given = sign_in.token.encode()
        found = [
            agent
            for agent, token in self._tokens.items()
            if hmac.compare_digest(token.encode(), given) and sign_in.agent in (None, agent)
        ]
        if len(found) != 1:
            raise SignInRefused("The token is not one of this core's.")
        return found[0]


def unix_user(connection: ServerConnection) -> tuple[int, str] | None:
    """Uid and name of the OS user at the other end of a Unix socket, as the kernel knows them; None over TCP."""
    peer: socket.socket = connection.transport.get_extra_info("socket")
    if peer.family != socket.AF_UNIX:
        return None
    if hasattr(socket, "SO_PEERCRED"):
        credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        _, uid, _ = struct.unpack("3i", credentials)
    else:
        uid = os.getuid()  # the socket's mode lets no other user in
    try:
        return uid, pwd.getpwuid(uid).pw_name
    except KeyError:
        return uid, f"uid-{uid}"
