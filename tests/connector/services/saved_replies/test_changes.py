"""Saved replies: one's own and those that are shared, one at a time and many at once."""

from __future__ import annotations

from typing import Any

import pytest

from connector.domain import fact_visibility
from connector.domain.agent import Role, Sees
from connector.domain.refusals import Refused
from connector.domain.rights import Rights
from connector.store.sql.store import SqlStore
from connector.wire import answers, limits, requests
from connector.wire.refusals import RefusalCode
from connector.wire.saved_replies import (
    GetSavedReplies,
    ImportSavedReplies,
    PutSavedReply,
    RemoveSavedReply,
    ReplyActions,
    SavedReplyContent,
)
from tests.kit.stores import Place
from tests.kit.use_cases import Office

NEW: dict[str, Any] = {"title": "Hours", "text": "We are open."}


async def office_of(store: SqlStore) -> Office:
    """Ann and Bob answer orders, Dot bookings; Lea leads orders, Max all skills."""
    office = Office(store)
    for name in ("ann", "bob"):
        await office.sign_in(name, skills=("orders",))
    await office.sign_in("dot", skills=("bookings",))
    await office.sign_in("lea", skills=("orders",), role=Role.LEAD)
    await office.sign_in("max", role=Role.LEAD)
    return office


async def put(office: Office, name: str = "ann", **more: Any) -> answers.SavedReplySaved:
    saved = await office.ask(PutSavedReply(**(NEW | more)), name=name, is_administrator=False)
    assert isinstance(saved, answers.SavedReplySaved)
    return saved


async def titles(office: Office, name: str = "ann", question: GetSavedReplies | None = None) -> list[str]:
    page = await office.question(question or GetSavedReplies(), name=name, is_administrator=False)
    assert isinstance(page, answers.SavedReplies)
    return [one.title for one in page.replies]


async def refused(office: Office, request: requests.Request, name: str = "ann") -> Refused:
    with pytest.raises(Refused) as no:
        await office.ask(request, name=name, is_administrator=False)
    assert no.value.words
    return no.value


async def test_ones_own_are_nobody_elses_and_shared_ones_are_for_their_skills(place: Place) -> None:
    office = await office_of(await place.open())
    own = await put(office, title="Mine")
    await put(office, "lea", title="Orders", is_shared=True, skills=["orders"])
    await put(office, "max", title="All", is_shared=True)
    seen = {name: await titles(office, name) for name in ("ann", "bob", "dot", "max")}
    assert seen == {
        "ann": ["Mine", "Orders", "All"],
        "bob": ["Orders", "All"],
        "dot": ["All"],
        "max": ["Orders", "All"],
    }
    await office.sign_in("dot", skills=("bookings",), sees=Sees.ACCOUNT)
    assert await titles(office, "dot") == ["Orders", "All"]
    for name in ("bob", "max"):
        no = await refused(office, RemoveSavedReply(own.saved_reply_id), name)
        assert (no.code, no.words) == (
            RefusalCode.UNKNOWN_SAVED_REPLY, f"There is no saved reply {own.saved_reply_id}."
        )  # fmt: skip
        assert await titles(office, name, GetSavedReplies(saved_reply_ids=[own.saved_reply_id])) == []


async def test_what_is_shared_is_written_by_leads_of_all_its_skills_before_and_after(store: SqlStore) -> None:
    office = await office_of(store)
    shared = await put(office, "max", is_shared=True, skills=["orders", "bookings"])
    there = {"saved_reply_id": shared.saved_reply_id, "is_shared": True, "based_on": shared.version}
    for name, more in (
        ("ann", {"is_shared": True, "skills": ["orders"]}),
        ("lea", {"is_shared": True}),
        ("lea", {"is_shared": True, "skills": ["orders", "bookings"]}),
        ("lea", {**there, "skills": ["orders"]}),
    ):
        no = await refused(office, PutSavedReply(**(NEW | more)), name)
        assert no.code == RefusalCode.NOT_ALLOWED
    assert (await refused(office, RemoveSavedReply(shared.saved_reply_id), "lea")).code == RefusalCode.NOT_ALLOWED
    taken = ImportSavedReplies([SavedReplyContent(**NEW, skills=["orders"])], is_shared=True)
    imported = await office.ask(taken, name="lea", is_administrator=False)
    assert isinstance(imported, answers.SavedRepliesImported)
    assert not imported.is_done and "skills that you do not lead" in imported.wrong[0].words
    await put(office, "max", **{**there, "skills": ["orders"]})
    await office.ask(RemoveSavedReply(shared.saved_reply_id), name="lea", is_administrator=False)
    assert await titles(office, "max") == []
    actions = [one["details"] for one in await audited(office)]
    assert actions == ['{"state":"added"}', '{"state":"changed"}', '{"state":"removed"}']


async def audited(office: Office) -> list[dict[str, str]]:
    entries = await office.store.read(lambda reading: reading.audit_before(10**9, None, None, 50))
    return [{"details": one.details} for one in reversed(entries) if one.action == "saved_reply_changed"]


async def test_two_who_change_one_do_not_replace_each_other_unseen(store: SqlStore) -> None:
    office = await office_of(store)
    first = await put(office, shortcut="Hours ")
    same = await put(office, saved_reply_id=first.saved_reply_id, based_on=first.version, shortcut="hours")
    assert same.version == first.version
    second = await put(office, saved_reply_id=first.saved_reply_id, based_on=first.version, text="We are closed.")
    no = await refused(office, PutSavedReply(**NEW, saved_reply_id=first.saved_reply_id, based_on=first.version))
    assert (no.code, no.details) == (RefusalCode.NEWER_SAVED_REPLY, {"version": second.version})
    no = await refused(office, RemoveSavedReply(first.saved_reply_id, first.version))
    assert no.code == RefusalCode.NEWER_SAVED_REPLY


async def test_a_shortcut_is_one_of_its_owners(store: SqlStore) -> None:
    office = await office_of(store)
    await put(office, shortcut="hours")
    await put(office, "bob", shortcut="hours")
    await put(office, "max", shortcut="hours", is_shared=True)
    no = await refused(office, PutSavedReply(title="Other", text="Text", shortcut="HOURS"))
    assert no.code == RefusalCode.SHORTCUT_TAKEN and "Hours" in no.words


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"title": " \u200b"}, "bad_request", "It needs a title."),
        ({"title": "x" * 61}, "bad_request", "at most 60 characters"),
        ({"text": "\n"}, "bad_request", "It needs a text."),
        ({"text": "\x1b[31mred"}, "bad_request", "control character"),
        ({"text": "Hi {nmae}"}, "bad_request", "did you mean {name}?"),
        ({"text": "x" * 1601}, "too_long", "too long by 1"),
        ({"text": "x" * 1600 + "{name|nobody at all}"}, "too_long", "too long by 1"),
        ({"shortcut": "two words"}, "bad_request", "one word"),
        ({"language": "German!"}, "bad_request", "a code such as"),
        ({"skills": ["ordres"]}, "bad_request", "did you mean orders?"),
        ({"then": ReplyActions(tags=["x" * 41])}, "bad_request", "A tag is at most 40"),
        ({"then": ReplyActions(due_s=3600, closes=True)}, "bad_request", "leave out one"),
        ({"then": ReplyActions(due_s=5)}, "bad_request", "in a minute at least"),
    ],
)
async def test_what_cannot_be_a_saved_reply(store: SqlStore, more: dict[str, Any], code: str, words: str) -> None:
    no = await refused(await office_of(store), PutSavedReply(**(NEW | more)))
    assert no.code == code and words in no.words


async def test_a_text_that_is_too_long_for_some_consumers_is_stored_with_a_warning(store: SqlStore) -> None:
    office = await office_of(store)
    saved = await put(office, text="x" * 1590 + " {name}")
    assert saved.notes == ["Too long by 31 with long names: a reply holds 1,600 characters."]
    assert (await put(office, title="Two", text="Hi {name}")).notes == []


async def test_they_are_read_in_pages_and_bounded(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    office = await office_of(store)
    for number in range(5):
        await put(office, "max", title=f"Dot's {number}", is_shared=True, skills=["bookings"])
        await put(office, title=f"Ann's {number}")
    found: list[str] = []
    after, more = "", True
    while more:
        page = await office.question(GetSavedReplies(after, 2), name="ann", is_administrator=False)
        found += [one.title for one in page.replies]
        after, more = page.replies[-1].id, page.more
    assert found == [f"Ann's {number}" for number in range(5)]
    monkeypatch.setattr(limits, "SAVED_REPLIES_OF_AGENT", 5)
    assert "At most 5" in (await refused(office, PutSavedReply(title="Six", text="Text"))).words


async def test_desks_hear_which_have_changed_and_nothing_of_their_texts(store: SqlStore) -> None:
    office = await office_of(store)
    own, shared = await put(office), await put(office, "max", is_shared=True)
    await put(office, "max", is_shared=False, saved_reply_id=shared.saved_reply_id, based_on=shared.version)
    rows = await office.store.read(lambda reading: reading.facts_after(0, 100))
    told = [row.fact for row in rows if row.fact.kind == "saved_replies_changed"]
    assert not any(b"open" in one.body for one in told)
    about = [own.saved_reply_id, shared.saved_reply_id, shared.saved_reply_id]
    seen = []
    for fact, one in zip(told, about, strict=True):
        assert one.encode() in fact.body and fact.visibility is not None
        visibility = fact_visibility.decode(fact.visibility)
        everybody = (Rights(name, accounts=("x",)) for name in ("ann", "dot"))
        seen.append([rights.agent for rights in everybody if fact_visibility.may_see(rights, visibility)])
    assert seen == [["ann"], ["ann", "dot"], ["ann", "dot"]]


async def test_an_import_is_whole_or_nothing_and_the_same_file_changes_nothing(place: Place) -> None:
    office = await office_of(await place.open())

    async def imported(*replies: SavedReplyContent, **more: Any) -> answers.SavedRepliesImported:
        done = await office.ask(ImportSavedReplies([*replies], **more), name="ann", is_administrator=False)
        assert isinstance(done, answers.SavedRepliesImported)
        return done

    hours = SavedReplyContent(title="Hours", text="We are open.", shortcut="hours")
    thanks = SavedReplyContent(title="Thanks", text="Thank you!")
    wrong = SavedReplyContent(title="Wrong", text="{nmae}")
    again = SavedReplyContent(title="Again", text="Twice", shortcut="HOURS")
    done = await imported(hours, wrong, thanks, again)
    assert [(one.number, one.words.partition(":")[0]) for one in done.wrong] == [
        (1, "There is no field {nmae}"),
        (3, "The shortcut hours is there already, as number 1."),
    ]
    assert (done.is_done, done.added) == (False, 2) and await titles(office) == []
    assert not (await imported(hours, is_preview=True)).is_done and await titles(office) == []
    assert (await imported(hours, wrong, thanks, skip_wrong=True)).is_done
    assert await titles(office) == ["Hours", "Thanks"]
    changed = SavedReplyContent(title="thanks", text="Thanks a lot!")
    done = await imported(hours, changed)
    assert (done.is_done, done.added, done.changed, done.unchanged) == (True, 0, 1, 1)
    assert await titles(office) == ["Hours", "thanks"]


async def test_uses_are_counted_by_reply_and_known_to_who_used_them(place: Place) -> None:
    office = await office_of(await place.open())
    shared, hidden = await put(office, "max", is_shared=True), await put(office, "bob", title="Bob's")
    one = await office.text()
    ids = [shared.saved_reply_id, hidden.saved_reply_id, "gone", shared.saved_reply_id]
    for name, _ in (("ann", 1), ("ann", 2), ("bob", 3)):
        if name == "bob":
            await office.ask(requests.GiveBack(one.id), name="ann")
        await office.ask(
            requests.Reply(one.id, "Hi", accept=True, saved_replies=ids), name=name, is_administrator=False
        )
    (seen,) = (await office.question(GetSavedReplies(), name="ann", is_administrator=False)).replies
    assert (seen.uses, seen.used_at) == (3, office.now)
    (seen,) = (await office.question(GetSavedReplies(), name="dot", is_administrator=False)).replies
    assert (seen.uses, seen.used_at) == (3, None)
    await office.ask(RemoveSavedReply(shared.saved_reply_id), name="max", is_administrator=False)
    uses = await office.store.read(lambda reading: reading.saved_reply_uses("ann", "", "~"))
    assert [use.uses for use in uses] == [1]  # Bob's own
