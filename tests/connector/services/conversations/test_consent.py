"""The latest of a consumer's opt-outs and opt-ins counts, in whatever order they arrive."""

from __future__ import annotations

import itertools

import pytest

from connector.domain.consent.entries import ConsentKind, ConsentSignal
from connector.domain.refusals import Refused
from connector.providers.values import InboundText
from connector.store.sql.store import SqlStore
from connector.wire import requests
from connector.wire.refusals import RefusalCode
from tests.kit.folding import folded, stored
from tests.kit.stores import CONSUMER, LINE
from tests.kit.use_cases import Office


async def test_a_start_recovered_late_does_not_overrule_a_later_stop(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    conversation = await office.text()
    written_at = office.now
    office.clock.advance(60)
    await office.text("STOP")
    office.clock.advance(60)
    found = InboundText("SM-late", LINE, CONSUMER, "START", at=written_at + 30_000)
    await office.take(found, is_recovered=True)
    told = [one["opted_out"] for one in await office.events("consent_changed")]
    assert set(told) == {True}
    received = await office.events("message_received")
    assert received[-1]["conversation"]["opted_out"] is True
    assert await folded(store) == await stored(store, office.now)
    with pytest.raises(Refused) as refused:
        await office.ask(requests.Reply(conversation.id, "Hello again"))
    assert refused.value.code == RefusalCode.OPTED_OUT


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_the_order_of_arrival_does_not_matter(store: SqlStore, order: tuple[int, ...]) -> None:
    office = Office(store)
    begin = office.now
    words = [
        InboundText(f"SM{n}", LINE, CONSUMER, text, at=begin + n) for n, text in enumerate(["STOP", "START", "STOP"])
    ]
    office.clock.advance(60)
    for number in order:
        await office.take(words[number], is_recovered=True)
    last = await office.last_word()
    assert last is not None
    assert last.kind == "opted_out"
    assert (await office.events("consent_changed"))[-1]["opted_out"] is True
    assert await folded(store) == await stored(store, office.now)


RULE = "the company's own words"
OUT, IN = ConsentSignal(ConsentKind.OPTED_OUT, RULE), ConsentSignal(ConsentKind.OPTED_IN, RULE)


@pytest.mark.parametrize(
    ("said", "kind", "rule"),
    [
        ([("basta", OUT)], "opted_out", RULE),
        ([("STOP", OUT)], "opted_out", "keyword STOP"),
        ([("basta", OUT), ("vamos", IN)], "opted_in", RULE),
        ([("STOP", None), ("START", IN)], "opted_in", "keyword START"),
        ([("vamos", IN)], None, None),
        ([("basta", None)], None, None),
    ],
)
async def test_a_providers_own_consent_signal_counts_where_our_keywords_do_not(
    store: SqlStore, said: list[tuple[str, ConsentSignal | None]], kind: str | None, rule: str | None
) -> None:
    office = Office(store)
    await office.sign_in()
    conversation = await office.text()
    for number, (text, consent) in enumerate(said):
        await office.take(InboundText(f"SM-{number}", LINE, CONSUMER, text, consent=consent))
    last = await office.last_word()
    assert ((last.kind, last.rule) if last else (None, None)) == (kind, rule)
    if kind == "opted_out":
        with pytest.raises(Refused) as refused:
            await office.ask(requests.Reply(conversation.id, "Hello again"))
        assert refused.value.code == RefusalCode.OPTED_OUT
