"""Who is writing in a conversation, told to the desks that look at it and to no others."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from websockets.asyncio.client import connect

from tests.kit.door import sign_in
from tests.kit.ports import free_port
from tests.kit.running import CONSUMER, PATIENCE_S, Desk, town
from tests.kit.staff import STAFF

TOKEN = "cid's token, of enough characters"


async def test_who_is_writing_is_told_to_those_who_look_at_it(tmp_path: Path) -> None:
    port = free_port()
    more = STAFF + f'token = "{TOKEN}"\n[desks]\nlisten = "127.0.0.1:{port}"\n'
    async with (
        town(tmp_path / "town", more=more) as made,
        Desk(made.core) as ann,
        Desk(made.core, agent="bob") as bob,
        connect(f"ws://127.0.0.1:{port}") as cid,
        asyncio.timeout(PATIENCE_S),
    ):
        await cid.send(json.dumps(sign_in(token=TOKEN)))
        await made.text("hello")
        conversation_id = (await ann.told_of("message_received", consumer=CONSUMER))["conversation"]["id"]
        here = {"kind": "looking_at", "conversation_id": conversation_id}
        question = {"kind": "request", "id": "1", "body": {"type": "get_loads"}}
        for frame in ({**here, "is_writing": True}, question):  # of another skill: they see nothing of it
            await cid.send(json.dumps(frame))
        while json.loads(await cid.recv())["kind"] != "answer":
            pass
        await ann.say({**here, "is_writing": True})
        await ann.ask({"type": "get_loads"})  # by then the core has taken it
        await bob.say(here)
        await bob.until(lambda: bob.writing, "that Ann is writing")
        assert bob.writing == [{"kind": "writing", "conversation_id": conversation_id, "agents": ["ann"]}]

        await bob.say({**here, "is_writing": True})
        await ann.until(lambda: ann.writing, "that Bob is writing, too")
        assert [frame["agents"] for frame in ann.writing] == [["bob"]]
        await bob.say({"kind": "looking_at", "conversation_id": None})
        await ann.until(lambda: len(ann.writing) == 2, "that he has gone")
        assert ann.writing[-1]["agents"] == []

        await bob.say(here)
        await bob.until(lambda: len(bob.writing) == 2, "that Ann is writing")
        await ann.disconnect()
        await bob.until(lambda: len(bob.writing) == 3, "that she has gone")
        assert bob.writing[-1]["agents"] == []
