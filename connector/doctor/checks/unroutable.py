"""Whether calls were set aside that belong to nobody here, or could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green
from connector.store.values import HookState

_SHOWN = 3


async def check(scene: Evidence) -> list[Finding]:
    if not scene.stored.is_current or not scene.accounts():
        return []
    aside = [h for h in scene.stored.set_aside if h.state in (HookState.UNROUTABLE, HookState.UNREADABLE)]
    return [judge(Counter(hook.reason.rstrip(".") for hook in aside))]


def judge(reasons: Mapping[str, int]) -> Finding:
    """`reasons`: why, and how often in the last day."""
    if not reasons:
        return green("Every call of the last day found its number.")
    shown = "; ".join(f"{reason} ({count})" for reason, count in Counter(reasons).most_common(_SHOWN))
    more = f"; and {len(reasons) - _SHOWN} other reasons" if len(reasons) > _SHOWN else ""
    return amber(
        f"Calls of the last day that were set aside: {sum(reasons.values())}, most of them: {shown}{more}.",
        "Add the numbers with `textdesk setup`, or take our address off them; what was set aside is kept for 14 days.",
    )
