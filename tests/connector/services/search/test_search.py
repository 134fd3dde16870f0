"""What a search finds by qualifiers and for whom, page after page, on either engine."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.domain.agent import Sees
from connector.domain.audit import AuditAction
from connector.domain.refusals import Refused
from connector.domain.status import Status
from connector.services.search import bounds
from connector.store.search import IndexTrouble
from connector.store.sql.store import SqlStore, open_store
from connector.wire import administration, answers, contacts, requests
from connector.wire.refusals import RefusalCode
from tests.kit.searching import index, marked, search
from tests.kit.stores import CONSUMER, LINE, audit_entries
from tests.kit.templates import copied
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

CARD = "4111 1111 1111 1111"


async def refused(office: Office, text: str, *, is_administrator: bool = True, before: str = "") -> Refused:
    with pytest.raises(Refused) as no:
        await search(office, text, is_administrator=is_administrator, before=before)
    return no.value


async def shop_and_hotel(store: SqlStore) -> Office:
    office = Office(store, rules(account="shop"), rules(address=OTHER_LINE, account="hotel", skill="bookings"))
    await office.sign_in("ann", accounts=("shop",), skills=("orders",))
    await office.sign_in("ben", accounts=("hotel",), sees=Sees.ACCOUNT)
    return office


async def test_only_what_the_asker_may_see_is_found(store: SqlStore) -> None:
    office = await shop_and_hotel(store)
    await office.text("a refund for a shirt")
    await office.text("a refund for a room", consumer(7), line=OTHER_LINE)
    await index(store)
    everything = ["a [refund] for a room", "a [refund] for a shirt"]
    assert marked(await search(office, "refund")) == everything
    assert marked(await search(office, "refund", is_administrator=False)) == ["a [refund] for a shirt"]
    assert marked(await search(office, "refund", name="ben", is_administrator=False)) == ["a [refund] for a room"]
    assert (await search(office, "5550007", is_administrator=False)).people == []
    assert [one.consumer for one in (await search(office, "5550007")).people] == [consumer(7)]
    (open_one,) = (await search(office, "is:open", name="ben", is_administrator=False)).hits
    assert (open_one.message_id, open_one.text) == ("", "a refund for a room")
    no = await refused(office, f"line:{OTHER_LINE}", is_administrator=False)
    assert no.code is RefusalCode.UNKNOWN_LINE


async def test_nothing_is_found_by_what_is_masked(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    await office.text(f"my card is {CARD} thanks")
    await index(store)
    for query in ("4111", "411111", CARD, CARD.replace(" ", ""), '"4111 1111"', "11111111", f"card {CARD}"):
        assert marked(await search(office, query)) == [], query
    assert marked(await search(office, "card 1111")) == ["my [card] is ████ ████ ████ [1111] thanks"]  # what is shown
    await office.ask(requests.Close((await office.open_for(CONSUMER)).id, tags=[CARD], accept=True))
    assert (await search(office, f'tag:"{CARD}"')).hits == []


async def test_qualifiers_choose_among_messages_and_conversations(store: SqlStore) -> None:
    office = Office(store, rules(), rules(address=OTHER_LINE, account="hotel"))
    await office.sign_in("ann")
    await office.sign_in("anton", skills=("bookings",))
    one = await office.text("where is my parcel")
    sent = await office.reply(await office.open_for(CONSUMER), "the parcel is at the depot")
    failed = await office.message(sent)
    await store.write(lambda tx: tx.messages.update(replace(failed, status=Status.FAILED)))
    await office.ask(requests.WriteNote(one.id, "parcel lost by the depot"), name="anton")
    await office.ask(requests.Close(one.id, outcome="solved", tags=["late delivery", "parcel"]), name="ann")
    office.clock.advance(3 * 86_400)
    await office.text("another parcel", consumer(8), line=OTHER_LINE)
    await index(store)
    today = datetime.fromtimestamp(office.now / 1000, UTC).date().isoformat()
    cases = {
        "parcel from:ann": ["the [parcel] is at the depot"],
        "from:ant": ["parcel lost by the depot"],
        "parcel from:me": ["the [parcel] is at the depot"],
        "parcel from:consumer": ["another [parcel]", "where is my [parcel]"],
        "parcel from:consumer from:anton": ["another [parcel]", "[parcel] lost by the depot", "where is my [parcel]"],
        "parcel is:note": ["[parcel] lost by the depot"],
        "from:ann is:note": [],
        "parcel state:failed": ["the [parcel] is at the depot"],
        "state:delivered": [],
        "parcel tag:PARCEL": ["[parcel] lost by the depot", "the [parcel] is at the depot", "where is my [parcel]"],
        'tag:parcel tag:"late delivery"': ["the parcel is at the depot"],
        "tag:refund": [],
        "outcome:Solved": ["the parcel is at the depot"],
        "agent:ann": ["another parcel", "the parcel is at the depot"],
        "agent:anton": [],
        "is:open": ["another parcel"],
        "is:closed": ["the parcel is at the depot"],
        "is:assigned is:closed": ["another parcel", "the parcel is at the depot"],
        "is:note is:closed": ["parcel lost by the depot"],
        f"parcel since:{today}": ["another [parcel]"],
        "parcel since:1d": ["another [parcel]"],
        f"since:{today}": ["another parcel"],
        "until:1d": ["the parcel is at the depot"],
        "parcel until:1d from:consumer": ["where is my [parcel]"],
        f"parcel until:{today} since:today": ["another [parcel]"],
        "parcel line:0101": ["another [parcel]"],
        f"line:{LINE}": ["the parcel is at the depot"],
        "number:0008": ["another parcel"],
        f"parcel number:{consumer(8)}": ["another [parcel]"],
        "parcel 001 415 555 0008": ["another [parcel]"],
        "number:(415)5550008": ["another parcel"],
    }
    assert {query: marked(await search(office, query)) for query in cases} == cases
    understood = (await search(office, "parcel from:ann since:2026-09-20 tag:parcel")).understood
    assert understood == ["from ann", "tag parcel", "since 20 Sep 2026"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"', "nothing to look for"),
        ("%", "nothing to look for"),
        ("\0", "nothing to look for"),
        ("() * ^ -", "nothing to look for"),
        ("tga:refund", "did you mean tag:?"),
        ("from:", "needs a value, like from:anna"),
        ("from:nobody", "There is no agent nobody"),
        ("since:someday", "is no day"),
        ("since:-1", "is no day"),
        ("state:lost", "There is no state lost"),
        ("is:odd", "There is no kind odd"),
        ("number:12", "at least 4 digits"),
        ("line:999", "999 is not one of our lines"),
        ("x" * 10_000, "At most 500 characters"),
    ],
)
async def test_what_cannot_be_meant_is_answered_in_words(tmp_path: Path, text: str, words: str) -> None:
    store = await open_store(copied(tmp_path / "textdesk.db"))
    office = Office(store)
    await office.sign_in()
    await index(store)
    assert words in (await refused(office, text)).words
    await store.close()


async def test_any_text_is_searched_for_as_text(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    await office.text("NOT a % or _ * 'or' -- \\ & | ! : <-> (x) \"y\" \ud800 \U0010ffff")
    await index(store)
    chance = random.Random(7)
    parts = ["NOT", "AND", "OR", "*", '"', "'", "(", ")", ":", "&", "|", "!", "\\", "%", "_", "\0", "a", "x", "y", "-",
             "\ud800", "\U0010ffff", "<->", ";", "--", "é", "返"]  # fmt: skip
    for _ in range(150):
        text = "".join(chance.choice(parts) + chance.choice(["", " "]) for _ in range(chance.randrange(1, 9)))
        try:
            await search(office, text)
        except Refused as no:
            assert no.code is RefusalCode.BAD_REQUEST, (text, no.words)


@pytest.mark.parametrize("limit", [1, 7, 200])
async def test_pages_have_every_hit_once(store: SqlStore, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where each question looks at a few candidates only, of which most are no hits."""
    monkeypatch.setattr(bounds, "MOST_LOOKED_AT", 8)
    monkeypatch.setattr(bounds, "FIRST_CHUNK", 4)
    monkeypatch.setattr(bounds, "FIRST_TAGGED", 4)
    office = Office(store)
    await office.sign_in()
    wanted = []
    for number in range(60):
        one = await office.text(f"order {number}", consumer(number))
        if number % 5 == 0:
            wanted.append(number)
            await office.ask(requests.Close(one.id, tags=["five"], accept=True))
    await index(store)
    for query, shown in (
        ("order tag:five", "[order] {}"),
        ("tag:five", "order {}"),
        ("tag:five is:closed", "order {}"),
    ):
        found: list[str] = []
        before = ""
        while True:
            page = await search(office, query, before=before, limit=limit)
            assert len(page.hits) <= limit
            found += marked(page)
            before = page.more
            if not before:
                break
        assert found == [shown.format(number) for number in reversed(wanted)], query
    assert (await refused(office, "order", before="nothing")).code is RefusalCode.BAD_REQUEST


async def test_a_bounded_look_says_how_far_it_went(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_LOOKED_AT", 4)
    monkeypatch.setattr(bounds, "FIRST_CHUNK", 4)
    monkeypatch.setattr(bounds, "FIRST_TAGGED", 4)
    office = Office(store)
    await office.sign_in()
    moments = []
    for number in range(6):
        office.clock.advance(60)
        await office.text(f"order {number}")
        moments.append(office.now)
    await index(store)
    page = await search(office, "order tag:late")
    assert (page.hits, page.looked_back_to) == ([], moments[2])
    page = await search(office, "order tag:late", before=page.more)
    assert (page.hits, page.more, page.looked_back_to) == ([], "", None)


async def test_people_are_listed_by_their_number_once(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    for number in (1, 2, 1):
        one = await office.text("hello", consumer(number))
        await office.ask(requests.Close(one.id, accept=True))
    await office.text("call 555 0001 please", consumer(3))
    await index(store)
    page = await search(office, "555 0001")
    assert [(one.consumer, one.state) for one in page.people] == [(consumer(1), "closed")]
    assert page.people[0].last_at == office.now
    assert marked(page) == ["call [555 0001] please"]  # and not each text of that person
    assert len((await search(office, "0001")).people) == 1
    assert (await search(office, "001")).people == []
    assert len((await search(office, "hello 415 555 0001")).hits) == 2


async def test_people_are_listed_by_the_name_of_their_contact(store: SqlStore) -> None:
    office = await shop_and_hotel(store)
    ana = await office.text("hello")
    await office.text("hello from the room", consumer(7), line=OTHER_LINE)
    names = {CONSUMER: "Ána Müller", consumer(7): "Ana of the hotel", consumer(9): "Ana M. 4111 1111 1111 1111"}
    for number, name in names.items():
        await office.ask(contacts.SetContactOf(number=number, name=name))
    await index(store)
    people = (await search(office, "ana")).people
    assert {one.name for one in people} == {"Ána Müller", "Ana of the hotel", "Ana M. ████ ████ ████ 1111"}
    seen = (await search(office, "ana", is_administrator=False)).people
    assert [(one.name, one.conversation_id) for one in seen] == [
        ("Ana M. ████ ████ ████ 1111", ""),
        ("Ána Müller", ana.id),
    ]
    assert [one.name for one in (await search(office, "ana mull")).people] == ["Ána Müller"]
    assert (await search(office, "4111")).people == []
    assert (await search(office, "ana is:open")).people == []
    (hit,) = (await search(office, "hello", is_administrator=False)).hits
    assert hit.name == "Ána Müller"


async def test_searches_are_recorded_once_an_hour_and_without_their_words(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    await office.text("a secret")
    await index(store)
    for query in ("secret", "secret", "nothing"):
        await search(office, query)
    recorded = [one for one in await audit_entries(store) if one.action is AuditAction.SEARCHED]
    assert [(one.actor, one.details) for one in recorded] == [("ann", "{}")]


async def test_an_index_that_is_missing_or_behind_is_told(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    await office.text("hello")
    assert (await search(office, "hello")).not_yet.startswith("No message can be searched yet")
    await store.write(lambda tx: tx.search.prepare())
    assert (await search(office, "hello")).not_yet == "0% of the messages can be searched yet, the oldest first."
    await index(store)
    assert (await search(office, "hello")).not_yet == ""
    await store.write(lambda tx: tx.search.give_up())
    no = await refused(office, "hello")
    assert (no.code, no.details) == (RefusalCode.SEARCH_UNAVAILABLE, {"cause": "damaged"})
    assert "textdesk search --rebuild" in no.words
    await office.text("still taken")  # all else works
    state = await office.ask(administration.RebuildSearch())
    assert state == answers.SearchState(0, 2, "0% of the messages can be searched yet, the oldest first.")
    await index(store)
    assert marked(await search(office, "hello")) == ["[hello]"]
    assert await office.question(administration.GetSearchState()) == answers.SearchState(2, 2)
    assert (await store.read(lambda reading: reading.search.state())).trouble is IndexTrouble.NONE
