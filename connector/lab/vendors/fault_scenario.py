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

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from connector.lab.vendors.send_behaviour import Company, Seconds, SendBehaviour

_BUILT_IN = Path(__file__).parent / "scenarios"

_Chance = Annotated[float, Meta(ge=0, le=1)]
_Places = tuple[Annotated[int, Meta(ge=1)], ...]


class HookFault(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    what: Literal["double", "late", "lose", "forge"]
    chance: _Chance = 1.0
    at: _Places = ()
    provider: Company | None = None
    after_s: tuple[Seconds, Seconds] = (0.0, 1.0)


class SendFault(SendBehaviour, frozen=True, forbid_unknown_fields=True, kw_only=True):
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
