"""Drafts: an agent's own, on all of their desks, and never one in the place of another unseen."""

from __future__ import annotations

from unittest.mock import ANY

import pytest

from connector.domain import fact_visibility
from connector.domain.refusals import Refused
from connector.domain.rights import Rights
from connector.services.conversations import drafts
from connector.services.query import Query
from connector.store.sql.store import SqlStore
from connector.wire import answers, limits, requests
from connector.wire.refusals import RefusalCode
from connector.wire.sent_text import digest
from tests.kit.floor import Desks, desks


async def save(floor: Desks, conversation_id: str, text: str, based_on: str = "", name: str = "ann") -> str:
    answer = await floor.ask(requests.SaveDraft(conversation_id, text, based_on), name)
    assert isinstance(answer, answers.DraftSaved)
    return answer.version


async def texts(floor: Desks, name: str = "ann", ids: list[str] | None = None) -> list[tuple[str, str]]:
    office, question = floor.office, requests.GetDrafts(ids)
    found = await office.store.read(lambda reading: drafts.own(Query(reading, office.brand, 0, Rights(name)), question))
    return [(one.text, one.version) for one in found.drafts]


async def test_a_draft_is_its_agents_alone_and_as_it_was_typed(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one, text = await floor.office.text(), "Your card 4111 1111 1111 1111\n\N{MAN}\u200d\N{ROCKET}"
    version = await save(floor, one.id, text)
    assert await texts(floor) == await texts(floor, ids=[one.id]) == [(text, version)]
    assert await texts(floor, "bob") == await texts(floor, ids=["other"]) == []
    assert await floor.office.events("draft_changed") == []  # there is no other desk to hear of it
    assert await save(floor, one.id, text, "an older one") == version  # a repeat after a reconnection
    assert await save(floor, one.id, "", version) == ""
    assert await texts(floor) == []


async def test_neither_of_two_desks_replaces_unseen_what_the_other_has(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await floor.come("ann")
    one = await floor.office.text()
    first = await save(floor, one.id, "from the one")
    changed = [(each["conversation_id"], each["version"]) for each in await floor.office.events("draft_changed")]
    assert changed == [(one.id, first)]
    for text in ("from the other", ""):
        assert await floor.refused(requests.SaveDraft(one.id, text), "ann") == RefusalCode.NEWER_DRAFT
    second = await save(floor, one.id, "from both", first)
    assert await texts(floor) == [("from both", second)]
    rows = await store.read(lambda reading: reading.facts_after(0, 100))
    seen = [row.fact.visibility for row in rows if row.fact.kind == "draft_changed"]
    assert len(seen) == 2
    for visibility in map(fact_visibility.decode, filter(None, seen)):
        assert fact_visibility.may_see(Rights("ann"), visibility)
        assert not fact_visibility.may_see(Rights("bob"), visibility)


async def test_a_reply_takes_its_draft_along_and_leaves_what_another_desk_has_added(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await floor.come("ann")
    one = await floor.office.text()
    first = await save(floor, one.id, "We are on it.")
    await floor.ask(requests.Reply(one.id, "We are on it.", accept=True), "ann")
    assert await texts(floor) == []
    # Another desk goes on with the text as it knew it.
    assert await floor.refused(requests.SaveDraft(one.id, "We are on it. More", first), "ann") == "newer_draft"
    second = await save(floor, one.id, "Is that all?")
    await save(floor, one.id, "Is that all? I hope so.", second)
    sent = requests.Reply(one.id, "Is that", accept=True, made_from=[digest("Is it"), digest("Is that all?")])
    await floor.ask(sent, "ann")
    ((rest, version),) = await texts(floor)
    assert rest == "I hope so."
    assert [each["version"] for each in await floor.office.events("draft_changed")][-1] == version


async def test_a_draft_of_another_text_stays_and_so_does_a_colleagues(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await save(floor, one.id, "okay")
    await save(floor, one.id, "ok", name="bob")
    await floor.ask(requests.Reply(one.id, "ok", accept=True), "ann")
    assert [await texts(floor, name) for name in ("ann", "bob")] == [[("okay", ANY)], [("ok", ANY)]]
    await floor.ask(requests.Reply(one.id, "no", made_from=[digest("okay")]), "ann")
    assert [await texts(floor, name) for name in ("ann", "bob")] == [[], [("ok", ANY)]]


async def test_drafts_are_bounded(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    floor = desks(store)
    one, two = await floor.office.text(), await floor.office.text(consumer="+14155550199")
    await save(floor, one.id, "x" * limits.DRAFT_LENGTH)
    assert await floor.refused(requests.SaveDraft(two.id, "x" * (limits.DRAFT_LENGTH + 1)), "ann") == "too_long"
    assert await floor.refused(requests.SaveDraft("none", "x"), "ann") == RefusalCode.UNKNOWN_CONVERSATION
    monkeypatch.setattr(limits, "DRAFTS_PER_AGENT", 1)
    with pytest.raises(Refused, match="1 drafts"):
        await floor.ask(requests.SaveDraft(two.id, "x"), "ann")


async def test_a_draft_goes_with_its_conversation(store: SqlStore) -> None:
    floor = desks(store)
    one = await floor.office.text()
    await save(floor, one.id, "Dear Ms Miller")
    await store.write(lambda tx: tx.erasure.remove_conversations([one], floor.now))
    assert await texts(floor) == []
