"""What a desk knows after it has folded every event, and what a snapshot says: they must be equal."""

from __future__ import annotations

from typing import Any

import msgspec

from connector.base.clock import SteppingClock
from connector.base.ids import Ids
from connector.domain.skill_rules import Rules
from connector.services import views
from connector.services.conversations.listing import conversation_views
from connector.services.settings import BrandSettings
from connector.store.ports import Reading, Store
from tests.kit.pseudonyms import PSEUDONYMS
from tests.kit.use_cases import PLAIN

Known = dict[str, dict[str, Any]]


async def folded(store: Store) -> tuple[Known, Known]:
    """Conversations and agents, as the events since the first one leave them."""
    conversations: Known = {}
    agents: Known = {}
    for row in await store.read(lambda reading: reading.facts_after(0, 1_000_000)):
        event = msgspec.json.decode(row.fact.body)
        if changed := event.get("conversation"):
            conversations[changed["id"]] = changed
        if event["type"] == "agent_changed":
            agents[event["agent"]["id"]] = event["agent"]
        if event["type"] == "consent_changed":
            for one in conversations.values():
                if one["consumer"] == event["consumer"]:
                    one["opted_out"] = event["opted_out"]
                    if event["opted_out"]:
                        one["likely_opt_out"] = ""
    return conversations, _without_loads(agents)


async def stored(store: Store, now: int, rules: Rules = PLAIN) -> tuple[Known, Known]:
    """The same, as a desk that starts now receives it."""

    brand = BrandSettings(Ids(SteppingClock()), {}, rules, PSEUDONYMS)

    def look(reading: Reading) -> tuple[Known, Known]:
        snapshot = reading.snapshot(now, 0)
        conversations = conversation_views(reading, snapshot.conversations, brand)
        agents = [
            views.agent_view(
                one, is_connected=one.id in snapshot.connected, is_silent=one.id in snapshot.silent, assigned=0
            )
            for one in snapshot.agents
        ]
        return (
            {one.id: msgspec.to_builtins(one) for one in conversations},
            _without_loads({one.id: msgspec.to_builtins(one) for one in agents}),
        )

    return await store.read(look)


def _without_loads(agents: Known) -> Known:
    """How many conversations somebody has is counted from the conversations."""
    return {key: {name: value for name, value in one.items() if name != "assigned"} for key, one in agents.items()}
