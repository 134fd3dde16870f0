"""A real core process: failed requests and dropped connections neither stop it nor sign off an agent."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, unix_connect

from connector.lab.simulator.world import DEMO
from tests.kit.running import Core, Desk, Town
from tests.kit.running import town as running_town

pytestmark = pytest.mark.slow

SLOW_LINE = "+14155550188"
SLOW_ACCOUNT = f"""
[accounts.slow]
provider = "twilio"
account_sid = "{DEMO.twilio.sid}"
auth_token = "{DEMO.twilio.auth_token}"
public_url = "http://127.0.0.1:1"
numbers = [{{ address = "{SLOW_LINE}", skill = "orders", segments_per_s = 0.01 }}]
"""
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with running_town(tmp_path / "town") as made:
        yield made


async def reply(desk: Desk, conversation_id: str, text: str) -> str:
    answer = await desk.ask({"type": "reply", "conversation_id": conversation_id, "text": text})
    assert answer["type"] == "written", answer
    message_id: str = answer["message_id"]
    return message_id


async def bare(core: Core, name: str) -> ClientConnection:
    """A connection of ann's that has signed in under this desk name."""
    socket = await unix_connect(str(core.data / "desk.sock"), "ws://localhost/desk", compression=None)
    json.loads(await socket.recv())
    sign_in = {"kind": "sign_in", "protocol": 1, "desk": name, "agent": "ann", "role": "desk"}
    await socket.send(json.dumps(sign_in))
    while (frame := json.loads(await socket.recv()))["kind"] != "accounts":
        assert frame["kind"] in ("welcome", "snapshot")
    return socket


async def test_a_desk_that_reconnects_before_its_old_connection_is_dead_stays_signed_in(town: Town) -> None:
    async with Desk(town.core, agent="bob") as bob:
        await bob.ask({"type": "set_presence", "presence": "away"})
        old = await bare(town.core, "desk-1")
        new = await bare(town.core, "desk-1")
        await old.close()
        for presence in ("online", "away"):  # commits that come after that of the old connection's end
            await bob.ask({"type": "set_presence", "presence": presence})
        await town.text("hello")
        await bob.told_of("conversation_assigned", agent="ann")
        await new.close()
        await bob.until(lambda: presences(bob)[-1:] == ["offline"], "ann to be gone")
        assert presences(bob) == ["online", "offline"]


def presences(desk: Desk, of: str = "ann") -> list[Any]:
    return [one["agent"]["presence"] for one in desk.told("agent_changed") if one["agent"]["id"] == of]


async def test_a_request_that_fails_is_answered_and_the_connection_stays(town: Town) -> None:
    pictures = town.core.data / "pictures"
    async with Desk(town.core) as desk:
        away = pictures.rename(town.core.data / "pictures-away")
        pictures.write_text("in the way")
        refused = await desk.ask({"type": "put_picture", "data": PICTURE})
        assert refused["code"] in ("store_unavailable", "failed"), refused
        assert (await desk.ask({"type": "get_traffic"}))["type"] == "traffic"
        pictures.unlink()
        away.rename(pictures)
        assert (await desk.ask({"type": "put_picture", "data": PICTURE}))["type"] == "picture_kept"
