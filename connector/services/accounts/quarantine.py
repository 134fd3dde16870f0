"""Calls that became no message: letting one in after all."""

from __future__ import annotations

from connector.domain.refusals import Refused
from connector.providers.values import Arrival
from connector.services.conversations.inbound import Inbound
from connector.store.ports import Transaction
from connector.store.values import HookState, RawHook
from connector.wire.refusals import RefusalCode

# Of calls that prove nothing so much is kept, and a longer one cannot be read any more. Genuine ones are kept whole,
# however long they are.
KEPT_BODY = 64 * 1024


def demand_releasable(hook: RawHook | None) -> RawHook:
    """Raises Refused unless it waits in quarantine, whole."""
    if hook is None:
        raise Refused(RefusalCode.UNKNOWN_HOOK, "There is no such call; calls are kept for 14 days.")
    if hook.state not in (HookState.REFUSED, HookState.UNREADABLE, HookState.UNROUTABLE):
        raise Refused(RefusalCode.BAD_REQUEST, "This call was taken already.")
    if len(hook.body) == KEPT_BODY:
        raise Refused(RefusalCode.BAD_REQUEST, "Only the first 64 KB of this call were kept, so it cannot be read.")
    return hook


def release(tx: Transaction, inbound: Inbound, hook: RawHook, arrivals: list[Arrival], agent: str, now: int) -> None:
    """Take what it says, as if it had proven itself. Raises Refused where it still belongs to no line of ours."""
    taken = inbound.take_arrivals(tx, hook.account, arrivals, now)
    if taken.unroutable:
        raise Refused(RefusalCode.BAD_REQUEST, f"{taken.unroutable} is still not a number of {hook.account}.")
    tx.hooks.set_state(hook.id, HookState.TAKEN, f"released by {agent}; was {hook.state}: {hook.reason}")
