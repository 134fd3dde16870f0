"""Erasing one consumer: everything of theirs goes, everything of the others stays, and an opt-out holds."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from connector.base.supervise import Supervisor
from connector.domain.audit import AuditAction, AuditEntry
from connector.domain.contact import Contact
from connector.domain.refusals import Refused
from connector.domain.status import Status
from connector.edge.erasure.forgetting import Forgetting
from connector.providers.values import Accepted, InboundText, Rejected
from connector.services.contacts import imports, names
from connector.services.conversations import inbound
from connector.services.sending import attempt_outcomes, outbox
from connector.store.ports import Store, StoreUnavailable
from connector.store.sql.store import open_store
from connector.store.values import HookState
from connector.wire import administration, contacts, requests
from connector.wire.refusals import RefusalCode
from connector.wire.saved_replies import PutSavedReply, ReplyActions
from tests.kit.erasing import Bureau, bureau
from tests.kit.searching import index, search
from tests.kit.stores import LINE, Place, audit_entries, told
from tests.kit.templates import copied

ANA, BEN = "+14155550133", "+14155550144"
NATIONAL = "4155550133"
TEXT = "my secret address is 12 Elm Street"
REPLY = "we have noted that Ana lives at Elm Street"


class DyingStore:
    """Takes so many transactions, and no more: what a kill leaves."""

    def __init__(self, store: Store, commits: int) -> None:
        self._store = store
        self._left = commits

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, use_case: Callable[[Any], Any], then: Callable[[], None] | None = None) -> Any:
        if self._left == 0:
            raise StoreUnavailable("killed")
        self._left -= 1
        return await self._store.write(use_case, then)


class LateStore:
    """Something happens after the first transaction."""

    def __init__(self, store: Store, happens: Callable[[], Awaitable[Any]]) -> None:
        self._store = store
        self._happens: Callable[[], Awaitable[Any]] | None = happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, use_case: Callable[[Any], Any], then: Callable[[], None] | None = None) -> Any:
        value = await self._store.write(use_case, then)
        if (happens := self._happens) is not None:
            self._happens = None
            await happens()
        return value


async def _forgotten(store: Store) -> list[AuditEntry]:
    audit = await audit_entries(store)
    return [one for one in audit if one.action is AuditAction.FORGOTTEN]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Bureau]:
    """Ann is signed in."""
    store = await open_store(copied(tmp_path / "textdesk.db"))
    async with bureau(store, tmp_path) as office:
        await office.sign_in()
        yield office
    await store.close()


async def test_nothing_of_the_erased_remains_in_any_file(tmp_path: Path) -> None:
    store = await open_store(copied(tmp_path / "textdesk.db"))
    async with bureau(store, tmp_path) as office:
        await office.sign_in()
        form = office.form(ANA, TEXT)
        await office.hook(form)
        await office.hook(form)  # offered again
        await office.hook(form, state=HookState.REFUSED)
        await office.hook(office.form(BEN, "call my friend at +14155550133 please, thanks"))
        conversation = await office.open_for(ANA)
        await office.reply(conversation, REPLY)
        await office.sent(Accepted("SM-out-1"))
        receipt = {"MessageSid": "SM-out-1", "MessageStatus": "delivered", "To": ANA, "From": LINE}
        await office.hook(receipt, "status")
        await office.reply(conversation, "This one is refused, dear Ana Miller of Elm Street")
        await office.sent(Rejected("21211", f"The 'To' number {ANA} is not valid."))
        then = ReplyActions(["ana of elm street"], "moved to Elm Street")
        await office.ask(requests.Reply(conversation.id, REPLY, then=then))
        await office.ask(requests.WriteNote(conversation.id, "a note about Ana of Elm Street"))
        contact = Contact(ANA, ANA, office.ids.new(), office.now, "ann", "Ana Elm Street", notes=f"She {TEXT}")
        await office.store.write(lambda tx: tx.contacts.save(contact))
        await office.do(names.spread, ANA)
        digest = await office.picture(ANA, b"a picture of Ana's door in Elm Street")
        await office.hook(office.form(ANA, "STOP"))

        answer = await office.forget("+1 (415) 555-0133")

        assert answer.is_done and answer.consumer == ANA
        assert answer.erased["messages"] == 7 and answer.erased["conversations"] == answer.erased["contacts"] == 1
        assert answer.erased["hooks"] == 5 and answer.erased["picture files"] == 1
        assert office.files.read(digest) is None
        # Ben's message and hook mention the number, and are his.
        assert sorted(answer.found) == [] or all("Ben" not in one for one in answer.found)
        await store.close()
        places = office.bytes_with("Elm Street", "elm street", "Elm+Street")
        assert places == []
        store = await open_store(tmp_path / "textdesk.db")
        entries = await _forgotten(store)
        assert len(entries) == 2 and all(NATIONAL not in one.details for one in entries)
        await store.close()


@pytest.mark.parametrize("is_damaged", [False, True])
async def test_no_byte_of_the_erased_is_left_in_the_index_for_search(tmp_path: Path, is_damaged: bool) -> None:
    """Terms of several segments, also where the index cannot be written to any more."""
    path = copied(tmp_path / "textdesk.db")
    store = await open_store(path)
    async with bureau(store, tmp_path) as office:
        await office.sign_in()
        for number in range(30):
            await office.hook(office.form(ANA, f"qxjq{number} zyzzyvas" if number % 3 else "nothing rare"))
            await office.hook(office.form(BEN, f"a parcel {number}"))
            await index(store)
        assert (await search(office, "zyzzyva", limit=99)).hits
        await store.clean()
        assert office.bytes_with("zyz", "qxj") == ["zyz in textdesk.db", "qxj in textdesk.db"]
        if is_damaged:
            with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
                other.execute("UPDATE search_terms_data SET block = x'ffffffff' || substr(block, 5) WHERE id > 10")
        answer = await office.forget(ANA)
        assert answer.found == [], answer
        assert office.bytes_with("zyz", "qxj") == []
        if is_damaged:
            with pytest.raises(Refused, match="damaged"):
                await search(office, "parcel")
            return
        assert len((await search(office, "parcel", limit=99)).hits) == 30
        await office.hook(office.form(BEN, "another parcel"))
        await index(store)
        assert len((await search(office, "parcel", limit=99)).hits) == 31
    await store.close()


async def test_an_opt_out_holds_after_the_erasure(office: Bureau) -> None:
    await office.hook(office.form(ANA, "STOP"))
    answer = await office.forget(ANA)
    assert answer.stored == {"consent entries under a keyed hash": 1}
    assert answer.found == [], answer
    with pytest.raises(Refused) as refused:
        await office.ask(requests.Start(LINE, "(415) 555-0133", "Hello again"))
    assert refused.value.code == RefusalCode.OPTED_OUT
    await office.hook(office.form(ANA, "START"))
    await office.ask(requests.Start(LINE, ANA, "Welcome back"))


async def test_what_is_offered_again_stays_erased(office: Bureau) -> None:
    form = office.form(ANA, TEXT)
    await office.hook(form)
    await office.reply(await office.open_for(ANA), REPLY)
    await office.sent(Accepted("SM-out-1", Status.SENT))
    await office.forget(ANA)
    assert (await office.hook(form)).stored == 0
    receipt = {"MessageSid": "SM-out-1", "MessageStatus": "delivered", "To": ANA, "From": LINE}
    await office.hook(receipt, "status")
    await office.store.clean()
    assert office.bytes_with(NATIONAL, "Elm Street") == []
    assert await office.store.read(lambda reading: reading.history(ANA, None, 10)) == []


async def test_killed_in_the_middle_it_is_finished_by_running_it_again(tmp_path: Path) -> None:
    """After each of its transactions in turn."""
    path = copied(tmp_path / "textdesk.db")
    store = await open_store(path)
    async with bureau(store, tmp_path) as office:
        await office.sign_in()
        for number in range(3):
            await office.hook(office.form(ANA, f"{TEXT}, flat {number}"))
            await office.reply(await office.open_for(ANA), f"{REPLY}, flat {number}")
            await office.ask(requests.Close((await office.open_for(ANA)).id))
        await office.hook(office.form(ANA, "STOP"))
    await store.close()
    data = path.read_bytes()
    for commits in (1, 2, 3, 5, 8):
        path.write_bytes(data)
        store = await open_store(path)
        async with bureau(DyingStore(store, commits), tmp_path) as office:
            with contextlib.suppress(Refused):  # it says that it stopped in the middle
                await office.forget(ANA)
        async with bureau(store, tmp_path) as office:
            with pytest.raises(Refused):  # the opt-out holds at every moment
                await office.ask(requests.Start(LINE, ANA, "Hello"), name="eve")
            answer = await office.forget(ANA)
            assert answer.was_known and answer.found == []
        await store.close()
        assert office.bytes_with(NATIONAL, "Elm Street", "Elm+Street") == []


async def test_rows_of_others_with_the_number_hide_nothing_in_free_space(place: Place, tmp_path: Path) -> None:
    store = await place.open()
    async with bureau(store, tmp_path / "data") as office:
        await office.sign_in()
        for number in range(20):
            await office.hook(office.form(ANA, f"{TEXT}, flat {number}"))
        await office.hook(office.form(BEN, f"call my friend at {ANA} please, thanks"))
        answer = await office.forget(ANA)
        if store.is_of_server:
            assert answer.found and "--rewrite" in answer.words
            answer = await office.forget(ANA, rewrite=True)
        assert answer.found == [] and any("hooks.body" in one for one in answer.others)
        files = [file.path for file in await store.find_bytes({}, lambda _: None)]
        left = sum(path.read_bytes().count(NATIONAL.encode()) for path in files)
        assert left <= 8  # Ben's text, its hook and its events
    await store.close()


async def test_a_saved_reply_that_names_the_number_stays_and_is_said_to(place: Place, tmp_path: Path) -> None:
    store = await place.open()
    async with bureau(store, tmp_path / "data") as office:
        await office.sign_in()
        naming = PutSavedReply(title="Hours", text=f"If we are closed, call {ANA}.")
        quoting = PutSavedReply(title="Address", text=f"You wrote: {TEXT}")
        for one in (naming, quoting):
            await office.ask(one)
        await office.hook(office.form(ANA, TEXT))
        answer = await office.forget(ANA, rewrite=True)
        assert answer.is_done and answer.found == []
        places = [one.rpartition(" of ")[2] for one in answer.others]
        assert places == ["saved_replies.text"] * 2, answer.others  # the number, and what they wrote
    await store.close()


async def test_of_a_big_database_it_is_known_what_is_in_rows_of_others(
    office: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without writing it anew."""
    monkeypatch.setattr("connector.edge.erasure.forgetting._SMALL_BYTES", 0)
    for number in range(50):
        await office.hook(office.form(ANA, f"{TEXT}, flat {number}"))
        await office.hook(office.form(BEN, f"call my friend at {ANA} please, thanks {number} {'x' * number * 90}"))
    answer = await office.forget(ANA)
    assert answer.found == [] and "nothing of it was found" in answer.words
    assert {one.rpartition(" of ")[2] for one in answer.others} >= {"hooks.body", "messages.text", "facts.body"}


async def test_what_an_earlier_version_has_left_beside_rows_of_others_is_found(
    office: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.edge.erasure.forgetting._SMALL_BYTES", 0)
    await office.hook(office.form(BEN, f"call my friend at {ANA} please, thanks"))
    with contextlib.closing(sqlite3.connect(office.folder / "textdesk.db", isolation_level=None)) as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("INSERT INTO marks VALUES (?, 1)", [f"{ANA} is at home {'x' * 3000}"])
        database.execute("DELETE FROM marks WHERE at = 1")
    answer = await office.forget(ANA)
    assert answer.found and "--rewrite" in answer.words
    again = await office.forget(ANA, rewrite=True)
    assert again.found == [] and again.others


async def test_a_file_beside_the_database_is_named_and_not_written_anew(office: Bureau) -> None:
    await office.hook(office.form(ANA, TEXT))
    copy = office.folder / "copy.db"
    copy.write_text(f"a copy with {ANA}")
    answer = await office.forget(ANA)
    assert [str(copy) in one for one in answer.found] == [True]
    assert "delete it" in answer.words and "--rewrite" not in answer.words


async def test_a_file_that_cannot_be_read_is_named_and_does_not_end_the_erasure(
    office: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.hook(office.form(ANA, TEXT))
    copy = office.folder / "copy-of-root.db"
    copy.write_text("")
    opened = Path.open

    def refused(path: Path, *arguments: Any, **options: Any) -> Any:  # file modes stop no tests that root runs
        if path == copy:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refused)
    answer = await office.forget(ANA)
    assert answer.found == [f"perhaps, as it cannot be read (Permission denied), in {copy}, a file beside the database"]
    assert answer.erased["messages"] == 1


async def test_the_log_of_the_database_stays_while_another_program_looks_at_it(office: Bureau) -> None:
    """SQLite's locks end with any other descriptor of its file: the search must not close one."""
    await office.hook(office.form(ANA, TEXT))
    await office.forget(ANA)
    await office.hook(office.form(BEN, "hello"))
    path = office.folder / "textdesk.db"
    look = f"import sqlite3; c = sqlite3.connect({str(path)!r}); c.execute('SELECT * FROM marks').fetchall(); c.close()"
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", look], check=True)
    assert Path(f"{path}-wal").exists() and office.store.trouble() is None


async def test_what_waited_at_a_desk_since_before_the_erasure_is_not_sent(office: Bureau) -> None:
    await office.hook(office.form(BEN, "hello"))
    for text in ("", TEXT, ""):  # never stored, with a conversation, and with an erased one only
        if text:
            await office.hook(office.form(ANA, text))
        before = (await told(office.store))[-1].position
        answer = await office.forget(ANA)
        assert answer.was_known or not text
        with pytest.raises(Refused) as refused:
            await office.ask(requests.Start(LINE, "(415) 555-0133", "Hello again", position=before))
        assert refused.value.code == RefusalCode.ERASED and "was erased after" in refused.value.words
        assert await office.store.read(lambda reading: reading.history(ANA, None, 10)) == []
    after = (await told(office.store))[-1].position
    await office.hook(office.form(ANA, "I am back with a new text here"))
    with pytest.raises(Refused):  # it may say what was erased
        await office.ask(requests.Start(LINE, ANA, "Hello again", position=before))
    await office.ask(requests.Start(LINE, BEN, "Hello", position=before))
    await office.ask(requests.Start(LINE, ANA, "Hello again", position=after))


async def test_a_text_that_was_in_quarantine_does_not_come_back(office: Bureau) -> None:
    form = office.form(ANA, TEXT)
    await office.hook(form, state=HookState.REFUSED)
    stop = office.form(ANA, "STOP")
    await office.hook(stop, state=HookState.REFUSED)
    await office.forget(ANA)
    # The secret is right again, and the provider offers both once more.
    assert (await office.hook(form)).is_about_erased
    await office.store.clean()
    assert office.bytes_with(NATIONAL, "Elm Street", "Elm+Street") == []
    assert await office.store.read(lambda reading: reading.history(ANA, None, 10)) == []
    assert (await office.hook(stop)).is_about_erased  # it is proven now, and counts
    await office.store.clean()
    assert office.bytes_with(NATIONAL) == []
    with pytest.raises(Refused) as refused:
        await office.ask(requests.Start(LINE, ANA, "Hello"))
    assert refused.value.code == RefusalCode.OPTED_OUT
    # A forged hook with this number keeps no text of anybody else out.
    assert (await office.hook(form | {"From": BEN})).stored == 1


async def test_the_providers_list_brings_back_nothing_of_before_the_erasure(office: Bureau) -> None:
    await office.hook(office.form(ANA, TEXT))
    missed = InboundText("SM-missed", LINE, ANA, "their hook never came to Elm Street", at=office.now - 60_000)
    await office.forget(ANA)
    recover = partial(inbound.take_arrivals, is_recovered=True)
    assert (await office.do(recover, "main", [missed])).stored == 0
    assert office.bytes_with("their hook never") == []
    assert (await office.do(recover, "main", [replace(missed, ref="SM-late", at=office.now)])).stored == 1
    assert (await office.do(recover, "main", [replace(missed, consumer=BEN)])).stored == 1


@pytest.mark.parametrize("text", ["STOP", "please leave me alone, do not text me"])
async def test_an_opt_out_that_only_the_providers_list_has_counts_after_the_erasure(office: Bureau, text: str) -> None:
    await office.hook(office.form(ANA, TEXT))
    missed = InboundText("SM-missed", LINE, ANA, text, at=office.now - 60_000)
    await office.forget(ANA)
    await office.do(partial(inbound.take_arrivals, is_recovered=True), "main", [missed])
    await office.store.clean()
    assert office.bytes_with(NATIONAL, "leave me alone") == []
    with pytest.raises(Refused) as refused:
        await office.ask(requests.Start(LINE, ANA, "Hello"))
    assert refused.value.code == RefusalCode.OPTED_OUT


async def test_a_kill_between_messages_and_files_leaves_no_picture(office: Bureau, tmp_path: Path) -> None:
    digest = await office.picture(ANA, b"a picture of Ana's door")
    shared = await office.picture(BEN, b"a picture of Ben's door")
    async with bureau(DyingStore(office.store, 3), tmp_path) as core:
        with pytest.raises(Refused):
            await core.forget(ANA)
    assert await office.store.read(lambda reading: reading.history(ANA, None, 10)) == []
    assert office.files.read(digest) is not None
    answer = await office.forget(ANA)
    assert answer.erased["picture files"] == 1 and office.files.read(digest) is None
    assert office.files.read(shared) is not None


async def test_a_picture_that_another_sends_meanwhile_stays(office: Bureau) -> None:
    door = b"a picture that is passed on"
    path = office.files.folder / (digest := await office.picture(ANA, door))[:2] / digest
    os.utime(path)
    request = administration.Forget(ANA)
    answer = await office.asked(office.forgetting, request, await office.question(request))
    assert answer.words.startswith("Pictures: ")  # it waits for the file to settle
    assert await office.picture(BEN, door) == digest
    assert (await office.forget(ANA)).is_done
    assert office.files.read(digest) == door


async def test_who_writes_at_that_moment_has_a_new_conversation(office: Bureau, tmp_path: Path) -> None:
    await office.hook(office.form(ANA, TEXT))
    old = await office.open_for(ANA)
    waiting = await office.reply(old, REPLY)
    sending = await office.do(outbox.claim, office.node, 10)
    assert [outgoing.message_id for _, outgoing in sending] == [waiting]
    late = LateStore(office.store, lambda: office.hook(office.form(ANA, "I am back with a new text here")))
    async with bureau(late, tmp_path) as core:
        answer = await core.forget(ANA)
    assert "written since" in answer.words and answer.found == []
    fresh = await office.open_for(ANA)
    assert fresh.id != old.id
    found = await office.store.read(lambda reading: reading.history(ANA, None, 10))
    assert [one.text for one in found] == ["I am back with a new text here"]
    # The call ends now, and its receipt comes.
    for job, _ in sending:
        await office.do(attempt_outcomes.record, job, Accepted("SM-out-1"))
    receipt = {"MessageSid": "SM-out-1", "MessageStatus": "delivered", "To": ANA, "From": LINE}
    await office.hook(receipt, "status")
    assert len(await office.store.read(lambda reading: reading.history(ANA, None, 10))) == 1
    hooks = await office.store.read(lambda reading: reading.hooks(list(HookState), 10))
    assert [b"SM-out-1" in hook.body for hook in hooks] == [False, False]


async def test_a_receipt_that_comes_at_that_moment_goes_as_well(office: Bureau, tmp_path: Path) -> None:
    await office.hook(office.form(ANA, TEXT))
    await office.reply(await office.open_for(ANA), REPLY)
    await office.sent(Accepted("SM-out-1", Status.SENT))
    receipt = {"MessageSid": "SM-out-1", "MessageStatus": "delivered", "To": ANA, "From": LINE}
    late = LateStore(office.store, lambda: office.hook(receipt, "status"))
    async with bureau(late, tmp_path) as core:
        answer = await core.forget(ANA)
    assert (answer.found, answer.others) == ([], [])
    assert office.bytes_with(NATIONAL) == []


async def test_two_at_once_are_one_and_a_number_never_seen_is_said_to_be_one(office: Bureau) -> None:
    await office.hook(office.form(ANA, TEXT))
    one, other = await asyncio.gather(office.forget(ANA), office.forget("4155550133"))
    assert one.is_done and other.is_done
    assert (await office.forget(ANA)).was_known
    for _ in range(2):
        assert not (await office.forget(BEN)).was_known


async def test_the_result_of_an_earlier_erasure_is_no_answer_to_a_later_one(office: Bureau) -> None:
    await office.hook(office.form(ANA, TEXT))
    person = await office.question(administration.Forget(ANA))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0):  # the link is lost, or the verb was interrupted
            await office.asked(office.forgetting, administration.Forget(ANA), person)
    async with asyncio.timeout(60):
        while len(await _forgotten(office.store)) < 2:  # begun and done
            await asyncio.sleep(0.01)
    await office.hook(office.form(ANA, "I am back with a new text here"))
    office.clock.advance(600)
    assert (await office.forget(ANA)).erased["messages"] == 1
    assert await office.store.read(lambda reading: reading.history(ANA, None, 10)) == []


async def test_one_that_is_cut_off_is_never_said_to_be_done(office: Bureau) -> None:
    await office.hook(office.form(ANA, TEXT))
    async with Supervisor() as tasks:
        forgetting = Forgetting(msgspec.structs.replace(office.parts, tasks=tasks))
        person = await office.question(administration.Forget(ANA))

        async def stop() -> None:
            for _ in range(3):  # it has begun
                await asyncio.sleep(0)
            tasks.stop()

        with pytest.raises(Refused) as refused:
            await asyncio.gather(office.asked(forgetting, administration.Forget(ANA), person), stop())
    assert refused.value.code == RefusalCode.STORE_UNAVAILABLE and "Run it again" in refused.value.words


async def test_desks_that_resume_over_it_miss_nothing(office: Bureau) -> None:
    await office.hook(office.form(ANA, TEXT))
    await office.hook(office.form(BEN, "hello"))
    conversation = await office.open_for(ANA)
    before = [row.position for row in await told(office.store)]
    await office.forget(ANA)
    rows = await told(office.store)
    assert [row.position for row in rows][: len(before)] == before
    assert [row.position for row in rows] == list(range(before[0], rows[-1].position + 1))
    names = [one["conversation_id"] for one in await office.events("conversation_erased")]
    assert conversation.id in names and len([row for row in rows if BEN.encode() in row.fact.body]) > 0
    erased = await office.question(administration.GetErased([conversation.id, "nothing"]))
    assert erased.conversation_ids == [conversation.id]


async def test_on_either_engine_nothing_is_left_in_any_table(place: Place, tmp_path: Path) -> None:
    store = await place.open()
    async with bureau(store, tmp_path / "data") as office:
        await office.sign_in()
        await office.hook(office.form(ANA, TEXT))
        await office.reply(await office.open_for(ANA), REPLY)
        await office.sent(Rejected("21211", f"The 'To' number {ANA} is not valid."))
        await office.hook(office.form(ANA, f"please stop texting me at {ANA}"))
        await office.ask(contacts.SetContactOf(number=ANA, name="Ana Elm Street", notes=TEXT, attributes={"at": TEXT}))
        line = contacts.ContactRow(line=2, number=ANA, name="Ana of Elm Street", notes=TEXT)
        checked = await office.question(contacts.StageContacts("I1", [line]))
        await office.do(imports.stage, "ann", "I1", checked)
        answer = await office.forget(ANA, rewrite=True)
        assert (answer.found, answer.others) == ([], [])
        assert await store.read(lambda reading: reading.erasure.rows_with([NATIONAL, "Elm Street"])) == {}
        with pytest.raises(Refused):
            await office.ask(requests.Start(LINE, ANA, "Hello"))
