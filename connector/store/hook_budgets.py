"""The bytes that hooks which became no message may use in the store, by how much they have proven."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

_MB = 1024 * 1024


class Standing(StrEnum):
    """How much a hook has proven."""

    GENUINE = "genuine"
    UNUSED = "unused"  # genuine, and without anything that a consumer wrote: another program's receipts, for example
    LIKELY = "likely"  # for an account of ours, with a signature: perhaps by another secret or for another address
    UNPROVEN = "unproven"  # for an account of ours, and nothing else
    UNKNOWN = "unknown"  # for an account that there is not


class ByteLimits(Struct, frozen=True):
    """Of one budget, and of all budgets of the same standing."""

    each: int
    together: int


# Hooks of one standing never take the room of another's.
LIMITS = {
    Standing.GENUINE: ByteLimits(64 * _MB, 256 * _MB),
    Standing.UNUSED: ByteLimits(8 * _MB, 32 * _MB),
    Standing.LIKELY: ByteLimits(16 * _MB, 64 * _MB),
    Standing.UNPROVEN: ByteLimits(16 * _MB, 48 * _MB),
    Standing.UNKNOWN: ByteLimits(16 * _MB, 16 * _MB),
}


def budget(standing: Standing, account: str) -> str:
    """The name of the budget of such hooks for this account; those for made-up accounts share one."""
    return standing if standing is Standing.UNKNOWN else f"{standing} {account}"


def standing_of(name: str) -> Standing:
    """The standing that a budget's name begins with."""
    return Standing(name.partition(" ")[0])


def excess(sizes: dict[str, int]) -> tuple[str, int] | None:
    """The budget that has to give way first, and by how many bytes at least; None when all are within their limits.

    Where budgets of one standing are too large only together, the largest gives way.
    """
    together: dict[Standing, list[str]] = {}
    for name in sizes:
        together.setdefault(standing_of(name), []).append(name)
    for standing, names in together.items():
        largest = max(names, key=lambda name: sizes[name])
        limits = LIMITS[standing]
        over = max(sizes[largest] - limits.each, sum(sizes[name] for name in names) - limits.together)
        if over > 0:
            return largest, min(over, sizes[largest])
    return None
