"""A desk's connection as the feed sees it: under which rights it receives facts."""

from __future__ import annotations

from websockets.asyncio.server import ServerConnection

from connector.domain.agent import Agent
from connector.domain.rights import Rights, rights_of
from connector.wire import frames
from connector.wire.session import CloseConnection


class Subscriber:
    """`is_administrator`: by the way it has signed in, whatever role is stored."""

    def __init__(
        self,
        connection: ServerConnection,
        rights: Rights,
        *,
        is_administrator: bool = False,
        takes_batches: bool = False,
    ) -> None:
        self.connection = connection
        self.rights = rights
        self.is_administrator = is_administrator
        self.takes_batches = takes_batches
        self.has_ended = False  # it is sent nothing more

    def end_by(self, agent: Agent | None) -> CloseConnection | None:
        """Why the connection has to be closed, now that its agent is stored like this; None: it may go on."""
        if agent is None:
            return None
        if agent.is_disabled:
            return CloseConnection(frames.CLOSE_NOT_SIGNED_IN, f"{agent.id} may not sign in any more.")
        if rights_of(agent, is_administrator=self.is_administrator) != self.rights:
            return CloseConnection(frames.CLOSE_RIGHTS_CHANGED, "Your rights have changed.")
        return None
