"""Text from outside is restored exactly, on either engine."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from connector.domain.media import Media, MediaState
from connector.domain.message import Part
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from connector.store.sql.tables.messages import messages
from tests.kit.pseudonyms import PSEUDONYMS
from tests.kit.rounds import rounds
from tests.kit.stores import NOW, consent, conversation, hook, message, receipt

# Every code point: NUL, control characters, halves of surrogate pairs, noncharacters.
ANYTHING = st.text(st.characters(codec=None), max_size=12)
NUMBERS = itertools.count(1)


@settings(max_examples=rounds(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    one=ANYTHING, two=ANYTHING, ref=ANYTHING, body=st.binary(max_size=20), headers=st.dictionaries(ANYTHING, ANYTHING)
)
async def test_any_text_is_restored_exactly(
    store: SqlStore, one: str, two: str, ref: str, body: bytes, headers: dict[str, str]
) -> None:
    number = f"{next(NUMBERS):09}"
    who = f"{number} {one}"
    opened = conversation(id=f"C{number}", line=two, consumer=who, last_text=one, reason=two)
    wrote = message(
        id=f"M{number}",
        line=two,
        consumer=who,
        text=one,
        overflow=two,
        ref=f"{number}{ref}",
        code=one,
        words=two,
        media=(Media(one, two),),
    )
    came = hook(
        id=f"H{number}", at=NOW + int(number), path=one, url=two, headers=headers, body=body, reason=one, account=two
    )
    said = consent(id=f"E{number}", line=two, consumer=who, rule=one, evidence=two)
    report = receipt(ref=f"{number}{ref}", raw_status=one, message_id=two, code=one, words=two)

    def keep(tx: Transaction) -> None:
        tx.hooks.add(came)
        tx.conversations.insert(opened)
        assert tx.messages.add_once(wrote)
        assert tx.receipts.add_once(report)
        tx.consent.append(said)
        tx.requests.remember("ann", f"{number}{one}", NOW, body)

    await store.write(keep)
    assert await store.write(lambda tx: tx.conversations.open_for(two, who)) == opened
    assert await store.write(lambda tx: tx.messages.by_ref("main", f"{number}{ref}")) == wrote
    assert not await store.write(lambda tx: tx.messages.add_once(message(id="again", ref=f"{number}{ref}")))
    assert report in await store.write(lambda tx: tx.receipts.for_message("main", two, f"{number}{ref}"))
    assert await store.write(lambda tx: tx.consent.latest(who, PSEUDONYMS)) == said
    assert await store.write(lambda tx: tx.requests.answer("ann", f"{number}{one}")) == body
    assert await store.read(lambda reading: reading.history(who, None, 5)) == [wrote]
    assert await store.read(lambda reading: reading.hooks([came.state], 1)) == [came]


def test_nested_values_are_stored_as_arrays_in_a_fixed_order() -> None:
    dialect = sqlite.dialect()
    media: Any = messages.c.media.type
    part: Any = messages.c.part.type
    pictures = (Media("https://a/1", "image/png", MediaState.STORED, 5, "d1"), Media("https://a/2", "image/gif"))
    header = Part(7, total=3, number=2, wide=True, head="e2", tail="82", charset="utf-8")
    stored = '[["https://a/1","image/png","kept",5,"d1",null],["https://a/2","image/gif","waiting",null,null,null]]'
    assert media.process_bind_param(pictures, dialect) == stored
    assert media.process_result_value(stored, dialect) == pictures
    assert part.process_bind_param(header, dialect) == '[7,3,2,true,"e2","82","utf-8"]'
    assert part.process_result_value('[7,3,2,true,"e2","82","utf-8"]', dialect) == header
    # What was stored before a field was added has its default.
    assert media.process_result_value('[["https://a/2","image/gif"]]', dialect) == pictures[1:]
    assert part.process_result_value("[7,3,2]", dialect) == Part(7, 3, 2)
