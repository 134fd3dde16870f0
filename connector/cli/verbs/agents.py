"""`textdesk agents`: the agents, their presence and load, and how long they were in each state."""

from __future__ import annotations

from argparse import Namespace
from collections import defaultdict

import msgspec

from connector.cli import moment_arguments
from connector.client.link import Link
from connector.console.output import age, json_line, table, write
from connector.wire import answers, requests
from connector.wire.views import AgentView, PresenceSpanView

_STATES = ("online", "back_soon", "away", "offline")
_Seconds = dict[str, int]  # by state


def check(options: Namespace) -> None:
    if options.since is not None:
        moment_arguments.past(options.since, now=0)


async def run(link: Link, options: Namespace) -> int:
    """Lists every agent who has ever had a desk; with `--since`, also the time in each state since then."""
    now = link.now()
    agents = sorted((await link.snapshot()).agents, key=lambda one: one.id)
    seconds: dict[str, _Seconds] | None = None
    if options.since is not None:
        from_at = moment_arguments.past(options.since, now)
        answer = await link.ask(requests.GetPresence(from_at))
        assert isinstance(answer, answers.PresenceSpans)
        seconds = _seconds_by_agent(answer.spans, from_at, now)
    if options.json:
        for one in agents:
            more = {} if seconds is None else {"seconds": seconds.get(one.id, {})}
            write(json_line({**msgspec.to_builtins(one), **more}))
    elif agents:
        head = ["AGENT", "NAME", "PRESENCE", "FOR", "PLACES"]
        head += [] if seconds is None else [state.replace("_", " ").upper() for state in _STATES]
        for line in table([*head, "SKILLS"], [_row(one, now, seconds) for one in agents]):
            write(line)
    else:
        write("Nobody has had a desk here yet.")
    return 0


def _row(one: AgentView, now: int, seconds: dict[str, _Seconds] | None) -> list[str]:
    presence = one.presence.replace("_", " ") + (f" ({one.reason})" if one.reason else "")
    spent = [] if seconds is None else [seconds.get(one.id, {}).get(state) for state in _STATES]
    times = ["-" if each is None else age(each * 1000) for each in spent]
    places = f"{one.assigned} of {one.capacity}"
    return [one.id, one.name, presence, age(now - one.since), places, *times, ", ".join(one.skills) or "every skill"]


def _seconds_by_agent(spans: list[PresenceSpanView], since: int, now: int) -> dict[str, _Seconds]:
    spent: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for span in spans:
        until = now if span.until_at is None else span.until_at
        spent[span.agent][span.state] += max(0, until - max(span.from_at, since))
    return {agent: {state: ms // 1000 for state, ms in states.items()} for agent, states in spent.items()}
