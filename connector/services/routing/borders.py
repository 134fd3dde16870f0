"""What belongs to an account, where accounts are borders."""

from __future__ import annotations

from collections.abc import Iterable

from connector.domain.agent import Agent
from connector.services.settings import BrandSettings


def skills_of(account: str, brand: BrandSettings, agents: Iterable[Agent]) -> list[str]:
    """The skills that a conversation of this account can be of, by name.

    All of them while no agent is bound to accounts. Else not those that only other accounts' lines and agents name.
    """
    agents = [*agents]
    if not any(agent.accounts for agent in agents):
        return [*brand.rules.names]
    own: set[str] = set()
    foreign: set[str] = set()
    for line in brand.lines.values():
        (own if line.account == account else foreign).update(
            skill for skill in (line.skill, line.follow_up_skill) if skill is not None
        )
    for agent in agents:
        (own if agent.serves(account) else foreign).update(agent.skills)
    return [skill for skill in brand.rules.names if skill in own or skill not in foreign]
