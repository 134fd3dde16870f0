"""Carrying replies out: one attempt is begun, called and recorded, and an unknown end is looked up, never repeated.

Each step is its own transaction, and the call of the provider lies between two of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from connector.base.ids import Ids
from connector.domain.account import AccountMode
from connector.domain.attempts import (
    Attempt,
    GiveUp,
    RetryAt,
    after_look_up,
    after_unsent_attempt,
    first_look_up_at,
    pause_until,
    retry_words,
    too_late,
)
from connector.domain.consent import ConsentEntry, ConsentKind
from connector.domain.lookup import EqualReply, match
from connector.domain.message import Message
from connector.domain.status import FINAL, Status, furthest
from connector.providers.values import (
    Accepted,
    Candidates,
    LookUpResult,
    NotFound,
    Outcome,
    Outgoing,
    Rejected,
    TryLater,
    Uncertain,
)
from connector.services import save as keeping
from connector.services import views
from connector.services.conversations.inbound import append_consent, apply_receipts
from connector.services.sending.reply import SEND
from connector.services.settings import LineSettings
from connector.store.ports import Transaction
from connector.store.values import Work

SETTLE = "settle"
# Longer than the longest call of a provider; a worker that is silent for this long is dead.
LEASE_S = 90
# A provider's own queue must not push an answer into another day.
_VALID_FOR_S = 4 * 3600


POLL = "poll"
# A receipt mostly comes within seconds; when none has come, the provider is asked, ever less often.
_POLL_AFTER_S = (300, 1800, 7200, 12 * 3600, 24 * 3600)
_LOOK_AGAIN_S = 60
_WAKE_LATE_MS = 200
_NOBODY_KNOWS = "Nobody can say whether this was sent{}. Ask the consumer before sending it again."


class Slots:
    """When each of several sends may leave, so that a line keeps its pace, counted in segments.

    What is sent now is reserved for good; what has to wait is given a moment near its turn and asks again then.
    """

    def __init__(self, tx: Transaction, lines: Mapping[str, LineSettings], now: int) -> None:
        self._tx = tx
        self._lines = lines
        self._now = now
        self._free_at: dict[str, int] = {}
        self._reserved: dict[str, int] = {}

    def take(self, message: Message) -> int:
        """The moment this message may leave: now, or when to ask again."""
        line = self._lines.get(message.line)
        if line is None:
            return self._now
        free_at = self._free_at.get(message.line)
        if free_at is None:
            free_at = self._tx.marks.get(f"pace {message.line}") or 0
        cost_ms = round(message.segments / line.segments_per_s * 1000)
        if free_at < self._now - _WAKE_LATE_MS:
            free_at = self._now  # idle time is not saved up; only a late wake-up is made good
        self._free_at[message.line] = free_at + cost_ms
        if free_at <= self._now:
            self._reserved[message.line] = self._free_at[message.line]
        return max(free_at, self._now)

    def save(self) -> None:
        for line, free_at in self._reserved.items():
            self._tx.marks.put(f"pace {line}", free_at)


class Pauses:
    """Until when accounts send nothing because their provider had too much at once. All cores keep them."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._until: dict[str, int] = {}

    def until(self, account: str) -> int:
        if account not in self._until:
            self._until[account] = self._tx.marks.get(f"pause {account}") or 0
        return self._until[account]

    def begin(self, account: str, until: int) -> None:
        """A pause is never shortened."""
        if until > self.until(account):
            self._tx.marks.put(f"pause {account}", until)


class Outbox:
    """Use cases of the send, settle and poll workers of one core (`node`). `lines` by address."""

    def __init__(self, ids: Ids, node: str, lines: Mapping[str, LineSettings]) -> None:
        self._ids = ids
        self._node = node
        self._lines = lines

    def begin(self, tx: Transaction, limit: int, now: int) -> list[tuple[Work, Outgoing]]:
        """Claim what is due and record each attempt as started. Only after this commit may a call leave."""
        begun = []
        slots, pauses = Slots(tx, self._lines, now), Pauses(tx)
        claimed = tx.work.claim(SEND, self._node, now, limit, now + LEASE_S * 1000)
        # Who is waited for, and among them who has waited longest, gets the next slot.
        for work in sorted(claimed, key=lambda work: (work.rank, work.ordinal)):
            message = tx.messages.get(work.subject)
            if message is None or message.status not in (Status.QUEUED, Status.SENDING):
                tx.work.done(work.id)
                if message is not None:
                    self._poll_later(tx, message, now)
                continue
            latest = tx.attempts.latest(message.id)
            if latest is not None and latest.ended_at is None:
                # A worker died between starting the call and recording its end.
                self._uncertain(tx, work, message, latest, "The core stopped during the call.", now)
                continue
            if keeping.is_opted_out(tx, message.consumer):
                self._failed(tx, message, None, f"not sent: {message.consumer} has opted out", now)
                tx.work.done(work.id)
                continue
            is_retry = latest is not None
            wrote_again = is_retry and self._consumer_wrote_again(tx, message)
            if (why := too_late(message.at, now, is_retry=is_retry, consumer_wrote_again=wrote_again)) is not None:
                self._move(tx, message, Status.FAILED, now, why)
                tx.work.done(work.id)
                continue
            if tx.accounts.mode(message.account) is AccountMode.OFF:
                tx.work.reschedule(work.id, now + _LOOK_AGAIN_S * 1000)
                continue
            if (paused_until := pauses.until(message.account)) > now:
                tx.work.reschedule(work.id, paused_until)
                continue
            if (slot := slots.take(message)) > now:
                tx.work.reschedule(work.id, slot)
                continue
            number = latest.number + 1 if latest else 1
            tx.attempts.add(Attempt(message_id=message.id, number=number, account=message.account, started_at=now))
            self._move(tx, message, Status.SENDING, now)
            begun.append((work, outgoing(message)))
        slots.save()
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
            case Rejected():
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
                if message is not None:
                    self._poll_later(tx, message, now)
            else:
                claimed.append((work, outgoing(message)))
        return claimed

    def settle(self, tx: Transaction, work: Work, found: LookUpResult, now: int) -> None:
        """Write down what a look-up said."""
        message = tx.messages.get(work.subject)
        attempt = tx.attempts.latest(work.subject)
        if message is None or attempt is None or message.status is not Status.UNCERTAIN:
            tx.work.done(work.id)
            return
        if isinstance(found, Candidates):
            found = self._ours(tx, message, found, now)
        if isinstance(found, Accepted):
            self._accepted(tx, message, found, now)
        elif isinstance(found, Rejected):
            self._refused(tx, message, found, now)
        else:
            step = after_look_up(work.tries, attempt.started_at, now, is_missing=isinstance(found, NotFound))
            if isinstance(step, RetryAt):
                tx.work.reschedule(work.id, step.at)
                return
            if isinstance(step, GiveUp):
                self._failed(tx, message, None, step.words, now)
            else:
                self._tell(tx, replace(message, words=_NOBODY_KNOWS.format("")), now)
        tx.work.done(work.id)

    def leave_open(self, tx: Transaction, work: Work, why: str, now: int) -> None:
        """There is nobody who could be asked: say so, and ask no more."""
        message = tx.messages.get(work.subject)
        if message is not None and message.status is Status.UNCERTAIN:
            self._tell(tx, replace(message, words=_NOBODY_KNOWS.format(f": {why}")), now)
        tx.work.done(work.id)

    def claim_polls(self, tx: Transaction, limit: int, now: int) -> list[tuple[Work, str]]:
        """Claim the accepted replies that are due to be asked after, with the provider's references."""
        claimed = []
        for work in tx.work.claim(POLL, self._node, now, limit, now + LEASE_S * 1000):
            message = tx.messages.get(work.subject)
            if message is None or message.ref is None or message.status in FINAL:
                tx.work.done(work.id)
            else:
                claimed.append((work, message.ref))
        return claimed

    def polled(self, tx: Transaction, work: Work, now: int) -> None:
        """The provider was asked and what it said has been taken; ask again later while it is not the last word."""
        message = tx.messages.get(work.subject)
        if message is None or message.status in FINAL or work.tries >= len(_POLL_AFTER_S):
            tx.work.done(work.id)
        else:
            tx.work.reschedule(work.id, now + _POLL_AFTER_S[work.tries] * 1000)

    def _consumer_wrote_again(self, tx: Transaction, message: Message) -> bool:
        """And waits for an answer since: in this reply's conversation, or in one opened after it was closed."""
        now_open = tx.conversations.open_for(message.line, message.consumer)
        return now_open is not None and now_open.waiting_since is not None

    def _ours(self, tx: Transaction, message: Message, alike: Candidates, now: int) -> LookUpResult:
        """The one of these that this message is, among those that belong to no other."""
        free = [match for match in alike.matches if match.ref and not self._is_anothers(tx, message, match.ref)]
        if not free:
            return NotFound()
        twins = self._twins(tx, message)
        at = match(message.id, twins, len(free), now)
        return Uncertain("Equal texts to the same phone cannot be told apart yet.") if at is None else free[at]

    def _twins(self, tx: Transaction, message: Message) -> list[EqualReply]:
        """This message and all that may be mistaken for it: equal, called, and not known to the provider by name."""
        twins = []
        for one in tx.messages.in_flight(message.account, message.line, message.consumer):
            attempt = tx.attempts.latest(one.id)
            is_alike = one.text == message.text and one.ref is None
            if is_alike and attempt is not None and attempt.outcome in (None, "uncertain"):
                twins.append(EqualReply(one.id, attempt.started_at, is_calling=attempt.ended_at is None))
        return twins

    def _is_anothers(self, tx: Transaction, message: Message, ref: str) -> bool:
        known = tx.messages.by_ref(message.account, ref)
        return known is not None and known.id != message.id

    def _accepted(self, tx: Transaction, message: Message, accepted: Accepted, now: int) -> None:
        status = furthest(message.status, furthest(Status.ACCEPTED, accepted.status))
        # A provider that gives one reference to two messages cannot be told them apart by it.
        ref = None if self._is_anothers(tx, message, accepted.ref) else accepted.ref
        cleared = {} if message.status in FINAL else {"code": None, "words": None}  # a report may have said why
        message = replace(message, ref=ref, status=status, status_at=now, **cleared)
        tx.messages.update(message)
        tx.facts.append([views.status_fact(message)])
        message = apply_receipts(tx, message, now)  # those that came before this answer
        self._poll_later(tx, message, now)

    def _poll_later(self, tx: Transaction, message: Message, now: int) -> None:
        """Have the provider asked how it fares, should its reports not come."""
        line = self._lines.get(message.line)
        if line is None or not line.is_polled or message.ref is None or message.status in FINAL:
            return
        poll = Work(
            id=self._ids.new(),
            kind=POLL,
            subject=message.id,
            account=message.account,
            lane=f"poll {message.id}",
            ordinal=message.id,
            due_at=now + _POLL_AFTER_S[0] * 1000,
        )
        tx.work.add(poll)

    def _refused(self, tx: Transaction, message: Message, refused: Rejected, now: int) -> None:
        if refused.ref is not None and not self._is_anothers(tx, message, refused.ref):
            message = replace(message, ref=refused.ref)  # so that it is not taken for another's
        self._failed(tx, message, refused.code, refused.words, now)
        if refused.opted_out and not keeping.is_opted_out(tx, message.consumer):
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
        if later.is_pause:
            Pauses(tx).begin(message.account, pause_until(later.after_s, now))
        wrote_again = self._consumer_wrote_again(tx, message)
        step = after_unsent_attempt(attempt.number, message.at, now, later.after_s, wrote_again)
        if isinstance(step, GiveUp):
            self._failed(tx, message, later.code, f"{step.words} ({later.words.rstrip('.')})", now)
            tx.work.done(work.id)
            return
        self._tell(tx, replace(message, code=later.code, words=retry_words(later.words, step.at, now)), now)
        tx.work.reschedule(work.id, step.at)

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
                due_at=first_look_up_at(now),
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
        if furthest(message.status, status) is message.status:
            return  # a receipt was faster
        self._tell(tx, replace(message, status=status, status_at=now, code=code, words=words), now)

    def _tell(self, tx: Transaction, message: Message, now: int) -> None:
        message = replace(message, status_at=now)
        tx.messages.update(message)
        tx.facts.append([views.status_fact(message)])

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
        pictures=tuple(media.url for media in message.media),
        valid_for_s=_VALID_FOR_S,
    )
