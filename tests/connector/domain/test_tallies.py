from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.conversation import FOLLOW_UP, ConversationState
from connector.domain.media import Media
from connector.domain.message import Message, Part
from connector.domain.status import Status
from connector.domain.tallies import (
    MEASURES,
    WAIT_NAMES,
    WAITS_S,
    TallyKind,
    of_closing,
    of_message,
    of_opening,
    of_reply,
    quantile_s,
    wait_name,
)
from tests.kit.stores import NOW, conversation, message, reply


def answered(**changes: object) -> Message:
    return reply(skill="orders", entry_point="text_in", waited_ms=65_000, is_first=True, **changes)


def test_an_answer_counts_with_the_wait_it_ended() -> None:
    key, measures = of_message(answered(status=Status.DELIVERED, is_late=True, segments=2))
    assert key[1:] == ("main", "+15550100", "1", "orders", "ann", "text_in", "")
    assert {name: count for name, count in measures.items() if count} == {
        "replies": 1,
        "delivered": 1,
        "segments": 2,
        "answers": 1,
        "answer_ms": 65_000,
        "wait_4": 1,
        "late": 1,
        "first_answers": 1,
        "first_ms": 65_000,
    }
    assert measures.keys() <= set(MEASURES)


@pytest.mark.parametrize(
    "changes",
    [{"status": Status.FAILED}, {"is_unsettled": True}, {"resent_as": "R2"}, {"author": None}],
    ids=["failed", "unsettled", "sent again", "automatic"],
)
def test_what_did_not_arrive_or_no_agent_wrote_is_no_answer(changes: dict[str, object]) -> None:
    assert of_reply(answered(**changes)).get("answers", 0) == 0
    assert of_reply(answered(**changes))["replies"] == 1


def test_an_undone_reply_and_a_note_count_as_nothing() -> None:
    assert not of_reply(answered(status=Status.UNDONE))
    assert not of_message(reply(direction="note"))[1]


def test_a_text_in_segments_counts_once() -> None:
    parts = [message(part=Part(7, 3, number), segments=1) for number in (1, 2, 3)]
    found: Counter[str] = Counter()
    for part in parts:
        found.update(of_message(part)[1])
    assert found == {"texts": 1, "text_segments": 3}


def test_segments_are_billed_for_what_a_provider_has_taken() -> None:
    def billed(status: Status) -> int:
        return of_reply(answered(status=status)).get("segments", 0)

    taken = {status for status in Status if status is not Status.RECEIVED and billed(status)}
    assert taken == {Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.EXPIRED}


def test_what_is_billed_is_compared_with_what_was_predicted() -> None:
    found = of_reply(answered(status=Status.SENT, segments=2, billed=3))
    assert [found[name] for name in ("billed_replies", "billed", "predicted", "billed_otherwise")] == [1, 3, 2, 1]
    picture = (Media("https://example.com/a.png", "image/png"),)
    assert of_reply(answered(status=Status.SENT, segments=2, billed=1, media=picture))["billed_otherwise"] == 0
    assert "billed" not in of_reply(answered(status=Status.QUEUED, billed=3))


def test_messages_of_before_count_as_far_as_they_say_something() -> None:
    key, measures = of_message(reply(status=Status.SENT))
    assert (key.country, key.skill, key.entry_point) == ("", "", "")
    assert measures == {"replies": 1, "segments": 1}


def test_a_closed_conversation_counts_by_its_outcome_with_its_replies() -> None:
    closed = conversation(
        state=ConversationState.CLOSED, closed_at=NOW + 9000, closed_by="ann", outcome="sold", tally={"replies": 3}
    )
    (worked, measures), (ended, all_of_it) = of_closing(closed)
    assert (worked.kind, worked.agent, worked.outcome) == (TallyKind.WORK, "ann", "")
    assert (ended.kind, ended.outcome) == (TallyKind.ENDED, "sold")
    assert measures == {"closed": 1, "open_ms": 9000}
    assert all_of_it == {**measures, "replies": 3}
    assert not of_closing(conversation())


def test_a_conversation_that_an_agent_has_begun_is_theirs() -> None:
    assert of_opening(conversation(agent="ann"))[0].agent == ""
    assert of_opening(conversation(agent="ann", entry_point=FOLLOW_UP))[0].agent == "ann"


def test_each_wait_has_its_span() -> None:
    assert wait_name(0) == WAIT_NAMES[0] == wait_name(WAITS_S[0] * 1000)
    assert wait_name(WAITS_S[0] * 1000 + 1) == WAIT_NAMES[1]
    assert wait_name(10**12) == WAIT_NAMES[-1]


@given(st.lists(st.integers(0, 200_000_000), min_size=1, max_size=50), st.sampled_from([0.5, 0.9]))
def test_a_quantile_is_in_the_span_of_the_true_one(waits: list[int], share: float) -> None:
    true_ms = sorted(waits)[math.ceil(share * len(waits)) - 1]
    found_s = quantile_s(Counter(map(wait_name, waits)), share)
    assert found_s is not None
    number = WAIT_NAMES.index(wait_name(true_ms))
    least, most = (WAITS_S[number - 1] if number else 0), WAITS_S[min(number, len(WAITS_S) - 1)]
    assert min(least, WAITS_S[-1]) <= found_s <= most


def test_there_is_no_quantile_of_nothing() -> None:
    assert quantile_s({}, 0.5) is None
