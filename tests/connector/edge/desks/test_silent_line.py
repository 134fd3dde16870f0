"""A desk whose line is silent: connected and served, and not counted."""

from __future__ import annotations

from typing import Any

from websockets.asyncio.client import ClientConnection

from tests.kit.door import Door, ask, heard, say


async def next_presence(socket: ClientConnection) -> tuple[str, str]:
    """Of the next event about ann."""
    while True:
        frame: dict[str, Any] = await heard(socket)
        body = frame.get("body", {})
        if body.get("type") == "agent_changed" and body["agent"]["id"] == "ann":
            return body["agent"]["presence"], body["agent"]["reason"]


async def test_an_agent_whose_line_is_silent_is_offline_until_it_is_back(door: Door) -> None:
    watcher = await door.signed_in("bob")
    ann = await door.signed_in(role="desk")
    assert await next_presence(watcher) == ("online", "")
    for _ in range(2):  # said twice, it is one change
        await say(ann, {"kind": "line_state", "is_silent": True})
    assert await next_presence(watcher) == ("offline", "line silent")
    await say(ann, {"kind": "line_state", "is_silent": "perhaps"})
    assert (await ask(ann, {"type": "get_loads"}))["kind"] == "answer"  # it is served, and the mistake refused
    await say(ann, {"kind": "line_state", "is_silent": False})
    assert await next_presence(watcher) == ("online", "")

    second = await door.signed_in(role="desk", is_silent=True)  # as one that connects again
    await ann.close()
    assert await next_presence(watcher) == ("offline", "line silent")
    await say(second, {"kind": "line_state", "is_silent": False})
    assert await next_presence(watcher) == ("online", "")


async def test_a_script_has_no_line(door: Door) -> None:
    watcher, script = await door.signed_in("bob"), await door.signed_in()
    await say(script, {"kind": "line_state", "is_silent": True})
    await door.signed_in(role="desk")
    assert await next_presence(watcher) == ("online", "")
