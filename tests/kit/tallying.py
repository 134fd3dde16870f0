"""Reports made anew from messages and conversations, to be compared with those made of tallies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Direction, Message
from connector.domain.status import UNSUCCESSFUL, Status
from connector.domain.tallies import TallyKind, TallySpan
from connector.store.ports import Reading, Store
from connector.store.values import TallyQuestion

TAKEN = (Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.EXPIRED)
COUNTED = (
    *("texts", "text_segments", "replies", "delivered", "failed", "segments", "answers", "answer_ms", "late"),
    *("first_answers", "closed"),
)
Sums = dict[str, Counter[str]]


def is_lost(reply: Message) -> bool:
    return reply.status in UNSUCCESSFUL or reply.is_unsettled or reply.resent_as is not None


def of_replies(replies: Iterable[Message]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in replies:
        if one.direction is not Direction.REPLY or one.status is Status.UNDONE:
            continue
        found["replies"] += 1
        found["delivered"] += one.status is Status.DELIVERED
        found["failed"] += one.status in UNSUCCESSFUL
        found["segments"] += one.segments if one.status in TAKEN else 0
        if one.waited_ms is not None and one.author is not None and not is_lost(one):
            found["answers"] += 1
            found["answer_ms"] += one.waited_ms
            found["late"] += one.is_late
            found["first_answers"] += one.is_first
    return found


def recount(
    messages: Iterable[Message],
    closed: Iterable[Conversation],
    of_message: Callable[[Message], str],
    of_conversation: Callable[[Conversation], str],
) -> Sums:
    found: Sums = {}
    for one in messages:
        sums = found.setdefault(of_message(one), Counter())
        sums.update(of_replies([one]))
        if one.direction is Direction.INBOUND:
            sums["texts"] += one.part is None or one.part.number == 1
            sums["text_segments"] += one.segments
    for each in closed:
        if each.state is ConversationState.CLOSED:
            found.setdefault(of_conversation(each), Counter())["closed"] += 1
    return {key: +sums for key, sums in found.items() if +sums}


# Of a message and of a closed conversation, under which key they count.
KEYS: Mapping[str, tuple[Callable[[Message], str], Callable[[Conversation], str]]] = {
    "agent": (lambda one: one.author or "", lambda one: one.closed_by or ""),
    "skill": (lambda one: one.skill, lambda one: one.skill),
    "line": (lambda one: one.line, lambda one: one.line),
    "account": (lambda one: one.account, lambda one: one.account),
    "entry_point": (lambda one: one.entry_point, lambda one: one.entry_point),
}


def tallied(reading: Reading, by: str, kind: TallyKind = TallyKind.WORK, span: TallySpan = TallySpan.DAY) -> Sums:
    question = TallyQuestion(kind=kind, span=span, since=0, until=2**62, by=by, leads=True)
    found: Sums = {}
    for one in reading.tallies(question):
        sums = found.setdefault(str(one.key), Counter())
        sums.update({name: count for name, count in one.measures.items() if name in COUNTED})
    assert all(count >= 0 for sums in found.values() for count in sums.values())
    return {key: +sums for key, sums in found.items() if +sums}


def without_notes(messages: Iterable[Message]) -> list[Message]:
    return [one for one in messages if one.direction is not Direction.NOTE]


async def demand_tallied(store: Store, consumers: Collection[str], conversations: Iterable[Conversation]) -> None:
    """Tallies say what messages and closed conversations do, by each of what they are kept apart by, in both spans."""
    conversations = [*conversations]

    def read(reading: Reading) -> dict[str, Any]:
        messages = [one for who in consumers for one in reading.history(who, None, 10_000)]
        found: dict[str, Any] = {"": without_notes(messages)}
        for span in TallySpan:
            found |= {f"{by} {span}": tallied(reading, by, span=span) for by in KEYS}
        return found

    found = await store.read(read)
    for by, (of_message, of_conversation) in KEYS.items():
        expected = recount(found[""], conversations, of_message, of_conversation)
        for span in TallySpan:
            assert found[f"{by} {span}"] == expected, by
