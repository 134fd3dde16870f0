"""`textdesk simulate`: a day in seconds, the same to the byte for the same seed."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from tests.connector.lab.day.days import small
from tests.kit.commands import PATIENCE_S, run, started


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    return str(small(tmp_path, 120))


async def test_two_runs_of_one_seed_are_identical(scenario: str) -> None:
    arguments = ("simulate", "--scenario", scenario, "--full", "--json", "--reasons", "5", "--seed")
    # Sets of strings have another order in every process with another hash seed.
    first, second = await asyncio.gather(
        run(*arguments, "7", PYTHONHASHSEED="1"), run(*arguments, "7", PYTHONHASHSEED="2")
    )
    assert (first.code, first.err) == (0, "")
    assert first == second
    kinds = [line["kind"] for line in first.lines]
    assert {kind: kinds.count(kind) for kind in kinds} == {"skill": 3, "agent": 20, "decision": 5, "summary": 1}
    assert {line["rules"] for line in first.lines} == {"full"}
    assert await run(*arguments, "8") != first


async def test_both_rules_side_by_side(scenario: str) -> None:
    done = await run("simulate", "--scenario", scenario, "--reasons", "10")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].startswith("2026-11-24: ")
    assert lines[1].split()[:3] == ["SKILL", "RULES", "CONVERSATIONS"]
    skills = [line.split()[:2] for line in lines[2:10]]
    assert skills == [[name, rules] for name in ("billing", "general", "orders", "all") for rules in ("full", "plain")]
    heads = [number for number, line in enumerate(lines) if line.startswith(("AGENT ", "TIME "))]
    agents, decisions = (lines[number + 1 : lines.index("", number)] for number in heads)
    assert len(agents) == 2 * 20
    assert len(decisions) == 10


async def test_an_unknown_scenario() -> None:
    done = await run("simulate", "--scenario", "nothing.toml")
    assert (done.code, done.out) == (64, "")
    assert done.err.startswith("textdesk: nothing.toml is neither a file nor a scenario")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_nothing_is_left_after_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    async with started("simulate", TMPDIR=str(tmp_path)) as process, asyncio.timeout(PATIENCE_S):
        while not list(tmp_path.glob("*/day.db-wal")):  # it has begun
            await asyncio.sleep(0.02)
        process.send_signal(number)
        out, err = await process.communicate()
    assert (process.returncode, out, err) == (130, b"", b"")
    assert list(tmp_path.iterdir()) == []
