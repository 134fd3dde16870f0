"""What is proven lifts an opt-out; everything else may only block."""

from __future__ import annotations

import pytest

from connector.domain.consent.entries import ConsentKind, ConsentSignal
from connector.domain.media import Media
from connector.domain.refusals import Refused
from connector.domain.skill_rules import Rules, SkillRules
from connector.providers.values import Arrival, InboundText
from connector.services.accounts import quarantine
from connector.services.conversations import inbound
from connector.store.hook_budgets import Standing, budget
from connector.store.sql.store import SqlStore
from connector.store.values import HookState
from connector.wire import administration, requests
from connector.wire.refusals import RefusalCode
from tests.kit.folding import folded, stored
from tests.kit.stores import CONSUMER, LINE, hook
from tests.kit.use_cases import OTHER_LINE, Office, rules

OUT = ConsentSignal(ConsentKind.OPTED_OUT, "the company's own words")
IN = ConsentSignal(ConsentKind.OPTED_IN, "the company's own words")


def text(words: str, ref: str = "SM-1", *, line: str = LINE, consent: ConsentSignal | None = None) -> InboundText:
    return InboundText(ref, line, CONSUMER, words, consent=consent)


async def stopped(store: SqlStore) -> Office:
    """An office whose consumer has texted STOP, for certain."""
    office = Office(store)
    await office.sign_in()
    await office.take(text("STOP", "SM-0"))
    return office


async def kind_of(office: Office) -> str | None:
    found = await office.last_word()
    return None if found is None else str(found.kind)


@pytest.mark.parametrize("arrival", [text("START"), text("UNSTOP"), text("Yes"), text("vamos", consent=IN)])
async def test_a_hook_without_proof_lifts_nothing_and_is_answered_by_an_agent(
    store: SqlStore, arrival: Arrival
) -> None:
    office = await stopped(store)
    watched = hook(state=HookState.WATCHED, budget=budget(Standing.LIKELY, "main"))
    await office.do(inbound.take_hook, watched, [arrival])
    assert await kind_of(office) == "opted_out"
    conversation = await office.open_for(CONSUMER)
    assert conversation.waiting_since is not None
    with pytest.raises(Refused) as refused:
        await office.ask(requests.Reply(conversation.id, "Hello again"))
    assert refused.value.code == RefusalCode.OPTED_OUT
    assert await folded(store) == await stored(store, office.now)


@pytest.mark.parametrize("arrival", [text("STOP"), text("basta", consent=OUT)])
async def test_a_hook_without_proof_blocks_all_the_same(store: SqlStore, arrival: Arrival) -> None:
    office = Office(store)
    watched = hook(state=HookState.WATCHED, budget=budget(Standing.LIKELY, "main"))
    await office.do(inbound.take_hook, watched, [arrival])
    assert await kind_of(office) == "opted_out"


async def test_a_proven_hook_and_the_providers_own_list_lift_it(store: SqlStore) -> None:
    office = await stopped(store)
    await office.do(inbound.take_hook, hook(), [text("START")])
    assert await kind_of(office) == "opted_in"
    await office.take(text("STOP", "SM-2"))
    office.clock.advance(60)
    found = InboundText("SM-3", LINE, CONSUMER, "START", at=office.now - 1)
    await office.take(found, is_recovered=True)
    assert await kind_of(office) == "opted_in"


@pytest.mark.parametrize(("standing", "kind"), [(Standing.GENUINE, "opted_in"), (Standing.LIKELY, "opted_out")])
async def test_a_released_hook_lifts_only_if_it_was_proven(store: SqlStore, standing: Standing, kind: str) -> None:
    office = await stopped(store)
    held = hook(state=HookState.REFUSED, budget=budget(standing, "main"))
    await store.write(lambda tx: tx.hooks.add(held))
    await office.do(quarantine.release, "admin", held, [text("START")])
    assert await kind_of(office) == kind


async def test_a_refused_hook_blocks_once_an_administrator_releases_it(store: SqlStore) -> None:
    office = Office(store)
    held = hook(state=HookState.REFUSED, budget=budget(Standing.UNPROVEN, "main"))
    await store.write(lambda tx: tx.hooks.add(held))
    assert await kind_of(office) is None, "strangers cannot have consumers blocked"
    await office.do(quarantine.release, "admin", held, [text("STOP")])
    assert await kind_of(office) == "opted_out"


async def test_a_stop_that_was_missed_before_a_start_is_decided_by_an_agent(store: SqlStore) -> None:
    office = await stopped(store)
    missed_at = office.now + 30_000
    office.clock.advance(60)
    await office.take(text("START"))
    office.clock.advance(60)
    await office.take(InboundText("SM-late", LINE, CONSUMER, "STOP", at=missed_at), is_recovered=True)
    assert await kind_of(office) == "opted_in"
    conversation = await office.open_for(CONSUMER)
    with pytest.raises(Refused) as refused:
        await office.ask(requests.Reply(conversation.id, "Hello again"))
    assert refused.value.code == RefusalCode.LIKELY_OPT_OUT
    assert await folded(store) == await stored(store, office.now)


async def test_a_clock_that_was_set_back_changes_nothing(store: SqlStore) -> None:
    office = await stopped(store)
    office.clock.advance(-3600)
    await office.take(text("START"))
    assert await kind_of(office) == "opted_in"
    office.clock.advance(-3600)
    await office.take(text("STOP", "SM-2"))
    assert await kind_of(office) == "opted_out"


@pytest.mark.parametrize("is_proven", [True, False])
async def test_a_stop_to_a_number_that_is_not_configured_counts(store: SqlStore, is_proven: bool) -> None:
    office = Office(store)
    await office.sign_in()
    conversation = await office.text()
    arrival = text("Stop!", line="+15550177")
    taken = await office.take(arrival, is_proven=is_proven)
    assert (taken.unroutable, taken.stored) == ("+15550177", 0)
    found = await office.last_word()
    assert found is not None
    assert (found.kind, found.line, found.evidence, found.message_id) == ("opted_out", "+15550177", "Stop!", None)
    with pytest.raises(Refused) as refused:
        await office.ask(requests.Reply(conversation.id, "Hello"))
    assert refused.value.code == RefusalCode.OPTED_OUT
    await office.take(text("START", "SM-2", line="+15550177"))
    assert await kind_of(office) == "opted_out", "what becomes no message lifts nothing"
    assert await folded(store) == await stored(store, office.now)


async def test_a_wish_sent_to_a_number_that_is_not_configured_blocks_until_an_agent_records(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    conversation = await office.text()
    await office.take(text("please stop texting me", line="+15550177"))
    (told,) = await office.events("consent_changed")
    assert told["conversation"]["likely_opt_out"] == "elsewhere"
    with pytest.raises(Refused) as refused:
        await office.ask(requests.Start(LINE, CONSUMER, "Hello"))
    assert (refused.value.code, "record" in refused.value.words) == (RefusalCode.LIKELY_OPT_OUT, True)
    await office.ask(requests.OptIn(CONSUMER, "meant another number, by phone"))
    assert await office.reply(conversation)
    assert await folded(store) == await stored(store, office.now)


async def test_a_stop_to_another_accounts_line_counts_for_every_account(store: SqlStore) -> None:
    office = Office(store, rules(), rules(address=OTHER_LINE, account="second"))
    await office.sign_in()
    first, second = await office.text(), await office.text(line=OTHER_LINE)
    await office.take(text("STOP", line=OTHER_LINE), account="main")  # the wrong account's hook
    for conversation in (first, second):
        with pytest.raises(Refused) as refused:
            await office.ask(requests.Reply(conversation.id, "Hello"))
        assert refused.value.code == RefusalCode.OPTED_OUT


async def test_an_opt_out_at_one_account_holds_at_every_other(store: SqlStore) -> None:
    office = Office(store, rules(), rules(address=OTHER_LINE, account="second"))
    await office.sign_in()
    conversation = await office.text()
    waiting = await office.reply(conversation)
    await office.take(text("STOP", line=OTHER_LINE), account="second")
    for request in (requests.Reply(conversation.id, "Hello"), requests.Start(OTHER_LINE, CONSUMER, "Hello")):
        with pytest.raises(Refused) as refused:
            await office.ask(request)
        assert refused.value.code == RefusalCode.OPTED_OUT
    (told,) = [one["conversation"] for one in await office.events("consent_changed") if one["conversation"]]
    assert (told["id"], told["opted_out"]) == (conversation.id, True)
    assert (await office.message(waiting)).status == "queued"


async def test_only_who_has_opted_out_opts_in_by_yes(store: SqlStore) -> None:
    office = Office(store)
    await office.take(text("Yes"))
    assert await kind_of(office) is None
    await office.take(text("STOP", "SM-2"), text("Yes", "SM-3"))
    assert await kind_of(office) == "opted_in"


@pytest.mark.parametrize("mode", ["draining", "off"])
async def test_a_stop_counts_while_the_account_is_off(store: SqlStore, mode: str) -> None:
    office = Office(store)
    await office.ask(administration.SetAccountMode("main", mode))
    await office.take(text("STOP"))
    assert await kind_of(office) == "opted_out"


async def test_a_stop_counts_beside_a_picture_and_in_a_wrap_up(store: SqlStore) -> None:
    office = Office(store, skills=Rules(SkillRules(undo_s=0, reopen_s=3600, wrap_up_s=600), known=("orders",)))
    await office.sign_in()
    conversation = await office.text()
    await office.ask(requests.Close(conversation.id))
    picture = Media("https://api.twilio.com/picture", "image/jpeg")
    await office.take(InboundText("SM-1", LINE, CONSUMER, "Stop", media=(picture,)))
    assert await kind_of(office) == "opted_out"
    assert await folded(store) == await stored(store, office.now, office.brand.rules)


async def test_a_stop_that_is_offered_again_is_recorded_once(store: SqlStore) -> None:
    office = Office(store)
    for _ in range(2):
        await office.take(text("STOP", "SM-1"), text("STOP", "SM-2", line="+15550177"))
    assert len(await office.events("consent_changed")) == 1
