"""Consent words are read on the whole text where a provider delivers its segments one by one."""

from __future__ import annotations

import itertools

import pytest

from connector.domain.message import Part
from connector.domain.refusals import Refused
from connector.providers.values import InboundText
from connector.store.sql.store import SqlStore
from connector.wire import limits
from connector.wire.refusals import RefusalCode
from tests.kit.folding import folded, stored
from tests.kit.stores import CONSUMER, LINE
from tests.kit.use_cases import Office

HOUR_S = 3600


def segments(*texts: str, reference: int = 7, begin: int = 1) -> list[InboundText]:
    """The parts of one text, in their order."""
    return [
        InboundText(f"OM-{reference}-{begin}-{number}", LINE, CONSUMER, text, part=Part(reference, len(texts), number))
        for number, text in enumerate(texts, 1)
    ]


LONG = (
    "I liked the first two parcels, but the third",
    " was open. Tell the driver he can come, and he should not ",
    "stop",
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_the_last_segment_of_a_long_text_is_no_opt_out(store: SqlStore, order: tuple[int, ...]) -> None:
    office = Office(store)
    await office.sign_in()
    parts = segments(*LONG)
    for number in order:
        await office.take(parts[number])
    conversation = await office.open_for(CONSUMER)
    assert await office.last_word() is None
    assert conversation.waiting_since is not None
    assert await office.reply(conversation)
    assert await folded(store) == await stored(store, office.now)


@pytest.mark.parametrize("texts", [("ST", "OP"), ("Unsub", "scribe"), ("st", "o", "p")])
@pytest.mark.parametrize("is_backwards", [False, True])
async def test_an_opt_out_split_over_parts_counts(store: SqlStore, texts: tuple[str, ...], is_backwards: bool) -> None:
    office = Office(store)
    parts = segments(*texts)
    for part in parts[::-1] if is_backwards else parts:
        assert await office.last_word() is None
        await office.take(part)
    found = await office.last_word()
    assert found is not None
    assert (found.kind, found.evidence, found.rule) == (
        "opted_out",
        "".join(texts),
        f"keyword {''.join(texts).upper()}",
    )


async def test_a_split_character_is_mended_before_words_are_read(store: SqlStore) -> None:
    office = Office(store)
    first = Part(9, 2, 1, tail="c3", charset="utf-8")
    second = Part(9, 2, 2, head="8a", charset="utf-8")
    await office.take(InboundText("OM1", LINE, CONSUMER, "ARR\ufffd", part=first))
    await office.take(InboundText("OM2", LINE, CONSUMER, "\ufffdT", part=second))
    found = await office.last_word()
    assert found is not None
    assert (found.kind, found.evidence) == ("opted_out", "ARRÊT")


async def test_while_parts_are_missing_one_that_reads_like_an_opt_out_blocks(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    *others, last = segments(*LONG)
    await office.take(last)
    likely = (await office.events("message_received"))[-1]
    assert likely["conversation"]["likely_opt_out"] == likely["message"]["id"]
    assert await office.last_word() is None
    office.clock.advance(HOUR_S)
    await office.take(*others)
    whole = (await office.events("message_received"))[-1]
    assert whole["conversation"]["likely_opt_out"] == ""
    assert await office.last_word() is None
    assert await folded(store) == await stored(store, office.now)


async def test_parts_of_an_earlier_text_with_the_same_reference_do_not_belong(store: SqlStore) -> None:
    office = Office(store)
    await office.take(*segments("It should not ", "stop"))
    office.clock.advance(HOUR_S)
    new_first, _ = segments("st", "op", begin=2)
    await office.take(new_first)
    assert await office.last_word() is None
    office.clock.advance(1)
    await office.take(segments("st", "op", begin=3)[1])
    found = await office.last_word()
    assert found is not None
    assert found.evidence == "stop"


async def test_a_part_that_is_delivered_again_changes_nothing(store: SqlStore) -> None:
    office = Office(store)
    parts = segments(*LONG)
    await office.take(*parts)
    await office.take(segments(*LONG, begin=2)[2])
    assert await office.last_word() is None
    assert (await office.events("message_received"))[-1]["conversation"]["likely_opt_out"] == ""


async def test_a_text_of_one_part_is_read_as_it_is(store: SqlStore) -> None:
    office = Office(store)
    await office.take(*segments("STOP"))
    found = await office.last_word()
    assert found is not None
    assert found.kind == "opted_out"


async def test_a_wish_behind_what_is_shown_of_a_long_text_counts(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    words = "The order came late and cold. " * 200 + "Do not text me again."
    assert len(words) > limits.INBOUND_LENGTH
    await office.take(InboundText("SM-1", LINE, CONSUMER, words))
    conversation = await office.open_for(CONSUMER)
    with pytest.raises(Refused) as refused:
        await office.reply(conversation)
    assert refused.value.code == RefusalCode.LIKELY_OPT_OUT
