"""`textdesk agents`, `presence` and `sign-off`: who is there, and coming and going."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from connector.cli import moment_arguments
from connector.client.link import Link
from connector.console.output import age, json_line, plain, table, write
from connector.wire import answers, requests
from connector.wire.views import AgentView, PresenceSpanView

_STATES = ("online", "back_soon", "away", "offline")


async def agents(link: Link, since: str | None, *, as_json: bool) -> int:
    """Everybody who has ever had a desk; with `since`, how long they were in each state since then."""
    now = link.now()
    people = sorted((await link.snapshot()).agents, key=lambda one: one.id)
    spent: dict[str, dict[str, int]] = {}
    if since is not None:
        from_at = moment_arguments.past(since, now)
        answer = await link.ask(requests.GetPresence(from_at))
        assert isinstance(answer, answers.PresenceSpans)
        spent = _seconds(answer.spans, from_at, now)
    if as_json:
        for one in people:
            more = {} if since is None else {"seconds": spent.get(one.id, {})}
            write(json_line({**msgspec.to_builtins(one), **more}))
    elif people:
        head = ["AGENT", "NAME", "PRESENCE", "FOR", "PLACES"]
        head += [] if since is None else [state.replace("_", " ").upper() for state in _STATES]
        for line in table([*head, "SKILLS"], [_row(one, now, spent.get(one.id), since) for one in people]):
            write(line)
    else:
        write("Nobody has had a desk here yet.")
    return 0


def _row(one: AgentView, now: int, spent: dict[str, int] | None, since: str | None) -> list[str]:
    presence = one.presence.replace("_", " ") + (f" ({one.reason})" if one.reason else "")
    seconds = [] if since is None else [(spent or {}).get(state) for state in _STATES]
    times = ["-" if each is None else age(each * 1000) for each in seconds]
    places = f"{one.assigned} of {one.capacity}"
    return [one.id, one.name, presence, age(now - one.since), places, *times, ", ".join(one.skills) or "every skill"]


def _seconds(spans: list[PresenceSpanView], since: int, now: int) -> dict[str, dict[str, int]]:
    """Of each agent the seconds in each state."""
    spent: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for span in spans:
        until = now if span.until_at is None else span.until_at
        spent[span.agent][span.state] += max(0, until - max(span.from_at, since))
    return {agent: {state: ms // 1000 for state, ms in states.items()} for agent, states in spent.items()}


async def presence(link: Link, wanted: str, reason: str, *, as_json: bool) -> int:
    state = wanted.replace("-", "_")
    await link.ask(requests.SetPresence(state, reason))
    agent = link.agent.id if link.agent else ""
    if as_json:
        write(json_line({"agent": agent, "presence": state, "reason": reason}))
    else:
        write(plain(f"{agent} is {state.replace('_', ' ')}{f' ({reason})' if reason else ''}."))
    return 0


async def sign_off(link: Link, choice: str | None, due: str | None, *, as_json: bool) -> int:
    """Go off duty; `choice` (close, return, due) is what becomes of every conversation that is still theirs."""
    agent = link.agent.id if link.agent else ""
    due_at = None if due is None else moment_arguments.coming(due, link.now())
    owned = [one for one in (await link.snapshot()).conversations if one.state == "assigned" and one.agent == agent]
    leaving = [] if choice is None else [requests.SignOffChoice(one.id, choice, due_at) for one in owned]
    await link.ask(requests.SignOff(leaving))
    if as_json:
        write(
            json_line({"agent": agent, "choice": choice, "conversation_ids": [one.conversation_id for one in leaving]})
        )
    else:
        done = {"close": "closed", "return": "given back", "due": "put off"}.get(choice or "", "")
        write(plain(f"{agent} is off duty.{f' Conversations {done}: {len(leaving)}.' if leaving else ''}"))
    return 0
