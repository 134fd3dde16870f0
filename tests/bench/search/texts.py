"""Texts of consumers as they would be in years of them: few words are everywhere, most are rare."""

from __future__ import annotations

import bisect
import itertools
import random
from collections.abc import Iterator

from msgspec import Struct

from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Direction, Message
from connector.domain.status import Status
from tests.kit import stores

_COMMON_WORDS = """
the to and you is my for it of order in on please can not hi have thanks we your this with be so when are at will
payment from refund no yes ok do hello was parcel delivery but money received today tomorrow address number late
"""
_COMMON = tuple(_COMMON_WORDS.split())
_JAPANESE = "お客様のご注文の商品は本日発送いたしました返金について教えてください配達が遅れていますありがとうございます"
_SOUNDS = ("bcdfghjklmnprstvwz", "aeiou")
_WORDS = 60_000
_EACH = 8  # messages of a conversation
_AGENTS = 30
_STEP_MS = 60_000
START = stores.NOW - 2 * 365 * 86_400_000


class Vocabulary:
    """Made-up words by how frequent they are, after Zipf's law."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.words = list(dict.fromkeys([*_COMMON, *(self._word() for _ in range(_WORDS))]))
        self._shares = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    def _word(self) -> str:
        chance = self._chance
        syllables = chance.choice([1, 1, 2, 2, 2, 3, 3, 4])
        return "".join(chance.choice(one) for _ in range(syllables) for one in _SOUNDS)

    def text(self) -> str:
        chance = self._chance
        if chance.random() < 0.02:
            first = chance.randrange(len(_JAPANESE) - 12)
            return _JAPANESE[first : first + 12]
        picked = (chance.random() * self._shares[-1] for _ in range(max(1, round(chance.gauss(14, 6)))))
        words = [self.words[bisect.bisect(self._shares, one)] for one in picked]
        if chance.random() < 0.1:
            words.append(str(chance.randrange(100_000)))
        return " ".join(words).capitalize() + chance.choice([".", "!", "?", ""])


class Bundle(Struct):
    """A conversation and its messages."""

    conversation: Conversation
    messages: list[Message]


def bundles(messages: int) -> Iterator[Bundle]:
    """So many messages in all, in the order of their ids: of several conversations that go on at the same time."""
    chance = random.Random(1)
    vocabulary = Vocabulary(chance)
    for number in range(messages // _EACH):
        yield _bundle(number, chance, vocabulary, is_open=number * _EACH >= messages - 800)


def _bundle(number: int, chance: random.Random, vocabulary: Vocabulary, *, is_open: bool) -> Bundle:
    consumer = f"+1415{chance.randrange(200_000):07d}"
    agent = f"agent{chance.randrange(_AGENTS):02d}"
    at = START + number * _STEP_MS
    conversation = stores.conversation(
        id=f"01J{number:023d}",
        consumer=consumer,
        person=f"{consumer} {number}" if is_open else consumer,
        state=ConversationState.ASSIGNED if is_open else ConversationState.CLOSED,
        skill=chance.choice(["orders", "orders", "refunds"]),
        agent=agent,
        opened_at=at,
        last_at=at,
        queued_at=None,
        waiting_since=None,
        closed_at=None if is_open else at,
        last_seq=_EACH,
        tags=("refund",) if chance.random() < 0.05 else (),
        outcome=chance.choice(["", "solved"]),
    )
    return Bundle(
        conversation, [_message(number, seq, conversation, chance, vocabulary) for seq in range(1, _EACH + 1)]
    )


def _message(
    number: int, seq: int, conversation: Conversation, chance: random.Random, vocabulary: Vocabulary
) -> Message:
    is_reply = seq % 2 == 0
    sent = Status.FAILED if chance.random() < 0.005 else Status.DELIVERED
    return stores.message(
        id=f"01K{number * _EACH + seq:023d}",
        conversation_id=conversation.id,
        consumer=conversation.consumer,
        person=conversation.person,
        seq=seq,
        direction=Direction.REPLY if is_reply else Direction.INBOUND,
        author=conversation.agent if is_reply else None,
        text=vocabulary.text(),
        at=conversation.opened_at + seq,
        status_at=conversation.opened_at + seq,
        status=sent if is_reply else Status.RECEIVED,
        ref=None,
    )
