"""Hooks in quarantine that are unreadable, or for an unknown line or account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import Enum

from connector.base.counted import count
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green
from connector.store.hook_budgets import Standing, standing_of
from connector.store.values import HookState, RawHook

_SHOWN = 3


class Kind(Enum):
    """What can be done about a hook: what it is, and the advice."""

    UNKNOWN_LINE = (
        "Genuine hooks for numbers that are not configured",
        "Add the numbers to the account, `textdesk reload`, and release these hooks in the desk's provider panel (F4),"
        " or take our address off them at the provider. They stay for 60 days.",
    )
    UNREADABLE = (
        "Genuine, unreadable hooks",
        "Compare what the provider sends, and to which address, with what its documentation and ours say; a text may"
        " be in them. They stay for 60 days.",
    )
    UNPROVEN = (
        "Hooks without a valid proof",
        "If a provider of yours calls like this, correct account and address there; otherwise strangers do, and there"
        " is nothing to do.",
    )


async def check(evidence: Evidence) -> list[Finding]:
    if not evidence.stored.is_current or not evidence.accounts:
        return []
    aside = [h for h in evidence.stored.set_aside if h.state in (HookState.UNROUTABLE, HookState.UNREADABLE)]
    return judge(aside, is_least=evidence.stored.has_more_aside)


def judge(aside: Sequence[RawHook], *, is_least: bool = False) -> list[Finding]:
    """`aside`: of the last day. `is_least`: there may be more."""
    reasons: dict[Kind, Counter[str]] = {kind: Counter() for kind in Kind}
    for hook in aside:
        reasons[_kind(hook)][hook.reason.rstrip(".")] += 1
    found = [_judge(kind, counted, is_least=is_least) for kind, counted in reasons.items() if counted]
    return found or [green("Every hook of the last day was for a known number.")]


def _judge(kind: Kind, reasons: Mapping[str, int], *, is_least: bool) -> Finding:
    what, advice = kind.value
    shown = "; ".join(f"{reason} ({number})" for reason, number in Counter(reasons).most_common(_SHOWN))
    least = "at least " if is_least else ""
    others = len(reasons) - _SHOWN
    more = f"; and {count(others, 'other reason')}" if others > 0 else ""
    total = f"{least}{sum(reasons.values())}"
    return amber(
        f"{what} that went to quarantine in the last day: {total}, most of them: {shown}{more}.",
        advice,
    )


def _kind(hook: RawHook) -> Kind:
    if standing_of(hook.budget or Standing.UNPROVEN) is not Standing.GENUINE:
        return Kind.UNPROVEN
    return Kind.UNKNOWN_LINE if hook.state is HookState.UNROUTABLE else Kind.UNREADABLE
