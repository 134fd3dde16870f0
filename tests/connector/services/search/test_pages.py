"""Pages of a search have every hit once, the latest first, whichever way its candidates are come by."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import pytest
from msgspec import Struct

from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Direction, Message
from connector.domain.status import NEVER_RECEIVED, Status
from connector.services.search import bounds, messages
from connector.store.ports import Transaction
from connector.store.sql.search import tsvector
from connector.store.sql.store import SqlStore
from tests.kit.searching import index, search
from tests.kit.stores import conversation, message
from tests.kit.use_cases import Office, consumer

CARD = "4111 1111 1111 1111"
HIDDEN = "bookings"  # a skill that the agent has not
# What each search is to find, said of a message and its conversation.
ASKED: dict[str, Callable[[Message, Conversation], bool]] = {
    "apple": lambda one, _: "apple" in one.text,
    "apple berry": lambda one, _: "apple" in one.text and "berry" in one.text,
    '"apple berry"': lambda one, _: "apple berry" in one.text,
    "card 1111": lambda one, _: "card" in one.text,
    "4111": lambda _, __: False,
    "apple state:failed": lambda one, _: "apple" in one.text and one.status is Status.FAILED,
    '"apple berry" state:failed': lambda one, _: "apple berry" in one.text and one.status is Status.FAILED,
    "cherry state:failed state:expired": lambda one, _: (
        "cherry" in one.text and one.status in (Status.FAILED, Status.EXPIRED)
    ),
    "state:undelivered": lambda one, _: one.status is Status.UNDELIVERED,
    "apple state:failed state:delivered": lambda one, _: (
        "apple" in one.text and one.status in (Status.FAILED, Status.DELIVERED)
    ),
    "apple tag:late": lambda one, of: "apple" in one.text and "late" in of.tags,
    "apple tag:late state:failed": lambda one, of: (
        "apple" in one.text and "late" in of.tags and one.status is Status.FAILED
    ),
    "berry agent:ben": lambda one, of: "berry" in one.text and of.agent == "ben",
    "berry is:closed": lambda one, _: "berry" in one.text,
    "berry is:open": lambda _, __: False,
    "berry outcome:solved": lambda one, of: "berry" in one.text and of.outcome == "solved",
    "apple from:ben": lambda one, _: "apple" in one.text and one.author == "ben",
}


class Filled(Struct):
    office: Office
    conversations: dict[str, Conversation]
    messages: list[Message]


async def filled(store: SqlStore, chance: random.Random) -> Filled:
    """Stretches in which a word, or a reply that failed, is everywhere, and others in which it is rare."""
    office = Office(store)
    await office.sign_in("ann", skills=("orders",))
    await office.sign_in("ben", skills=("orders",))
    conversations = {one.id: one for one in (_conversation(number, chance) for number in range(12))}
    written: list[Message] = []
    while len(written) < 260:
        words = ["apple berry", "berry, apple", "apple", "berry", "cherry", f"card {CARD}", "damson"]
        everywhere, rate = chance.choice(words), chance.choice([0.05, 0.8])
        for _ in range(chance.randrange(40)):
            text = f"{everywhere} {chance.choice(words) if chance.random() < 0.3 else ''}".strip()
            ended = chance.choice(sorted(NEVER_RECEIVED)) if chance.random() < rate else Status.DELIVERED
            of = chance.choice(list(conversations.values()))
            written.append(_message(len(written) + 1, of, text, ended if chance.random() < 0.7 else None))

    def write(tx: Transaction) -> None:
        for one in conversations.values():
            tx.conversations.insert(one)
        for each in written:
            tx.messages.add_once(each)

    await store.write(write)
    await index(store)
    return Filled(office, conversations, written)


def _conversation(number: int, chance: random.Random) -> Conversation:
    return conversation(
        id=f"C{number:04d}",
        consumer=consumer(number),
        person=consumer(number),
        state=ConversationState.CLOSED,
        skill=chance.choice(["orders", HIDDEN]),
        agent=chance.choice(["ann", "ben"]),
        tags=chance.choice([(), (), ("late",), ("other",)]),
        outcome=chance.choice(["", "solved"]),
        queued_at=None,
        waiting_since=None,
        closed_at=1,
    )


def _message(number: int, of: Conversation, text: str, ended: Status | None) -> Message:
    """A reply that ended so; None: what the consumer wrote."""
    return message(
        id=f"M{number:06d}",
        conversation_id=of.id,
        consumer=of.consumer,
        person=of.person,
        seq=number,
        direction=Direction.INBOUND if ended is None else Direction.REPLY,
        author=None if ended is None else of.agent,
        text=text,
        status=Status.RECEIVED if ended is None else ended,
        ref=f"SM{number}",
    )


@pytest.mark.parametrize("seed", range(3))
async def test_pages_have_every_hit_once_by_every_way(
    store: SqlStore, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, name, value in (
        (bounds, "MOST_LOOKED_AT", 30),
        (bounds, "FIRST_CHUNK", 4),
        (bounds, "FIRST_TAGGED", 8),
        (messages, "_AT_ONCE", 12),
        (tsvector, "_NEAR", 8),
        (tsvector, "_SPAN", 16),
        (tsvector, "_RARE", 10),
        (tsvector, "_MANY", 6),
    ):
        monkeypatch.setattr(place, name, value)
    chance = random.Random(seed)
    there = await filled(store, chance)
    for (query, is_wanted), is_administrator in itertools.product(ASKED.items(), (True, False)):
        expected = [
            one.id
            for one in reversed(there.messages)
            if is_wanted(one, of := there.conversations[one.conversation_id])
            and (is_administrator or of.skill != HIDDEN or of.agent == "ann")
        ]
        assert await every_page(there.office, query, chance.choice([1, 3, 7, 50]), is_administrator) == expected, query


async def every_page(office: Office, query: str, limit: int, is_administrator: bool) -> list[str]:
    found: list[str] = []
    before = ""
    while True:
        page = await search(office, query, before=before, limit=limit, is_administrator=is_administrator)
        assert len(page.hits) <= limit
        found += [one.message_id for one in page.hits]
        if not page.more:
            return found
        assert page.looked_back_to is not None or len(page.hits) == limit
        assert page.more != before
        before = page.more
