"""What reports are made of: how a message and a closed conversation count, and what sums of them say.

A message counts where it was written, as it is now: a reply that failed after it was sent is no answer any more. What
was counted is known from the message alone, so that it can be counted anew after each change.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from connector.domain.conversation import FOLLOW_UP, Conversation, ConversationState
from connector.domain.days import DAY_MS, HOUR_MS
from connector.domain.message import Direction, Message
from connector.domain.number_plans import calling_code
from connector.domain.status import UNSUCCESSFUL, Status
from connector.domain.unsettled import is_answer
from connector.sms.addresses import is_e164

# Upper ends of the spans that waits are sorted into, in seconds; the last span has none.
WAITS_S = (10, 20, 30, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 3600, 7200, 14400, 28800, 86400)
WAIT_NAMES = tuple(f"wait_{number}" for number in range(len(WAITS_S) + 1))

MEASURES = (
    "texts",  # from consumers; segments of one count once
    "text_segments",
    "text_pictures",
    "opened",  # conversations
    "closed",
    "open_ms",  # how long the closed ones were open
    "answers",  # replies to consumers who waited
    "answer_ms",  # how long these had waited
    "late",  # answers after their due time
    "first_answers",  # to the text that opened the conversation
    "first_ms",
    "replies",
    "delivered",
    "failed",  # failed, undelivered or expired
    "segments",  # of the replies that the provider has taken
    "pictures",
    "billed_replies",  # of which the provider says how many segments it bills
    "billed",  # these segments
    "predicted",  # of the same replies, as we count segments
    "billed_otherwise",  # those of them where that differs
    "transfers",  # by an agent, to a skill or an agent
    "give_backs",
    "take_overs",  # by a lead
    "online_ms",
    *WAIT_NAMES,
)
"""What is counted. The names are those of the columns in the store."""

Measures = Mapping[str, int]

# Statuses of replies that a provider has taken, and bills.
TAKEN = frozenset({Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.EXPIRED})


class TallyKind(StrEnum):
    """What is counted together. The same reply counts as work, and with its conversation once that is closed."""

    WORK = "work"  # when it happened
    ENDED = "ended"  # when its conversation was closed, and under the outcome of that
    PRESENCE = "presence"  # how long agents were online


class TallySpan(IntEnum):
    """What a tally covers, as the brand's clock shows it."""

    HOUR = HOUR_MS
    DAY = DAY_MS


class TallyKey(NamedTuple):
    """What tallies are kept apart by. Empty: none, or it was not known when it was counted."""

    kind: TallyKind
    account: str = ""
    line: str = ""
    country: str = ""  # the calling code of the consumer's number
    skill: str = ""
    agent: str = ""
    entry_point: str = ""
    outcome: str = ""  # of what has ended


class TallySum(Struct, frozen=True):
    """The sums of the tallies that share something, which `key` names: an agent, or when an hour began."""

    key: str | int
    line: str  # they are kept apart by line and country, whose prices differ
    country: str
    measures: Measures


def of_message(message: Message) -> tuple[TallyKey, Measures]:
    """Where a message counts, and as what; an undone reply and a note count as nothing."""
    # Messages of before there were tallies have no skill, and are counted without all that they do not say themselves.
    country = country_of(message.consumer) if message.skill else ""
    key = TallyKey(
        TallyKind.WORK,
        message.account,
        message.line,
        country,
        message.skill,
        message.author or "",
        message.entry_point,
    )
    if message.direction is Direction.INBOUND:
        is_first_part = message.part is None or message.part.number == 1
        found = {"texts": int(is_first_part), "text_segments": message.segments}
        return key, found | ({"text_pictures": len(message.media)} if message.media else {})
    return key, of_reply(message) if message.direction is Direction.REPLY else {}


def of_reply(reply: Message) -> Measures:
    if reply.status is Status.UNDONE:
        return {}
    found = {"replies": 1}
    if reply.status is Status.DELIVERED:
        found["delivered"] = 1
    elif reply.status in UNSUCCESSFUL:
        found["failed"] = 1
    if reply.media:
        found["pictures"] = len(reply.media)
    if reply.status in TAKEN:
        found["segments"] = reply.segments
        if reply.billed is not None:
            found |= {"billed_replies": 1, "billed": reply.billed, "predicted": reply.segments}
            found["billed_otherwise"] = int(is_billed_otherwise(reply))
    if reply.waited_ms is not None and is_answer(reply):
        found |= {"answers": 1, "answer_ms": reply.waited_ms, wait_name(reply.waited_ms): 1, "late": int(reply.is_late)}
        if reply.is_first:
            found |= {"first_answers": 1, "first_ms": reply.waited_ms}
    return found


def is_billed_otherwise(reply: Message) -> bool:
    """Whether the provider bills another number of segments than we count. Pictures are billed in other ways."""
    return reply.billed is not None and reply.billed != reply.segments and not reply.media


def of_opening(conversation: Conversation) -> tuple[TallyKey, Measures]:
    """One that an agent has begun is theirs."""
    agent = conversation.agent or "" if conversation.entry_point == FOLLOW_UP else ""
    return _key(TallyKind.WORK, conversation, agent), {"opened": 1}


def of_closing(conversation: Conversation) -> list[tuple[TallyKey, Measures]]:
    """A closed conversation: by whom it was closed; and with all its replies, by its outcome. Nothing while it is
    open."""
    if conversation.state is not ConversationState.CLOSED or conversation.closed_at is None:
        return []
    by = conversation.closed_by or ""
    closed = {"closed": 1, "open_ms": max(0, conversation.closed_at - conversation.opened_at)}
    is_counted = conversation.tally is not None  # else it was closed before there were tallies, as for messages
    worked = _key(TallyKind.WORK, conversation, by, has_country=is_counted)
    ended = worked._replace(kind=TallyKind.ENDED, outcome=conversation.outcome)
    return [(worked, closed), (ended, closed | (conversation.tally or {}))]


def of_move(conversation: Conversation, measure: str, agent: str) -> tuple[TallyKey, Measures]:
    """A transfer, a give-back or a take-over by this agent."""
    return _key(TallyKind.WORK, conversation, agent), {measure: 1}


def of_replies(replies: Iterable[Message]) -> dict[str, int]:
    """The replies of one conversation as it is closed."""
    found: Counter[str] = Counter()
    for reply in replies:
        found.update(of_reply(reply))
    return {name: count for name, count in found.items() if count}


def _key(kind: TallyKind, conversation: Conversation, agent: str, *, has_country: bool = True) -> TallyKey:
    return TallyKey(
        kind,
        conversation.account,
        conversation.line,
        country_of(conversation.consumer) if has_country else "",
        conversation.skill,
        agent,
        conversation.entry_point,
    )


@lru_cache(4096)
def country_of(consumer: str) -> str:
    """The calling code of a number; empty for short codes and names."""
    number = consumer.rpartition(":")[2]
    return calling_code(number[1:]) if is_e164(number) else ""


def wait_name(waited_ms: int) -> str:
    """The measure that counts the waits like this one."""
    return WAIT_NAMES[bisect_left(WAITS_S, waited_ms / 1000)]


def quantile_s(measures: Measures, share: float) -> int | None:
    """About how long the wait was that this share of all answers did not exceed; None without answers.

    Waits are only known by their spans, within which they are taken to be spread evenly.
    """
    counts: Sequence[int] = [measures.get(name, 0) for name in WAIT_NAMES]
    total = sum(counts)
    if total <= 0:
        return None
    wanted, before = share * total, 0
    for number, count in enumerate(counts):
        if count > 0 and before + count >= wanted:
            if number == len(WAITS_S):
                return WAITS_S[-1]
            start = WAITS_S[number - 1] if number else 0
            return round(start + (WAITS_S[number] - start) * max(0.0, wanted - before) / count)
        before += count
    return WAITS_S[-1]
