"""A quarantined hook can be released while it is stored whole."""

from __future__ import annotations

import pytest

from connector.domain.refusals import Refused
from connector.providers.values import InboundText
from connector.services.accounts import quarantine
from connector.services.accounts.stored_hooks import STORED_BODY, set_aside
from connector.services.conversations import inbound
from connector.store.hook_budgets import Standing
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from connector.store.values import HookState, RawHook
from connector.wire.refusals import RefusalCode
from tests.kit.stores import audit_entries, hook
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

TEXT = InboundText("SM1", OTHER_LINE, consumer(1), "Hello")


async def test_what_is_likely_genuine_is_listed_however_much_else_there_is(store: SqlStore) -> None:
    def add(tx: Transaction) -> None:
        for number in range(60):
            standing = (Standing.GENUINE if number < 9 else Standing.LIKELY) if number < 12 else Standing.UNPROVEN
            raw = hook(id=f"H{number:02}", at=number)
            tx.hooks.add(set_aside(raw, HookState.REFUSED, "why", standing))

    await store.write(add)
    found = await store.read(lambda reading: quarantine.latest(reading, 8))
    assert [each.id for each in found] == ["H59", "H58", "H11", "H10", "H08", "H07", "H06", "H05"]


async def unroutable(office: Office, body: bytes) -> RawHook:
    """A genuine hook for a line that is not ours, as it is stored."""
    await office.do(inbound.take_hook, hook(body=body), [TEXT])
    [kept] = await office.store.read(lambda reading: reading.hooks([HookState.UNROUTABLE], 9))
    return kept


@pytest.mark.parametrize("size", [10, STORED_BODY + 1, 900_000])
async def test_an_unroutable_hook_is_released_once_its_line_is_ours(store: SqlStore, size: int) -> None:
    kept = await unroutable(Office(store), b"x" * size)
    later = Office(store, rules(), rules(address=OTHER_LINE))
    found = quarantine.require_releasable(kept)
    await later.do(quarantine.release, "ann", found, [TEXT])
    assert (await later.open_for(consumer(1), line=OTHER_LINE)).last_text == "Hello"
    with pytest.raises(Refused, match="processed already"):
        quarantine.require_releasable(await store.read(lambda reading: reading.hook(kept.id)))


async def test_a_hook_that_was_erased_or_released_meanwhile_brings_nothing_back(store: SqlStore) -> None:
    erased = await unroutable(Office(store), b"x")
    later = Office(store, rules(), rules(address=OTHER_LINE))
    await store.write(lambda tx: tx.erasure.remove_hooks([erased.id]))
    with pytest.raises(Refused, match="deleted already"):
        await later.do(quarantine.release, "ann", erased, [TEXT])
    assert await store.read(lambda reading: reading.history(consumer(1), None, 9)) == []


async def test_two_who_release_a_hook_at_once_have_released_it_once(store: SqlStore) -> None:
    found = await unroutable(Office(store), b"x")
    later = Office(store, rules(), rules(address=OTHER_LINE))
    await later.do(quarantine.release, "ann", found, [TEXT])
    with pytest.raises(Refused, match="processed or deleted already"):
        await later.do(quarantine.release, "bob", found, [TEXT])
    assert [entry.actor for entry in await audit_entries(store)] == ["ann"]


@pytest.mark.parametrize("state", [HookState.REFUSED, HookState.UNREADABLE, HookState.UNROUTABLE])
async def test_a_truncated_hook_is_not_released(state: HookState) -> None:
    stored = set_aside(hook(body=b"x" * (STORED_BODY + 1)), state, "why", Standing.LIKELY)
    with pytest.raises(Refused, match="beginning of its body") as refusal:
        quarantine.require_releasable(stored)
    assert refusal.value.code == RefusalCode.BAD_REQUEST


async def test_a_hook_that_an_earlier_version_has_truncated_is_not_released() -> None:
    with pytest.raises(Refused, match="beginning of its body"):
        quarantine.require_releasable(hook(state=HookState.REFUSED, body=b"x" * STORED_BODY))
