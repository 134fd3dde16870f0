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
    """One sentence for each number that there is something to say of. `agent_skills`: those of each agent, as stored,
    without who is disabled; none listed means all."""
    lists = [*agent_skills]
    fallbacks = filter(None, (config.rules.of(skill).fallback for skill in config.rules.names))
    configured = config.source.skill_sections | set(fallbacks)
    has_all = any(not skills for skills in lists)  # some agent has all skills
    # Then the skills of other agents say nothing of what the number's should have been.
    named = configured if has_all else configured | {skill for each in lists for skill in each}
    for name, account in config.accounts.items():
        for number in account.numbers:
            place = f"{config.source.path}: accounts.{name}.numbers: {number.address}"
            if is_e164(number.address) and not is_possible(number.address):
                yield f"{place} is no possible number: no country has numbers that begin like this and are as long."
            for skill in sorted({number.skill, *number.skills.values()} - named):
                alike = meant(skill, named)
                if has_all and (not alike or any(skill in each for each in lists)):
                    continue
                if not alike and not lists:  # agents may come
                    continue
                who = "only agents of all skills have" if has_all else f"no agent and no section [skills.{skill}] has"
                yield f"{place}: {who} the skill {skill}{f': did you mean {alike}?' if alike else '.'}"
