"""What an agent's OS user means for the other agents of that user."""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain.agent import Agent


def notes(agent: Agent, all_agents: Sequence[Agent]) -> list[str]:
    """A sentence where the OS user of this agent also signs in as another, by that one's name or `os_user`.

    `admission.by_os_user` picks the agent at a sign-in.
    """
    user = agent.os_user or agent.id
    others = [one for one in all_agents if one.id != agent.id and not one.is_disabled]
    configured = [one.id for one in others if one.os_user == user]
    if configured and agent.os_user:
        names = ", ".join(sorted([*configured, agent.id]))
        return [f"The OS user {user} has several agents, {names}: from their next sign-in on, --agent says which."]
    if configured:
        return [
            f"The OS user {user} signs in as {', '.join(sorted(configured))}; as {agent.id} with --agent {agent.id}."
        ]
    if any(one.id == user and not one.os_user for one in others):
        changed = f"The OS user {user} signed in as the agent {user}, and is {agent.id} from the next sign-in on"
        rest = f"{user}'s conversations stay {user}'s, with --agent {user}"
        return [f"{changed}, with the skills and rights of {agent.id}; {rest}."]
    return []
