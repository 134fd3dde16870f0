"""`textdesk agents`: the agents, their presence and load, and how long they were in each state."""

from __future__ import annotations

from argparse import Namespace
from collections import defaultdict

import msgspec

from connector.cli import moment_arguments
from connector.client.errors import RequestRefused
from connector.client.link import Link
from connector.console.output import age, json_line, table, write
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import AgentView, PresenceSpanView

_STATES = ("online", "back_soon", "away", "offline")
_Seconds = dict[str, int]  # by state


def check(options: Namespace) -> None:
    if options.since is not None:
        moment_arguments.past(options.since, now=0)


async def run(link: Link, options: Namespace) -> int:
    """Lists every agent; with `--since`, also the time in each state since then."""
    now = link.now()
    agents = sorted((await link.snapshot()).agents, key=lambda one: one.id)
    seconds: dict[str, _Seconds] | None = None
    if options.since is not None:
        from_at = moment_arguments.past(options.since, now)
        seconds = _seconds_by_agent(await _spans(link, from_at, agents), from_at, now)
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


async def _spans(link: Link, since: int, agents: list[AgentView]) -> list[PresenceSpanView]:
    """Of all agents at once, or of one after another where they are too many for one answer."""
    try:
        return await _asked(link, requests.GetPresence(since))
    except RequestRefused as refused:
        if refused.code != RefusalCode.BAD_REQUEST:
            raise
    return [span for one in agents for span in await _asked(link, requests.GetPresence(since, one.id))]


async def _asked(link: Link, question: requests.GetPresence) -> list[PresenceSpanView]:
    answer = await link.ask(question)
    assert isinstance(answer, answers.PresenceSpans)
    return answer.spans


def _row(one: AgentView, now: int, seconds: dict[str, _Seconds] | None) -> list[str]:
    presence = one.presence.replace("_", " ") + (f" ({one.reason})" if one.reason else "")
    presence = "disabled" if one.is_disabled else presence
    spent = [] if seconds is None else [seconds.get(one.id, {}).get(state) for state in _STATES]
    times = ["-" if each is None else age(each * 1000) for each in spent]
    places = f"{one.assigned} of {one.capacity}"
    return [
        one.id,
        one.name,
        presence,
        age(now - one.since) if one.since else "never here",
        places,
        *times,
        ", ".join(one.skills) or "every skill",
    ]


def _seconds_by_agent(spans: list[PresenceSpanView], since: int, now: int) -> dict[str, _Seconds]:
    spent: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for span in spans:
        until = now if span.until_at is None else span.until_at
        spent[span.agent][span.state] += max(0, until - max(span.from_at, since))
    return {agent: {state: ms // 1000 for state, ms in states.items()} for agent, states in spent.items()}
