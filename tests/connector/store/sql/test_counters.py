from __future__ import annotations

import asyncio
import random
from collections import Counter
from functools import partial

from connector.domain.message import Direction, Message
from connector.domain.status import UNSUCCESSFUL, Status
from connector.store.hook_budgets import Standing, budget
from connector.store.ports import Reading, Transaction
from connector.store.sql.store import SqlStore
from connector.store.values import CounterKey, CounterKind, CounterRow, Cutoffs, HookState, Span
from tests.kit.stores import CONSUMER, NOW, Place, hook, message, reply, telling

MINUTE_AT = NOW - NOW % Span.MINUTE
HOUR_AT = NOW - NOW % Span.HOUR
MOVES: list[Status] = [each for each in Status if each is not Status.RECEIVED]


def all_counters(reading: Reading) -> list[CounterRow]:
    return [row for span in Span for row in reading.counters(span, 0) if row.count]


async def counted(store: SqlStore) -> dict[tuple[int, int, CounterKey], int]:
    rows = await store.read(all_counters)
    assert all(row.count > 0 for row in rows)
    return {(row.span, row.at, row.key): row.count for row in rows}


def recount(messages: list[Message]) -> dict[tuple[int, int, CounterKey], int]:
    found: Counter[tuple[int, int, CounterKey]] = Counter()
    for each in messages:
        words = each.words or "" if each.status in UNSUCCESSFUL else ""
        key = CounterKey(each.account, each.line, CounterKind(each.direction), each.status, each.code or "", words)
        keys = [key]
        if each.is_recovered:
            keys.append(CounterKey(each.account, each.line, CounterKind.RECOVERED, each.status, "", ""))
        for one in keys:
            found[Span.MINUTE, each.at - each.at % Span.MINUTE, one] += 1
            found[Span.HOUR, each.at - each.at % Span.HOUR, one._replace(words="")] += 1
            found[Span.IN_ALL, 0, one._replace(words="")] += 1
    return dict(found)


async def stored(store: SqlStore) -> list[Message]:
    return await store.read(lambda reading: reading.history(CONSUMER, None, 10_000))


async def test_a_reply_counts_in_the_minute_in_which_it_was_written_under_its_present_status(store: SqlStore) -> None:
    await store.write(lambda tx: tx.messages.add_once(reply()))
    key = CounterKey("main", "+15550100", CounterKind.REPLY, "queued", "", "")
    places = [(Span.MINUTE, MINUTE_AT), (Span.HOUR, HOUR_AT), (Span.IN_ALL, 0)]
    assert await counted(store) == {(*place, key): 1 for place in places}
    later = NOW + 7 * Span.HOUR
    failed = reply(status=Status.FAILED, status_at=later, code="21610", words="opted out")
    await store.write(lambda tx: tx.messages.update(failed))
    moved = key._replace(status="failed", code="21610")
    in_words = {(Span.MINUTE, MINUTE_AT, moved._replace(words="opted out")): 1}
    assert await counted(store) == {**{(*place, moved): 1 for place in places[1:]}, **in_words}


async def test_hooks_count_under_their_account_and_state(store: SqlStore) -> None:
    def add(tx: Transaction) -> None:
        tx.hooks.add(hook(id="H1"))
        tx.hooks.add(hook(id="H2", state=HookState.REFUSED, at=NOW + 1))
        unknown = budget(Standing.UNKNOWN, "made up")
        tx.hooks.add(hook(id="H3", state=HookState.UNROUTABLE, account="made up", budget=unknown))

    await store.write(add)
    key = CounterKey("main", "", CounterKind.HOOK, "taken", "", "")
    assert (await counted(store))[Span.HOUR, HOUR_AT, key] == 1
    assert (await counted(store))[Span.HOUR, HOUR_AT, key._replace(status="refused")] == 1
    assert {key.account for _, _, key in await counted(store)} == {"main"}
    assert await store.write(lambda tx: tx.hooks.set_state("H2", HookState.TAKEN, "released by ann"))
    assert (await counted(store))[Span.HOUR, HOUR_AT, key] == 2
    assert await store.write(lambda tx: tx.hooks.set_state("H3", HookState.TAKEN, "released: the account is ours now"))
    assert (await counted(store))[Span.HOUR, HOUR_AT, key._replace(account="made up")] == 1
    (in_all,) = [row for row in await store.read(all_counters) if row.span == Span.IN_ALL and row.account == "main"]
    assert in_all.last_at == NOW + 1


async def test_what_changed_since_a_position_is_read_alone(store: SqlStore) -> None:
    def take(tx: Transaction, key: str) -> None:
        tx.messages.add_once(message(id=key, ref=key, line=key))
        telling(key)(tx)

    for name in ("a", "b", "c"):
        await store.write(partial(take, key=name))

    def after(reading: Reading, position: int) -> set[str]:
        return {row.line for row in reading.counters_after(position)}

    assert await store.read(partial(after, position=2)) == {"b", "c"}
    await store.write(lambda tx: tx.messages.add_once(message(id="d", ref="d", line="d")))  # without a fact
    assert await store.read(partial(after, position=3)) == {"c", "d"}


async def test_what_a_provider_writes_makes_no_key_too_long(store: SqlStore) -> None:
    await store.write(lambda tx: tx.messages.add_once(reply(status=Status.FAILED, code="é" * 5000, words="é" * 50_000)))
    assert {(len(key.code), len(key.words)) for _, _, key in await counted(store)} == {(64, 200), (64, 0)}


async def test_counters_equal_a_recount_in_any_order_on_several_cores(place: Place) -> None:
    """Use cases that add, move, fail and are refused, at once and one after another, at two cores."""
    chance = random.Random(7)
    cores = await place.cores(2)
    names = [f"R{number}" for number in range(30)]

    def act(tx: Transaction, steps: list[tuple[str, str, Status, int]], *, fails: bool) -> None:
        for what, name, status, at in steps:
            found = tx.messages.get(name)
            if what == "add" and found is None:
                inbound = message(id=name, ref=name, at=at, is_recovered=at % 2 == 0)
                tx.messages.add_once(inbound if at % 3 == 0 else reply(id=name, at=at))
            elif found is not None and found.direction is Direction.REPLY:
                code = str(at % 4) if at % 4 else None
                moved = reply(id=name, at=found.at, status=status, code=code, words=f"words {at % 3}")
                tx.messages.update(moved)
        if fails:
            raise ValueError(steps)

    def step() -> tuple[str, str, Status, int]:
        at = NOW + chance.randint(0, 9) * 700_000 + chance.randint(0, 99_999)
        return chance.choice(["add", "move"]), chance.choice(names), chance.choice(MOVES), at

    for _ in range(20):
        tasks = []
        for _ in range(chance.randint(1, 9)):
            steps = [step() for _ in range(chance.randint(1, 5))]
            use_case = partial(act, steps=steps, fails=chance.random() < 0.3)
            tasks.append(chance.choice(cores).write(use_case))
        await asyncio.gather(*tasks, return_exceptions=True)
        assert await counted(cores[0]) == recount(await stored(cores[0]))
    assert len(await stored(cores[0])) > 20


async def test_a_purge_deletes_the_oldest_minutes_and_hours_and_leaves_the_sums(store: SqlStore) -> None:
    def fill(tx: Transaction) -> None:
        for minute in range(0, 60, 2):
            tx.messages.add_once(message(id=f"M{minute}", ref=f"SM{minute}", at=HOUR_AT + minute * Span.MINUTE))
        tx.messages.add_once(reply(at=HOUR_AT))

    def spans(rows: dict[tuple[int, int, CounterKey], int]) -> list[int]:
        return [sum(1 for of, *_ in rows if of == span) for span in Span]

    await store.write(fill)
    await store.write(lambda tx: tx.messages.update(reply(at=HOUR_AT, status=Status.SENDING)))
    assert spans(await counted(store)) == [2, 31, 2]
    cutoffs = Cutoffs(minutes_before=HOUR_AT + 26 * Span.MINUTE)
    assert [await store.write(lambda tx: tx.purge(cutoffs, 9)) for _ in range(3)] == [True, True, False]
    rows = await store.read(lambda reading: reading.counters(Span.MINUTE, 0))
    assert min(row.at for row in rows) == HOUR_AT + 26 * Span.MINUTE
    assert spans(await counted(store)) == [2, 17, 2]
    # What has come to 0 goes with the minutes.
    rows = await store.read(lambda reading: reading.counters(Span.HOUR, 0))
    assert {row.status: row.count for row in rows} == {"received": 30, "sending": 1}
    assert not await store.write(lambda tx: tx.purge(Cutoffs(hours_before=HOUR_AT + Span.HOUR), 9))
    assert spans(await counted(store)) == [2, 17, 0]
