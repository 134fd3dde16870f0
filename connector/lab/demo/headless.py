"""`textdesk demo --headless`: a scripted agent answers, and the events are printed."""

from __future__ import annotations

import asyncio
import os
import random
import sys

from connector.client.core_address import CoreAddress
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.lab.demo.backend_process import BackendProcess, BackendReady, start_consumers, vendor_log
from connector.lab.demo.event_log import EventLog
from connector.lab.people.agent import ScriptedAgent
from connector.lab.simulator.core_config import AGENT

# In the last moments no reply is written, so that those on their way can be delivered.
_LAST_REPLIES_S = 1.0
# The demo does not start its core again.
_PATIENCE_S = 3.0


def run(seed: int, pace: float, faults: str, seconds: float, *, as_json: bool) -> int:
    """0 when replies were delivered and none was doubled. Raises CommandFailed otherwise."""
    log = EventLog(as_json=as_json)
    backend = BackendProcess(seed, pace, faults)
    try:
        with backend:
            ready = backend.ready(lambda what: None if as_json else print(f"starting {what}…", file=sys.stderr))
            asyncio.run(_answer(ready, log, seed, pace, seconds))
            summary = log.summary(vendor_log(ready))
            log.print_summary(summary)
    finally:
        if backend.failures:  # the cause of any other error here
            raise CommandFailed(" ".join(backend.failures), os.EX_UNAVAILABLE) from None
    if summary["doubled"]:
        raise CommandFailed(f"{summary['doubled']} texts were doubled.")
    if not summary["delivered"]:
        raise CommandFailed("Nothing was delivered: give it more --seconds, or a smaller --pace.")
    return 0


async def _answer(ready: BackendReady, log: EventLog, seed: int, pace: float, seconds: float) -> None:
    async with Link(CoreAddress(ready.data, agent=AGENT), role="desk", patience_s=_PATIENCE_S) as link:
        agent = ScriptedAgent(link, random.Random(seed), pace, log.take)
        await asyncio.to_thread(start_consumers, ready)
        last_s = min(_LAST_REPLIES_S, seconds / 4)
        await agent.work(seconds - last_s)
        await agent.work(last_s, write=False)
