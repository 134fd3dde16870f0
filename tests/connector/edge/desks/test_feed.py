"""The feed goes on after the database was unavailable, and publishes each fact once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from connector.base.supervise import Supervisor
from connector.edge.desks.feed import Feed
from connector.store.ports import StoreUnavailable
from connector.store.sql.store import open_store
from tests.kit.door import Door, ask, heard
from tests.kit.postgres import Postgres
from tests.kit.stores import telling, told

PATIENCE_S = 60.0


async def until(condition: Callable[[], bool], what: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"waited for {what}") from None


@pytest.mark.slow
async def test_the_feed_survives_a_database_outage(postgres_server: Postgres, caplog: pytest.LogCaptureFixture) -> None:
    with postgres_server.migrated() as name:
        store, other = [await open_store(postgres_server.url(name)) for _ in range(2)]

        def admin(statement: str) -> None:
            with postgres_server.admin() as connection:
                connection.execute(statement.encode())

        async with Supervisor() as tasks:
            feed = Feed(store, tasks)
            await feed.start()
            tasks.start("feed", feed.run())
            await other.write(telling("before"))
            await until(lambda: feed.position == 1, "the first fact")

            admin(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            admin(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            with pytest.raises(StoreUnavailable):
                await told(other)
            await until(lambda: "trying again" in caplog.text, "the feed to notice")

            admin(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            await other.write(telling("after", "and one more"))
            await until(lambda: feed.position == 3, "what was written meanwhile")
            tasks.stop()
        await store.close()
        await other.close()


async def test_what_is_private_to_an_agent_goes_to_no_other_desk_though_that_sees_everything(door: Door) -> None:
    anns, anns_other, bobs = [await door.signed_in(name) for name in ("ann", "ann", "bob")]
    shared = (False, False, True, False, True)
    for number, is_shared in enumerate(shared):
        content = {"title": f"Reply {number}", "text": "Hello", "is_shared": is_shared}
        answer = await ask(anns, {"type": "put_saved_reply", **content})
        assert answer["kind"] == "answer", answer
    at: dict[str, list[int]] = {"ann": [], "bob": []}
    async with asyncio.timeout(PATIENCE_S):
        for socket, heard_at, count in ((anns_other, at["ann"], 5), (bobs, at["bob"], 2)):
            while len(heard_at) < count:
                frame = await heard(socket)
                if frame["kind"] == "event" and frame["body"]["type"] == "saved_replies_changed":
                    heard_at.append(frame["position"])
    assert at["ann"] == sorted(at["ann"])
    assert at["bob"] == [position for position, is_shared in zip(at["ann"], shared, strict=True) if is_shared]
    for socket in (anns, anns_other, bobs):
        await socket.close()
