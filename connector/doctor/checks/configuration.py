"""Whether a core would start with this configuration."""

from __future__ import annotations

from pathlib import Path

from connector.config.file import Config
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red


async def check(scene: Evidence) -> list[Finding]:
    return [judge(scene.config_path, scene.config, scene.config_trouble)]


def judge(path: Path | None, config: Config | None, trouble: str) -> Finding:
    if config is None:
        return red(trouble, "Mend it; a core does not start with it.")
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
        return amber(words, "Add numbers with `textdesk setup twilio`; without them every text is set aside.")
    return green(words)


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
