"""Real kills during look-ups: `python -m tests.bench.look_up_kills [--replies N] [--kills N] [--speed N]`.

A provider on loopback takes every text and cuts every connection, so that each reply has to be looked up; then the
core, on a clock that runs faster, is killed with SIGKILL so many times in each state of a look-up. In the end it may
live, and every reply is compared with the provider's books. Every tenth consumer gets two equal replies. Exits with 1
when one is lost, doubled or given up.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import formatdate
from pathlib import Path
from typing import Any

from aiohttp import web

from connector.base.child_command import python_module
from connector.client.core_address import CoreAddress
from connector.client.link import Link
from connector.lab.clocks import FastClock
from connector.wire import answers, requests
from connector.wire.views import MessageView
from tests.kit.ports import free_port

_SID = "AC" + "1" * 32
_LINE = "+14155550100"
_STATES = ("waiting", "claimed", "call under way", "answered", "recorded")
_PATIENCE_S = 120.0
_CONFIG = """
[hooks]
port = {port}
[routing]
undo_s = 0
[agents.anna]
name = "Anna"
capacity = 1000
[accounts.main]
provider = "twilio"
account_sid = "{sid}"
auth_token = "{token}"
public_url = "http://127.0.0.1:{port}"
api_base = "{vendor}"
numbers = [{{ address = "{line}", skill = "orders", segments_per_s = 1000.0 }}]
"""


class Vendor:
    """A provider that never answers a send. `state`: where a look-up is to be killed; `reached`: it is there."""

    def __init__(self, clock: FastClock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self.books: list[dict[str, Any]] = []
        self.state: str | None = None
        self.reached = asyncio.Event()
        self.lists = 0

    async def create(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        created = formatdate(self._clock.now() / 1000)
        taken = {"sid": f"SM{next(self._numbers):032x}", "status": "queued", "error_code": None, "body": form["Body"]}
        parties = {"from": form["From"], "to": form["To"], "direction": "outbound-api", "date_created": created}
        self.books.append({**taken, **parties, "callback": str(form["StatusCallback"])})
        return _cut(request)

    async def list(self, request: web.Request) -> web.StreamResponse:
        self.lists += 1
        if self.state == "call under way":
            self.reached.set()
            await asyncio.sleep(_PATIENCE_S)
        if self.state is not None and self.state != "answered":
            return web.json_response({"code": 20503, "message": "away", "status": 503}, status=503)
        found = [one for one in reversed(self.books) if one["to"] == request.query.get("To")]
        answer = web.json_response({"messages": found, "next_page_uri": None, "page": 0})
        await answer.prepare(request)
        await answer.write_eof()
        self.reached.set()
        return answer

    async def account(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"sid": _SID, "status": "active", "type": "Full", "friendly_name": "Kills"})


def _cut(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@asynccontextmanager
async def _serving(vendor: Vendor) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/2010-04-01/Accounts/{sid}/Messages.json", vendor.create)
    app.router.add_get("/2010-04-01/Accounts/{sid}/Messages.json", vendor.list)
    app.router.add_get("/{rest:.*}", vendor.account)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class Core:
    """A core on a fast clock, killed and started again on the same data."""

    def __init__(self, folder: Path, speed: float, since: int) -> None:
        self._folder = folder
        self._arguments = ["--config", str(folder / "kills.toml"), "--data", str(folder / "data")]
        self._arguments += ["--speed", str(speed), "--since", str(since)]
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with (self._folder / "core.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *python_module("connector.lab.faults.fast_core", *self._arguments),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout is not None
        async with asyncio.timeout(_PATIENCE_S):
            assert json.loads(await self._process.stdout.readline())["ready"] is True

    async def kill(self) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


async def _run(replies: int, kills: int, speed: float) -> bool:
    since = time.time_ns() // 1_000_000
    chance = random.Random(1)
    with tempfile.TemporaryDirectory(prefix="textdesk-kills-") as name:
        folder = Path(name)
        vendor = Vendor(FastClock(speed, since))
        vendor.state = "waiting"
        async with _serving(vendor) as url:
            config = folder / "kills.toml"
            config.write_text(_CONFIG.format(port=free_port(), sid=_SID, token="2" * 32, vendor=url, line=_LINE))
            config.chmod(0o600)
            core = Core(folder, speed, since)
            try:
                await core.start()
                async with _desk(folder) as link:
                    written = await _write(link, replies)
                    await _until(link, written, "uncertain")
                done: Counter[str] = Counter()
                for state in _STATES:
                    for _ in range(kills):
                        await _kill_in(state, core, vendor, chance)
                        done[state] += 1
                vendor.state = None
                async with _desk(folder) as link:
                    shown = await _until(link, written, "accepted")
            finally:
                await core.kill()
    return _report(written, shown, vendor, done)


def _desk(folder: Path) -> Link:
    """The core, an embedded one, stays as long as this is open."""
    return Link(CoreAddress(folder / "data", agent="anna"), role="desk")


async def _write(link: Link, replies: int) -> dict[str, str]:
    """The ids of the replies with their conversations: one to each consumer, and two equal ones to every tenth."""
    written = {}
    for number in range(replies):
        for _ in range(2 if number % 10 == 0 else 1):
            answer = await link.ask(requests.Start(_LINE, f"+1415556{number:04d}", "Your parcel is here"))
            assert isinstance(answer, answers.Started)
            written[answer.message_id] = answer.conversation_id
    return written


async def _kill_in(state: str, core: Core, vendor: Vendor, chance: random.Random) -> None:
    """Kill the core where this state is reached, and start it again."""
    vendor.state = state
    vendor.reached.clear()
    lists = vendor.lists
    if state in ("call under way", "answered"):
        async with asyncio.timeout(_PATIENCE_S):
            await vendor.reached.wait()
        await asyncio.sleep(chance.random() * 0.003 if state == "answered" else 0)
    elif state == "recorded":
        async with asyncio.timeout(_PATIENCE_S):
            while vendor.lists == lists:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
    else:
        await asyncio.sleep(chance.random() * (0.05 if state == "claimed" else 0.5))
    await core.kill()
    await core.start()


async def _shown(link: Link, written: dict[str, str]) -> dict[str, MessageView]:
    found = {}
    for conversation_id in set(written.values()):
        answer = await link.ask(requests.GetHistory(conversation_id))
        assert isinstance(answer, answers.History)
        found.update({message.id: message for message in answer.messages})
    return found


async def _until(link: Link, written: dict[str, str], status: str) -> dict[str, MessageView]:
    """The replies, once all have this status, or as they are after a while."""
    end = time.monotonic() + _PATIENCE_S
    while True:
        shown = await _shown(link, written)
        if all(shown[one].status == status for one in written) or time.monotonic() > end:
            return shown
        await asyncio.sleep(0.5)


def _report(written: dict[str, str], shown: dict[str, MessageView], vendor: Vendor, done: Counter[str]) -> bool:
    sent = Counter(one["callback"].partition("?m=")[2] for one in vendor.books)
    counts = {
        "kills": sum(done.values()),
        "replies": len(written),
        "look-ups asked": vendor.lists,
        "lost": sum(one not in sent for one in written),
        "doubled": sum(count > 1 for count in sent.values()),
        "given up": sum(shown[one].status != "accepted" or shown[one].is_unsettled for one in written),
    }
    for what, count in counts.items():
        print(f"{what:16}{count:6}")
    return not (counts["lost"] or counts["doubled"] or counts["given up"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replies", type=int, default=100)
    parser.add_argument("--kills", type=int, default=10, help="in each state")
    parser.add_argument("--speed", type=float, default=20.0, help="of the core's clock")
    options = parser.parse_args()
    return 0 if asyncio.run(_run(options.replies, options.kills, options.speed)) else 1


if __name__ == "__main__":
    sys.exit(main())
