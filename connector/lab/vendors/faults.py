"""Scenarios: named, seeded faults on the way between the vendors and the core. The same seed draws the same faults.

A scenario is a TOML file; those in `scenarios/` go by their names.

```toml
about = "Hooks come twice and in any order."
seed = 3                      # mixed with the simulator's own (0)

[[hooks]]                     # calls with consumers' texts; every segment is one at OpenMarket
what = "double"               # double, late, lose (never made) or forge (another one without proof goes before)
chance = 0.3                  # of each call (1)
at = [2, 5]                   # only the consumer's 2nd and 5th call (any)
provider = "openmarket"       # only calls of this company (both)
after_s = [0.1, 2.0]          # how late a late call or a copy comes, between these

[[sends]]                     # the core's sends and their receipts: the fields of behaviour.Fate
send = "429"
retry_after_s = 2
chance = 0.2

[[outages]]                   # nothing answers, and no hook is made
how = "refuse"                # refuse (no connection; of both companies), or the status of every answer: 503
from_s = 4                    # after the core is known
for_s = 6
```
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from connector.lab.vendors.behaviour import Company, Fate, Seconds

_BUILT_IN = Path(__file__).parent / "scenarios"

_Chance = Annotated[float, Meta(ge=0, le=1)]
_Places = tuple[Annotated[int, Meta(ge=1)], ...]


class HookFault(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    what: Literal["double", "late", "lose", "forge"]
    chance: _Chance = 1.0
    at: _Places = ()
    provider: Company | None = None
    after_s: tuple[Seconds, Seconds] = (0.0, 1.0)


class SendFault(Fate, frozen=True, forbid_unknown_fields=True, kw_only=True):
    chance: _Chance = 1.0
    at: _Places = ()
    provider: Company | None = None


class VendorOutage(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    how: Literal["refuse", "503"]
    from_s: Seconds
    for_s: Seconds
    provider: Company | None = None

    def __post_init__(self) -> None:
        if self.how == "refuse" and self.provider is not None:
            raise ValueError("an outage that refuses connections is of both companies: they share one port")


class FaultScenario(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    about: str = ""
    seed: int = 0
    hooks: tuple[HookFault, ...] = ()
    sends: tuple[SendFault, ...] = ()
    outages: tuple[VendorOutage, ...] = ()


class Plan(Struct, frozen=True):
    """How one call with a consumer's text is made. `again_after_s` has one number for each copy."""

    is_lost: bool = False
    is_forged: bool = False
    late_s: float = 0.0
    again_after_s: tuple[float, ...] = ()


_Fault = TypeVar("_Fault", HookFault, SendFault)


class Faults:
    """Draws what happens to each call; `done` counts what did.

    `count` gives 0, 1, 2, … for each consumer and each thing counted: a call is known by its consumer and its place
    among that consumer's, so that nothing else decides what happens to it.
    """

    def __init__(self, scenario: FaultScenario, seed: int, count: Callable[[str, str], int]) -> None:
        self._scenario = scenario
        self._seed = f"{seed}:{scenario.seed}"
        self._count = count
        self.done: Counter[str] = Counter()

    def hook(self, provider: Company, consumer: str) -> Plan:
        is_lost = is_forged = False
        late_s = 0.0
        again: list[float] = []
        for fault, chance in self._hits(self._scenario.hooks, "hooks", provider, consumer):
            self.done[f"hook {fault.what}"] += 1
            match fault.what:
                case "lose":
                    is_lost = True
                case "forge":
                    is_forged = True
                case "late":
                    late_s = max(late_s, chance.uniform(*fault.after_s))
                case "double":
                    again.append(chance.uniform(*fault.after_s))
        return Plan(is_lost, is_forged, late_s, tuple(again))

    def send(self, provider: Company, consumer: str) -> Fate:
        """All faults that hit, in one; where two say different things, the first does."""
        fate = Fate()
        for fault, _ in self._hits(self._scenario.sends, "sends", provider, consumer):
            changes = {
                name: getattr(fault, name)
                for name, usual in _USUAL.items()
                if getattr(fault, name) != usual and getattr(fate, name) == usual
            }
            self.done.update(f"{name} {value}" for name, value in changes.items())
            fate = msgspec.structs.replace(fate, **changes)
        return fate

    def _hits(
        self, faults: tuple[_Fault, ...], kind: str, provider: Company, consumer: str
    ) -> list[tuple[_Fault, random.Random]]:
        if not faults:
            return []
        place = self._count(consumer, kind) + 1
        found = []
        for number, fault in enumerate(faults):
            chance = random.Random(f"{self._seed}:{kind}:{number}:{consumer}:{place}")
            is_meant = fault.provider in (None, provider) and (not fault.at or place in fault.at)
            if is_meant and chance.random() < fault.chance:
                found.append((fault, chance))
        return found


_USUAL = msgspec.structs.asdict(Fate())


def built_in() -> list[str]:
    """The names of the scenarios that come with the simulator."""
    return sorted(path.stem for path in _BUILT_IN.glob("*.toml"))


def load(name: str) -> FaultScenario:
    """A built-in scenario by its name, or one from a file. Raises ValueError with one sentence."""
    path = _BUILT_IN / f"{name}.toml" if name in built_in() else Path(name)
    try:
        return msgspec.toml.decode(path.read_bytes(), type=FaultScenario)
    except FileNotFoundError:
        known = ", ".join(built_in())
        raise ValueError(f"{name} is neither a scenario nor a file; the scenarios are {known}.") from None
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise ValueError(f"The scenario {path} cannot be used: {error}") from error
