"""The `textdesk` command, as shells and scripts start it."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from connector.cli.main import main
from connector.lab.__main__ import main as lab_main
from tests.kit.forked import forked

PATIENCE_S = 60.0
ROOT = Path(__file__).parents[2]


class Done(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What it printed, as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@asynccontextmanager
async def started(
    *arguments: str, fresh: bool = False, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`textdesk ARGUMENTS` with pipes; killed at the end of the block if it is still there.

    It is forked, which spares it its imports. `fresh`, or with an environment of its own, it makes them itself.
    """
    pipe = asyncio.subprocess.PIPE
    if fresh or environment:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "connector", *arguments),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            cwd=ROOT,
            env={**os.environ, **environment},
        )
    else:
        process = await forked(*arguments, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def textdesk(*arguments: str, stdin: str = "") -> Done:
    """`textdesk ARGUMENTS` to its end, in a thread of this process: its imports are paid once.

    Commands that replace the process do not go here: the desk, and those of the laboratory (`lab`).
    """
    return await _in_process(main, arguments, stdin)


async def lab(*arguments: str) -> Done:
    """`textdesk demo`, `faults` or `simulate` with these arguments, in a thread of this process."""
    return await _in_process(lab_main, arguments, "")


async def _in_process(command: Callable[[list[str]], int], arguments: tuple[str, ...], stdin: str) -> Done:
    streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8") for data in (stdin.encode(), b"", b"")]
    with (
        mock.patch("sys.stdin", streams[0]),
        contextlib.redirect_stdout(streams[1]),
        contextlib.redirect_stderr(streams[2]),
    ):
        code = await asyncio.to_thread(command, list(arguments))
    for stream in streams:
        stream.seek(0)
    return Done(code, streams[1].read(), streams[2].read())


async def run(*arguments: str, fresh: bool = False, **environment: str) -> Done:
    """`textdesk ARGUMENTS` to its end, as a process, without a terminal. See `started`."""
    async with started(*arguments, fresh=fresh, **environment) as process, asyncio.timeout(PATIENCE_S):
        out, err = await process.communicate()
        assert process.returncode is not None
        return Done(process.returncode, out.decode(), err.decode())


async def next_line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """The next JSON line it prints."""
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        line = await process.stdout.readline()
    assert line, "it ended instead of printing a line"
    said: dict[str, Any] = json.loads(line)
    return said
