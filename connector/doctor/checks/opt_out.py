"""Who answers STOP: the provider, or only our own list."""

from __future__ import annotations

from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, green

_ADVANCED = b"OptOutType="  # a field Twilio adds with Advanced Opt-Out only


async def check(evidence: Evidence) -> list[Finding]:
    found = []
    for name in evidence.accounts:
        is_advanced = any(hook.account == name and _ADVANCED in hook.body for hook in evidence.stored.taken)
        own = evidence.provider(name).capabilities.own_opt_out
        found.append(judge(name, own=own, is_advanced=is_advanced))
    return found


def judge(account: str, *, own: bool, is_advanced: bool) -> Finding:
    """`own`: the provider blocks consumers who opted out, and answers STOP itself."""
    if not own:
        return green("Only textdesk's own list keeps consumers who opted out from being texted.", about=account)
    if is_advanced:
        return green("Twilio's Advanced Opt-Out is on: its words are set in the Messaging Service.", about=account)
    return green("The provider answers STOP, START and HELP itself, and textdesk has its own list.", about=account)
