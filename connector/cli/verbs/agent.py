"""`textdesk agent`: who the agents are, what they may do, and the tokens they sign in by."""

from __future__ import annotations

import os
import pwd
from argparse import Namespace
from typing import Any

import msgspec

from connector.base.counted import count
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import age, json_line, note, plain, table, write
from connector.wire import administration, answers, requests
from connector.wire.views import AgentDefinitionView

_HEAD = ["AGENT", "NAME", "ROLE", "SEES", "OS USER", "FROM", "TOKENS", "SIGNED IN", "ACCOUNTS", "SKILLS"]
_FIELDS = ("name", "role", "sees", "capacity", "os_user", "phone")
_LISTS = ("skills", "accounts")


def check(options: Namespace) -> None:
    if options.action == "set" and not _changes(options):
        raise CommandFailed("Say what to change: `textdesk agent set --help` lists it.", os.EX_USAGE)


async def run(link: Link, options: Namespace) -> int:
    match options.action:
        case "list":
            await _list(link, as_json=options.json)
        case "token":
            await _issue(link, options.agent_name, as_json=options.json)
        case "revoke":
            await link.ask(administration.RevokeToken(options.token_id))
            write(json_line({"revoked": options.token_id}) if options.json else "Revoked: no desk can sign in with it.")
        case _:
            saved = await link.ask(_request(options))
            assert isinstance(saved, answers.AgentSaved)
            _print_saved(saved, [*saved.notes, *_no_os_user(link, options)], options)
    return 0


def _request(options: Namespace) -> requests.Request:
    match options.action:
        case "add":
            return administration.AddAgent(options.agent_name, **_changes(options))
        case "set":
            return administration.SetAgent(options.agent_name, **_changes(options))
        case "disable":
            return administration.DisableAgent(options.agent_name)
    return administration.EnableAgent(options.agent_name)


def _changes(options: Namespace) -> dict[str, Any]:
    """What the flags say of an agent."""
    found: dict[str, Any] = {}
    for field in (*_FIELDS, *_LISTS):
        if (value := getattr(options, field, None)) is not None:
            found[field] = [one.strip() for one in value.split(",") if one.strip()] if field in _LISTS else value
    return found


async def _list(link: Link, *, as_json: bool) -> None:
    agents: list[AgentDefinitionView] = []
    more = True
    while more:
        page = await link.ask(administration.GetAgents(agents[-1].id if agents else ""))
        assert isinstance(page, answers.AgentPage)
        agents += page.agents
        more = page.more
    now = link.now()
    if as_json:
        for one in agents:
            write(json_line(msgspec.to_builtins(one)))
    elif agents:
        for line in table(_HEAD, [_row(one, now) for one in agents]):
            write(line)
    else:
        write("There is no agent yet: `textdesk agent add NAME`.")


def _row(one: AgentDefinitionView, now: int) -> list[str]:
    signed_in = [f"{at.way}{f' at {at.source}' if at.source else ''}, {age(now - at.at)}" for at in one.signed_in]
    return [
        one.id,
        one.name if one.name != one.id else "",
        f"{one.role}, disabled" if one.is_disabled else one.role,
        one.sees,
        one.os_user or one.id,
        "configuration" if one.is_provisioned else "store",
        ", ".join(f"{each.id}{' (configuration)' if each.is_provisioned else ''}" for each in one.tokens) or "-",
        "; ".join(signed_in) or "-",
        ", ".join(one.accounts) or "every account",
        ", ".join(one.skills) or "every skill",
    ]


async def _issue(link: Link, agent: str, *, as_json: bool) -> None:
    issued = await link.ask(administration.IssueToken(agent))
    assert isinstance(issued, answers.TokenIssued)
    if not issued.token:
        words = f"A token was issued, and its answer lost: `textdesk agent revoke {issued.token_id}`, then try again."
        raise CommandFailed(words, os.EX_TEMPFAIL)
    if as_json:
        write(json_line(msgspec.to_builtins(issued)))
        return
    write(plain(issued.token))
    words = f"Token {issued.token_id} of {issued.agent}, shown this once. Store it in a file that only they can read"
    note(f"{words} (`umask 077`), for --token-file.")


def _no_os_user(link: Link, options: Namespace) -> list[str]:
    """A sentence for an OS user that was named and is not there, if this is the core's host."""
    user = getattr(options, "os_user", None)
    if not user or not link.is_on_this_host:
        return []
    try:
        pwd.getpwnam(user)
    except KeyError:
        return [f"This host has no OS user {user} yet: they sign in once there is one."]
    return []


def _print_saved(saved: answers.AgentSaved, notes: list[str], options: Namespace) -> None:
    agent = saved.agent
    if options.json:
        write(json_line({**msgspec.to_builtins(agent), "notes": notes}))
        return
    for words in notes:
        note(words)
    state = "is disabled" if agent.is_disabled else f"is {'an' if agent.role[0] in 'aeiou' else 'a'} {agent.role}"
    skills = ", ".join(agent.skills) or "every skill"
    accounts = ", ".join(agent.accounts) or "every account"
    write(plain(f"{agent.id} {state}: {skills}; {accounts}; sees {agent.sees}; {count(agent.capacity, 'place')}."))
    if agent.phone:
        write(plain(f"While they are on call, alerts are texted to {agent.phone}."))
    if options.action == "add":
        write(
            plain(f"On this host they sign in as the OS user {agent.os_user or agent.id}; from elsewhere with a token:")
        )
        write(plain(f"  textdesk agent token {agent.id}"))
