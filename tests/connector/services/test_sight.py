"""What questions tell an agent who does not see everything: accounts and skills are borders, in both directions."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from connector.domain.agent import Role, Sees
from connector.domain.refusals import Refused
from connector.domain.sending_limits import SendingLimits
from connector.domain.skill_rules import Rules, SkillRules
from connector.providers.values import InboundText
from connector.services import pictures
from connector.services.request_table import execute
from connector.services.routing.release import release_all
from connector.services.unit_of_work import UnitOfWork
from connector.store.sql.store import SqlStore
from connector.wire import administration, answers, requests
from connector.wire.refusals import RefusalCode
from tests.kit.stores import CONSUMER, LINE, Place
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

SHOP: dict[str, Any] = {"accounts": ("shop",), "skills": ("orders",)}
HOTEL: dict[str, Any] = {"accounts": ("hotel",), "skills": ("bookings",)}


async def two_accounts(store: SqlStore) -> Office:
    """Ann answers orders of the shop, Bob bookings of the hotel; Cid is an agent of the shop for refunds."""
    lines = (rules(account="shop"), rules(address=OTHER_LINE, account="hotel", skill="bookings"))
    office = Office(store, *lines)
    await office.sign_in("ann", **SHOP)
    await office.sign_in("bob", **HOTEL)
    await office.sign_in("cid", accounts=("shop",), skills=("refunds",))
    return office


async def asked(office: Office, question: requests.Request, name: str = "ann") -> Any:
    return await office.question(question, name=name, is_administrator=False)


async def refused(office: Office, request: requests.Request, name: str = "ann") -> Refused:
    with pytest.raises(Refused) as no:
        await office.ask(request, name=name, is_administrator=False)
    return no.value


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_the_past_has_only_messages_of_conversations_that_are_seen(place: Place, limit: int) -> None:
    office = await two_accounts(await place.open())
    for number in range(5):
        await office.text(f"shop {number}")
        for again in range(number):
            await office.text(f"hotel {number} {again}", line=OTHER_LINE)
    conversation = await office.open_for(CONSUMER)
    found: list[str] = []
    before: str | None = None
    while True:
        page = await asked(office, requests.GetHistory(conversation.id, before, limit))
        assert 1 <= len(page.messages) <= limit
        found = [message.text for message in page.messages] + found
        before = page.messages[0].id
        if not page.more:
            break
    assert found == [f"shop {number}" for number in range(5)]


async def test_lines_and_presence_of_other_accounts_are_not_shown(store: SqlStore) -> None:
    office = await two_accounts(store)
    traffic = await asked(office, requests.GetTraffic())
    assert [line.line for line in traffic.lines] == [LINE]
    spans = await asked(office, requests.GetPresence(0))
    assert {span.agent for span in spans.spans} == {"ann", "cid"}
    assert (await asked(office, requests.GetPresence(0, "bob"))).spans == []
    assert {span.agent for span in (await office.question(requests.GetPresence(0))).spans} == {"ann", "bob", "cid"}


async def test_an_explanation_names_no_agent_of_another_account(store: SqlStore) -> None:
    office = await two_accounts(store)
    conversation = await office.text()
    told = await asked(office, requests.Explain(conversation.id))
    assert {one.agent for one in told.agents} == {"ann", "cid"}
    assert "bob" not in msgspec.json.encode(told).decode()
    everything = await office.question(requests.Explain(conversation.id))
    assert {one.agent: one.words for one in everything.agents}["bob"] == "does not serve the account shop"


async def test_what_was_said_about_consent_elsewhere_stays_there(store: SqlStore) -> None:
    office = await two_accounts(store)
    conversation = await office.text()
    await office.take(InboundText(ref="SM-9", line=OTHER_LINE, consumer=CONSUMER, text="Stop"), account="hotel")
    consent = (await asked(office, requests.Explain(conversation.id))).consent
    assert consent.opted_out
    assert "Stop" not in consent.evidence
    assert (await office.question(requests.Explain(conversation.id))).consent.evidence == "Stop"


@pytest.mark.parametrize("way", ["recorded", "decided", "denied"])
async def test_who_recorded_an_opt_out_is_named_to_those_who_see_that_agent(store: SqlStore, way: str) -> None:
    office = await two_accounts(store)
    own = await office.text()
    closed = await office.text(consumer=consumer(7))
    await office.ask(requests.Close(closed.id), name="ann")
    hotel = await office.text("hello" if way == "recorded" else "please leave me alone", line=OTHER_LINE)
    if way == "recorded":
        await office.ask(requests.OptOut(CONSUMER, "said to Bob on the phone"), name="bob", is_administrator=False)
        await office.ask(requests.OptOut(consumer(7), "said to Bob"), name="bob", is_administrator=False)
    else:
        await office.ask(requests.DecideOptOut(hotel.id, way == "decided"), name="bob", is_administrator=False)
    rules = {one["conversation_id"]: one["rule"] for one in await office.events("consent_changed")}
    assert "bob" in rules[hotel.id]
    assert "bob" not in "".join(rule for id_, rule in rules.items() if id_ != hotel.id)
    explained = await asked(office, requests.Explain(own.id))
    assert "bob" not in msgspec.json.encode(explained).decode().lower()
    assert "bob" not in (await refused(office, requests.DecideOptOut(own.id, True))).words
    if way != "denied":
        assert "bob" in msgspec.json.encode(await asked(office, requests.Explain(hotel.id), "bob")).decode()
        assert "bob" in (await refused(office, requests.DecideOptOut(hotel.id, True), "bob")).words


async def test_targets_are_those_of_the_account(store: SqlStore) -> None:
    office = await two_accounts(store)
    conversation = await office.text()
    targets = await asked(office, requests.GetTargets(conversation.id))
    assert [one.agent for one in targets.agents] == ["cid"]
    assert [one.skill for one in targets.skills] == ["refunds"]
    no = await refused(office, requests.Transfer(conversation.id, agent="bob"))
    assert (no.code, no.words) == (RefusalCode.UNKNOWN_AGENT, "There is no agent bob. There are: cid.")
    no = await refused(office, requests.Transfer(conversation.id, skill="bookings"))
    assert (no.code, no.words) == (
        RefusalCode.UNKNOWN_SKILL,
        "There is no skill bookings. There are: orders, refunds.",
    )
    moved = await office.ask(requests.Transfer(conversation.id, skill="refunds"), is_administrator=False)
    assert moved == answers.Transferred("cid has it now")  # and out of her sight it is
    assert (await refused(office, requests.WriteNote(conversation.id, "?"))).code == RefusalCode.UNKNOWN_CONVERSATION


async def test_a_first_text_to_one_who_is_answered_out_of_sight_says_no_more_than_that(store: SqlStore) -> None:
    office = await two_accounts(store)
    conversation = await office.text()
    await office.ask(requests.Transfer(conversation.id, skill="refunds"))
    no = await refused(office, requests.Start(LINE, CONSUMER, "About your order"))
    assert no.code == RefusalCode.NOT_ALLOWED
    assert no.details == {}
    assert not any(word in no.words for word in ("cid", "refunds", conversation.id))
    no = await refused(office, requests.Start(OTHER_LINE, CONSUMER, "Hello"))
    assert (no.code, no.words) == (RefusalCode.UNKNOWN_LINE, f"{OTHER_LINE} is not one of our lines.")


async def test_what_may_be_sent_first_tells_nothing_of_other_accounts(store: SqlStore) -> None:
    """Those who wrote to another account are limited as those who never wrote; to one's own, they are answered."""
    office = await two_accounts(store)
    abroad, unknown, ours = "+18765550123", "+18765550124", "+18765550125"
    office.brand = replace(office.brand, sending=SendingLimits(countries=frozenset({"US"}), new_numbers_per_hour=1))
    for number, line in ((abroad, OTHER_LINE), (consumer(5), OTHER_LINE), (ours, LINE)):
        await office.text(consumer=number, line=line)
    await office.ask(requests.Close((await office.open_for(ours)).id), name="ann")

    async def no(number: str) -> Refused:
        return await refused(office, requests.Start(LINE, number, "About your order"))

    known, never = await no(abroad), await no(unknown)
    assert known.code == never.code == RefusalCode.COUNTRY_NOT_ALLOWED
    assert known.words.replace(abroad, unknown) == never.words
    await office.ask(requests.Start(LINE, consumer(6), "About your order"), is_administrator=False)
    assert (await no(consumer(5))).code == (await no(consumer(7))).code == RefusalCode.TOO_MANY_NEW_NUMBERS
    await office.ask(requests.Start(LINE, ours, "About your order"), is_administrator=False)
    await office.text(consumer=ours)
    await office.sign_in("ann", **HOTEL)
    kept = await office.open_for(ours)
    await office.ask(requests.Reply(kept.id, "On its way"), is_administrator=False)


async def test_routing_gives_only_of_the_account_and_no_account_holds_up_another(store: SqlStore) -> None:
    lines = (rules(account="shop"), rules(address=OTHER_LINE, account="hotel"))
    office = Office(store, *lines)
    for number in range(60):  # more than are looked at at once
        await office.text(consumer=consumer(number), line=OTHER_LINE)
    waiting = await office.text(consumer=consumer(99))
    await office.sign_in("ann", accounts=("shop",))
    given = await office.open_for(consumer(99))
    assert (given.id, given.agent) == (waiting.id, "ann")
    assert (await office.open_for(consumer(0), line=OTHER_LINE)).agent is None
    assert (await office.text(consumer=consumer(100), line=OTHER_LINE)).agent is None


async def test_an_agent_keeps_what_they_own_when_their_skills_shrink_and_nothing_comes_back(store: SqlStore) -> None:
    office = Office(store, rules(account="shop"))
    await office.sign_in("ann", **SHOP)
    kept, given_back = await office.text(), await office.text(consumer=consumer(2))
    await office.sign_in("ann", **HOTEL)

    async def ask(request: requests.Request) -> Any:
        return await office.ask(request, is_administrator=False)

    await ask(requests.GiveBack(given_back.id))
    assert (await office.open_for(consumer(2))).agent is None
    assert (await refused(office, requests.Accept(given_back.id))).code == RefusalCode.UNKNOWN_CONVERSATION
    assert isinstance(await ask(requests.Reply(kept.id, "One moment", accept=True)), answers.Written)
    assert len((await asked(office, requests.GetHistory(kept.id))).messages) == 2
    await ask(requests.Close(kept.id))
    assert (await office.text()).agent is None  # the consumer's next text, though they have answered them before


async def test_a_closed_conversation_is_not_reopened_for_an_agent_who_may_not_have_it_any_more(
    store: SqlStore,
) -> None:
    office = Office(store, rules(account="shop"), skills=Rules(SkillRules(reopen_s=60)))
    await office.sign_in("ann", **SHOP)
    conversation = await office.text()
    await office.ask(requests.Close(conversation.id))
    await office.sign_in("ann", **HOTEL)
    assert (await office.text()).agent is None


async def test_what_a_disabled_agent_has_goes_to_others(store: SqlStore) -> None:
    office = Office(store, rules(account="shop"))
    await office.sign_in("ann", **SHOP)
    await office.sign_in("bob", **SHOP, capacity=0)
    owned, transferred = await office.text(), await office.text(consumer=consumer(2))
    await office.ask(requests.Transfer(transferred.id, agent="bob"))  # rings
    await office.sign_in("cid", **SHOP, capacity=0)

    def disable(uow: UnitOfWork, name: str) -> int:
        agent = uow.tx.agents.get(name)
        assert agent is not None
        uow.tx.agents.save(msgspec.structs.replace(agent, is_disabled=True))
        return release_all(uow, name)

    assert await office.do(disable, "bob") == 0
    assert (await office.open_for(consumer(2))).rings == ()
    assert await office.do(disable, "ann") == 1
    left = await office.open_for(CONSUMER)
    assert (left.id, left.agent, left.waiting_since) == (owned.id, None, owned.waiting_since)
    await office.sign_in("cid", **SHOP)
    assert (await office.open_for(CONSUMER)).agent == "cid"
    no = await refused(office, requests.Transfer(owned.id, agent="ann"), "cid")
    assert no.code == RefusalCode.UNKNOWN_AGENT


async def test_a_disabled_lead_has_left_what_they_had_joined(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in("ann")
    await office.sign_in("lea", role=Role.LEAD, capacity=0)
    joined, other = await office.text(), await office.text(consumer=consumer(2))
    for one, who in ((joined, "lea"), (joined, "adm"), (other, "adm")):
        await office.ask(requests.Join(one.id), name=who)
    await office.ask(administration.DisableAgent("lea"), name="adm")
    assert (await office.open_for(CONSUMER)).joined == ("adm",)
    assert (await office.open_for(consumer(2))).joined == ("adm",)
    assert [one["by"] for one in await office.events("conversation_left")] == ["lea"]
    await office.ask(administration.EnableAgent("lea"), name="adm")
    no = await refused(office, requests.Reply(joined.id, "Hello"), "lea")
    assert no.code == RefusalCode.NOT_OWNER


async def test_a_lead_takes_over_what_they_lead(store: SqlStore) -> None:
    office = await two_accounts(store)
    conversation = await office.text()
    await office.sign_in("lea", **SHOP, role=Role.LEAD, capacity=0)
    await office.sign_in("leo", accounts=("shop",), skills=("refunds",), sees=Sees.ACCOUNT, role=Role.LEAD, capacity=0)
    for request in (requests.TakeOver(conversation.id), requests.Join(conversation.id)):
        assert (await refused(office, request, "leo")).code == RefusalCode.NOT_ALLOWED
        assert (await refused(office, request, "ann")).code == RefusalCode.NOT_ALLOWED
    await office.ask(requests.Join(conversation.id), name="lea", is_administrator=False)
    await office.ask(requests.TakeOver(conversation.id), name="lea", is_administrator=False)
    assert (await office.open_for(CONSUMER)).agent == "lea"


async def test_a_picture_that_a_colleague_has_uploaded_goes_with_no_reply(store: SqlStore) -> None:
    office = await two_accounts(store)
    conversation = await office.text()
    uploaded = await office.do(pictures.upload, "bob", pictures.StoredPicture("0" * 64, 9, "image/png"))
    no = await refused(office, requests.Reply(conversation.id, "Look", [uploaded.picture_id]))
    assert no.code == RefusalCode.UNKNOWN_PICTURE


async def test_places_and_lengths_of_queues_are_those_of_the_account(store: SqlStore) -> None:
    office = Office(store, rules(account="shop"), rules(address=OTHER_LINE, account="hotel"))
    await office.text(line=OTHER_LINE)
    conversation = await office.text(consumer=consumer(2))
    await office.sign_in("ann", **SHOP, capacity=0)
    assert (await asked(office, requests.Explain(conversation.id))).place == 1
    assert (await office.question(requests.Explain(conversation.id))).place == 2


async def test_rights_are_those_of_the_moment_and_a_repeated_request_has_its_first_answer(store: SqlStore) -> None:
    office = await two_accounts(store)
    conversation = await office.text()
    await office.sign_in("lea", **SHOP, role=Role.LEAD, capacity=0)
    written = await office.do(execute, "lea", "note-1", requests.WriteNote(conversation.id, "Mind this one"))
    await office.sign_in("lea", **HOTEL, role=Role.LEAD, capacity=0)
    no = await refused(office, requests.TakeOver(conversation.id), "lea")
    assert no.code == RefusalCode.UNKNOWN_CONVERSATION
    repeated = await office.do(execute, "lea", "note-1", requests.WriteNote(conversation.id, "Mind this one"))
    assert repeated == written
    await office.sign_in("lea", **SHOP, capacity=0)
    assert (await refused(office, requests.TakeOver(conversation.id), "lea")).code == RefusalCode.NOT_ALLOWED


async def test_what_colleagues_own_in_other_accounts_is_not_counted(store: SqlStore) -> None:
    office = Office(store, rules(account="shop"), rules(address=OTHER_LINE, account="hotel"))
    await office.sign_in("dee", accounts=("shop", "hotel"))
    for number, line in enumerate((LINE, OTHER_LINE, OTHER_LINE)):
        await office.text(consumer=consumer(number), line=line)
    await office.sign_in("ann", **SHOP)
    assert (await office.question(requests.GetLoads())).assigned == {"dee": 3}
    assert (await asked(office, requests.GetLoads())).assigned == {"dee": 1}
    assert (await asked(office, requests.GetLoads(), "dee")).assigned == {"dee": 3}
