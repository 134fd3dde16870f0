"""Which conversation each desk of this core shows, and which agents are writing there.

All of it passes: nothing is stored, and agents at desks of another core on the same database are not heard of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct
from websockets.asyncio.server import ServerConnection

from connector.base.clock import Clock
from connector.wire import frames, limits


class _Look(Struct):
    """Of one desk. `writing_until`: by the steady clock; 0: its agent is not writing."""

    agent: str
    conversation_id: str
    writing_until: int = 0


class AtConversations:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._looks: dict[ServerConnection, _Look] = {}
        self._at: defaultdict[str, dict[ServerConnection, None]] = defaultdict(dict)

    def moved(
        self, connection: ServerConnection, agent: str, conversation_id: str | None, *, is_writing: bool
    ) -> Iterator[tuple[ServerConnection, str]]:
        """Take what a desk says of itself. What is to be sent now, and to which desks."""
        before = self._looks.get(connection)
        if before is not None and before.conversation_id != conversation_id:
            yield from self.gone(connection)
            before = None
        if conversation_id is None:
            return
        now = self._clock.steady()
        was_writing = before is not None and before.writing_until > now
        until = now + limits.WRITING_MS if is_writing else 0
        self._looks[connection] = _Look(agent, conversation_id, until)
        self._at[conversation_id][connection] = None
        there = self._at[conversation_id]
        told = [one for one in there if one is not connection] if is_writing or was_writing else []
        if before is None and self._writers(conversation_id, agent):
            told.append(connection)
        yield from self._frames(conversation_id, told)

    def gone(self, connection: ServerConnection) -> Iterator[tuple[ServerConnection, str]]:
        """The desk is at no conversation any more. What is to be sent now, and to which desks."""
        look = self._looks.pop(connection, None)
        if look is None:
            return
        there = self._at[look.conversation_id]
        del there[connection]
        if not there:
            del self._at[look.conversation_id]
        elif look.writing_until > self._clock.steady():
            yield from self._frames(look.conversation_id, there)

    def _frames(
        self, conversation_id: str, connections: Iterable[ServerConnection]
    ) -> Iterator[tuple[ServerConnection, str]]:
        for connection in connections:
            writers = self._writers(conversation_id, self._looks[connection].agent)
            yield connection, frames.encode(frames.WritingFrame(conversation_id, writers))

    def _writers(self, conversation_id: str, without: str) -> list[str]:
        now = self._clock.steady()
        looks = [self._looks[one] for one in self._at[conversation_id]]
        return sorted({look.agent for look in looks if look.writing_until > now and look.agent != without})
