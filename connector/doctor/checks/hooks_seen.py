"""Whether hooks come in, for providers that do not show which address they call."""

from __future__ import annotations

from connector.console.output import age
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green
from connector.providers.public_url import hook_url
from connector.providers.twilio.settings import TwilioSettings

_LONG_AGO_MS = 7 * 24 * 3_600_000


async def check(evidence: Evidence) -> list[Finding]:
    found = []
    for name, settings in evidence.accounts.items():
        if not isinstance(settings, TwilioSettings) and evidence.stored.is_current:
            last_at = evidence.stored.last_hook_at.get(name)
            since = None if last_at is None else evidence.clock.now() - last_at
            address = hook_url(settings.public_url, evidence.accounts[name].provider, name, "inbound")
            found.append(judge(name, since, address, settings.provider))
    return found


def judge(account: str, since_ms: int | None, address: str, provider: str) -> Finding:
    """`since_ms`: since the last genuine hook."""
    if since_ms is None:
        who = "the gateway" if provider == "generic" else "the provider"
        return amber(
            "No hook has come in yet.",
            f"Give {who} {address}; `textdesk setup {provider}` shows all that it needs.",
            about=account,
        )
    words = f"The last hook came in {age(since_ms)} ago."
    if since_ms > _LONG_AGO_MS:
        return amber(words, "Text one of its numbers and see whether the text comes in.", about=account)
    return green(words, about=account)
