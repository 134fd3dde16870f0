"""Whether calls come in from companies that do not say which address they call."""

from __future__ import annotations

from connector.console.output import age
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green
from connector.providers.public_url import hook_url
from connector.providers.twilio.settings import TwilioSettings

_LONG_AGO_MS = 7 * 24 * 3_600_000


async def check(scene: Evidence) -> list[Finding]:
    found = []
    for name, settings in scene.accounts().items():
        if not isinstance(settings, TwilioSettings) and scene.stored.is_current:
            last_at = scene.stored.activity[name].last_hook_at
            since = None if last_at is None else scene.clock.now() - last_at
            address = hook_url(settings.public_url, scene.company(name), name, "inbound")
            found.append(judge(name, since, address))
    return found


def judge(account: str, since_ms: int | None, address: str) -> Finding:
    """`since_ms`: since the last genuine call."""
    if since_ms is None:
        return amber(
            "No call has come in yet.",
            f"The company has to be given {address}; for OpenMarket `textdesk setup openmarket` shows its key as well.",
            about=account,
        )
    words = f"The last call came in {age(since_ms)} ago."
    if since_ms > _LONG_AGO_MS:
        return amber(words, "Text one of its numbers and see whether it comes in.", about=account)
    return green(words, about=account)
