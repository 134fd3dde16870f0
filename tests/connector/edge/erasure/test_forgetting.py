"""Erasing one consumer: everything of theirs goes, everything of the others stays, and an opt-out holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.domain.audit import AuditAction
from connector.domain.refusals import Refused
from connector.domain.status import Status
from connector.providers.values import Accepted, Rejected
from connector.store.sql.store import open_store
from connector.store.values import HookState
from connector.wire import requests
from connector.wire.refusals import RefusalCode
from tests.kit.erasing import bureau
from tests.kit.stores import LINE
from tests.kit.templates import copied

ANA, BEN = "+14155550133", "+14155550144"
NATIONAL = "4155550133"
TEXT = "my secret address is 12 Elm Street"
REPLY = "we have noted that Ana lives at Elm Street"


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
        await office.ask(requests.WriteNote(conversation.id, "a note about Ana of Elm Street"))
        digest = await office.picture(ANA, b"a picture of Ana's door in Elm Street")
        await office.hook(office.form(ANA, "STOP"))

        answer = await office.forget("+1 (415) 555-0133")

        assert answer.is_done and answer.consumer == ANA
        assert answer.erased["messages"] == 6 and answer.erased["conversations"] == 1
        assert answer.erased["hooks"] == 5 and answer.erased["picture files"] == 1
        assert office.files.read(digest) is None
        # Ben's message and hook mention the number, and are his.
        assert sorted(answer.found) == [] or all("Ben" not in one for one in answer.found)
        await store.close()
        places = office.bytes_with("Elm Street", "Elm+Street")
        assert places == []
        store = await open_store(tmp_path / "textdesk.db")
        audit = await store.read(lambda reading: reading.audit_after(0, 100))
        entries = [one for one in audit if one.action is AuditAction.FORGOTTEN]
        assert len(entries) == 2 and all(NATIONAL not in one.details for one in entries)
        await store.close()


async def test_an_opt_out_holds_after_the_erasure(tmp_path: Path) -> None:
    store = await open_store(copied(tmp_path / "textdesk.db"))
    async with bureau(store, tmp_path) as office:
        await office.sign_in()
        await office.hook(office.form(ANA, "STOP"))
        answer = await office.forget(ANA)
        assert answer.stored == {"consent entries under a keyed hash": 1}
        assert answer.found == [], answer
        with pytest.raises(Refused) as refused:
            await office.ask(requests.Start(LINE, "(415) 555-0133", "Hello again"))
        assert refused.value.code == RefusalCode.OPTED_OUT
        await office.hook(office.form(ANA, "START"))
        await office.ask(requests.Start(LINE, ANA, "Welcome back"))
    await store.close()


async def test_what_is_offered_again_stays_erased(tmp_path: Path) -> None:
    store = await open_store(copied(tmp_path / "textdesk.db"))
    async with bureau(store, tmp_path) as office:
        await office.sign_in()
        form = office.form(ANA, TEXT)
        await office.hook(form)
        await office.reply(await office.open_for(ANA), REPLY)
        await office.sent(Accepted("SM-out-1", Status.SENT))
        await office.forget(ANA)
        assert (await office.hook(form)).stored == 0
        receipt = {"MessageSid": "SM-out-1", "MessageStatus": "delivered", "To": ANA, "From": LINE}
        await office.hook(receipt, "status")
        await store.clean()
        assert office.bytes_with(NATIONAL, "Elm Street") == []
        assert await store.read(lambda reading: reading.history(ANA, None, 10)) == []
    await store.close()
