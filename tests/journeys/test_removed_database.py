"""The database is removed under a running core: hooks get 503, desks and /health say so, and all it held is saved."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kit.running import PATIENCE_S, Desk, Town, twilio_text

pytestmark = pytest.mark.slow


def remove_files(data: Path) -> None:
    for path in data.glob("textdesk.db*"):
        path.unlink()


@pytest.mark.parametrize("remove", [remove_files, shutil.rmtree])
async def test_a_removed_database(town: Town, remove: Callable[[Path], None]) -> None:
    hook = "/hooks/twilio/main/inbound"
    data = town.core.data
    assert (await town.hook(hook, twilio_text("SM1", "before"))).status_code == 200
    async with Desk(town.core) as desk:
        remove(data)
        assert (await town.hook(hook, twilio_text("SM2", "after"))).status_code == 503
        await desk.until(
            lambda: "All it held is in" in desk.accounts.get("main", {}).get("words", ""), "the account to say so"
        )
        assert desk.accounts["main"]["state"] == "down"
    health = (await town.http.get(town.core.url + "/health")).json()
    assert health["status"] == "down"
    assert any("textdesk.db was removed while the core was running," in reason for reason in health["reasons"])
    await town.core.stop()
    assert not (data / "textdesk.db").exists()
    (rescued,) = data.glob("textdesk.db.rescued-*")
    rescued.rename(data / "textdesk.db")
    await town.core.start()
    assert (await town.hook(hook, twilio_text("SM2", "after"))).status_code == 200
    async with Desk(town.core) as desk:
        (conversation,) = desk.conversations.values()
        answer = await desk.ask({"type": "get_history", "conversation_id": conversation["id"]})
        assert [message["text"] for message in answer["messages"]] == ["before", "after"]


async def test_a_database_that_is_moved_away_and_back(town: Town) -> None:
    hook = "/hooks/twilio/main/inbound"
    path = town.core.data / "textdesk.db"
    assert (await town.hook(hook, twilio_text("SM1", "before"))).status_code == 200
    path.rename(path.with_name("old.db"))
    async with asyncio.timeout(PATIENCE_S):
        number = 2
        while (await town.hook(hook, twilio_text(f"SM{number}", "meanwhile"))).status_code == 200:
            number += 1
    health = (await town.http.get(town.core.url + "/health")).json()
    assert any(f"{path} was moved to {path.with_name('old.db')}. Move it back." in one for one in health["reasons"])
    path.with_name("old.db").rename(path)
    async with asyncio.timeout(PATIENCE_S):
        while (await town.hook(hook, twilio_text("SM0", "at last"))).status_code != 200:
            await asyncio.sleep(0)
    await town.core.kill()
    await town.core.start()
    async with Desk(town.core) as desk:
        (conversation,) = desk.conversations.values()
        answer = await desk.ask({"type": "get_history", "conversation_id": conversation["id"]})
        assert max(message["seq"] for message in answer["messages"]) == number
