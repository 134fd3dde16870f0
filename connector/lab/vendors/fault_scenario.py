"""Fault scenarios: TOML files that say what goes wrong between the vendors and the core, and how often.

Those in `scenarios/` are known by their names.

```toml
about = "Hooks come twice and in any order."
seed = 3                      # mixed with the simulator's own (0)

[[hooks]]                     # hooks with consumers' texts; at OpenMarket each segment is one
what = "double"               # double, late, lose (never sent) or forge (an unauthenticated one comes first)
chance = 0.3                  # of each hook (1)
at = [2, 5]                   # only the consumer's 2nd and 5th hook (any)
provider = "openmarket"       # only hooks of this vendor (both)
after_s = [0.1, 2.0]          # the delay of a late hook or of a copy, between these

[[sends]]                     # the core's sends and their receipts: the fields of SendBehaviour
send = "429"
retry_after_s = 2
chance = 0.2

[[pictures]]                  # fetches of consumers' pictures at Twilio
what = "404"                  # a status, or empty, page (HTML in its place), drop (no answer)
chance = 0.3                  # of each picture (1)
for_s = [1.0, 30.0]           # for a time between these after the text; [0, 0]: for ever

[[outages]]                   # no API responds, and no hook is sent
how = "refuse"                # refuse (no connection, at both vendors), or the status of every response: 503
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


class PictureFault(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    what: Literal["401", "404", "410", "503", "empty", "page", "drop"]
    chance: _Chance = 1.0
    for_s: tuple[Seconds, Seconds] = (1.0, 30.0)


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
    pictures: tuple[PictureFault, ...] = ()
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
