"""What has to change at Twilio so that texts to our numbers reach us. Pure: states in, changes out."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urldefrag

from msgspec import Struct

from connector.providers.twilio.numbers import MessagingService, TwilioNumber, WebhookSettings, overriding
from connector.setup.toml_edit import NONE, ConfigChange


class ChangeStep(Struct, frozen=True):
    """One call that changes a number's or a service's addresses."""

    sid: str
    title: str
    changes: tuple[ConfigChange, ...]
    is_service: bool = False
    clears_application: bool = False


def wanted(address: str) -> WebhookSettings:
    """Webhook settings with the same URL as primary and fallback, so that Twilio tries it again."""
    return WebhookSettings(url=address, fallback_url=address)


def step_for(number: TwilioNumber, address: str, *, clear_application: bool) -> ChangeStep | None:
    """What to change at the number itself; None when nothing has to."""
    found = _differences(number.hooks, address, ("SmsUrl", "SmsMethod", "SmsFallbackUrl", "SmsFallbackMethod"))
    clears = clear_application and bool(number.application_sid)
    if clears:
        found.append(ConfigChange("SmsApplicationSid", number.application_sid, NONE))
    return ChangeStep(number.sid, number.address, tuple(found), clears_application=clears) if found else None


def step_for_service(service: MessagingService, address: str) -> ChangeStep | None:
    """What to change at a service that overrides a number of ours."""
    found = _differences(
        service.hooks, address, ("InboundRequestUrl", "InboundMethod", "FallbackUrl", "FallbackMethod")
    )
    return ChangeStep(service.sid, service.title, tuple(found), is_service=True) if found else None


def unconfigured(numbers: Sequence[TwilioNumber], configured: Sequence[str], address: str) -> list[str]:
    """Numbers whose texts come to us and that are not configured."""
    ours = urldefrag(address).url
    return [one.address for one in numbers if one.address not in configured and urldefrag(one.hooks.url).url == ours]


def goes_to(number: TwilioNumber, services: Sequence[MessagingService]) -> str:
    """Where texts to this number go at present, in words."""
    if not number.takes_sms:
        return "cannot take texts"
    service = overriding(number, services)
    if service is not None:
        return f"{_destination(service.hooks)}, by the {service.title}"
    if number.application_sid:
        return f"texts go to the application {number.application_sid}"
    return _destination(number.hooks)


def _destination(hooks: WebhookSettings) -> str:
    base, is_ours, _ = urldefrag(hooks.url).url.partition("/hooks/twilio/")
    if not base:
        return "texts go nowhere"
    return f"texts go to {'textdesk at ' if is_ours else ''}{base}"


def _differences(hooks: WebhookSettings, address: str, names: Sequence[str]) -> list[ConfigChange]:
    goal = wanted(address)
    pairs = zip(names, _fields(hooks), _fields(goal), strict=True)
    return [ConfigChange(name, before or NONE, after) for name, before, after in pairs if before != after]


def _fields(hooks: WebhookSettings) -> tuple[str, str, str, str]:
    return hooks.url, hooks.method, hooks.fallback_url, hooks.fallback_method
