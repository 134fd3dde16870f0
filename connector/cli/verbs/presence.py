"""`textdesk presence`: set one's own presence."""

from __future__ import annotations

from argparse import Namespace

from connector.client.link import Link
from connector.console.output import json_line, plain, write
from connector.wire import requests


async def run(link: Link, options: Namespace) -> int:
    state, reason = options.presence.replace("-", "_"), options.reason
    await link.ask(requests.SetPresence(state, reason))
    agent = link.agent.id if link.agent else ""
    if options.json:
        write(json_line({"agent": agent, "presence": state, "reason": reason}))
    else:
        write(plain(f"{agent} is {state.replace('_', ' ')}{f' ({reason})' if reason else ''}."))
    return 0
