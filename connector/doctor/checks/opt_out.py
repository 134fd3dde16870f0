"""Who answers STOP, the provider or only our own list; and what reads like an opt-out and waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence

from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green
from connector.doctor.store_evidence import DAY_MS
from connector.domain.consent.entries import LikelyOptOut

_ADVANCED = b"OptOutType="  # a field Twilio adds with Advanced Opt-Out only
_LISTED = 5  # numbers in one finding


async def check(evidence: Evidence) -> list[Finding]:
    found = []
    for name in evidence.accounts:
        is_advanced = any(hook.account == name and _ADVANCED in hook.body for hook in evidence.stored.taken)
        own = evidence.provider(name).capabilities.own_opt_out
        found.append(judge(name, own=own, is_advanced=is_advanced))
    return found + judge_waiting(evidence.stored.likely_opt_outs, evidence.clock.now())


def judge(account: str, *, own: bool, is_advanced: bool) -> Finding:
    """`own`: the provider blocks consumers who opted out, and answers STOP itself."""
    if not own:
        return green("Only textdesk's own list keeps consumers who opted out from being texted.", about=account)
    if is_advanced:
        return green("Twilio's Advanced Opt-Out is on: its words are set in the Messaging Service.", about=account)
    return green("The provider answers STOP, START and HELP itself, and textdesk has its own list.", about=account)


def judge_waiting(likely: Sequence[LikelyOptOut], now: int) -> list[Finding]:
    """`likely`: those that no agent has decided about."""
    elsewhere = [one.consumer for one in likely if one.message_id is None]
    late = [one.consumer for one in likely if one.message_id is not None and now - one.at > DAY_MS]
    found = []
    if late:
        words = f"Nothing is sent to {_listed(late)}: for a day no agent has decided whether a text is an opt-out."
        found.append(amber(words, "Decide: textdesk decide NUMBER opt-out, or no-opt-out."))
    if elsewhere:
        words = (
            f"Nothing is sent to {_listed(elsewhere)}: a text to a number that is not in the configuration reads like"
            " an opt-out, and no conversation shows it."
        )
        advice = "Read it in the quarantine, then: textdesk opt-out NUMBER --because …, or opt-in."
        found.append(amber(words, advice))
    return found


def _listed(numbers: Sequence[str]) -> str:
    more = f" and {len(numbers) - _LISTED} more" if len(numbers) > _LISTED else ""
    return f"{', '.join(numbers[:_LISTED])}{more}"
