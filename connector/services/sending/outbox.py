"""The outbox: replies wait here for their turn, and each attempt is recorded before its call.

Claiming, the provider's call and recording its outcome are three steps; the call lies between two transactions. An
attempt whose end is unknown is looked up, never repeated.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from msgspec.structs import replace

from connector.domain.account import AccountMode
from connector.domain.attempts import HELD, UNREACHED, Attempt, too_late
from connector.domain.message import Message
from connector.domain.status import Status
from connector.domain.urgency import Urgency
from connector.providers.values import Outgoing
from connector.services import work
from connector.services.consent import gate
from connector.services.sending import attempt_outcomes, polls, statuses
from connector.services.sending.holds import WORDS, AccountHolds
from connector.services.sending.pace import AccountPauses, LinePace
from connector.services.unit_of_work import UnitOfWork
from connector.store.values import Work

_LOOK_AGAIN_S = 60  # at an account that is off
OFF_WORDS = (
    "It waits: the account {} is off. It is sent automatically once that is on again, within two hours. There is"
    " nothing to do."
)
# A provider's own queue must not push an answer into another day.
_VALID_FOR_S = 4 * 3600


def add(uow: UnitOfWork, message: Message, urgency: Urgency, *, delay_s: int) -> None:
    """Queue the reply in the lane of its line and person, sent in order; an urgent one raises the whole lane."""
    lane = _lane(message)
    uow.tx.work.promote_lane(lane, urgency)
    work.add(uow, work.SEND, message, uow.now + delay_s * 1000, lane=lane, rank=urgency)


def put_back(uow: UnitOfWork, message: Message, at: int) -> None:
    """Queue a reply again of which it is proven that it was not sent: before all that was written after it."""
    work.add(uow, work.SEND, message, at, lane=_lane(message))


def remove(uow: UnitOfWork, message: Message) -> bool:
    """False when a worker has begun to send it."""
    return uow.tx.work.cancel(work.SEND, message.id)


def claim(uow: UnitOfWork, node: str, limit: int, without: Collection[str] = ()) -> list[tuple[Work, Outgoing]]:
    """Claim what is due and record each attempt as started. Only after this commit may a call leave."""
    begun = []
    pace, pauses, holds = LinePace(uow), AccountPauses(uow), AccountHolds(uow)
    claimed = work.claim(uow, work.SEND, node, limit, without)
    # Answers go first, and among them the one that has waited longest gets the next slot.
    for job in sorted(claimed, key=partial(_turn, uow, holds)):
        message = uow.tx.messages.get(job.subject)
        if message is None or message.status not in (Status.QUEUED, Status.SENDING):
            uow.tx.work.done(job.id)
            if message is not None:
                polls.schedule(uow, message)
            continue
        latest = uow.tx.attempts.latest(message.id)
        if latest is not None and latest.ended_at is None:
            # A worker died between starting the call and recording its outcome.
            attempt_outcomes.uncertain(uow, job, message, latest, "The core stopped during the call.")
            continue
        if (why := _obstacle(uow, message, latest, holds)) is not None:
            attempt_outcomes.move(uow, message, Status.FAILED, why)
            uow.tx.work.done(job.id)
            continue
        if uow.tx.accounts.mode(message.account) is AccountMode.OFF:
            _wait(uow, message, latest, OFF_WORDS)
            uow.tx.work.reschedule(job.id, uow.now + _LOOK_AGAIN_S * 1000)
            continue
        if (held_until := holds.until(message.account)) > uow.now:
            _wait(uow, message, latest, WORDS)
            uow.tx.work.reschedule(job.id, held_until)
            continue
        if (at := _slot(uow, message, pace, pauses)) > uow.now:
            uow.tx.work.reschedule(job.id, at)
            continue
        holds.probe(message.account)
        _begin_attempt(uow, message, latest)
        if message.status is Status.QUEUED or message.words:  # words about the wait are over
            statuses.save(uow, replace(message, status=Status.SENDING, code=None, words=None))
        begun.append((job, outgoing(message)))
    pace.save()
    return begun


def _lane(message: Message) -> str:
    return f"{message.line} {message.person}"


def _turn(uow: UnitOfWork, holds: AccountHolds, job: Work) -> tuple[int, int, str]:
    """The order in which replies are sent. Of a held account the one tried longest ago is tried first: should it be
    one message that is refused, the others do not wait for it."""
    latest = uow.tx.attempts.latest(job.subject) if holds.is_held(job.account) else None
    return job.rank, latest.started_at if latest else 0, job.ordinal


def outgoing(message: Message) -> Outgoing:
    return Outgoing(
        message_id=message.id,
        line=message.line,
        consumer=message.consumer,
        text=message.text,
        written_at=message.at,
        pictures=tuple(media.url for media in message.media),
        valid_for_s=_VALID_FOR_S,
    )


def _wait(uow: UnitOfWork, message: Message, latest: Attempt | None, words: str) -> None:
    """Have a reply that waits with its account say so, once: it is due, so words about another try have run out."""
    words = words.format(message.account)
    code = message.code if latest is not None and latest.outcome == HELD else None
    if message.words != words:
        statuses.save(uow, replace(message, code=code, words=words))


def _begin_attempt(uow: UnitOfWork, message: Message, latest: Attempt | None) -> None:
    """One that was refused for the account was no try: the next one has its number."""
    begun = Attempt(message.id, 1, message.account, started_at=uow.now)
    if latest is not None and latest.outcome == HELD:
        uow.tx.attempts.update(replace(begun, number=latest.number))
    else:
        uow.tx.attempts.add(replace(begun, number=latest.number + 1 if latest else 1))


def _obstacle(uow: UnitOfWork, message: Message, latest: Attempt | None, holds: AccountHolds) -> str | None:
    """Why a reply whose turn has come must not be sent any more, or None."""
    if (block := gate.block(uow, message.person, message.consumer)) is not None:
        return f"not sent: {block.words}"
    wrote_again = latest is not None and attempt_outcomes.consumer_wrote_again(uow, message)
    words = too_late(message.at, uow.now, is_retry=latest is not None, consumer_wrote_again=wrote_again)
    if words is None or wrote_again:
        return words
    waited_for = _waited_for(uow, message, latest, holds)
    return f"{words} ({waited_for})" if waited_for else words


def _waited_for(uow: UnitOfWork, message: Message, latest: Attempt | None, holds: AccountHolds) -> str | None:
    """What has kept a reply from being sent, where that is more than its turn."""
    if uow.tx.accounts.mode(message.account) is AccountMode.OFF:
        return f"the account {message.account} is off"
    if latest is not None and latest.outcome in (HELD, UNREACHED, "try_later") and latest.words:
        return latest.words.rstrip(".")
    return f"the provider takes nothing from the account {message.account}" if holds.is_held(message.account) else None


def _slot(uow: UnitOfWork, message: Message, pace: LinePace, pauses: AccountPauses) -> int:
    """When it may leave: now, or when to ask again."""
    if (paused_until := pauses.until(message.account)) > uow.now:
        return paused_until
    return pace.take(message)
