"""A desk's connection as the feed sees it: under which rights it receives facts."""

from __future__ import annotations

from msgspec import Struct
from websockets.asyncio.server import ServerConnection

from connector.domain.agent import Agent
from connector.domain.rights import Rights, rights_of
from connector.services.agents.admission import Principal
from connector.store.ports import Reading
from connector.wire import frames
from connector.wire.session import CloseConnection, close_reason


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
        agent = stored.agent
        if (flaw := self._person.flaw(agent, has_token=self._person.token in stored.tokens)) is not None:
            return CloseConnection(frames.CLOSE_NOT_SIGNED_IN, close_reason(flaw.words))
        if agent is not None and rights_of(agent, is_administrator=self._person.is_administrator) != self.rights:
            return CloseConnection(frames.CLOSE_RIGHTS_CHANGED, "Your rights have changed.")
        return None
