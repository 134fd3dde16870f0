"""What defines an agent, apart from where they are and what they do."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.agent import Agent

DEFINING = (
    "name",
    "skills",
    "capacity",
    "role",
    "sees",
    "accounts",
    "os_user",
    "is_disabled",
    "is_provisioned",
    "phone",
)


def with_definition(known: Agent | None, defined: Agent) -> Agent:
    """The agent as defined, with the presence and moments that are known of them."""
    return defined if known is None else replace(known, **{name: getattr(defined, name) for name in DEFINING})


def changed_fields(before: Agent, after: Agent) -> list[str]:
    return [name for name in DEFINING if getattr(before, name) != getattr(after, name)]


def in_details(agent: Agent, *names: str) -> dict[str, str | int | list[str]]:
    """These fields of an agent as details of the audit."""
    found: dict[str, str | int | list[str]] = {}
    for name in names:
        value = getattr(agent, name)
        if name == "phone":
            value = "set" if value else "removed"  # the audit holds no numbers
        found[name] = list(value) if isinstance(value, tuple) else value if isinstance(value, int) else str(value)
    return found
