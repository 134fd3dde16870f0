"""Draws the faults of a scenario: the same seed draws the same ones."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec import Struct

from connector.lab.vendors.fault_scenario import FaultScenario, HookFault, SendFault
from connector.lab.vendors.send_behaviour import Company, SendBehaviour


class HookPlan(Struct, frozen=True):
    """How one hook with a consumer's text is sent. `again_after_s` has the delay of each copy."""

    is_lost: bool = False
    is_forged: bool = False
    late_s: float = 0.0
    again_after_s: tuple[float, ...] = ()


_Fault = TypeVar("_Fault", HookFault, SendFault)


class FaultInjector:
    """Draws the faults of each hook and send; `done` counts those that happened.

    `count` gives 0, 1, 2, … per consumer and kind. The faults of a request depend only on its consumer and its number
    among that consumer's requests, so the order in which consumers text changes nothing.
    """

    def __init__(self, scenario: FaultScenario, seed: int, count: Callable[[str, str], int]) -> None:
        self._scenario = scenario
        self._seed = f"{seed}:{scenario.seed}"
        self._count = count
        self.done: Counter[str] = Counter()

    def hook(self, provider: Company, consumer: str) -> HookPlan:
        is_lost = is_forged = False
        late_s = 0.0
        again: list[float] = []
        for fault, chance in self._drawn(self._scenario.hooks, "hooks", provider, consumer):
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
        return HookPlan(is_lost, is_forged, late_s, tuple(again))

    def picture(self, media_sid: str, age_s: float) -> str | None:
        """What goes wrong with a fetch of this picture, so long after its text: the first that applies, or None."""
        for number, fault in enumerate(self._scenario.pictures):
            chance = random.Random(f"{self._seed}:pictures:{number}:{media_sid}")
            if chance.random() < fault.chance:
                for_s = chance.uniform(*fault.for_s)
                if not for_s or age_s < for_s:
                    self.done[f"picture {fault.what}"] += 1
                    return fault.what
        return None

    def send(self, provider: Company, consumer: str) -> SendBehaviour:
        """All faults that apply, in one; where two set the same field, the first counts."""
        behaviour = SendBehaviour()
        for fault, _ in self._drawn(self._scenario.sends, "sends", provider, consumer):
            changes = {
                name: getattr(fault, name)
                for name, default in _DEFAULTS.items()
                if getattr(fault, name) != default and getattr(behaviour, name) == default
            }
            self.done.update(f"{name} {value}" for name, value in changes.items())
            behaviour = msgspec.structs.replace(behaviour, **changes)
        return behaviour

    def _drawn(
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


_DEFAULTS = msgspec.structs.asdict(SendBehaviour())
