"""Work outside a transaction, claimed under a lease: sends, look-ups, polls and fetches of messages, and posts to the
webhook."""

from __future__ import annotations

from collections.abc import Collection

from connector.domain.message import Message
from connector.domain.urgency import Urgency
from connector.services.unit_of_work import UnitOfWork
from connector.store.values import Work

# Kinds, as the database has them.
SEND = "send"
LOOK_UP = "settle"
POLL = "poll"
FETCH = "fetch"
WEBHOOK = "webhook"
# A worker ends every piece of work within WORK_S; one that has not recorded an outcome by LEASE_S is dead.
WORK_S = 60
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


def claim(
    uow: UnitOfWork, kind: str, node: str, limit: int, without: Collection[str] = (), lease_s: int = LEASE_S
) -> list[Work]:
    """See `WorkQueue.claim`."""
    return uow.tx.work.claim(kind, node, uow.now, limit, uow.now + lease_s * 1000, without)
