"""`python -m connector.lab.demo.backend`: the simulator and a core on a new directory, until standard input ends.

Writes JSON lines to stdout: `{"starting": WORDS}`; `{"ready": true, "data": …, "config": …, "simulator": URL, "hooks":
URL}`; `{"failed": SENTENCE}`. Reads lines from stdin: `desk PID` names the foreground process on the terminal, and
`desk 0` says that it has ended. The backend runs in a session of its own, so that signals of the terminal do not reach
it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from connector.base.supervise import Supervisor
from connector.client import running_demo
from connector.client.core_address import CoreAddress
from connector.client.errors import ClientError
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.lab.child_process import ChildProcess
from connector.lab.demo import terminal_reset
from connector.lab.people import contacts
from connector.lab.simulator import core_config
from connector.lab.simulator.world import DEMO

_DESK_ENDS_WITHIN_S = 3.0
_UNDO_S = 5  # for a person at the desk; the scripted agent undoes nothing


class Backend:
    def __init__(self, directory: Path, seed: int, pace: float, faults: str, terminal_fd: int | None) -> None:
        self._directory = directory
        self._seed = seed
        self._pace = pace
        self._faults = faults
        self._terminal = terminal_fd
        self._over = asyncio.Event()
        self._input = b""
        self._desk = 0

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._over.set)
        loop.add_reader(0, self._read_stdin)
        async with AsyncExitStack() as stack, Supervisor() as tasks:
            tasks.start("backend", self._start(stack, tasks))
            await self._over.wait()
            tasks.stop()
            if self._desk:  # the foreground was killed and could not end it
                await _end_process(self._desk)
                if self._terminal is not None:
                    terminal_reset.reset(self._terminal)

    async def _start(self, stack: AsyncExitStack, tasks: Supervisor) -> None:
        """Start the simulator and the core, one after the other, and watch them."""
        try:
            hooks_port, simulator_port = _free_ports()
            url = f"http://127.0.0.1:{simulator_port}"
            config, data = self._directory / "demo.toml", self._directory / "data"
            core_config.write(config, DEMO, hooks_port, url, undo_s=_UNDO_S if self._terminal is not None else 0)
            _say(starting="the simulator")
            simulator = await ChildProcess.start(
                "The simulator",
                self._directory / "simulator.log",
                "connector.lab.simulator",
                *("--data", str(self._directory / "simulator"), "--port", str(simulator_port)),
                *("--seed", str(self._seed), "--pace", str(self._pace), "--with-parent"),
                *("--faults", self._faults),
            )
            stack.push_async_callback(simulator.stop)
            core = await ChildProcess.start(
                "The core",
                self._directory / "core.log",
                *("connector", "serve", "--config", str(config), "--data", str(data), "--embedded"),
            )
            stack.push_async_callback(core.stop)
            # The port of the control API answers during an outage of the vendors' website, too.
            control = (await simulator.ready())["control"]
            _say(starting="the core")
            hooks = (await core.ready())["hooks"]
            async with Link(CoreAddress(data, agent=core_config.AGENT)) as link:
                await contacts.record(link, DEMO.people)
            _say(ready=True, data=str(data), config=str(config), simulator=control, hooks=hooks)
        except (CommandFailed, ClientError, OSError) as error:
            _say(failed=str(error))
            self._over.set()
            return
        for child in (simulator, core):
            tasks.start("watch", _report_end(child))
        tasks.start("saved replies", _share_replies(data))

    def _read_stdin(self) -> None:
        read = os.read(0, 4096)
        if not read:
            asyncio.get_running_loop().remove_reader(0)
            self._over.set()
        *lines, self._input = (self._input + read).split(b"\n")
        for line in lines:
            self._desk = int(line.removeprefix(b"desk "))


async def _share_replies(data: Path) -> None:
    """Give the shop its saved replies, while the desk starts. A core that ends meanwhile is reported by its watcher."""
    from connector.client.core_address import CoreAddress
    from connector.client.errors import ClientError
    from connector.lab.demo import saved_replies

    with contextlib.suppress(ClientError, OSError):
        await saved_replies.share(CoreAddress(data, agent=core_config.AGENT))


async def _report_end(child: ChildProcess) -> None:
    _say(failed=await child.ended())


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _say(**values: str | bool | None) -> None:
    # The foreground may have ended; then the backend is about to end, too.
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(values), flush=True)


async def _end_process(process: int) -> None:
    """End a process that is not a child of this one: SIGTERM, then SIGKILL."""
    with contextlib.suppress(ProcessLookupError, TimeoutError):
        os.kill(process, signal.SIGTERM)
        async with asyncio.timeout(_DESK_ENDS_WITHIN_S):
            while True:
                os.kill(process, 0)
                await asyncio.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m connector.lab.demo.backend", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--faults", default="calm", help="scenario of the simulator")
    parser.add_argument("--terminal", type=int, help="descriptor of the terminal the desk runs on")
    options = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix=running_demo.FOLDERS))  # mode 0700
    try:
        asyncio.run(Backend(directory, options.seed, options.pace, options.faults, options.terminal).run())
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
