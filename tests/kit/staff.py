"""Three agents and two skills, for journeys in which it matters who answers."""

from __future__ import annotations

from typing import Any

from tests.kit.running import Desk

# Ann and Bob answer orders, Cid answers bookings.
STAFF = """
[agents.ann]
name = "Ann"
skills = ["orders"]
[agents.bob]
name = "Bob"
skills = ["orders"]
[agents.cid]
name = "Cid"
skills = ["bookings"]
"""


def about(conversation_id: str, kind: str, **more: Any) -> dict[str, Any]:
    """The body of a request."""
    return {"type": kind, "conversation_id": conversation_id, **more}


async def state(desk: Desk, conversation_id: str, **expected: Any) -> dict[str, Any]:
    """The conversation, as soon as these of its fields are so."""

    def found() -> dict[str, Any] | None:
        known = desk.conversations.get(conversation_id, {})
        return known if known and all(known[key] == value for key, value in expected.items()) else None

    conversation: dict[str, Any] = await desk.until(found, f"{conversation_id} to be {expected}")
    return conversation
