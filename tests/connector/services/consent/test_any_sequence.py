"""Whatever consumers, strangers and agents say, in whatever order: who may be texted is what one table says."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.domain.refusals import Refused
from connector.providers.values import InboundText
from connector.services.sending import outbox
from connector.store.sql.store import SqlStore, open_store
from connector.wire import requests
from tests.kit.folding import folded, stored
from tests.kit.stores import LINE
from tests.kit.templates import copied
from tests.kit.use_cases import OTHER_LINE, Office, rules

CONSUMER = "+14155550123"
OPEN, LIKELY, OUT = "open", "likely_opt_out", "opted_out"
# What each does to whether a person may be texted: from the state before to the one after, if it changes it.
AFTER = {
    "Hello": {},
    "please stop texting me": {OPEN: LIKELY},
    "STOP": {OPEN: OUT, LIKELY: OUT},
    "START": {OUT: OPEN},
    "Yes": {OUT: OPEN},
    "unproven STOP": {OPEN: OUT, LIKELY: OUT},
    "unproven START": {},
    "STOP elsewhere": {OPEN: OUT, LIKELY: OUT},
    "START elsewhere": {},
    "decide yes": {LIKELY: OUT},
    "decide no": {LIKELY: OPEN},
    "opt-out": {OPEN: OUT, LIKELY: OUT},
    "opt-in": {LIKELY: OPEN, OUT: OPEN},
}
_numbers = itertools.count(1)


async def step(office: Office, person: str, line: str, what: str) -> None:
    match what.split():
        case ["unproven", words]:
            await office.take(InboundText(f"SM-{next(_numbers)}", line, person, words), is_proven=False)
        case [words, "elsewhere"]:
            await office.take(InboundText(f"SM-{next(_numbers)}", "+15550177", person, words))
        case ["decide", answer]:
            conversation = await office.text("Hello", person)
            try:
                await office.ask(requests.DecideOptOut(conversation.id, answer == "yes"))
            except Refused:
                assert await state_of(office, person) != LIKELY
        case ["opt-out"]:
            await office.ask(requests.OptOut(person, "by phone"))
        case ["opt-in"]:
            await office.ask(requests.OptIn(person, "by phone"))
        case _:
            await office.take(InboundText(f"SM-{next(_numbers)}", line, person, what))


async def state_of(office: Office, person: str) -> str:
    """By trying to text them first, from the other line."""
    try:
        await office.ask(requests.Start(OTHER_LINE, person, "Hello"))
    except Refused as no:
        return no.code
    return OPEN


SAID = st.lists(st.tuples(st.sampled_from(sorted(AFTER)), st.sampled_from([LINE, OTHER_LINE])), max_size=12)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


@settings(max_examples=12, deadline=None)
@given(SAID)
async def test_who_may_be_texted(said: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        store = await open_store(copied(Path(folder) / "textdesk.db"))
        try:
            await play(store, said)
        finally:
            await store.close()


async def play(store: SqlStore, said: list[tuple[str, str]]) -> None:
    office = Office(store, rules(), rules(address=OTHER_LINE))
    await office.sign_in()
    expected = OPEN
    for what, line in said:
        await step(office, CONSUMER, line, what)
        expected = AFTER[what].get(expected, expected)
        assert await state_of(office, CONSUMER) == expected, what
    begun = await office.do(outbox.claim, "n1", 1000)
    assert expected == OPEN or not begun
    assert await folded(store) == await stored(store, office.now)
