"""Hooks in quarantine that are unreadable or for an unknown line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green
from connector.store.values import HookState

_SHOWN = 3


async def check(evidence: Evidence) -> list[Finding]:
    if not evidence.stored.is_current or not evidence.accounts:
        return []
    aside = [h for h in evidence.stored.set_aside if h.state in (HookState.UNROUTABLE, HookState.UNREADABLE)]
    return [judge(Counter(hook.reason.rstrip(".") for hook in aside), is_least=evidence.stored.has_more_aside)]


def judge(reasons: Mapping[str, int], *, is_least: bool = False) -> Finding:
    """`reasons`: why, and how often in the last day. `is_least`: there may be more."""
    if not reasons:
        return green("Every hook of the last day was for a known number.")
    shown = "; ".join(f"{reason} ({count})" for reason, count in Counter(reasons).most_common(_SHOWN))
    least = "at least " if is_least else ""
    more = f"; and {len(reasons) - _SHOWN} other reasons" if len(reasons) > _SHOWN else ""
    return amber(
        f"Hooks of the last day that went to quarantine: {least}{sum(reasons.values())}, most of them: {shown}{more}.",
        "Add the numbers with `textdesk setup`, or take our address off them. Genuine hooks stay there for 60 days.",
    )
