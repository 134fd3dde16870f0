"""What is recorded in the audit, and how it is listed."""

from __future__ import annotations

import pytest

from connector.domain.agent import Role
from connector.domain.audit import AuditAction, AuditEntry
from connector.domain.refusals import Refused
from connector.services.accounts import quarantine
from connector.services.agents import admission
from connector.store.sql.store import SqlStore
from connector.store.values import HookState
from connector.wire import administration, answers, requests
from connector.wire.masks import MASK
from connector.wire.views import AuditEntryView, MessageView
from tests.kit.stores import CONSUMER, audit_entries, hook
from tests.kit.use_cases import Office, consumer

CARD = "4242 4242 4242 4242"


@pytest.fixture
async def office(store: SqlStore) -> Office:
    office = Office(store)
    await office.sign_in("ann")
    await office.sign_in("lea", role=Role.LEAD)
    return office


async def entries(office: Office) -> list[AuditEntry]:
    return await audit_entries(office.store)


async def actions(office: Office) -> list[tuple[str, str]]:
    return [(one.actor, one.action) for one in await entries(office)]


async def test_what_leads_and_administrators_do_is_recorded(office: Office) -> None:
    conversation = await office.text()
    assert conversation.agent is not None
    other = "lea" if conversation.agent == "ann" else "ann"
    await office.ask(requests.Join(conversation.id), name=other)
    await office.ask(requests.TakeOver(conversation.id), name=other)
    await office.ask(administration.SetAccountMode("main", "draining"), name="lea")
    await office.ask(requests.OptIn(CONSUMER, "by phone"))
    await office.store.write(lambda tx: tx.hooks.add(hook(id="H1", state=HookState.UNREADABLE)))
    stored = await office.store.read(lambda reading: reading.hook("H1"))
    assert stored is not None
    await office.do(quarantine.release, "lea", stored, [])
    assert await actions(office) == [
        (other, "joined"), (other, "taken_over"), ("lea", "account_changed"), ("ann", "opted_in"),
        ("lea", "hook_released"),
    ]  # fmt: skip
    found = await entries(office)
    assert found[2].details == '{"before":"active","mode":"draining"}' and found[2].subject == "main"


async def test_no_entry_holds_a_text_or_a_number(office: Office) -> None:
    conversation = await office.text(f"secret words {CARD}")
    await office.question(requests.GetHistory(conversation.id), name="eve")
    await office.question(administration.Unmask((await history(office, conversation.id, "eve"))[0].id), name="lea")
    await office.question(administration.GetAudit(number=CONSUMER), name="lea")
    whole = str(await entries(office))
    assert "secret" not in whole and "4242" not in whole and CONSUMER.lstrip("+") not in whole
    assert {one.person for one in await entries(office)} == {office.brand.pseudonyms.of(CONSUMER)}


async def history(office: Office, conversation: str, name: str) -> list[MessageView]:
    found = await office.question(requests.GetHistory(conversation), name=name)
    assert isinstance(found, answers.History)
    return found.messages


async def test_reads_of_the_past_are_recorded_once_an_hour(office: Office) -> None:
    conversation = await office.text()
    owner = conversation.agent or ""
    await history(office, conversation.id, owner)
    assert await actions(office) == []  # the owner's own open one
    for _ in range(3):
        await history(office, conversation.id, "eve")
    await history(office, conversation.id, "dan")
    assert await actions(office) == [("eve", "past_read"), ("dan", "past_read")]
    office.clock.advance(3600)
    await history(office, conversation.id, "eve")
    assert len(await actions(office)) == 3
    await office.ask(requests.Close(conversation.id), name=owner)
    await history(office, conversation.id, owner)
    assert (await actions(office))[-1] == (owner, "past_read")


async def test_reads_of_quarantined_hooks_are_recorded_once_an_hour(office: Office) -> None:
    await office.question(administration.GetHooks(), name="adm")
    assert await actions(office) == []  # there are none
    await office.store.write(lambda tx: tx.hooks.add(hook(id="H1", state=HookState.UNREADABLE)))
    for _ in range(3):
        await office.question(administration.GetHooks(), name="adm")
    await office.question(administration.GetHooks(), name="bea")
    assert await actions(office) == [("adm", "hooks_read"), ("bea", "hooks_read")]
    office.clock.advance(3600)
    await office.question(administration.GetHooks(), name="adm")
    assert len(await actions(office)) == 3


async def test_messages_of_an_earlier_conversation_are_the_past(office: Office) -> None:
    first = await office.text()
    await office.ask(requests.Close(first.id), name=first.agent or "")
    second = await office.text("again")
    assert second.id != first.id
    await history(office, second.id, second.agent or "")
    assert [one.subject for one in await entries(office)] == [second.id]


async def test_a_text_is_unmasked_for_leads_and_recorded(office: Office) -> None:
    conversation = await office.text("x" * 4992 + CARD)
    message = (await history(office, conversation.id, conversation.agent or ""))[0]
    assert message.text.endswith(MASK * 3)
    with pytest.raises(Refused):
        await office.question(administration.Unmask(message.id), name="ann", is_administrator=False)
    assert await actions(office) == []
    answer = await office.question(administration.Unmask(message.id), name="lea", is_administrator=False)
    assert answer == answers.Unmasked("x" * 4992 + CARD)
    found = await entries(office)
    assert [(one.actor, one.action, one.subject) for one in found] == [("lea", AuditAction.UNMASKED, message.id)]
    assert found[0].details == '{"rules":["card"]}'
    with pytest.raises(Refused):
        await office.question(administration.Unmask("0NOWHERE"), name="lea", is_administrator=False)


async def test_entries_are_listed_by_agent_action_time_and_number_in_pages(office: Office) -> None:
    for number in range(7):
        conversation = await office.text(consumer=consumer(number))
        await history(office, conversation.id, "eve")
        await history(office, conversation.id, "dan")
        office.clock.advance(60)

    async def listed(question: administration.GetAudit) -> list[AuditEntryView]:
        page = await office.question(question, name="adm")
        assert isinstance(page, answers.AuditPage)
        found = page.entries
        while page.before is not None:
            more = administration.GetAudit(
                question.agent, question.action, question.since, question.number, page.before, question.limit
            )
            page = await office.question(more, name="adm")
            found += page.entries
        return found

    whole = await listed(administration.GetAudit(limit=3))
    assert [one.number for one in whole] == sorted((one.number for one in whole), reverse=True)
    assert len([one for one in whole if one.action == "past_read"]) == 14
    assert {one.actor for one in await listed(administration.GetAudit(agent="eve", limit=2))} == {"eve"}
    assert len(await listed(administration.GetAudit(agent="eve", limit=2))) == 7
    assert len(await listed(administration.GetAudit(action="past_read", limit=4))) == 14
    about = await listed(administration.GetAudit(number=consumer(3).replace("555", " 555-")))
    assert {one.person for one in about} == {office.brand.pseudonyms.of(consumer(3))}
    assert [one.actor for one in about if one.action == "past_read"] == ["dan", "eve"]
    since = await listed(administration.GetAudit(action="past_read", since=office.now - 150_000))
    assert len(since) == 4
    with pytest.raises(Refused):
        await listed(administration.GetAudit(action="no_such"))
    read = [one for one in await entries(office) if one.action is AuditAction.AUDIT_READ]
    assert len(read) == 6 and read[0].actor == "adm"  # one for each list, whatever the number of its pages


async def test_entries_of_the_core_itself_are_asked_for_by_their_own_name(office: Office) -> None:
    await office.do(admission.note_refusal, "ann", "disabled", "token ab", "192.0.2.7")
    for name in (administration.CORE, ""):
        page = await office.question(administration.GetAudit(agent=name))
        assert isinstance(page, answers.AuditPage)
        assert [one.action for one in page.entries] == ["sign_in_refused"]
    page = await office.question(administration.GetAudit(agent="ann"))
    assert isinstance(page, answers.AuditPage)
    assert [(one.action, one.actor) for one in page.entries if one.subject] == [("sign_in_refused", "")]
    assert await office.question(administration.GetAudit(agent="lea", action="sign_in_refused")) == answers.AuditPage(
        []
    )
    await office.sign_in("core")
    page = await office.question(administration.GetAudit(agent=administration.CORE))
    assert page == answers.AuditPage([], None), "an agent of this name is meant first"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (administration.GetAudit(agent="Lea"), "There is no agent Lea: did you mean lea?"),
        (administration.GetAudit(agent="nobody"), "There is no agent nobody. There are: core, ann, lea."),
        (administration.GetAudit(action="unmask"), "There is no action unmask: did you mean unmasked?"),
    ],
)
async def test_who_and_what_there_never_was_is_said(office: Office, asked: administration.GetAudit, words: str) -> None:
    with pytest.raises(Refused) as no:
        await office.question(asked)
    assert no.value.words == words
    await office.question(administration.GetAudit(), name="gone")  # not stored as an agent, but has done something
    assert await office.question(administration.GetAudit(agent="gone")) != answers.AuditPage([])
    assert await office.question(administration.GetAudit(agent="lea")) == answers.AuditPage([])
