from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.providers.twilio.numbers import MessagingService, TwilioNumber, WebhookSettings, overriding
from connector.setup.toml_edit import NONE, ConfigChange
from connector.setup.twilio_plan import goes_to, step_for, step_for_service, wanted

OURS = "https://sms.example.com/hooks/twilio/main/inbound#rc=5"
OTHER = "https://demo.twilio.com/welcome/sms/reply"
NUMBER = TwilioNumber("PN1", "+14155550100", "Orders", takes_sms=True, takes_mms=True, hooks=WebhookSettings())
SERVICE = MessagingService(
    "MG1", "Care", leaves_it_to_the_number=False, hooks=WebhookSettings(OTHER), numbers=frozenset(["PN1"])
)


@pytest.mark.parametrize(
    ("hooks", "changes"),
    [
        (WebhookSettings(), [ConfigChange("SmsUrl", NONE, OURS), ConfigChange("SmsFallbackUrl", NONE, OURS)]),
        (WebhookSettings(OTHER), [ConfigChange("SmsUrl", OTHER, OURS), ConfigChange("SmsFallbackUrl", NONE, OURS)]),
        (
            WebhookSettings(OURS, "GET", OURS, "GET"),
            [ConfigChange("SmsMethod", "GET", "POST"), ConfigChange("SmsFallbackMethod", "GET", "POST")],
        ),
        (
            WebhookSettings(OURS.partition("#")[0], fallback_url=OURS),
            [ConfigChange("SmsUrl", OURS.partition("#")[0], OURS)],
        ),
        (wanted(OURS), []),
    ],
)
def test_a_numbers_hooks(hooks: WebhookSettings, changes: list[ConfigChange]) -> None:
    step = step_for(replace(NUMBER, hooks=hooks), OURS, clear_application=False)
    assert list(step.changes if step else ()) == changes


@pytest.mark.parametrize(("clear", "changes"), [(False, 0), (True, 1)])
def test_an_application_is_cleared_only_on_request(clear: bool, changes: int) -> None:
    number = replace(NUMBER, hooks=wanted(OURS), application_sid="AP1")
    step = step_for(number, OURS, clear_application=clear)
    assert len(step.changes if step else ()) == changes
    assert step is None or step.clears_application


@pytest.mark.parametrize(
    ("service", "decides"),
    [
        (SERVICE, True),
        (replace(SERVICE, leaves_it_to_the_number=True), False),
        (replace(SERVICE, numbers=frozenset(["PN2"])), False),
    ],
)
def test_the_service_that_overrides_a_number(service: MessagingService, decides: bool) -> None:
    assert (overriding(NUMBER, [service]) is service) is decides


def test_a_services_hooks() -> None:
    step = step_for_service(SERVICE, OURS)
    assert step is not None
    assert [change.what for change in step.changes] == ["InboundRequestUrl", "FallbackUrl"]
    assert step_for_service(replace(SERVICE, hooks=wanted(OURS)), OURS) is None


@pytest.mark.parametrize(
    ("number", "services", "words"),
    [
        (NUMBER, [], "texts go nowhere"),
        (replace(NUMBER, hooks=WebhookSettings(OTHER)), [], f"texts go to {OTHER}"),
        (replace(NUMBER, hooks=wanted(OURS)), [], "texts go to textdesk at https://sms.example.com"),
        (replace(NUMBER, application_sid="AP1"), [], "texts go to the application AP1"),
        (replace(NUMBER, application_sid="AP1"), [SERVICE], f"texts go to {OTHER}, by the {SERVICE.title}"),
        (replace(NUMBER, takes_sms=False), [SERVICE], "cannot take texts"),
    ],
)
def test_where_texts_go(number: TwilioNumber, services: list[MessagingService], words: str) -> None:
    assert goes_to(number, services) == words
