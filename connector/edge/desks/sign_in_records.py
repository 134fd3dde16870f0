"""Which sign-ins go into the audit: each new one, but not every call of a script, nor every guess of a stranger."""

from __future__ import annotations

from collections import OrderedDict

from connector.base.clock import Clock
from connector.base.token_bucket import TokenBucket
from connector.services.agents.admission import Principal
from connector.wire import frames

_AGAIN_MS = 3_600_000  # the same is recorded again after this time
_REMEMBERED = 4096
_REFUSALS, _REFUSALS_PER_S = 60, 60 / 3600  # at once, and in the long run


class SignInRecords:
    """What this core has recorded of late. Desks that come back after their connection was lost are not new."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._recorded: OrderedDict[tuple[str, str, str, str], int] = OrderedDict()
        self._refusals = TokenBucket(clock, _REFUSALS, _REFUSALS_PER_S)

    def is_due(self, person: Principal, sign_in: frames.SignIn) -> bool:
        """Whether this sign-in is to be recorded; it counts as recorded then."""
        desk = "" if sign_in.role == "tool" else sign_in.desk
        return self._is_new((person.agent, person.way, person.source, desk))

    def is_refusal_due(self, agent: str, way: str, source: str) -> bool:
        """The same for one that is refused. All of them together are bounded: strangers can cause them."""
        if self._refusals.wait_s(1) or not self._is_new((agent, way, source, "refused")):
            return False
        self._refusals.take(1)
        return True

    def _is_new(self, key: tuple[str, str, str, str]) -> bool:
        """Whether the same was not recorded within the last hour."""
        now = self._clock.steady()
        at = self._recorded.get(key)
        if at is not None and now - at < _AGAIN_MS:
            return False
        self._recorded[key] = now
        self._recorded.move_to_end(key)
        if len(self._recorded) > _REMEMBERED:
            self._recorded.popitem(last=False)
        return True
