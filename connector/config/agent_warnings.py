"""What a core says at its start of the agents in its configuration: plain tokens, and skills that nothing needs."""

from __future__ import annotations

from collections.abc import Iterator

from connector.base import agent_token
from connector.base.alike import meant
from connector.config.file import Config


def needed_skills(config: Config) -> set[str]:
    """The skills that a number, a section or a fallback names."""
    numbers = [number for account in config.accounts.values() for number in account.numbers]
    found = {skill for number in numbers for skill in (number.skill, *number.skills.values())}
    fallbacks = (config.rules.of(skill).fallback for skill in config.rules.names)
    return found | config.source.skill_sections | set(filter(None, fallbacks))


def agent_warnings(config: Config) -> Iterator[str]:
    """One sentence or two for each agent that there is something to say of. No secret is in them."""
    needed = needed_skills(config)
    for name, agent in config.agents.items():
        if agent.token is not None:
            yield _of_token(name, agent.token.reveal(), config.source.token_places[name])
        for skill in agent.skills:
            if config.accounts and skill not in needed:
                alike = meant(skill, needed)
                hint = f": did you mean {alike}?" if alike else "."
                yield f"{config.source.path}: agents.{name}.skills: no number and no section needs {skill}{hint}"


def _of_token(name: str, token: str, place: str) -> str:
    is_weak = agent_token.most_bits(token) < agent_token.BITS
    weak = f" It is weak, too: less than {agent_token.BITS} bits." if is_weak else ""
    return (
        f"the token of {name} stands in plain text in {place}.{weak} `textdesk agent token {name}` issues one that is"
        " stored hashed; then remove `token =` from the agent's section"
    )
