"""Whether a core would start with this configuration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from connector.base.alike import meant
from connector.base.counted import count
from connector.config.agent_warnings import needed_skills
from connector.config.file import Config
from connector.config.number_warnings import number_warnings
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red

_SHOWN = 5

_SETUP = "`textdesk setup twilio`, `openmarket` or `generic`"


async def check(evidence: Evidence) -> list[Finding]:
    found = [judge(evidence.config_path, evidence.config, evidence.config_trouble)]
    if evidence.config is not None and evidence.accounts:
        found += judge_skills(evidence.config)
        stored = evidence.stored.agent_skills or [agent.skills for agent in evidence.config.agents.values()]
        found += [amber(words, "Correct it, if it is not meant.") for words in number_warnings(evidence.config, stored)]
    return found


def judge(path: Path | None, config: Config | None, trouble: str) -> Finding:
    if config is None:
        return red(trouble, "Correct it; no core starts with it.")
    if path is None:
        return amber(
            "There is no textdesk.toml here or in the data directory, so no account is known.",
            f"Give --config FILE, or make one with {_SETUP}.",
        )
    if not config.accounts:
        return amber(f"{path} has no accounts, so no texts come in.", f"Add one with {_SETUP}.")
    numbers = sum(len(account.numbers) for account in config.accounts.values())
    words = f"{path}: {count(len(config.accounts), 'account')}, {count(numbers, 'number')}."
    if not numbers:
        provider = next(iter(config.accounts.values())).provider
        return amber(
            words, f"Add numbers with `textdesk setup {provider}`; without them every text goes to quarantine."
        )
    return green(words)


def judge_skills(config: Config) -> list[Finding]:
    """Skills of agents that no number and no section of a skill names."""
    named = needed_skills(config)
    agents: dict[str, list[str]] = {}
    for name, agent in config.agents.items():
        for skill in agent.skills:
            if skill not in named:
                agents.setdefault(skill, []).append(name)
    return [_unnamed(skill, having, meant(skill, named)) for skill, having in agents.items()]


def _unnamed(skill: str, agents: Sequence[str], alike: str) -> Finding:
    who = ", ".join(f"agents.{name}" for name in agents[:_SHOWN])
    more = f" and {len(agents) - _SHOWN} more" if len(agents) > _SHOWN else ""
    return amber(
        f"No number, fallback or [skills.NAME] names the skill {skill} of {who}{more}.",
        f"{f'Did you mean {alike}?' if alike else 'Correct it.'} If it is meant, for transfers, an empty"
        f" [skills.{skill}] says so.",
    )
