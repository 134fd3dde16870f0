"""Looking up uncertain sends at the provider.

What a look-up finds is recorded as what it is: known of this reply, or concluded from equal texts. A conclusion is
undone when the provider says otherwise (see `references`), and where none is possible the reply stays uncertain, with
what is known of it in its words.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from connector.domain.attempts import (
    NO_RECORD,
    NOT_SENT,
    Attempt,
    GiveUp,
    after_proof_unsent,
    is_left_to_agent,
    is_missing,
    next_look_up_at,
    retry_words,
)
from connector.domain.delivery import Delivery, Receipt
from connector.domain.equal_texts import EqualReply, SomeSent, Unexplained, match, may_be_of, rivals
from connector.domain.message import Message
from connector.domain.status import FINAL, Status
from connector.providers.values import Accepted, Candidates, LookUpResult, NotFound, Outgoing, Rejected, Uncertain
from connector.services import work
from connector.services.consent import ledger
from connector.services.conversations import transcript
from connector.services.sending import attempt_outcomes, outbox, polls, receipts, references, statuses
from connector.services.unit_of_work import UnitOfWork
from connector.store.values import Work

_UNKNOWN = "It is unknown whether this was sent. {}. Ask the consumer before sending it again."
_SOME_SENT = "{}, and it is unknown which. Ask the consumer before sending it again."
_UNEXPLAINED = "The provider has texts to this consumer that may be this one or another program's"
# Outcomes of attempts that leave open which message of the provider's a reply is, if any.
_OPEN = (None, "uncertain", "all_sent", NOT_SENT)
_DAY_MS = 24 * 3_600_000


def claim(uow: UnitOfWork, node: str, limit: int, without: Collection[str] = ()) -> list[tuple[Work, Outgoing]]:
    """Claim the sends that are due to be looked up."""
    claimed = []
    for job in work.claim(uow, work.LOOK_UP, node, limit, without):
        if (asked := _open(uow, job.subject)) is None:
            _settled(uow, job)
        else:
            claimed.append((job, _asked_for(uow, asked[0])))
    return claimed


def _asked_for(uow: UnitOfWork, message: Message) -> Outgoing:
    """What is looked up, in the day before it was written or before now: the clock that gave its moment may have been
    ahead, and that a provider has no record of it since then would prove nothing."""
    asked = outbox.outgoing(message)
    return replace(asked, written_at=min(message.at, uow.now) - _DAY_MS)


def record(uow: UnitOfWork, job: Work, found: LookUpResult) -> None:
    """Record the result of a look-up, and look again later where it is not the last word."""
    asked = _open(uow, job.subject)
    if asked is None:
        _settled(uow, job)
        return
    message, attempt = asked
    _take(uow, message, attempt, found, job.tries + 1)
    at = None
    if references.can_look_up(uow, message) and _open(uow, message.id) is not None:
        at = next_look_up_at(job.tries + 1, attempt.ended_at or 0, uow.now)
    if at is None:
        uow.tx.work.done(job.id)
    else:
        uow.tx.work.reschedule(job.id, at, is_try=True)


def _open(uow: UnitOfWork, message_id: str) -> tuple[Message, Attempt] | None:
    """The reply and its latest attempt, while a look-up can say more about it than is known; else None."""
    message, attempt = uow.tx.messages.get(message_id), uow.tx.attempts.latest(message_id)
    if message is None or attempt is None or attempt.ended_at is None:
        return None
    if message.status is not Status.UNCERTAIN:
        is_unnamed = message.ref is None and attempt.outcome in ("uncertain", "all_sent")
        if message.status in FINAL or not is_unnamed or not references.can_look_up(uow, message):
            return None
    return message, attempt


def _settled(uow: UnitOfWork, job: Work) -> None:
    """End the look-up of a reply that a receipt has settled."""
    message = uow.tx.messages.get(job.subject)
    if message is not None:
        polls.schedule(uow, message)
    uow.tx.work.done(job.id)


def _take(uow: UnitOfWork, message: Message, attempt: Attempt, found: LookUpResult, tries: int) -> None:
    said = _conclude(uow, message, attempt, found) if isinstance(found, Candidates) else found
    if isinstance(said, Accepted):
        uow.tx.attempts.update(replace(attempt, outcome="accepted"))
        attempt_outcomes.accepted(uow, message, said)
    elif isinstance(said, Rejected):
        uow.tx.attempts.update(replace(attempt, outcome="refused", code=said.code, words=said.words))
        attempt_outcomes.rejected(uow, message, said)
    elif message.status is Status.UNCERTAIN:
        _take_unknown(uow, message, attempt, said, tries)


def _take_unknown(
    uow: UnitOfWork, message: Message, attempt: Attempt, said: NotFound | SomeSent | Uncertain | None, tries: int
) -> None:
    ended_at = attempt.ended_at or 0
    # While its line is not configured here, only an administrator could change what is known.
    can_be_asked = message.line in uow.brand.lines and references.can_look_up(uow, message)
    is_left = is_left_to_agent(tries, ended_at, uow.now) or not can_be_asked
    if isinstance(said, NotFound) and is_missing(tries, ended_at, uow.now):
        _proven_unsent(uow, message, attempt)
        return
    words = message.words or ""
    if isinstance(said, SomeSent) and said.is_settled:
        words = _SOME_SENT.format(said.words.capitalize())
    elif isinstance(said, Uncertain) and is_left and words == attempt.words:  # else more is known already
        words = _UNKNOWN.format(said.words.rstrip("."))
    is_dealt_with = message.settled_by is not None or message.resent_as is not None
    if is_left and not message.is_unsettled and not is_dealt_with:
        statuses.leave_uncertain(uow, message, words)
    elif words != message.words:
        statuses.save(uow, replace(message, words=words))


def _proven_unsent(uow: UnitOfWork, message: Message, attempt: Attempt) -> None:
    """Send it again, while that still makes sense; else it has failed. An agent who has sent it again has decided."""
    requeues = sum(one.outcome == NOT_SENT for one in uow.tx.attempts.all_of(message.id))
    uow.tx.attempts.update(replace(attempt, outcome=NOT_SENT))
    is_overtaken = message.resent_as is not None or _is_overtaken(uow, message)
    step = after_proof_unsent(requeues, message.at, uow.now, is_overtaken=is_overtaken)
    if isinstance(step, GiveUp):
        attempt_outcomes.move(uow, message, Status.FAILED, step.words)
        return
    again = retry_words(NO_RECORD.removeprefix("not sent: "), step.at, uow.now)
    statuses.save(uow, replace(message, status=Status.SENDING, code=None, words=again))
    outbox.put_back(uow, message, step.at)


def _is_overtaken(uow: UnitOfWork, message: Message) -> bool:
    """Whether something was said after this reply, in its conversation or in a later one."""
    conversation = uow.conversation(message.conversation_id)
    open_one = uow.tx.conversations.open_for(message.line, message.person)
    if open_one is not None and open_one.id != conversation.id:
        return True
    return bool(transcript.since(uow, conversation, message.seq, agent=""))


def _conclude(
    uow: UnitOfWork, message: Message, attempt: Attempt, alike: Candidates
) -> NotFound | SomeSent | Uncertain | None:
    """What the provider's equal texts say about this reply. None: that it was sent, which is recorded."""
    equals = _equals(uow, message)
    group = rivals(message.id, equals, uow.now)
    free = [one for one in alike.matches if one.ref and references.is_free(uow, message, one.ref)]
    _doubt_missing(uow, message, equals, free)
    ours = [one for one in free if may_be_of(group, one.at, uow.now)]
    if not ours:
        has_others = any(references.is_free(uow, message, ref) for ref in alike.others)
        # One of a moment at which no reply was sent may be this one's: the two clocks may be far apart.
        has_others = has_others or not all(any(may_be_of([one], each.at, uow.now) for one in equals) for each in free)
        return Uncertain(_UNEXPLAINED) if has_others else NotFound()
    verdict = match(group, len(ours), uow.now)
    if isinstance(verdict, Unexplained):
        return Uncertain(_UNEXPLAINED)
    if verdict is None:
        _sent(uow, message, attempt, ours, is_single=len(group) == 1)
    return verdict


def _equals(uow: UnitOfWork, message: Message) -> list[EqualReply]:
    """This reply and all with the same text of which it is unknown whether the provider has them."""
    found = []
    for one in references.equal_replies(uow, message):
        ends = [each.ended_at for each in uow.tx.attempts.all_of(one.id) if each.outcome in _OPEN]
        if ends:
            ended_at = None if None in ends else max(end for end in ends if end is not None)
            found.append(EqualReply(one.id, one.at, ended_at, len(ends)))
    return found


def _doubt_missing(
    uow: UnitOfWork, message: Message, equals: list[EqualReply], free: list[Accepted | Rejected]
) -> None:
    """Look up again what was taken for not sent, as the provider has had no record of it, and now has one."""
    for one in equals:
        attempt, doubted = uow.tx.attempts.latest(one.message_id), uow.tx.messages.get(one.message_id)
        if one.message_id == message.id or attempt is None or attempt.outcome != NOT_SENT or doubted is None:
            continue
        if any(may_be_of([one], found.at, uow.now) for found in free):
            references.look_up_again(uow, doubted)


def _sent(
    uow: UnitOfWork, message: Message, attempt: Attempt, ours: list[Accepted | Rejected], *, is_single: bool
) -> None:
    """Record that these messages of the provider's are this reply (`is_single`), or it and all that are equal to it.

    Of several replies it is not known which is which, so this one has come as far as all of them have.
    """
    uow.tx.attempts.update(replace(attempt, outcome="found" if is_single else "all_sent"))
    said = {_delivery(one) for one in (ours[-1:] if is_single else ours)}
    common = said.pop() if len(said) == 1 else Delivery(Status.ACCEPTED)
    if is_single:
        message = replace(message, ref=ours[-1].ref)
    if common.status is not Status.ACCEPTED:
        receipt = Receipt(
            message.account, uow.now, common.status, str(common.status), code=common.code, words=common.words
        )
        named = replace(receipt, ref=message.ref) if is_single else replace(receipt, message_id=message.id)
        uow.tx.receipts.add_once(named)
    message = receipts.apply(uow, message, Delivery(Status.ACCEPTED))
    polls.schedule(uow, message)
    for one in ours:
        if isinstance(one, Rejected) and one.opted_out:
            ledger.record_refusal(uow, message, one.code, one.words, at=uow.now)


def _delivery(one: Accepted | Rejected) -> Delivery:
    return Delivery(one.status) if isinstance(one, Accepted) else Delivery(Status.FAILED, one.code, one.words)
