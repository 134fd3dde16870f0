"""The same journeys with the database elsewhere: one core, then two that share it."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.test_reply import reply, sent, talk
from tests.kit.running import CONSUMER, Core, Desk, until_level
from tests.kit.running import town as running_town


async def test_a_text_becomes_a_row_and_a_reply_a_tick(tmp_path: Path, postgres_url: str) -> None:
    async with running_town(tmp_path / "town", core_section=f'database = "{postgres_url}"') as town:
        async with Desk(town.core) as desk:
            conversation_id = await talk(desk, town)
            message_id = await reply(desk, conversation_id, "kept in PostgreSQL")
            await desk.status_of(message_id, "delivered")
            await town.core.kill()
            await town.core.start()
            await desk.connect()
            assert desk.welcome["resumed"] is True
        assert await sent(town) == ["kept in PostgreSQL"]


async def test_two_cores_on_one_database_tell_their_desks_the_same(tmp_path: Path, postgres_url: str) -> None:
    section = f'database = "{postgres_url}"\nhash_key = "one-key-for-all-cores-of-a-database"'
    async with running_town(tmp_path / "town", core_section=section) as town:
        (tmp_path / "second").mkdir()
        second = Core(tmp_path / "second", town.vendors, core_section=section)
        await second.start()
        try:
            async with Desk(town.core) as here, Desk(second, agent="bob") as there:
                conversation_id = await talk(here, town)
                owner = here.conversations[conversation_id]["agent"]
                desk, other = (here, there) if owner == "ann" else (there, here)
                message_id = await reply(desk, conversation_id, "from one of two")
                await other.status_of(message_id, "delivered")
                await until_level(here, there)
                assert here.conversations == there.conversations
        finally:
            await second.stop()
        assert await sent(town, CONSUMER) == ["from one of two"]
