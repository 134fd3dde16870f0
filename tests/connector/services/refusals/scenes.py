"""Scenes of refusals: an office and a request that it refuses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec.structs import replace

from connector.domain.conversation import Conversation
from connector.domain.skill_rules import Rules, SkillRules
from connector.wire import requests
from tests.kit.use_cases import Office

OTHER = "+14155550188"
ALIEN = "+15550199"  # no line of ours
NOWHERE = "unknown"
EVE = "eve"  # asks with the rights she has; the others may do everything
SKILLS = Rules(SkillRules(undo_s=60, reopen_s=60), known=("orders", "bookings", "refunds"))

Scene = Callable[[Office], Awaitable[tuple[str, requests.Request]]]
SCENES: dict[type, list[Scene]] = defaultdict(list)


def scene(request: type) -> Callable[[Scene], Scene]:
    """Add a scene, which sets up an office and returns an agent and their request; it is to be refused."""

    def add(one: Scene) -> Scene:
        SCENES[request].append(one)
        return one

    return add


async def assigned(office: Office, name: str = "ann", **more: Any) -> Conversation:
    """A conversation of this agent's."""
    await office.sign_in(name, **more)
    return await office.text()


async def queued(office: Office, text: str = "Hello") -> Conversation:
    conversation = await office.text(text)
    await office.sign_in("ann", capacity=0)
    return conversation


async def closed(office: Office) -> Conversation:
    conversation = await assigned(office)
    await office.ask(requests.Close(conversation.id))
    return conversation


async def written(office: Office, **state: Any) -> str:
    """A reply of Ann's in this state."""
    conversation = await assigned(office)
    message_id = await office.reply(conversation)
    changed = replace(await office.message(message_id), **state)
    await office.store.write(lambda tx: tx.messages.update(changed))
    return message_id


async def ringing(office: Office) -> Conversation:
    """One that rings at Ann."""
    conversation = await assigned(office, "bob")
    await office.sign_in("ann", capacity=0)
    await office.ask(requests.Transfer(conversation.id, agent="ann"), name="bob")
    return conversation
