"""A background process of the laboratory: start, wait until ready, stop."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from connector.base.child_command import python_module
from connector.console.failure import CommandFailed

_READY_WITHIN_S = 45.0
_STOP_WITHIN_S = 4.0


class ChildProcess:
    """`python -m MODULE …`, which prints one JSON line when it is ready. Its stderr goes to the file `log`."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self._name = name
        self._process = process
        self._log = log

    @classmethod
    async def start(cls, name: str, log: Path, module: str, *arguments: str) -> ChildProcess:
        with log.open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                *python_module(module, *arguments),
                stdin=asyncio.subprocess.PIPE,  # never written to; its end means that this process is gone
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        return cls(name, process, log)

    async def ready(self) -> dict[str, Any]:
        """The line it prints when it is ready. Raises CommandFailed when it ends first, or prints nothing in time."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(_READY_WITHIN_S):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise CommandFailed(
                f"{self._name} did not start within {_READY_WITHIN_S:.0f} seconds.", os.EX_UNAVAILABLE
            ) from None
        if not line:
            raise CommandFailed(await self.ended(), os.EX_UNAVAILABLE)
        values: dict[str, Any] = json.loads(line)
        return values

    async def ended(self) -> str:
        """Wait for its end; a sentence with the last line of its stderr."""
        code = await self._process.wait()
        lines = self._log.read_text(encoding="utf-8", errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "nothing on stderr")
        how = f"exit code {code}" if code >= 0 else f"signal {-code}"
        return f"{self._name} ended ({how}): {last}"

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL."""
        if self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(_STOP_WITHIN_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
