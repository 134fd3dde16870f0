"""`textdesk demo --headless`: a scripted agent in front, and what happens in lines."""

from __future__ import annotations

import asyncio
import os
import random
import sys

from connector.client.link import CoreAddress, Link
from connector.console.failure import CommandFailed
from connector.lab.demo.backend_process import BackendProcess, BackendReady, begin, vendor_log
from connector.lab.demo.event_log import EventLog
from connector.lab.people.agent import ScriptedAgent
from connector.lab.simulator.core_config import AGENT

# Before the end nothing new is written, so that what is under way can arrive.
_LAST_REPLIES_S = 1.0
# The core does not come back here.
_PATIENCE_S = 3.0


def run(seed: int, pace: float, faults: str, seconds: float, *, as_json: bool) -> int:
    """0 when replies were delivered and nothing was doubled. Raises Failure otherwise."""
    reel = EventLog(as_json=as_json)
    stage = BackendProcess(seed, pace, faults)
    try:
        with stage:
            ready = stage.ready(lambda what: None if as_json else print(f"starting {what}…", file=sys.stderr))
            asyncio.run(_answer(ready, reel, seed, pace, seconds))
            summary = reel.sum_up(vendor_log(ready))
            reel.print_sum(summary)
    finally:
        if stage.failures:  # the cause of whatever else went wrong
            raise CommandFailed(" ".join(stage.failures), os.EX_UNAVAILABLE) from None
    if summary["doubled"]:
        raise CommandFailed(f"{summary['doubled']} texts were doubled.")
    if not summary["delivered"]:
        raise CommandFailed("Nothing was delivered: give it more --seconds, or a smaller --pace.")
    return 0


async def _answer(ready: BackendReady, reel: EventLog, seed: int, pace: float, seconds: float) -> None:
    async with Link(CoreAddress(ready.data, agent=AGENT), role="desk", patience_s=_PATIENCE_S) as link:
        agent = ScriptedAgent(link, random.Random(seed), pace, reel.take)
        await asyncio.to_thread(begin, ready)
        last_s = min(_LAST_REPLIES_S, seconds / 4)
        await agent.work(seconds - last_s)
        await agent.work(last_s, write=False)
