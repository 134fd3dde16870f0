"""How an attempt ended, and what follows: the reply is accepted or failed, tried again later, or looked up."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from connector.domain.attempts import (
    HELD,
    NOT_SENT,
    UNREACHED,
    Attempt,
    GiveUp,
    after_held_attempt,
    after_unsent_attempt,
    first_look_up_at,
    pause_until,
    retry_words,
)
from connector.domain.delivery import Delivery, Receipt
from connector.domain.message import Direction, Message
from connector.domain.status import Status, furthest
from connector.providers.values import Accepted, Outcome, Rejected, TryLater, Uncertain
from connector.services import work
from connector.services.consent import ledger
from connector.services.conversations import transcript
from connector.services.sending import polls, receipts, references, statuses
from connector.services.sending.holds import AccountHolds
from connector.services.sending.pace import AccountPauses
from connector.services.unit_of_work import UnitOfWork
from connector.sms.storable import bounded
from connector.store.values import Work
from connector.wire import limits


def record(uow: UnitOfWork, job: Work, outcome: Outcome) -> None:
    message = uow.tx.messages.get(job.subject)
    attempt = uow.tx.attempts.latest(job.subject)
    if message is None and isinstance(outcome, Accepted):  # it was erased while it was being sent
        uow.tx.erasure.remember_erased(job.account, outcome.ref)
    if message is None or attempt is None:
        return
    if attempt.ended_at is not None:
        _late(uow, message, attempt, outcome)
        return
    match outcome:
        case Accepted():
            AccountHolds(uow).end(message.account)
            _end(uow, attempt, "accepted")
            accepted(uow, message, outcome)
            uow.tx.work.done(job.id)
        case Rejected():
            AccountHolds(uow).end(message.account)
            _end(uow, attempt, "refused", outcome.code, outcome.words)
            rejected(uow, message, outcome)
            uow.tx.work.done(job.id)
        case TryLater():
            ended = HELD if outcome.is_hold else "try_later" if outcome.is_pause else UNREACHED
            _end(uow, attempt, ended, outcome.code, outcome.words)
            _try_later(uow, job, message, attempt, outcome)
        case Uncertain():
            uncertain(uow, job, message, attempt, outcome.words)
        case _:
            assert_never(outcome)


def _late(uow: UnitOfWork, message: Message, attempt: Attempt, outcome: Outcome) -> None:
    """The lease ended meanwhile, and the worker that took over has recorded the end as unknown. It is known after all,
    where the provider has taken or refused the message."""
    if attempt.outcome not in ("uncertain", "found", "all_sent", NOT_SENT):
        return
    if isinstance(outcome, Accepted):
        uow.tx.attempts.update(replace(attempt, outcome="accepted"))
        accepted(uow, message, outcome)
    elif isinstance(outcome, Rejected) and message.status is Status.UNCERTAIN:
        uow.tx.attempts.update(replace(attempt, outcome="refused", code=outcome.code, words=outcome.words))
        rejected(uow, message, outcome)


def accepted(uow: UnitOfWork, message: Message, outcome: Accepted) -> None:
    is_new_ref = message.ref is None
    message = statuses.with_billed(message, outcome.billed)
    message = references.with_known(uow, message, outcome.ref)
    if outcome.status is not Status.ACCEPTED:  # as far as a receipt would say
        said = Receipt(message.account, uow.now, outcome.status, str(outcome.status), message_id=message.id)
        uow.tx.receipts.add_once(said)
    message = receipts.apply(uow, message, Delivery(Status.ACCEPTED))
    if is_new_ref:
        receipts.take_early(uow, message)
    polls.schedule(uow, message)


def rejected(uow: UnitOfWork, message: Message, outcome: Rejected) -> None:
    if outcome.ref is not None:
        message = references.with_known(uow, message, outcome.ref)  # so that it is not taken for another's
    code = bounded(outcome.code, limits.STATUS_CODE_LENGTH)
    receipts.apply(uow, message, Delivery(Status.FAILED, code, bounded(outcome.words, limits.STATUS_WORDS_LENGTH)))
    if outcome.opted_out:
        ledger.record_refusal(uow, message, outcome.code, outcome.words, at=uow.now)


def uncertain(uow: UnitOfWork, job: Work, message: Message, attempt: Attempt, words: str) -> None:
    """The look-up has a lane of its own: this message is never sent again, so what is written next need not wait."""
    _end(uow, attempt, "uncertain", None, words)
    move(uow, message, Status.UNCERTAIN, words)
    uow.tx.work.done(job.id)
    at = first_look_up_at(uow.now, can_look_up=references.can_look_up(uow, message))
    work.add(uow, work.LOOK_UP, message, at)


def move(uow: UnitOfWork, message: Message, status: Status, words: str | None = None, code: str | None = None) -> None:
    """Save the reply with this status, unless a receipt has moved it further already."""
    if furthest(message.status, status) is not message.status:
        statuses.save(uow, replace(message, status=status, code=code, words=words))


def consumer_wrote_again(uow: UnitOfWork, message: Message) -> bool:
    """Whether the consumer has written after this reply and waits for an answer.

    In its conversation or in one opened after it. One in which another reply did not arrive waits for an answer, too.
    """
    now_open = uow.tx.conversations.open_for(message.line, message.person)
    if now_open is None or now_open.waiting_since is None:
        return False
    seen = message.seq if now_open.id == message.conversation_id else 0
    said = transcript.since(uow, now_open, seen, agent="")
    return any(one.direction is Direction.INBOUND for one in said)


def _try_later(uow: UnitOfWork, job: Work, message: Message, attempt: Attempt, later: TryLater) -> None:
    if later.is_hold:
        AccountHolds(uow).begin(message.account)
    if later.is_pause:
        AccountPauses(uow).begin(message.account, pause_until(later.after_s, uow.now))
    if message.status is not Status.SENDING:  # a receipt proves that it was sent after all
        polls.schedule(uow, message)
        uow.tx.work.done(job.id)
        return
    wrote_again = consumer_wrote_again(uow, message)
    if later.is_hold:
        step = after_held_attempt(message.at, uow.now, wrote_again)
    else:
        step = after_unsent_attempt(attempt.number, message.at, uow.now, later.after_s, wrote_again)
    if isinstance(step, GiveUp):
        move(uow, message, Status.FAILED, f"{step.words} ({later.words.rstrip('.')})", later.code)
        uow.tx.work.done(job.id)
        return
    statuses.save(uow, replace(message, code=later.code, words=retry_words(later.words, step.at, uow.now)))
    uow.tx.work.reschedule(job.id, step.at)


def _end(uow: UnitOfWork, attempt: Attempt, outcome: str, code: str | None = None, words: str | None = None) -> None:
    code, words = bounded(code, limits.STATUS_CODE_LENGTH), bounded(words, limits.STATUS_WORDS_LENGTH)
    uow.tx.attempts.update(replace(attempt, ended_at=uow.now, outcome=outcome, code=code, words=words))
