"""Replies whose calls were cut off, and what a provider's list says of them."""

from __future__ import annotations

from connector.domain.status import Status
from connector.providers.values import (
    Accepted,
    Candidates,
    DeliveryReceipt,
    LookUpResult,
    Outcome,
    Uncertain,
)
from connector.services.sending import attempt_outcomes, look_ups, outbox
from connector.services.work import LOOK_UP
from connector.store.values import Work
from tests.kit.stores import CONSUMER
from tests.kit.use_cases import Office


async def calling(office: Office, text: str = "Yes.", to: str = CONSUMER) -> tuple[str, Work]:
    """A reply whose call is under way."""
    conversation = await office.text(consumer=to)
    office.clock.advance(0.1)
    message_id = await office.reply(conversation, text)
    begun = await office.do(outbox.claim, office.node, 1000)
    [work] = [work for work, _ in begun if work.subject == message_id]
    return message_id, work


async def ended(office: Office, outcome: Outcome, text: str = "Yes.", to: str = CONSUMER) -> str:
    message_id, work = await calling(office, text, to)
    await office.do(attempt_outcomes.record, work, outcome)
    return message_id


async def cut_off(office: Office, text: str = "Yes.", to: str = CONSUMER) -> str:
    return await ended(office, Uncertain("The connection broke."), text, to)


async def look_up(office: Office, found: LookUpResult, of: str | None = None) -> int:
    """Record this for each look-up that is due, or for that `of` one reply. Returns how many were due."""
    claimed = await office.do(look_ups.claim, office.node, 32)
    for work, _ in claimed:
        if of in (None, work.subject):
            await office.do(look_ups.record, work, found)
    return len(claimed)


async def due(office: Office, kind: str = LOOK_UP) -> int | None:
    return await office.store.read(lambda reading: reading.next_due(kind, office.now))


async def look_up_until_the_end(office: Office, found: LookUpResult) -> int:
    times = 0
    while (at := await due(office)) is not None:
        office.clock.advance(max(0, at - office.now) / 1000)
        times += await look_up(office, found)
    return times


def alike(*refs: str) -> Candidates:
    """The provider's list of equal texts."""
    return Candidates(tuple(Accepted(ref) for ref in refs))


def named(message_id: str, ref: str, status: Status = Status.SENT) -> DeliveryReceipt:
    return DeliveryReceipt(status, str(status), ref=ref, message_id=message_id)


async def states(office: Office, *message_ids: str) -> list[tuple[str, str | None]]:
    """Status and reference of each."""
    messages = [await office.message(one) for one in message_ids]
    return [(one.status.value, one.ref) for one in messages]
