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
from connector.store.hook_budgets import Standing, standing_of
from connector.store.values import HookState, RawHook

_EXPLAIN_S = 2.0  # each hook costs some hundred signatures


class RefusedHooks(Struct, frozen=True):
    """Hooks of one day without a valid proof.

    `why`: of the latest, of those that are likely if there are any. `variant`: for what one of them is genuine.
    `likely`: how many carry a signature or key and name a number of ours, which proves nothing.
    """

    count: int = 0
    since_ms: int = 0
    why: str = ""
    variant: str | None = None
    is_watched: bool = False
    is_least: bool = False  # there may be more than `count`
    likely: int = 0


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
            likely = [hook for hook in refused if standing_of(hook.budget or Standing.UNPROVEN) is Standing.LIKELY]
            refusals = RefusedHooks(
                count=len(refused),
                likely=len(likely),
                since_ms=evidence.clock.now() - refused[0].at,
                why=(likely or refused)[0].reason,
                variant=await asyncio.to_thread(_find_variant, evidence.provider(name), refused, settings.public_url),
                is_watched=settings.signatures == "watch",
                is_least=evidence.stored.has_more_aside,
            )
        found.append(judge(name, refusals))
    return found


def judge(account: str, refusals: RefusedHooks) -> Finding:
    count = f"{'at least ' if refusals.is_least else ''}{refusals.count}"
    when = f"{count} in the last day, the last one {age(refusals.since_ms)} ago"
    # The signature of one hook is a proof; what the others are is not known.
    proven = f"at least one of them is genuine. {refusals.variant}"
    if refusals.variant and not refusals.is_watched:
        return red(
            f"Hooks were refused: {when}; {proven}",
            "Correct that, and `textdesk reload`. Then release in the desk's provider panel (F4) only those that you"
            " know to be genuine: the others may be forged.",
            about=account,
        )
    if refusals.variant:
        return amber(
            f"Hooks without a valid proof were taken: {when}; {proven}",
            'Correct that before signatures = "enforce".',
            about=account,
        )
    if refusals.count:
        what = "taken without a valid proof, as signatures are only watched" if refusals.is_watched else "refused"
        why = refusals.why.rstrip(".")
        return amber(
            f"Hooks were {what}: {when}; {_how_likely(refusals.likely)}. {why[:1].upper()}{why[1:]}.",
            "If texts are missing, compare the secret and public_url with those at the provider; otherwise others call"
            " this address too, and there is nothing to do.",
            about=account,
        )
    if refusals.is_watched:
        return amber(
            "Signatures are only watched: forged hooks are taken as well.",
            "No hook of the last day was without a valid proof: when the provider's have come in, set signatures ="
            ' "enforce".',
            about=account,
        )
    return green("No hook was refused in the last day.", about=account)


def _how_likely(likely: int) -> str:
    if not likely:
        return "nothing shows that the provider sent any of them"
    which = "1 names a number of yours and carries" if likely == 1 else f"{likely} name a number of yours and carry"
    return f"{which} a signature or key that does not fit, which may be the provider's or forged"


def _find_variant(provider: Provider, refused: Sequence[RawHook], public_url: str) -> str | None:
    """The URL or secret with which one refused hook is genuine, also among many forged ones.

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
