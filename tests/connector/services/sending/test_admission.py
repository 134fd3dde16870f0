"""Limits of what agents send: who is stopped, who never is, and what a lead sets aside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from connector.config.file import load
from connector.config.settings import SendingSettings
from connector.domain.agent import Role
from connector.domain.refusals import Refused
from connector.domain.sending_limits import HOUR_MS, SLOT_MS, SendingLimits, SpanOfSends, slot_of
from connector.services.request_table import execute
from connector.store.sql.store import SqlStore, open_store
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from tests.connector.config.test_file import TWILIO, write
from tests.kit.stores import LINE, audit_entries
from tests.kit.templates import copied
from tests.kit.use_cases import Office, consumer, rules

JAMAICA = "+18765550123"
SKILLS: dict[str, Any] = {"skills": ("orders",)}


async def office_with(store: SqlStore, **limits: Any) -> Office:
    """Ann is an agent, Lea leads her, Leo leads another skill; only numbers of the US are texted first."""
    office = Office(store, rules())
    settings = SendingLimits(**{"countries": frozenset({"US"}), **limits})
    office.brand = replace(office.brand, sending=settings)
    await office.sign_in("ann", **SKILLS)
    await office.sign_in("lea", **SKILLS, role=Role.LEAD, capacity=0)
    await office.sign_in("leo", skills=("refunds",), role=Role.LEAD, capacity=0)
    return office


async def ask(office: Office, request: requests.Request, name: str = "ann") -> answers.Answer:
    return await office.ask(request, name=name, is_administrator=False)


async def refused(office: Office, request: requests.Request, name: str = "ann") -> Refused:
    with pytest.raises(Refused) as no:
        await ask(office, request, name)
    return no.value


async def test_a_country_that_is_not_texted_first(store: SqlStore) -> None:
    office = await office_with(store)
    first = requests.Start(LINE, JAMAICA, "You have won")
    no = await refused(office, first)
    assert (no.code, no.details) == (RefusalCode.COUNTRY_NOT_ALLOWED, {"country": "JM", "may_override": 0})
    assert "JM" in no.words and "US" in no.words
    assert (await refused(office, replace(first, override=True))).code == RefusalCode.NOT_ALLOWED
    assert isinstance(await ask(office, replace(first, override=True), "lea"), answers.Started)
    again = requests.Reply((await office.open_for(JAMAICA)).id, "And again")
    assert (await refused(office, again, "lea")).code == RefusalCode.COUNTRY_NOT_ALLOWED  # they never wrote
    entries = await audit_entries(office.store)
    assert [(entry.actor, str(entry.action)) for entry in entries] == [("lea", "overridden")]
    assert msgspec.json.decode(entries[0].details) == {"limits": ["country"]}
    assert entries[0].person and JAMAICA not in str(entries[0])


async def test_a_consumer_who_wrote_is_always_answered(store: SqlStore) -> None:
    office = await office_with(store, new_numbers_per_hour=1)
    await ask(office, requests.Start(LINE, consumer(1), "Hello"))
    words = (await refused(office, requests.Start(LINE, consumer(2), "Hello"))).words
    assert words.startswith("You have sent to 1 number that was never written with before within an hour, which is")
    conversation = await office.text(consumer=JAMAICA)
    assert isinstance(await ask(office, requests.Reply(conversation.id, "Hi")), answers.Written)
    await ask(office, requests.Close(conversation.id))
    assert isinstance(await ask(office, requests.Start(LINE, JAMAICA, "One more thing")), answers.Started)


async def test_new_numbers_by_hour_and_when_the_next_is_free(store: SqlStore) -> None:
    office = await office_with(store, new_numbers_per_hour=2)
    for number in (1, 2):
        await ask(office, requests.Start(LINE, consumer(number), "Hello"))
    await ask(office, requests.Start(LINE, consumer(1), "Hello again"))  # not a new one
    no = await refused(office, requests.Start(LINE, consumer(3), "Hello"))
    free_at = slot_of(office.now) + SLOT_MS + HOUR_MS
    assert no.code == RefusalCode.TOO_MANY_NEW_NUMBERS
    assert no.details == {"limit": 2, "hours": 1, "free_at": free_at, "may_override": 0}
    assert "2 numbers" in no.words and "ask a lead" in no.words
    assert ("(sends are counted by five minutes)" in no.words) == (free_at - office.now > HOUR_MS)
    office.clock.advance((slot_of(office.now) + SLOT_MS - office.now) / 1000)
    assert "counted" not in (await refused(office, requests.Start(LINE, consumer(3), "Hello"))).words
    office.clock.advance((free_at - office.now) / 1000)
    assert isinstance(await ask(office, requests.Start(LINE, consumer(3), "Hello")), answers.Started)


async def test_sends_by_hour_are_the_agent_s_own_and_a_lead_sets_them_aside(store: SqlStore) -> None:
    office = await office_with(store, sends_per_hour=2)
    conversation = await office.text()
    for _ in range(2):
        await ask(office, requests.Reply(conversation.id, "Hello"))
    no = await refused(office, requests.Reply(conversation.id, "Hello"))
    assert no.code == RefusalCode.TOO_MANY_SENDS
    assert (await refused(office, requests.Reply(conversation.id, "Hi", override=True))).code == RefusalCode.NOT_ALLOWED
    await ask(office, requests.Join(conversation.id), "lea")
    for number in range(3):
        reply = requests.Reply(conversation.id, "Hello", override=number == 2)
        assert isinstance(await ask(office, reply, "lea"), answers.Written)
    entries = await audit_entries(office.store)
    assert [msgspec.json.decode(one.details) for one in entries if one.action == "overridden"] == [
        {"limits": ["sends"]}
    ]


@pytest.mark.parametrize(("who", "may"), [("ann", False), ("lea", True)])
async def test_a_refusal_says_who_may_set_the_limit_aside(store: SqlStore, who: str, may: bool) -> None:
    office = await office_with(store, sends_per_hour=1, new_numbers_per_hour=1)
    await ask(office, requests.Start(LINE, consumer(1), "Hello"), who)
    for first in (requests.Start(LINE, JAMAICA, "Hello"), requests.Start(LINE, consumer(2), "Hello")):
        no = await refused(office, first, who)
        words = "as a lead you may send it" if may else "ask a lead"
        assert no.details["may_override"] == may and words in no.words.lower()


async def test_a_refused_send_does_not_count_and_a_repeated_one_counts_once(store: SqlStore) -> None:
    office = await office_with(store, sends_per_hour=9)
    conversation = await office.text()
    with pytest.raises(Refused):
        await ask(office, requests.Reply(conversation.id, ""))
    await ask(office, requests.Reply(conversation.id, "Hello"))
    found = await store.write(lambda tx: tx.sends.of("ann", 0, 0))
    assert [(one.sends, one.new_numbers) for one in found] == [(1, 0)]


async def test_counts_survive_a_restart_and_old_ones_are_deleted(tmp_path: Path) -> None:
    path = copied(tmp_path / "textdesk.db")
    store = await open_store(path)
    office = await office_with(store, sends_per_day=2)
    slot = slot_of(office.now)
    await store.write(lambda tx: tx.sends.add("ann", slot - 50 * HOUR_MS, is_new_number=True))
    for number in (1, 2):
        await ask(office, requests.Start(LINE, consumer(number), "Hello"))
    await store.close()
    again = await open_store(path)
    later = await office_with(again, sends_per_day=2)
    later.clock.advance(office.now - later.now)
    with pytest.raises(Refused) as no:
        await later.do(execute, "ann", "after the restart", requests.Start(LINE, consumer(3), "Hello"))
    assert no.value.code == RefusalCode.TOO_MANY_SENDS
    found = await again.write(lambda tx: tx.sends.of("ann", 0, 0))
    assert found == [SpanOfSends(slot, slot + SLOT_MS, 2, 2)]
    await again.close()


@pytest.mark.parametrize(
    ("number", "suggestion", "words"),
    [
        ("+144155550133", "+14155550133", "Did you mean +14155550133?"),
        ("+49151123345678", "+4915123345678", "Did you mean +4915123345678?"),
        ("+19005550123", None, "a premium-rate number"),
        ("+881612345678", None, "a satellite phone"),
        ("5580106", None, "may lack its area code"),
        ("+15550123", None, "may lack its area code"),
    ],
)
async def test_a_number_that_looks_wrong(store: SqlStore, number: str, suggestion: str | None, words: str) -> None:
    office = await office_with(store, countries=None)
    first = requests.Start(LINE, number, "Hello")
    no = await refused(office, first)
    assert words.lower() in no.words.lower()
    if no.code == RefusalCode.BAD_REQUEST:  # of no country's length: nothing to confirm
        return
    assert (no.code, no.details) == (RefusalCode.DOUBTFUL_NUMBER, {"suggestion": suggestion})
    assert isinstance(await ask(office, replace(first, confirmed=True)), answers.Started)
    conversation = await office.open_for(number)
    assert isinstance(await ask(office, requests.Reply(conversation.id, "And")), answers.Written)  # confirmed once


async def test_the_lead_of_another_skill_sets_nothing_aside(store: SqlStore) -> None:
    office = await office_with(store)
    no = await refused(office, requests.Start(LINE, JAMAICA, "Hello", override=True), "leo")
    assert no.code == RefusalCode.NOT_ALLOWED


def test_the_countries_are_those_of_our_numbers_unless_configured(tmp_path: Path) -> None:
    config = load(write(tmp_path, TWILIO), {})
    lines = [*config.lines().values()]
    assert config.sending.limits(lines).countries == frozenset({"US"})
    assert SendingSettings(countries="all").limits(lines).countries is None
    assert SendingSettings(countries=["DE", "AT"]).limits(lines).countries == frozenset({"DE", "AT"})
    assert SendingSettings(countries=[]).limits(lines).countries == frozenset()
    assert SendingSettings().limits([]).countries is None
