"""A core is composed of any clock and providers, listens, and leaves nothing behind when it is closed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from websockets.asyncio.client import unix_connect

from connector.app import Core
from connector.base.clock import SteppingClock
from connector.base.data_directory import CannotStart
from connector.base.supervise import Supervisor
from connector.config.file import load
from connector.store.marks import MarkKey
from connector.store.sql.store import open_store
from connector.wire import endpoint, frames
from tests.connector.edge.background.test_recovery import Company
from tests.kit.templates import copied


async def test_a_core_on_a_clock_of_its_own(tmp_path: Path) -> None:
    clock = SteppingClock(start_at=1_000_000)
    store = await open_store(copied(tmp_path / "textdesk.db"))
    async with Supervisor() as tasks:
        core = Core(load(None), clock, {}, store, tmp_path, tasks)
        addresses = await core.start()
        assert addresses.hooks is None, "without accounts there are no hooks"
        assert addresses.desks == endpoint.socket_path(tmp_path, os.environ)
        async with unix_connect(str(addresses.desks), "ws://localhost/desk", compression=None) as desk:
            (hello,) = frames.decode_from_core(await desk.recv())
            assert isinstance(hello, frames.Hello)
            assert hello.server_at == clock.now()
        await core.stop()
        await core.close()
        tasks.stop()
    await store.close()
    assert not addresses.desks.exists()


@pytest.mark.parametrize(("name", "content"), [("pictures", b""), ("node", b""), ("node", b"\xff")])
async def test_what_is_damaged_in_the_data_directory_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    store = await open_store(copied(tmp_path / "textdesk.db"))
    async with Supervisor() as tasks:
        with pytest.raises(CannotStart, match=f"{name}: (is damaged|cannot be used)"):
            Core(load(None), SteppingClock(), {}, store, tmp_path, tasks)
    await store.close()


STAFF = """
[agents.ann]
name = "Ann"
skills = ["{skill}"]
[agents.bob]
capacity = 2
"""


async def test_configured_agents_are_known_before_they_first_sign_in(tmp_path: Path) -> None:
    config = tmp_path / "textdesk.toml"
    for skill in ("orders", "refunds"):
        config.write_text(STAFF.format(skill=skill))
        store = await open_store(copied(tmp_path / "textdesk.db") if skill == "orders" else tmp_path / "textdesk.db")
        async with Supervisor() as tasks:
            core = Core(load(config), SteppingClock(), {}, store, tmp_path, tasks)
            await core.start()
            staff = await store.read(lambda reading: reading.staff(0))
            assert [(one.id, one.name, one.skills) for one in staff.agents] == [
                ("ann", "Ann", (skill,)),
                ("bob", "bob", ()),
            ]
            assert not staff.connected
            facts = await store.read(lambda reading: reading.facts_after(0, 10))
            assert len(facts) == (2 if skill == "orders" else 3), "only what has changed is told"
            await core.stop()
            await core.close()
            tasks.stop()
        await store.close()


ACCOUNT = """
[hooks]
port = 0
[accounts.main]
provider = "twilio"
account_sid = "AC11111111111111111111111111111111"
auth_token = "22222222222222222222222222222222"
public_url = "https://desk.example.com"
numbers = [{ address = "+15550100", skill = "orders" }]
"""


async def test_a_core_that_is_up_has_stored_since_when_it_recovers(tmp_path: Path) -> None:
    config = tmp_path / "textdesk.toml"
    config.write_text(ACCOUNT)
    config.chmod(0o600)
    store, clock = await open_store(copied(tmp_path / "textdesk.db")), SteppingClock()
    began_at = clock.now()
    for _ in range(2):
        async with Supervisor() as tasks:
            core = Core(load(config), clock, {"main": Company()}, store, tmp_path, tasks)
            await core.start()
            assert await store.read(lambda reading: reading.mark(MarkKey.recovery_began("main"))) == began_at
            await core.close()
            tasks.stop()
        clock.advance(3600)
    await store.close()
