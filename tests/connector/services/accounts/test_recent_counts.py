from __future__ import annotations

import random
from functools import partial

from connector.domain.status import Status
from connector.services.accounts.recent_counts import RecentCounts, hour_began_at, total
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from connector.store.values import CounterKind, HookState, Span
from tests.kit.stores import NOW, Place, fact, hook, message, reply

MINUTES = 60_000
ACCOUNTS = ("main", "short")


async def refresh(counts: RecentCounts, store: SqlStore, now: int) -> set[str]:
    return await store.read(partial(counts.refresh, now=now))


def kept(counts: RecentCounts) -> list[object]:
    return [*(dict(sums.of(each)) for sums in (counts.hour, counts.day) for each in ACCOUNTS), counts.last_hook_at]


async def test_the_hour_and_the_day_end_with_the_span_that_has_not_ended(store: SqlStore) -> None:
    def fill(tx: Transaction) -> None:
        for ago in (0, 54, 61, 22 * 60, 25 * 60):
            tx.messages.add_once(reply(id=f"R{ago}", at=NOW - ago * MINUTES, status=Status.UNCERTAIN))
        tx.messages.add_once(message(is_recovered=True))
        tx.hooks.add(hook(id="H1", state=HookState.REFUSED))
        tx.hooks.add(hook(id="H2", at=NOW - 99 * 24 * 60 * MINUTES))

    await store.write(fill)
    counts = RecentCounts()
    assert await refresh(counts, store, NOW) == {"main"}
    hour, day = counts.hour.of("main"), counts.day.of("main")
    assert total(hour, CounterKind.REPLY, Status.UNCERTAIN) == 2
    assert total(day, CounterKind.REPLY, Status.UNCERTAIN) == 4
    assert (total(day, CounterKind.RECOVERED), total(day, CounterKind.INBOUND)) == (1, 1)
    assert total(hour, CounterKind.HOOK, HookState.REFUSED) == 1
    assert counts.last_hook_at == {"main": NOW - 99 * 24 * 60 * MINUTES}  # a refused one is no sign of life
    assert not counts.hour.of("short")


async def test_only_accounts_with_news_are_named(store: SqlStore) -> None:
    def take(tx: Transaction) -> None:
        tx.messages.add_once(message())
        tx.facts.append([fact()])

    counts = RecentCounts()
    await store.write(take)
    assert await refresh(counts, store, NOW) == {"main"}
    await store.write(lambda tx: tx.facts.append([fact()]))
    await refresh(counts, store, NOW)
    assert await refresh(counts, store, NOW) == set()


async def test_what_is_kept_up_to_date_equals_what_is_read_afresh(place: Place) -> None:
    """Two cores write, the clock goes on and sometimes back, and one core looks now and then."""
    chance = random.Random(3)
    cores = await place.cores(2)
    counts, now, replies = RecentCounts(), NOW, list[tuple[str, str, int]]()

    def add(tx: Transaction, number: int, at: int, account: str) -> None:
        tx.messages.add_once(reply(id=f"R{number}", account=account, at=at))
        tx.hooks.add(hook(id=f"H{number}", account=account, at=at, state=chance.choice([*HookState])))
        if number % 2:
            tx.facts.append([fact()])

    def move(tx: Transaction, key: str, account: str, at: int) -> None:
        tx.messages.update(reply(id=key, account=account, at=at, status=Status.FAILED, words="no"))

    for number in range(80):
        now += chance.choice([0, 0, 1, 50, 900, -400]) * 1000 * chance.choice([1, 1, 1, 20])
        account = chance.choice(ACCOUNTS)
        await chance.choice(cores).write(partial(add, number=number, at=now, account=account))
        replies.append((f"R{number}", account, now))
        if number % 3 == 0:
            key, account, at = chance.choice(replies)
            await chance.choice(cores).write(partial(move, key=key, account=account, at=at))
        if chance.random() < 0.4:
            await refresh(counts, cores[0], now)
            afresh = RecentCounts()
            await refresh(afresh, cores[0], now)
            assert kept(counts) == kept(afresh)
    assert hour_began_at(now) > NOW + Span.HOUR
