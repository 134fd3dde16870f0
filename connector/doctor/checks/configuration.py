"""Whether a core would start with this configuration."""

from __future__ import annotations

from pathlib import Path

from connector.config.file import Config
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red


async def check(evidence: Evidence) -> list[Finding]:
    return [judge(evidence.config_path, evidence.config, evidence.config_trouble)]


def judge(path: Path | None, config: Config | None, trouble: str) -> Finding:
    if config is None:
        return red(trouble, "Correct it; no core starts with it.")
    if path is None:
        return amber(
            "There is no textdesk.toml here or in the data directory, so no account is known.",
            "Give --config FILE, or make one with `textdesk setup twilio`.",
        )
    if not config.accounts:
        return amber(f"{path} has no accounts, so no texts come in.", "Add one with `textdesk setup twilio`.")
    numbers = sum(len(account.numbers) for account in config.accounts.values())
    words = f"{path}: {_count(len(config.accounts), 'account')}, {_count(numbers, 'number')}."
    if not numbers:
        return amber(words, "Add numbers with `textdesk setup twilio`; without them every text goes to quarantine.")
    return green(words)


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
