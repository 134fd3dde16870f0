"""A Unix socket in front of a core's, whose way back to the desk can be held up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


class SlowLine:
    """What a desk asks goes through at once; what it is told waits while `open` is not set."""

    def __init__(self, there: Path) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self._there = there

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        core_reader, core_writer = await asyncio.open_unix_connection(str(self._there))
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pipe(reader, core_writer, held=False))
                both.create_task(self._pipe(core_reader, writer, held=True))
        except* OSError:
            pass
        finally:
            core_writer.close()
            writer.close()

    async def _pipe(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, held: bool) -> None:
        while data := await source.read(65536):
            if held:
                await self.open.wait()
            sink.write(data)
            await sink.drain()
        with contextlib.suppress(OSError):
            sink.write_eof()


@asynccontextmanager
async def slow_line(here: Path, there: Path) -> AsyncIterator[SlowLine]:
    line = SlowLine(there)
    server = await asyncio.start_unix_server(line.carry, str(here))
    try:
        yield line
    finally:
        server.close()
