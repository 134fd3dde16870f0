"""What a core says of the numbers in its configuration: skills that nothing else names, and what no country has.

None of it keeps a core from starting: a skill may be meant, and plans change more often than this is updated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from connector.base.alike import meant
from connector.config.file import Config
from connector.domain.address import is_possible
from connector.sms.addresses import is_e164


def number_warnings(config: Config, agent_skills: Iterable[Sequence[str]]) -> Iterator[str]:
    """One sentence for each number that there is something to say of. `agent_skills`: those of each agent, as stored;
    none listed means all."""
    lists = [*agent_skills]
    fallbacks = filter(None, (config.rules.of(skill).fallback for skill in config.rules.names))
    named = {skill for each in lists for skill in each} | config.source.skill_sections | set(fallbacks)
    is_served = not lists or not all(lists)  # by an agent of all skills, or those to come
    for name, account in config.accounts.items():
        for number in account.numbers:
            place = f"{config.source.path}: accounts.{name}.numbers: {number.address}"
            if is_e164(number.address) and not is_possible(number.address):
                yield f"{place} is no possible number: no country has numbers that begin like this and are as long."
            for skill in sorted({number.skill, *number.skills.values()} - named):
                alike = meant(skill, named)
                if alike or not is_served:
                    hint = f": did you mean {alike}?" if alike else "."
                    yield f"{place}: no agent and no section [skills.{skill}] has the skill {skill}{hint}"
