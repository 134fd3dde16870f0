"""Mentions of agents, on every engine: the newest first, gone with a visit or with their note."""

from __future__ import annotations

from connector.domain.message import Direction
from connector.domain.note_mentions import Mention
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from tests.kit.stores import NOW, message

NOTE = message(direction=Direction.NOTE, author="ann")


def mention(agent: str, message_id: str, conversation_id: str = "C1") -> Mention:
    return Mention(agent, conversation_id, message_id, "ann", NOW)


async def found(store: SqlStore, agent: str, limit: int = 10) -> list[str]:
    return [one.message_id for one in await store.read(lambda reading: reading.mentions(agent, limit))]


async def test_mentions_are_found_by_agent_and_go_by_conversation_or_note(store: SqlStore) -> None:
    def write(tx: Transaction) -> None:
        tx.messages.add_once(NOTE)
        for one in (mention("bob", NOTE.id), mention("bob", "N8", "C2"), mention("bob", "N9"), mention("Bob", NOTE.id)):
            tx.mentions.add(one)

    await store.write(write)
    ids = sorted([NOTE.id, "N8", "N9"], reverse=True)
    assert await found(store, "bob") == ids and await found(store, "bob", 2) == ids[:2]
    assert await store.write(lambda tx: tx.mentions.remove("bob", "C2")) == 1
    assert await store.write(lambda tx: tx.mentions.remove("bob", "C2")) == 0
    await store.write(lambda tx: tx.erasure.remove_messages([NOTE]))
    assert await found(store, "bob") == ["N9"] and await found(store, "Bob") == []
