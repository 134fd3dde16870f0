"""Hooks stored durably and pushed to a desk, beside Kannel taking texts by HTTP and calling a URL for each.

Kannel (Debian: `apt-get install kannel`) is a gateway in C; it answers before anything is on disk. Its boxes run on the
processor where the core does, load and URL where the desk is.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.hooks import HOOK, check
from tests.bench.processes import SERVER, on_processor, processor_s, told
from tests.kit.ports import free_port
from tests.kit.running import town

_COUNT = 3000
_CONNECTIONS = 64
_PATIENCE_S = 10.0
_BOXES = ("bearerbox", "smsbox")
_CONFIG = """
group = core
admin-port = {admin}
smsbox-port = {smsbox}
admin-password = bench
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"
log-level = 3
log-file = "{folder}/bearerbox.log"
store-type = file
store-location = "{folder}/kannel.store"

group = smsc
smsc = http
smsc-id = bench
system-type = kannel
port = {texts}
smsc-username = bench
smsc-password = bench
connect-allow-ip = "127.0.0.1"
send-url = "http://127.0.0.1:9/"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
log-level = 3
log-file = "{folder}/smsbox.log"

group = sms-service
keyword = default
catch-all = yes
max-messages = 0
get-url = "http://127.0.0.1:{sink}/text?from=%p&to=%P&text=%a"
"""


async def measure(rounds: int, folder: Path) -> list[Figure]:
    """Raises RuntimeError where there is no Kannel."""
    missing = [box for box in _BOXES if shutil.which(box) is None]
    if missing:
        raise RuntimeError(f"no {' and '.join(missing)} here: Kannel is not installed (Debian: apt-get install kannel)")
    async with AsyncExitStack() as stack:
        with on_processor(SERVER):
            core = (await stack.enter_async_context(town(folder / "town"))).core
        kannel = await stack.enter_async_context(_kannel(folder / "kannel", _BOXES))
        accepting = await stack.enter_async_context(_kannel(folder / "accepting", _BOXES[:1]))
        assert core.process is not None
        pid, desk = core.process.pid, str(core.data / "desk.sock")
        sides: list[Callable[[str], Awaitable[dict[str, float]]]] = [
            lambda first: _round((pid,), "desk", core.url + HOOK, desk, first),
            lambda first: _round(kannel.pids, "url", str(kannel.texts), str(kannel.sink), first),
            lambda first: _round(accepting.pids, "url", str(accepting.texts), "0", first),
        ]
        found: list[list[dict[str, float]]] = [[], [], []]
        for number in range(rounds + 1):
            for side, rows in zip(sides, found, strict=True):
                rows.append(await side(str(number * _COUNT)))
        check(core, (rounds + 1) * _COUNT)
    ours, delivering, alone = ([{**one} for one in rows[1:]] for rows in found)

    def figure(name: str, unit: str, key: str, theirs: list[dict[str, float]], of: str) -> Figure:
        return Figure(name, unit, tuple(one[key] for one in ours), tuple(one[key] for one in theirs), of)

    return [
        figure("durable and at a desk", "a second", "delivered_per_s", delivering, "Kannel, at a URL"),
        figure("processor time of that", "us", "own_us", delivering, "Kannel, at a URL"),
        figure("answered while delivering", "a second", "per_s", delivering, "Kannel, at a URL"),
        figure("answered", "a second", "per_s", alone, "Kannel, delivering nothing"),
        figure("processor time of that", "us", "own_us", alone, "Kannel, delivering nothing"),
    ]


async def _round(pids: tuple[int, ...], kind: str, where: str, arriving: str, first: str) -> dict[str, float]:
    used = sum(map(processor_s, pids))
    numbers = (str(_COUNT), first, str(_CONNECTIONS))
    said: dict[str, float] = await told("tests.bench.deliveries", kind, where, arriving, *numbers)
    return said | {"own_us": (sum(map(processor_s, pids)) - used) / _COUNT * 1e6}


class Kannel:
    """The boxes that run, and their ports: for texts, and of the URL they call."""

    def __init__(self, processes: list[Process], texts: int, sink: int) -> None:
        self.pids = tuple(process.pid for process in processes)
        self.texts = texts
        self.sink = sink


@asynccontextmanager
async def _kannel(folder: Path, boxes: tuple[str, ...]) -> AsyncIterator[Kannel]:
    """The boxes, started one after the other, and ended with the block."""
    folder.mkdir()
    ports = {name: free_port() for name in ("admin", "smsbox", "texts", "sendsms", "sink")}
    config = folder / "kannel.conf"
    config.write_text(_CONFIG.format(folder=folder, **ports))
    processes: list[Process] = []
    try:
        for box, port in zip(boxes, (ports["texts"], ports["sendsms"]), strict=False):
            with on_processor(SERVER), (folder / f"{box}.out").open("wb") as out:
                started = asyncio.create_subprocess_exec(
                    *(box, "--verbosity", "4", str(config)), stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out
                )
                processes.append(await started)
            await _listening(port, folder / f"{box}.out")
        yield Kannel(processes, ports["texts"], ports["sink"])
    finally:
        for process in reversed(processes):
            process.terminate()
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


async def _listening(port: int, out: Path) -> None:
    deadline = time.perf_counter() + _PATIENCE_S
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.perf_counter() > deadline:
                raise RuntimeError(f"Kannel does not listen: {out.read_text(errors='replace')[-1000:]}") from None
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
