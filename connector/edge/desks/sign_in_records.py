"""Which sign-ins go into the audit: each new one, but not every call of a script, nor every guess of a stranger."""

from __future__ import annotations

from collections import OrderedDict

from connector.base.clock import Clock
from connector.base.token_bucket import TokenBucket
from connector.services.agents.admission import Principal
from connector.wire import frames

_Key = tuple[str, str, str, str]  # agent, way, source, desk
_AGAIN_MS = 3_600_000  # the same is recorded again after this time
_REMEMBERED = 4096
_REFUSALS, _REFUSALS_PER_S = 60, 60 / 3600  # at once, and in the long run
WRONG_TOKEN = "wrong token"  # the way of who has proven nothing


class SignInRecords:
    """What this core has recorded of late. Desks that come back after their connection was lost are not new."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._recorded: OrderedDict[_Key, int] = OrderedDict()
        self._of_strangers = TokenBucket(clock, _REFUSALS, _REFUSALS_PER_S)
        self._of_known = TokenBucket(clock, _REFUSALS, _REFUSALS_PER_S)

    def is_due(self, person: Principal, sign_in: frames.SignIn) -> bool:
        """Whether this sign-in is to be recorded: the same was not within the last hour."""
        return self._is_new(_key(person, sign_in))

    def recorded(self, person: Principal, sign_in: frames.SignIn) -> None:
        """It is committed."""
        self._remember(_key(person, sign_in))

    def is_refusal_due(self, agent: str, way: str, source: str) -> bool:
        """The same for one that is refused, which counts as recorded then. All of them together are bounded, and those
        that strangers can cause for themselves, so that they hide no other."""
        key = (agent, way, source, "refused")
        bucket = self._of_strangers if way == WRONG_TOKEN else self._of_known
        if bucket.wait_s(1) or not self._is_new(key):
            return False
        bucket.take(1)
        self._remember(key)
        return True

    def _is_new(self, key: _Key) -> bool:
        at = self._recorded.get(key)
        return at is None or self._clock.steady() - at >= _AGAIN_MS

    def _remember(self, key: _Key) -> None:
        self._recorded[key] = self._clock.steady()
        self._recorded.move_to_end(key)
        if len(self._recorded) > _REMEMBERED:
            self._recorded.popitem(last=False)


def _key(person: Principal, sign_in: frames.SignIn) -> _Key:
    return person.agent, person.way, person.source, "" if sign_in.role == "tool" else sign_in.desk
