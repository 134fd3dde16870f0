from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from connector.base.time_limit import within
from connector.doctor.time_limits import DaemonExecutor
from tests.kit.commands import PATIENCE_S, ROOT

STUCK = """
import asyncio, threading
from connector.base.time_limit import within
from connector.doctor.time_limits import DaemonExecutor

async def main():
    asyncio.get_running_loop().set_default_executor(DaemonExecutor(1))
    for_ever = threading.Event()
    print(await within(0.01, asyncio.to_thread(for_ever.wait), "given up"))

asyncio.run(main())
"""


async def test_work_over_its_limit_is_given_up() -> None:
    assert await within(0.01, asyncio.sleep(PATIENCE_S, "late"), "given up") == "given up"
    assert await within(PATIENCE_S, asyncio.sleep(0, "in time"), "given up") == "in time"


def test_a_stuck_thread_does_not_keep_the_program_from_ending() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STUCK], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )
    assert (done.stdout, done.stderr) == ("given up\n", "")


async def test_it_runs_work_in_parallel() -> None:
    asyncio.get_running_loop().set_default_executor(DaemonExecutor(1))
    assert await asyncio.gather(*(asyncio.to_thread(pow, 2, power) for power in range(5))) == [1, 2, 4, 8, 16]
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(lambda: 1 // 0)
