"""A database of an earlier version: its consumers become persons, and what is of one person becomes one."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from msgspec.structs import asdict
from sqlalchemy import Connection, Table, insert, text

from connector.base.clock import SystemClock
from connector.base.ids import Ids
from connector.domain.consent.entries import ConsentKind
from connector.domain.conversation import Conversation, ConversationState, DueRule
from connector.domain.message import Direction
from connector.domain.status import Status
from connector.services.conversations import timers
from connector.store.migrations.shapes import SHAPES
from connector.store.ports import Transaction
from connector.store.sql import tables
from connector.store.sql.engines import engines_for
from connector.store.sql.schema import upgrade
from connector.store.sql.store import SqlStore
from tests.kit.pseudonyms import PSEUDONYMS
from tests.kit.stores import NOW, Place, consent, conversation, message, reply, work
from tests.kit.use_cases import Office, rules

BRITISH = "+447400000000"
IDS = Ids(SystemClock())
SPELLINGS = ["+447915000001", "07915000001", "+4407915000001", "447915000001", "+44 (0)7915 000001\n"]

# (line, consumer as stored, person, address that is texted). They never change: consent is stored under these keys, and
# a database may be upgraded by any later version. Where a rule becomes another, a migration computes stored keys anew.
STORED = [
    ("+447400000000", "07915000001", "+447915000001", "+447915000001"),
    ("+447400000000", "+4407915000001", "+447915000001", "+447915000001"),
    ("+447400000000", "447915000001", "+447915000001", "+447915000001"),
    ("+447400000000", "00447915000001", "+447915000001", "+447915000001"),
    ("+447400000000", "+44 (0)7915 000001", "+447915000001", "+447915000001"),
    ("+447400000000", "7915000001", "+447915000001", "+447915000001"),
    ("+447400000000", "+447915000001\n", "+447915000001", "+447915000001"),
    ("+447400000000", "55501", "55501", "55501"),
    ("+447400000000", "020 7946 0000", "+442079460000", "+442079460000"),
    ("+447400000000", "079150", "079150", "079150"),
    ("+447400000000", "TEXTDESK", "TEXTDESK", "TEXTDESK"),
    ("+447400000000", "whatsapp:+447915000001", "+447915000001", "whatsapp:+447915000001"),
    ("+14155550100", "4155552671", "+14155552671", "+14155552671"),
    ("+14155550100", "14155552671", "+14155552671", "+14155552671"),
    ("+14155550100", "0014155552671", "+14155552671", "+14155552671"),
    ("+14155550100", "+1 1 415 555 2671", "+14155552671", "+14155552671"),
    ("+14155550100", "(415) 555-2671", "+14155552671", "+14155552671"),
    ("+14155550100", "011447400123456", "+447400123456", "+447400123456"),
    ("+14155550100", "+15550142", "+15550142", "+15550142"),
    ("+14155550100", "72727", "72727", "72727"),
    ("+525500000000", "+5215512345678", "+525512345678", "+5215512345678"),
    ("+525500000000", "+525512345678", "+525512345678", "+525512345678"),
    ("+525500000000", "5512345678", "+525512345678", "+525512345678"),
    ("+525500000000", "0445512345678", "+525512345678", "+525512345678"),
    ("+541100000000", "+5491112345678", "+5491112345678", "+5491112345678"),
    ("+541100000000", "+541112345678", "+5491112345678", "+541112345678"),
    ("+541100000000", "+54111512345678", "+5491112345678", "+5491112345678"),
    ("+541100000000", "01112345678", "+5491112345678", "+541112345678"),
    ("+551100000000", "+551187654321", "+5511987654321", "+551187654321"),
    ("+551100000000", "+5511987654321", "+5511987654321", "+5511987654321"),
    ("+551100000000", "11987654321", "+5511987654321", "+5511987654321"),
    ("+551100000000", "+551178123456", "+551178123456", "+551178123456"),
    ("+4740000000", "40612345", "+4740612345", "+4740612345"),
    ("+4740000000", "+4740612345", "+4740612345", "+4740612345"),
    ("+4540000000", "20123456", "+4520123456", "+4520123456"),
    ("+3725000000", "51234567", "+37251234567", "+37251234567"),
    ("+2250700000000", "+22507000000", "+2250707000000", "+2250707000000"),
    ("+2250700000000", "0707000000", "+2250707000000", "+2250707000000"),
    ("+2290197000000", "+22997000000", "+2290197000000", "+2290197000000"),
    ("+24177000000", "+24107123456", "+24177123456", "+24177123456"),
    ("+33600000000", "0612345678", "+33612345678", "+33612345678"),
    ("+33600000000", "+33690123456", "+590690123456", "+33690123456"),
    ("+393120000000", "3123456789", "+393123456789", "+393123456789"),
    ("+393120000000", "+390612345678", "+390612345678", "+390612345678"),
    ("+79160000000", "89161234567", "+79161234567", "+79161234567"),
    ("+79160000000", "+789161234567", "+79161234567", "+79161234567"),
    ("+36200000000", "06201234567", "+36201234567", "+36201234567"),
    ("55501", "07915000001", "07915000001", "07915000001"),
    ("55501", "+4407915000001", "+447915000001", "+447915000001"),
    ("55501", "4155552671", "4155552671", "4155552671"),
]


class Earlier:
    """A database of revision 0004, before it is opened."""

    def __init__(self, place: Place, connection: Connection) -> None:
        self._place = place
        self._connection = connection

    def add(self, table: Table, *values: Any) -> None:
        known = SHAPES["0004"].columns[table.name]
        for value in values:
            row = {name: each for name, each in asdict(value).items() if name in known}
            if table is tables.work.work:
                row |= {"ready_at": value.due_at, "since": value.due_at}
            self._connection.execute(insert(table), [row])


async def upgraded(place: Place, fill: Any) -> SqlStore:
    engines = engines_for(place.where, 1)
    with engines.writing.begin() as connection:
        upgrade(connection, "0004")
        connection.execute(text("UPDATE stream SET position = 41"))
        fill(Earlier(place, connection))
    engines.dispose()
    return await place.open()


def open_between(tx: Transaction, line: str, person: str) -> Conversation | None:
    return tx.conversations.open_for(line, person)


def spoken(consumer: str, **changes: Any) -> Conversation:
    return conversation(
        **{"id": IDS.new(), "line": BRITISH, "consumer": consumer, "last_seq": 1, "unread": 1, **changes}
    )


@pytest.mark.parametrize("state", [ConversationState.QUEUED, ConversationState.ASSIGNED])
async def test_open_conversations_of_one_person_become_one(empty_place: Place, state: ConversationState) -> None:
    held = {"state": state, "agent": "ann" if state is ConversationState.ASSIGNED else None}
    all_of_them = [spoken(one, last_at=NOW + at, waiting_since=NOW + at) for at, one in enumerate(SPELLINGS)]
    all_of_them[1] = spoken(
        SPELLINGS[1], last_at=NOW + 1, waiting_since=NOW + 1, due_at=NOW + 9, due_by=DueRule.MANUAL, **held
    )
    other_line = spoken("+447915000001", line="55501")
    stranger = spoken("+447915000002")
    texts = [
        message(id=IDS.new(), ref=None, conversation_id=one.id, line=one.line, consumer=one.consumer, text=one.id)
        for one in (*all_of_them, other_line, stranger)
    ]

    def fill(earlier: Earlier) -> None:
        earlier.add(tables.conversations.conversations, *all_of_them, other_line, stranger)
        earlier.add(tables.messages.messages, *texts)

    store = await upgraded(empty_place, fill)
    person = "+447915000001"
    found = await store.write(lambda tx: tx.conversations.open_for(BRITISH, person))
    assert found is not None
    assert (found.state, found.agent) == (state, held["agent"])
    assert (found.consumer, found.shown) == ("+447915000001", "07915 000001")
    assert (found.unread, found.last_seq, found.waiting_since, found.last_at) == (5, 5, NOW, NOW + 4)
    assert (found.due_at, found.due_by) == (NOW + 9, DueRule.MANUAL)
    await Office(store, rules(address=BRITISH), rules(address="55501")).do(timers.run, 10)
    computed = await store.write(lambda tx: tx.conversations.get(found.id))
    assert computed is not None and computed.timer_at is not None and computed.timer_at > NOW
    history = await store.read(lambda reading: reading.history(person, None, 100))
    mine = [one for one in history if one.conversation_id == found.id]
    assert [one.text for one in mine] == [one.id for one in all_of_them]
    assert [one.seq for one in mine] == [1, 2, 3, 4, 5]
    assert len(history) == 6  # on all lines
    closed = await store.write(lambda tx: [tx.conversations.get(one.id) for one in all_of_them])
    assert {one.reason for one in closed if one and one.id != found.id} == {f"the same person: goes on in {found.id}"}
    for line, who, whose in (("55501", person, other_line), (BRITISH, "+447915000002", stranger)):
        untouched = await store.write(partial(open_between, line=line, person=who))
        assert untouched is not None
        assert (untouched.id, untouched.version, untouched.unread) == (whose.id, whose.version, 1)


@pytest.mark.parametrize("opted_out", SPELLINGS[:2])
async def test_an_opt_out_under_any_spelling_wins(empty_place: Place, opted_out: str) -> None:
    def fill(earlier: Earlier) -> None:
        for at, one in enumerate(SPELLINGS):
            kind = ConsentKind.OPTED_OUT if one == opted_out else ConsentKind.OPTED_IN
            earlier.add(
                tables.consent.consent, consent(id=IDS.new(), at=NOW + at, line=BRITISH, consumer=one, kind=kind)
            )

    store = await upgraded(empty_place, fill)
    latest = await store.write(lambda tx: tx.consent.latest("+447915000001", PSEUDONYMS))
    assert latest is not None
    assert latest.kind is ConsentKind.OPTED_OUT


@pytest.mark.parametrize("line", ["55501", "TEXTDESK"])
async def test_a_line_without_a_country_has_that_of_its_accounts_numbers(empty_place: Place, line: str) -> None:
    def fill(earlier: Earlier) -> None:
        earlier.add(tables.consent.consent, consent(id=IDS.new(), line=line, consumer="07915000001"))
        earlier.add(tables.messages.messages, message(id=IDS.new(), ref=None, line=BRITISH, consumer="+447915000009"))
        others = {"de": "+4915112345678", "two": "+33612345678"}
        for account, number in {**others, "more": "+4915112345678"}.items():
            own = message(id=IDS.new(), ref=None, account=account, line=number, consumer="+447915000009")
            earlier.add(tables.messages.messages, own)
        for account, of_both in (("two", "55502"), ("more", "55502")):
            text = message(id=IDS.new(), ref=None, account=account, line=of_both, consumer="0612345678")
            earlier.add(tables.messages.messages, text)

    store = await upgraded(empty_place, fill)
    latest = await store.write(lambda tx: tx.consent.latest("+447915000001", PSEUDONYMS))
    assert latest is not None and latest.kind is ConsentKind.OPTED_OUT
    assert len(await store.read(lambda reading: reading.history("0612345678", None, 9))) == 2  # as it came


async def test_under_one_spelling_the_latest_by_time_holds_as_before(empty_place: Place) -> None:
    """A text that was recovered late has a late id."""

    def fill(earlier: Earlier) -> None:
        kinds = {5: ConsentKind.OPTED_OUT, 1: ConsentKind.OPTED_IN}
        for after, kind in kinds.items():
            earlier.add(tables.consent.consent, consent(id=IDS.new(), at=NOW + after, kind=kind))

    store = await upgraded(empty_place, fill)
    latest = await store.write(lambda tx: tx.consent.latest(consent().consumer, PSEUDONYMS))
    assert latest is not None
    assert latest.kind is ConsentKind.OPTED_OUT
    assert latest.id <= await store.write(lambda tx: tx.latest_id)


async def test_a_reply_that_waits_goes_to_the_canonical_address_and_a_sent_one_stays(empty_place: Place) -> None:
    waits = reply(id=IDS.new(), line=BRITISH, consumer="+4407915000001")
    sent = reply(id=IDS.new(), line=BRITISH, consumer="+4407915000001", status=Status.SENT, ref="SM7")

    def fill(earlier: Earlier) -> None:
        earlier.add(tables.messages.messages, waits, sent)
        earlier.add(tables.work.work, work(id="W1", subject=waits.id, lane=f"{BRITISH} +4407915000001"))

    store = await upgraded(empty_place, fill)
    found = {one.id: one for one in await store.read(lambda reading: reading.history("+447915000001", None, 9))}
    assert found[waits.id].consumer == "+447915000001"
    assert found[sent.id].consumer == "+4407915000001"
    (job,) = await store.write(lambda tx: tx.work.claim("send", "node", NOW + 1, 9, NOW + 2))
    assert job.lane == f"{BRITISH} +447915000001"


async def test_desks_start_from_a_snapshot(empty_place: Place) -> None:
    store = await upgraded(empty_place, lambda earlier: None)
    position, floor = await store.read(lambda reading: (reading.position(), reading.floor()))
    assert position == floor > 41


async def test_names_short_codes_and_odd_texts_are_their_own_persons(empty_place: Place) -> None:
    texts = ["TEXTDESK", "Textdesk", "55501", "", "\udcff", "a\0b", "07915000001 or so", "\U0010ffff"]

    def fill(earlier: Earlier) -> None:
        for number, one in enumerate(texts):
            kind = Direction.INBOUND
            earlier.add(
                tables.messages.messages, message(id=f"M{number}", ref=None, line=BRITISH, consumer=one, direction=kind)
            )

    store = await upgraded(empty_place, fill)
    found = await store.read(lambda reading: [reading.history(one, None, 9) for one in texts])
    assert [[(each.consumer, each.person) for each in one] for one in found] == [[(one, one)] for one in texts]


async def test_what_is_made_of_stored_spellings_never_changes(empty_place: Place) -> None:
    def fill(earlier: Earlier) -> None:
        for number, (line, consumer, *_) in enumerate(STORED):
            earlier.add(tables.messages.messages, reply(id=f"M{number:02}", line=line, consumer=consumer))

    store = await upgraded(empty_place, fill)
    persons = {person for *_, person, _ in STORED}
    found = await store.read(lambda reading: [each for one in persons for each in reading.history(one, None, 99)])
    made = {each.id: (each.line, each.person, each.consumer) for each in found}
    expected = [(line, person, address) for line, _, person, address in STORED]
    assert [made.get(f"M{number:02}") for number in range(len(STORED))] == expected
