"""Who answers STOP."""

from __future__ import annotations

from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, green

_ADVANCED = b"OptOutType="  # a field Twilio adds with Advanced Opt-Out only


async def check(scene: Evidence) -> list[Finding]:
    found = []
    for name in scene.accounts():
        is_advanced = any(hook.account == name and _ADVANCED in hook.body for hook in scene.stored.taken)
        own = scene.provider(name).capabilities.own_opt_out
        found.append(judge(name, own=own, is_advanced=is_advanced))
    return found


def judge(account: str, *, own: bool, is_advanced: bool) -> Finding:
    """`own`: the provider blocks who texted STOP, and answers."""
    if not own:
        return green("Only textdesk's own list keeps those who said STOP from being texted.", about=account)
    if is_advanced:
        return green("Twilio's Advanced Opt-Out is on: its words are set in the Messaging Service.", about=account)
    return green("The provider answers STOP, START and HELP itself, and textdesk keeps its own list.", about=account)
