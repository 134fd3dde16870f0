"""A command that is run for one event: without a shell, with the event on its standard input, and within a time."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress

from msgspec import Struct

_GRACE_S = 2.0  # from asking it to end to making it


class EndedCommand(Struct, frozen=True):
    """`exit_code`: None when it could not be started, or was ended for its time. `words`: what went wrong; or empty."""

    exit_code: int | None
    seconds: float
    words: str = ""


async def run_for_event(command: Sequence[str], event: str, timeout_s: float) -> EndedCommand:
    """Run it with this line on its standard input, in a process group of its own, and wait until it has ended.

    After `timeout_s`, and when this is cancelled, it is ended with all that it has started.
    """
    loop = asyncio.get_running_loop()
    began_at = loop.time()
    process = await _started(command)
    if isinstance(process, OSError):
        return EndedCommand(None, 0.0, f"could not be started: {process.strerror}")
    words = ""
    try:
        async with asyncio.timeout(timeout_s):
            # One that does not read it, or not all, may end all the same.
            with suppress(BrokenPipeError, ConnectionResetError):
                await process.communicate(f"{event}\n".encode())
            await process.wait()
    except TimeoutError:
        words = f"ended after {timeout_s:g} s, as it had not by itself"
    finally:
        await _end(process)
    seconds = round(loop.time() - began_at, 3)
    code = process.returncode
    if words:
        return EndedCommand(None, seconds, words)
    if code is not None and code < 0:
        return EndedCommand(code, seconds, f"ended by signal {-code}")
    return EndedCommand(code, seconds, f"ended with {code}" if code else "")


async def _started(command: Sequence[str]) -> asyncio.subprocess.Process | OSError:
    """Start it. Cancelled meanwhile, it is waited for and ended: it may be running before this knows of it."""
    found: list[asyncio.subprocess.Process | OSError] = []

    async def start() -> None:
        try:
            pipe = asyncio.subprocess.PIPE
            found.append(await asyncio.create_subprocess_exec(*command, stdin=pipe, start_new_session=True))
        except OSError as error:
            found.append(error)

    try:
        await asyncio.shield(start())
    except asyncio.CancelledError:
        while not found:
            await asyncio.sleep(0.001)
        if not isinstance(found[0], OSError):
            await _end(found[0])
        raise
    return found[0]


async def _end(process: asyncio.subprocess.Process) -> None:
    """End what is left of its group: the command asked first, then made to."""
    if process.returncode is None:
        _signal(process, signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE_S):
                await process.wait()
    _signal(process, signal.SIGKILL)
    await process.wait()


def _signal(process: asyncio.subprocess.Process, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
