"""A desk's connection as the feed sees it: under which rights it receives facts."""

from __future__ import annotations

from msgspec import Struct
from websockets.asyncio.server import ServerConnection

from connector.domain.agent import Agent
from connector.domain.rights import Rights, rights_of
from connector.services.agents.admission import Principal, disabled_words
from connector.store.ports import Reading
from connector.wire import frames
from connector.wire.session import CloseConnection


class Access(Struct, frozen=True):
    """An agent as stored, and the digests of their tokens."""

    agent: Agent | None
    tokens: frozenset[str]


def access_of(reading: Reading, agent_id: str) -> Access:
    tokens = reading.tokens_of(agent_id, agent_id)
    return Access(reading.agent(agent_id), frozenset(token.digest for token in tokens))


class Subscriber:
    """`rights`: those of `person` when it was admitted."""

    def __init__(
        self, connection: ServerConnection, rights: Rights, person: Principal, *, takes_batches: bool = False
    ) -> None:
        self.connection = connection
        self.rights = rights
        self.takes_batches = takes_batches
        self.has_ended = False  # it is sent nothing more
        self._person = person

    def end_by(self, stored: Access) -> CloseConnection | None:
        """Why the connection has to be closed, now that this is stored of its agent; None: it may go on."""
        agent, token = stored.agent, self._person.token
        if token is not None and token not in stored.tokens:
            return CloseConnection(frames.CLOSE_NOT_SIGNED_IN, "The token has been revoked.")
        if agent is None:
            return None
        if agent.is_disabled:
            return CloseConnection(frames.CLOSE_NOT_SIGNED_IN, disabled_words(agent.id))
        if rights_of(agent, is_administrator=self._person.is_administrator) != self.rights:
            return CloseConnection(frames.CLOSE_RIGHTS_CHANGED, "Your rights have changed.")
        return None
