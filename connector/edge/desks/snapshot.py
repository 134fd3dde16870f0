"""The frames of a snapshot, from which a desk starts that cannot resume."""

from __future__ import annotations

from collections.abc import Iterator

from connector.domain.conversation import ConversationState
from connector.services import views
from connector.services.settings import BrandSettings
from connector.store.values import StoreSnapshot
from connector.wire import frames

_PAGE = 500  # conversations in a frame
_HELD = (ConversationState.ASSIGNED, ConversationState.WRAP_UP)


def snapshot_frames(snapshot: StoreSnapshot, brand: BrandSettings) -> Iterator[frames.SnapshotFrame]:
    """At least one; the first has the agents."""
    assigned: dict[str, int] = {}
    for conversation in snapshot.conversations:
        if conversation.state in _HELD and conversation.agent is not None:
            assigned[conversation.agent] = assigned.get(conversation.agent, 0) + 1
    agents = [
        views.agent_view(agent, is_connected=agent.id in snapshot.connected, assigned=assigned.get(agent.id, 0))
        for agent in snapshot.agents
    ]
    total = len(snapshot.conversations)
    for first in range(0, max(total, 1), _PAGE):
        yield frames.SnapshotFrame(
            position=snapshot.position,
            more=first + _PAGE < total,
            agents=agents if first == 0 else [],
            conversations=[
                views.conversation_in(snapshot, conversation, brand)
                for conversation in snapshot.conversations[first : first + _PAGE]
            ],
        )
