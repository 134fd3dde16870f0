"""Agents of the store: added, changed, disabled and enabled at once, with an entry of the audit each."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from connector.domain.agent import Agent, Role, Sees
from connector.domain.conversation import ConversationState
from connector.domain.refusals import Refused
from connector.services.agents import listing
from connector.services.routing import desks
from connector.wire import administration, answers, requests
from connector.wire.refusals import RefusalCode
from tests.kit.stores import audit_entries
from tests.kit.use_cases import Office, consumer


async def stored(office: Office, name: str) -> Agent:
    found = await office.store.read(lambda reading: reading.agent(name))
    assert found is not None
    return found


async def audited(office: Office) -> list[tuple[str, str, str, dict[str, Any]]]:
    entries = await audit_entries(office.store)
    return [(one.actor, str(one.action), one.subject, json.loads(one.details)) for one in entries]


async def saved(office: Office, request: requests.Request, name: str = "adm") -> answers.AgentSaved:
    answer = await office.ask(request, name=name)
    assert isinstance(answer, answers.AgentSaved)
    return answer


async def page(office: Office, question: administration.GetAgents) -> answers.AgentPage:
    return await office.look(listing.page, question)


async def test_an_agent_is_added_changed_and_found_in_the_audit(office: Office) -> None:
    added = await saved(office, administration.AddAgent("anna", "Anna K.", ["orders"], None, "lead", os_user="ak"))
    assert (added.agent.name, added.agent.capacity, added.agent.role, added.notes) == ("Anna K.", 4, "lead", [])
    assert await stored(office, "anna") == Agent(
        "anna", "Anna K.", ("orders",), 4, role=Role.LEAD, sees=Sees.SKILLS, os_user="ak"
    )
    await saved(office, administration.SetAgent("anna", skills=[], sees="account", accounts=["main"]))
    changed = await stored(office, "anna")
    assert (changed.skills, changed.sees, changed.accounts, changed.role) == ((), Sees.ACCOUNT, ("main",), Role.LEAD)
    await saved(office, administration.SetAgent("anna", sees="account"))  # which she has already
    defined = {"role": "lead", "sees": "skills", "skills": ["orders"], "accounts": [], "os_user": "ak"}
    assert await audited(office) == [
        ("adm", "agent_added", "anna", defined),
        ("adm", "agent_changed", "anna", {"skills": [], "sees": "account", "accounts": ["main"]}),
    ]
    assert [one["agent"]["id"] for one in await office.events("agent_changed")] == ["anna", "anna"]


async def test_what_may_be_a_mistake_is_said_and_done(office: Office) -> None:
    added = await saved(office, administration.AddAgent("anna", skills=["ordres"], accounts=["mian"]))
    assert added.notes == [
        "No number needs the skill ordres: did you mean orders? There are: bookings, orders, refunds.",
        "No number needs the account mian: did you mean main? There are: main.",
        "Until one does, anna is given no conversation.",
    ]
    one_more = await saved(office, administration.SetAgent("anna", skills=["orders", "xylophone"], accounts=[]))
    assert one_more.notes == [
        "No number needs the skill xylophone. There are: bookings, orders, refunds.",
    ]
    await saved(office, administration.SetAgent("anna", skills=["ordres"]))
    assert (await stored(office, "anna")).skills == ("ordres",)


async def test_of_two_who_add_one_agent_at_once_one_is_refused(office: Office) -> None:
    ends = await asyncio.gather(
        *(office.ask(administration.AddAgent(name), name="adm") for name in ("anna", "ANNA", "anna")),
        return_exceptions=True,
    )
    refused = [end for end in ends if isinstance(end, Refused)]
    assert [no.code for no in refused] == [RefusalCode.AGENT_EXISTS] * 2
    assert len(await office.store.read(lambda reading: reading.agents_after("", 9))) == 1


async def test_an_os_user_who_signs_in_as_another_agent_already_is_noted(office: Office) -> None:
    await saved(office, administration.AddAgent("ann"))
    taken = await saved(office, administration.AddAgent("eve", os_user="ann"))
    assert "is eve from the next sign-in on" in taken.notes[0] and "--agent ann" in taken.notes[0]
    assert (await saved(office, administration.SetAgent("eve", os_user=""))).notes == []
    await saved(office, administration.AddAgent("orders", os_user="ben"))
    [by_name] = (await saved(office, administration.AddAgent("ben"))).notes
    assert by_name == "The OS user ben signs in as orders; as ben with --agent ben."
    [several] = (await saved(office, administration.AddAgent("returns", os_user="ben"))).notes
    assert "several agents, orders, returns" in several and "--agent" in several
    await saved(office, administration.DisableAgent("orders"))
    await saved(office, administration.DisableAgent("ben"))
    assert (await saved(office, administration.SetAgent("returns", name="Returns"))).notes == []


async def test_a_disabled_agents_conversations_go_to_others_and_their_replies_are_sent(office: Office) -> None:
    await office.sign_in("ann", capacity=9)
    owned = [await office.text(consumer=consumer(number)) for number in range(3)]
    sent = await office.reply(owned[0])
    await office.sign_in("bob", capacity=2)
    disabled = await saved(office, administration.DisableAgent("ann"))
    assert disabled.notes == ["Closed: 1 desk. Back in the queue: 3 conversations."]
    found = {one.consumer: await office.open_for(one.consumer) for one in owned}
    assert sorted(str(one.agent) for one in found.values()) == ["None", "bob", "bob"]
    assert {one.state for one in found.values()} == {ConversationState.ASSIGNED, ConversationState.QUEUED}
    assert (await office.message(sent)).status == "queued"
    assert await office.store.write(lambda tx: tx.agents.connected(office.now)) == {"bob"}
    assert (await audited(office))[-1] == ("adm", "agent_disabled", "ann", {"conversations": 3, "because": ""})
    await office.text(consumer=consumer(9))
    assert (await office.open_for(consumer(9))).agent != "ann"
    before = await audited(office)
    assert (await saved(office, administration.DisableAgent("ann"))).notes == []  # again
    assert await audited(office) == before
    assert not (await saved(office, administration.EnableAgent("ann"))).agent.is_disabled


async def test_a_core_that_still_holds_a_disabled_agents_desk_does_not_bring_it_back(office: Office) -> None:
    await office.sign_in("ann")
    [desk] = await office.store.write(lambda tx: tx.agents.desks_of_agent("ann"))
    await saved(office, administration.DisableAgent("ann"))
    await office.do(desks.renew, [desk])
    assert await office.store.write(lambda tx: tx.agents.connected(office.now)) == set()


async def test_an_agent_whose_skills_shrink_keeps_what_they_own(office: Office) -> None:
    await office.sign_in("ann")
    conversation = await office.text()
    await saved(office, administration.SetAgent("ann", skills=["bookings"]))
    assert (await office.open_for(conversation.consumer)).agent == "ann"
    await office.reply(conversation)


async def test_there_is_always_an_administrator_left(office: Office) -> None:
    """Those by nature aside: each asks with the rights that are stored."""
    for name in ("adm", "boss"):
        await office.sign_in(name, role=Role.ADMINISTRATOR)

    async def ask(name: str, request: requests.Request) -> str:
        try:
            await office.ask(request, name=name, is_administrator=False)
        except Refused as no:
            return no.code
        return ""

    assert await ask("adm", administration.SetAgent("adm", role="lead")) == RefusalCode.OWN_AGENT
    assert await ask("adm", administration.DisableAgent("adm")) == RefusalCode.OWN_AGENT
    ends = await asyncio.gather(
        ask("adm", administration.DisableAgent("boss")), ask("boss", administration.SetAgent("adm", role="agent"))
    )
    assert sorted(ends) == ["", RefusalCode.NOT_ALLOWED]
    left = await office.store.read(lambda reading: reading.agents_after("", 9))
    assert len([one for one in left if one.role is Role.ADMINISTRATOR and not one.is_disabled]) == 1


@pytest.mark.parametrize("request_of", [administration.SetAgent, administration.DisableAgent])
async def test_the_words_for_a_provisioned_agent_name_file_and_section(office: Office, request_of: Any) -> None:
    await office.sign_in("ann", is_provisioned=True)
    with pytest.raises(Refused) as no:
        await office.ask(request_of("ann"), name="adm")
    assert no.value.code == RefusalCode.PROVISIONED
    assert "[agents.ann]" in no.value.words and office.brand.file in no.value.words


async def test_ten_thousand_agents_are_listed_page_by_page(office: Office) -> None:
    def fill(tx: Any) -> None:
        for number in range(10_000):
            tx.agents.save(Agent(f"a{number:05d}", "x"))

    await office.store.write(fill)
    found: list[str] = []
    more, pages = True, 0
    while more:
        answer = await page(office, administration.GetAgents(found[-1] if found else ""))
        found += [one.id for one in answer.agents]
        more, pages = answer.more, pages + 1
    assert (len(found), len(set(found)), pages) == (10_000, 10_000, 20)
