"""Carrying replies out: one attempt is begun, called and recorded, and an unknown end is looked up, never repeated.

Each step is its own transaction, and the call of the provider lies between two of them.
"""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.attempts import Again, GiveUp, after_look_up, after_nothing_sent, first_look_up
from connector.domain.status import Status, advanced
from connector.domain.values import Attempt, ConsentEntry, ConsentKind, Message
from connector.ids import Ids
from connector.providers.base import (
    Accepted,
    Found,
    NotFound,
    Outcome,
    Outgoing,
    Refused,
    TryLater,
    Uncertain,
)
from connector.services import present, routing
from connector.services.inbound import append_consent, apply_receipts
from connector.services.reply import SEND
from connector.store.base import Transaction, Work

SETTLE = "settle"
# Longer than the longest call of a provider; a worker that is silent for this long is dead.
LEASE_S = 90


class Outbox:
    """Use cases of the send and settle workers of one core (`node`)."""

    def __init__(self, ids: Ids, node: str) -> None:
        self._ids = ids
        self._node = node

    def begin(self, tx: Transaction, limit: int, now: int) -> list[tuple[Work, Outgoing]]:
        """Claim what is due and record each attempt as started. Only after this commit may a call leave."""
        begun = []
        for work in tx.work.claim(SEND, self._node, now, limit, now + LEASE_S * 1000):
            message = tx.messages.get(work.subject)
            if message is None or message.status not in (Status.QUEUED, Status.SENDING):
                tx.work.done(work.id)
                continue
            latest = tx.attempts.latest(message.id)
            if latest is not None and latest.ended_at is None:
                # A worker died between starting the call and recording its end.
                self._uncertain(tx, work, message, latest, "The core stopped during the call.", now)
                continue
            if routing.is_opted_out(tx, message.consumer):
                self._failed(tx, message, None, f"not sent: {message.consumer} has opted out", now)
                tx.work.done(work.id)
                continue
            number = latest.number + 1 if latest else 1
            tx.attempts.add(Attempt(message_id=message.id, number=number, account=message.account, started_at=now))
            self._move(tx, message, Status.SENDING, now)
            begun.append((work, outgoing(message)))
        return begun

    def record(self, tx: Transaction, work: Work, outcome: Outcome, now: int) -> None:
        """Write down how a call ended and what follows."""
        message = tx.messages.get(work.subject)
        attempt = tx.attempts.latest(work.subject)
        if message is None or attempt is None or attempt.ended_at is not None:
            return  # the lease ended meanwhile, and whoever took over has recorded it as uncertain
        match outcome:
            case Accepted():
                self._ended(tx, attempt, "accepted", now)
                self._accepted(tx, message, outcome, now)
            case Refused():
                self._ended(tx, attempt, "refused", now, outcome.code, outcome.words)
                self._refused(tx, message, outcome, now)
            case TryLater():
                self._ended(tx, attempt, "try_later", now, outcome.code, outcome.words)
                self._again(tx, work, message, attempt, outcome, now)
                return
            case Uncertain():
                self._uncertain(tx, work, message, attempt, outcome.words, now)
                return
        tx.work.done(work.id)

    def claim_look_ups(self, tx: Transaction, limit: int, now: int) -> list[tuple[Work, Outgoing]]:
        """Claim the uncertain sends that are due to be looked up."""
        claimed = []
        for work in tx.work.claim(SETTLE, self._node, now, limit, now + LEASE_S * 1000):
            message = tx.messages.get(work.subject)
            if message is None or message.status is not Status.UNCERTAIN:
                tx.work.done(work.id)  # a receipt has settled it
            else:
                claimed.append((work, outgoing(message)))
        return claimed

    def settle(self, tx: Transaction, work: Work, found: Found, now: int) -> None:
        """Write down what a look-up said."""
        message = tx.messages.get(work.subject)
        attempt = tx.attempts.latest(work.subject)
        if message is None or attempt is None or message.status is not Status.UNCERTAIN:
            tx.work.done(work.id)
            return
        if isinstance(found, Accepted) and self._is_anothers(tx, message, found.ref):
            found = NotFound()  # an equal text of ours to the same phone; this one has not been found
        if isinstance(found, Accepted):
            self._accepted(tx, message, found, now)
        elif isinstance(found, Refused):
            self._refused(tx, message, found, now)
        else:
            step = after_look_up(work.tries, attempt.started_at, now, is_missing=isinstance(found, NotFound))
            if isinstance(step, Again):
                tx.work.postpone(work.id, step.at)
                return
            if isinstance(step, GiveUp):
                self._failed(tx, message, None, step.words, now)
            else:
                words = "Nobody can say whether this was sent. Ask the consumer before sending it again."
                self._tell(tx, replace(message, words=words), now)
        tx.work.done(work.id)

    def _is_anothers(self, tx: Transaction, message: Message, ref: str) -> bool:
        known = tx.messages.by_ref(message.account, ref)
        return known is not None and known.id != message.id

    def _accepted(self, tx: Transaction, message: Message, accepted: Accepted, now: int) -> None:
        status = advanced(message.status, advanced(Status.ACCEPTED, accepted.status))
        # A provider that gives one reference to two messages cannot be told them apart by it.
        ref = None if self._is_anothers(tx, message, accepted.ref) else accepted.ref
        message = replace(message, ref=ref, status=status, status_at=now, code=None, words=None)
        tx.messages.update(message)
        tx.facts.append([present.status_fact(message)])
        apply_receipts(tx, message, now)  # those that came before this answer

    def _refused(self, tx: Transaction, message: Message, refused: Refused, now: int) -> None:
        self._failed(tx, message, refused.code, refused.words, now)
        if refused.opted_out and not routing.is_opted_out(tx, message.consumer):
            entry = ConsentEntry(
                id=self._ids.new(),
                at=now,
                account=message.account,
                line=message.line,
                consumer=message.consumer,
                kind=ConsentKind.OPTED_OUT,
                rule=f"provider error {refused.code}",
                evidence=refused.words,
                message_id=message.id,
            )
            append_consent(tx, entry, message.conversation_id)

    def _again(
        self, tx: Transaction, work: Work, message: Message, attempt: Attempt, later: TryLater, now: int
    ) -> None:
        conversation = tx.conversations.get(message.conversation_id)
        is_answered_past = conversation is not None and conversation.waiting_since is not None
        step = after_nothing_sent(attempt.number, message.at, now, later.after_s, is_answered_past)
        if isinstance(step, GiveUp):
            self._failed(tx, message, later.code, f"{step.words} ({later.words})", now)
            tx.work.done(work.id)
            return
        self._tell(tx, replace(message, code=later.code, words=later.words), now)
        tx.work.postpone(work.id, step.at)

    def _uncertain(self, tx: Transaction, work: Work, message: Message, attempt: Attempt, words: str, now: int) -> None:
        self._ended(tx, attempt, "uncertain", now, None, words)
        self._move(tx, message, Status.UNCERTAIN, now, words)
        tx.work.done(work.id)
        # In a lane of its own: this message is never sent again, so what the agent writes next need not wait for it.
        tx.work.add(
            Work(
                id=self._ids.new(),
                kind=SETTLE,
                subject=message.id,
                account=message.account,
                lane=f"settle {message.id}",
                ordinal=message.id,
                due_at=first_look_up(now),
            )
        )

    def _failed(self, tx: Transaction, message: Message, code: str | None, words: str, now: int) -> None:
        self._move(tx, message, Status.FAILED, now, words, code)

    def _move(
        self,
        tx: Transaction,
        message: Message,
        status: Status,
        now: int,
        words: str | None = None,
        code: str | None = None,
    ) -> None:
        if advanced(message.status, status) is message.status:
            return  # a receipt was faster
        self._tell(tx, replace(message, status=status, status_at=now, code=code, words=words), now)

    def _tell(self, tx: Transaction, message: Message, now: int) -> None:
        message = replace(message, status_at=now)
        tx.messages.update(message)
        tx.facts.append([present.status_fact(message)])

    def _ended(
        self,
        tx: Transaction,
        attempt: Attempt,
        outcome: str,
        now: int,
        code: str | None = None,
        words: str | None = None,
    ) -> None:
        tx.attempts.update(replace(attempt, ended_at=now, outcome=outcome, code=code, words=words))


def outgoing(message: Message) -> Outgoing:
    return Outgoing(
        message_id=message.id,
        line=message.line,
        consumer=message.consumer,
        text=message.text,
        written_at=message.at,
    )
