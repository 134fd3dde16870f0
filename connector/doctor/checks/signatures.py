"""Whether genuine hooks were refused lately, and why."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from msgspec import Struct

from connector.console.output import age
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red
from connector.providers.base import Provider
from connector.services.accounts.stored_hooks import as_it_came
from connector.store.values import HookState, RawHook

_EXPLAIN_S = 2.0  # each hook costs some hundred signatures


class RefusedHooks(Struct, frozen=True):
    """Hooks of one day that were not genuine. `why`: of the latest; `variant`: for what one would have been genuine."""

    count: int = 0
    since_ms: int = 0
    why: str = ""
    variant: str | None = None
    is_watched: bool = False
    is_least: bool = False  # there may be more than `count`


async def check(evidence: Evidence) -> list[Finding]:
    found = []
    for name, settings in evidence.accounts.items():
        if not evidence.stored.is_current:
            continue
        refused = [
            hook
            for hook in evidence.stored.set_aside
            if hook.account == name and hook.state in (HookState.REFUSED, HookState.WATCHED)
        ]
        refusals = RefusedHooks(is_watched=settings.signatures == "watch")
        if refused:
            refusals = RefusedHooks(
                count=len(refused),
                since_ms=evidence.clock.now() - refused[0].at,
                why=refused[0].reason,
                variant=await asyncio.to_thread(_find_variant, evidence.provider(name), refused, settings.public_url),
                is_watched=settings.signatures == "watch",
                is_least=evidence.stored.has_more_aside,
            )
        found.append(judge(name, refusals))
    return found


def judge(account: str, refusals: RefusedHooks) -> Finding:
    least = "at least " if refusals.is_least else ""
    when = f"{least}{refusals.count} in the last day, the last one {age(refusals.since_ms)} ago"
    if refusals.variant and not refusals.is_watched:
        return red(
            f"Genuine hooks are refused: {when}. {refusals.variant}",
            "Correct that, restart the core, and release the refused hooks in the desk's provider panel.",
            about=account,
        )
    if refusals.variant:
        return amber(
            f"Genuine hooks would be refused: {when}. {refusals.variant}",
            'Correct that before signatures = "enforce".',
            about=account,
        )
    if refusals.count:
        what = "taken although not genuine, as signatures are only watched" if refusals.is_watched else "refused"
        why = refusals.why.rstrip(".")
        return amber(
            f"Hooks were {what}: {when}. {why[:1].upper()}{why[1:]}.",
            "Others call it too; if texts are missing, compare token and public_url with the provider's console.",
            about=account,
        )
    if refusals.is_watched:
        return amber(
            "Signatures are only watched: forged hooks are taken as well.",
            'All hooks of the last day were genuine, so set signatures = "enforce".',
            about=account,
        )
    return green("No hook was refused in the last day.", about=account)


def _find_variant(provider: Provider, refused: Sequence[RawHook], public_url: str) -> str | None:
    """The URL or secret with which one refused hook would have been genuine, also among many forged ones.

    The newest of every kind comes first, then the others, until the time is up.
    """
    ends_at = time.monotonic() + _EXPLAIN_S
    newest = {_kind(raw): raw for raw in reversed(refused)}
    firsts = {raw.id for raw in newest.values()}
    for raw in sorted(refused, key=lambda raw: (raw.id not in firsts, -raw.at)):
        if variant := provider.explain(as_it_came(raw, public_url)):
            return variant
        if time.monotonic() > ends_at:
            return None
    return None


def _kind(raw: RawHook) -> tuple[str, ...]:
    """Equal for hooks of one caller with one fault."""
    return (raw.reason, raw.path, *(raw.headers.get(name, "") for name in ("host", "x-forwarded-host", "user-agent")))
