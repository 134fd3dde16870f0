"""Whether the texts of each number come to us: its addresses at Twilio against ours."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from urllib.parse import urldefrag

from connector.base.time_limit import within
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red
from connector.doctor.time_limits import ANSWER_S
from connector.providers.twilio.admin import TwilioAdmin
from connector.providers.twilio.numbers import MessagingService, TwilioNumber, WebhookSettings, inbound_url, overriding
from connector.providers.twilio.settings import TwilioSettings
from connector.providers.values import CallFailed

_LATE = "Twilio did not answer in time where the numbers' texts go."
_SET = "`textdesk setup twilio` sets it."


async def check(evidence: Evidence) -> list[Finding]:
    accounts = {name: one for name, one in evidence.accounts.items() if isinstance(one, TwilioSettings)}
    found = await asyncio.gather(
        *(
            within(ANSWER_S, _check_account(evidence, name, settings), [amber(_LATE, "Try again.", about=name)])
            for name, settings in accounts.items()
        )
    )
    return [finding for findings in found for finding in findings]


async def _check_account(evidence: Evidence, name: str, settings: TwilioSettings) -> list[Finding]:
    assert settings.auth_token is not None  # the settings have checked it
    admin = TwilioAdmin(settings.account_sid, settings.auth_token, evidence.http, settings.api_base)
    try:
        numbers = {number.address: number for number in await admin.numbers()}
    except CallFailed:
        return [amber("Its numbers cannot be read.", "Correct the sign-in first, then check again.", about=name)]
    try:
        services: list[MessagingService] | None = await admin.services()
    except CallFailed:
        services = None
    ours = [number.address for number in settings.numbers]
    return judge(name, ours, numbers, services, inbound_url(settings.public_url, name))


def judge(
    account: str,
    ours: Sequence[str],
    numbers: Mapping[str, TwilioNumber],
    services: Sequence[MessagingService] | None,
    address: str,
) -> list[Finding]:
    """`ours`: the numbers of the configuration; `numbers`: those at Twilio, by address."""
    found = [finding for each in ours if (finding := _judged(each, numbers.get(each), services or (), address))]
    base = urldefrag(address).url
    for number in numbers.values():
        if number.address not in ours and urldefrag(number.hooks.url).url == base:
            found.append(
                amber(
                    f"It sends its texts to us and is not in numbers of {account}, so they go to quarantine.",
                    "Add it with `textdesk setup twilio`, or take our address off it.",
                    about=number.address,
                )
            )
    if services is None:
        found.append(
            amber(
                "Messaging Services cannot be read; one may take a number's texts.",
                "See in Twilio's console whether a number is in one.",
                about=account,
            )
        )
    if not found and ours:
        count = f"{len(ours)} numbers send" if len(ours) > 1 else f"{ours[0]} sends"
        found.append(green(f"{count} texts to us, with retries and a fallback.", about=account))
    return found


def _judged(
    address: str, number: TwilioNumber | None, services: Sequence[MessagingService], wanted: str
) -> Finding | None:
    """None when its addresses are ours."""
    if number is None:
        return _unlisted(address)
    if not number.takes_sms:
        return red("It cannot take texts.", "Use another number; this one has no SMS.", about=address)
    service = overriding(number, services)
    if service is not None:
        return _hooks(address, service.hooks, wanted, f"It is in the {service.title}, which takes its texts and")
    if number.application_sid:
        return red(
            f"The application {number.application_sid} takes its texts; its own addresses are ignored.",
            "`textdesk setup twilio --take-over` takes the application off.",
            about=address,
        )
    return _hooks(address, number.hooks, wanted, "It")


def _hooks(address: str, hooks: WebhookSettings, wanted: str, who: str) -> Finding | None:
    base = urldefrag(wanted).url
    set_it = _SET if who == "It" else "`textdesk setup twilio --take-over` sets the service's address."
    if not hooks.url:
        return red(f"{who} sends texts nowhere.", set_it, about=address)
    if urldefrag(hooks.url).url != base:
        return red(f"{who} sends texts to {hooks.url}, not to {base}.", set_it, about=address)
    if hooks.method != "POST":
        words = f"{who} calls us with {hooks.method}: long texts make long addresses, which not every proxy passes on."
        return amber(words, set_it, about=address)
    if hooks.url != wanted:
        return amber(f"{who} sends texts to us, but Twilio retries once at most.", set_it, about=address)
    if not hooks.fallback_url:
        return amber(f"{who} sends texts to us, without a fallback.", set_it, about=address)
    return None


def _unlisted(address: str) -> Finding:
    if address.startswith("+"):
        return red("The account has no such number.", "Buy it, or take it out of numbers.", about=address)
    return amber(
        "Twilio lists no short codes and names, so its addresses cannot be read.",
        "See in Twilio's console where its texts go.",
        about=address,
    )
