"""Work for a message outside a transaction: sends, look-ups, polls and fetches, claimed under a lease."""

from __future__ import annotations

from connector.domain.message import Message
from connector.domain.urgency import Urgency
from connector.services.unit_of_work import UnitOfWork
from connector.store.values import Work

# Kinds, as the database has them.
SEND = "send"
LOOK_UP = "settle"
POLL = "poll"
FETCH = "fetch"
# Longer than the longest call of a provider; a worker that has not recorded an outcome by then is dead.
LEASE_S = 90


def add(
    uow: UnitOfWork, kind: str, message: Message, due_at: int, *, lane: str = "", rank: Urgency = Urgency.ANSWER
) -> None:
    """`lane`: its own unless given."""
    uow.tx.work.add(
        Work(
            id=uow.brand.ids.new(),
            kind=kind,
            subject=message.id,
            account=message.account,
            lane=lane or f"{kind} {message.id}",
            ordinal=message.id,
            due_at=due_at,
            rank=rank,
        )
    )


def claim(uow: UnitOfWork, kind: str, node: str, limit: int, *, lease_s: int = LEASE_S) -> list[Work]:
    return uow.tx.work.claim(kind, node, uow.now, limit, uow.now + lease_s * 1000)
