"""Who is writing in a conversation, told to the desks that look at it and to no others."""

from __future__ import annotations

from pathlib import Path

from tests.kit.running import CONSUMER, Desk, town
from tests.kit.staff import STAFF


async def test_who_is_writing_is_told_to_those_who_look_at_it(tmp_path: Path) -> None:
    async with (
        town(tmp_path / "town", more=STAFF + 'sees = "skills"\n') as made,
        Desk(made.core) as ann,
        Desk(made.core, agent="bob") as bob,
        Desk(made.core, agent="cid") as cid,
    ):
        await made.text("hello")
        conversation_id = (await ann.told_of("message_received", consumer=CONSUMER))["conversation"]["id"]
        here = {"kind": "looking_at", "conversation_id": conversation_id}
        await cid.say({**here, "is_writing": True})  # of another skill: they see nothing of it
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
        assert (bob.writing[-1]["agents"], cid.writing) == ([], [])
