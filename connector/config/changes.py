"""What differs between two configurations, in words, and what of it takes a restart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from connector.config.file import Config

Values = Mapping[str, Mapping[str, Any]]  # by name and key

# Sections of what a core opens when it starts: its database, and where it listens.
_FIXED = ("core", "hooks", "desks")
# The relay is another process; the source is no setting.
_NOT_SETTINGS = (*_FIXED, "agents", "accounts", "rules", "relay", "source")


_SECTION_GONE = "disabled (no section any more; signed out, conversations back in the queue)"


class ConfigChanges(Struct, frozen=True):
    """Each list names what was added, removed or changed, such as "anna: skills, token".

    Keys are named and no values, as some are secret.
    """

    agents: list[str] = []
    skills: list[str] = []
    lines: list[str] = []
    accounts: list[str] = []
    settings: list[str] = []  # by section

    def any(self) -> bool:
        return bool(self.agents or self.skills or self.lines or self.accounts or self.settings)


def fixed_keys(old: Config, new: Config) -> list[str]:
    """The keys that differ and are read only when a core starts.

    `accounts` is one of them where none would be left: a file that was caught while it was saved may be empty, which is
    a valid one.
    """
    before, after = ({name: _fields(getattr(config, name)) for name in _FIXED} for config in (old, new))
    found = [f"{name}.{key}" for name in _FIXED for key in _differing(before[name], after[name])]
    return [*found, "accounts"] if old.accounts and not new.accounts else found


def changes(old: Config, new: Config) -> ConfigChanges:
    """What differs of all that a running core can take over."""
    return ConfigChanges(
        agents=_differences(_agents(old), _agents(new), removed=_SECTION_GONE),
        skills=_differences(_skills(old), _skills(new)),
        lines=_differences(_lines(old), _lines(new)),
        accounts=_differences(_accounts(old), _accounts(new)),
        settings=_differences(_settings(old), _settings(new)),
    )


def _agents(config: Config) -> Values:
    capacities = {name: config.agent(name).capacity for name in config.agents}
    return {name: {**_fields(agent), "capacity": capacities[name]} for name, agent in config.agents.items()}


def _skills(config: Config) -> Values:
    return {name: _fields(config.rules.of(name)) for name in config.rules.names}


def _lines(config: Config) -> Values:
    return {
        number.address: {**_fields(number), "account": name}
        for name, account in config.accounts.items()
        for number in account.numbers
    }


def _accounts(config: Config) -> Values:
    return {
        name: {**_fields(account, but=["numbers"]), "provider": account.provider}
        for name, account in config.accounts.items()
    }


def _settings(config: Config) -> Values:
    sections = [name for name in config.__struct_fields__ if name not in _NOT_SETTINGS]
    found = {name: _fields(getattr(config, name)) for name in sections}
    found["routing"] = {**found["routing"], "hours": config.rules.of("").hours}  # of skills without their own
    return found


def _fields(section: Struct | None, but: Iterable[str] = ()) -> dict[str, Any]:
    names = () if section is None else section.__struct_fields__
    return {name: getattr(section, name) for name in names if name not in but}


def _differences(old: Values, new: Values, removed: str = "removed") -> list[str]:
    found = []
    for name in sorted({*old, *new}):
        if name not in old:
            found.append(f"{name}: added")
        elif name not in new:
            found.append(f"{name}: {removed}")
        elif keys := _differing(old[name], new[name]):
            found.append(f"{name}: {', '.join(keys)}")
    return found


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [key for key in {**old, **new} if old.get(key) != new.get(key)]
