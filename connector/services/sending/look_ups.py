"""Looking up uncertain sends at the provider."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from connector.domain.attempts import NOT_SENT, Attempt, GiveUp, RetryAt, after_look_up, after_proof_unsent, retry_words
from connector.domain.equal_texts import EqualReply, match_equal_replies
from connector.domain.message import Message
from connector.domain.status import Status
from connector.providers.values import Accepted, Candidates, LookUpResult, NotFound, Outgoing, Rejected, Uncertain
from connector.services import work
from connector.services.conversations import transcript
from connector.services.sending import attempt_outcomes, outbox, polls, statuses
from connector.services.unit_of_work import UnitOfWork
from connector.store.values import Work

_UNKNOWN = "Nobody can say whether this was sent{}. Ask the consumer before sending it again."


def claim(uow: UnitOfWork, node: str, limit: int, without: Collection[str] = ()) -> list[tuple[Work, Outgoing]]:
    """Claim the uncertain sends that are due to be looked up."""
    claimed = []
    for job in work.claim(uow, work.LOOK_UP, node, limit, without):
        message = uow.tx.messages.get(job.subject)
        if message is None or message.status is not Status.UNCERTAIN:
            uow.tx.work.done(job.id)  # a receipt has settled it
            if message is not None:
                polls.schedule(uow, message)
        else:
            claimed.append((job, outbox.outgoing(message)))
    return claimed


def record(uow: UnitOfWork, job: Work, found: LookUpResult) -> None:
    """Record the result of a look-up, and look again later where it is not the last word."""
    message = uow.tx.messages.get(job.subject)
    attempt = uow.tx.attempts.latest(job.subject)
    if message is None or attempt is None or message.status is not Status.UNCERTAIN:
        uow.tx.work.done(job.id)
        return
    if isinstance(found, Candidates):
        found = _ours(uow, message, found)
    if isinstance(found, Accepted):
        attempt_outcomes.accepted(uow, message, found)
    elif isinstance(found, Rejected):
        attempt_outcomes.rejected(uow, message, found)
    else:
        step = after_look_up(job.tries + 1, attempt.started_at, uow.now, is_missing=isinstance(found, NotFound))
        if isinstance(step, RetryAt):
            uow.tx.work.reschedule(job.id, step.at, is_try=True)
            return
        if isinstance(step, GiveUp):
            _proven_unsent(uow, message, attempt, step.words)
        else:
            statuses.leave_uncertain(uow, message, _UNKNOWN.format(""))
    uow.tx.work.done(job.id)


def _proven_unsent(uow: UnitOfWork, message: Message, attempt: Attempt, words: str) -> None:
    """Send it again, while that still makes sense; else it has failed. An agent who has sent it again has decided."""
    requeues = sum(one.outcome == NOT_SENT for one in uow.tx.attempts.all_of(message.id))
    uow.tx.attempts.update(replace(attempt, outcome=NOT_SENT))
    is_overtaken = message.resent_as is not None or _is_overtaken(uow, message)
    step = after_proof_unsent(requeues, message.at, uow.now, is_overtaken=is_overtaken)
    if isinstance(step, GiveUp):
        attempt_outcomes.move(uow, message, Status.FAILED, step.words)
        return
    again = retry_words(words.removeprefix("not sent: "), step.at, uow.now)
    statuses.save(uow, replace(message, status=Status.SENDING, code=None, words=again))
    outbox.put_back(uow, message, step.at)


def _is_overtaken(uow: UnitOfWork, message: Message) -> bool:
    """Whether something was said after this reply, in its conversation or in a later one."""
    conversation = uow.conversation(message.conversation_id)
    open_one = uow.tx.conversations.open_for(message.line, message.person)
    if open_one is not None and open_one.id != conversation.id:
        return True
    return bool(transcript.since(uow, conversation, message.seq, agent=""))


def abandon(uow: UnitOfWork, job: Work, why: str) -> None:
    """Give up a look-up that is not possible at all, with the reason in the words of the reply."""
    message = uow.tx.messages.get(job.subject)
    if message is not None and message.status is Status.UNCERTAIN:
        statuses.leave_uncertain(uow, message, _UNKNOWN.format(f": {why}"))
    uow.tx.work.done(job.id)


def _ours(uow: UnitOfWork, message: Message, alike: Candidates) -> LookUpResult:
    """The one of these that this message is, among those that belong to no other."""
    free = [one for one in alike.matches if one.ref and not attempt_outcomes.is_anothers(uow, message, one.ref)]
    if not free:
        return NotFound()
    at = match_equal_replies(message.id, _equal_replies(uow, message), len(free), uow.now)
    return Uncertain("Equal texts to the same phone cannot be told apart yet.") if at is None else free[at]


def _equal_replies(uow: UnitOfWork, message: Message) -> list[EqualReply]:
    """This message and all that may be mistaken for it: equal, attempted, and without a reference of the provider's."""
    found = []
    for one in uow.tx.messages.in_flight(message.account, message.line, message.person):
        attempt = uow.tx.attempts.latest(one.id)
        is_alike = one.text == message.text and one.consumer == message.consumer and one.ref is None
        if is_alike and attempt is not None and attempt.outcome in (None, "uncertain"):
            found.append(EqualReply(one.id, attempt.started_at, is_calling=attempt.ended_at is None))
    return found
