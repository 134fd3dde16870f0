from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.setup.config_text import NONE, Change
from connector.setup.twilio_plan import Hooks, Number, Service, goes_to, overriding, step_for, step_for_service, wanted

OURS = "https://sms.example.com/hooks/twilio/main/inbound#rc=5"
OTHER = "https://demo.twilio.com/welcome/sms/reply"
NUMBER = Number("PN1", "+14155550100", "Orders", takes_sms=True, takes_mms=True, hooks=Hooks())
SERVICE = Service("MG1", "Care", leaves_it_to_the_number=False, hooks=Hooks(OTHER), numbers=frozenset(["PN1"]))


@pytest.mark.parametrize(
    ("hooks", "changes"),
    [
        (Hooks(), [Change("SmsUrl", NONE, OURS), Change("SmsFallbackUrl", NONE, OURS)]),
        (Hooks(OTHER), [Change("SmsUrl", OTHER, OURS), Change("SmsFallbackUrl", NONE, OURS)]),
        (
            Hooks(OURS, "GET", OURS, "GET"),
            [Change("SmsMethod", "GET", "POST"), Change("SmsFallbackMethod", "GET", "POST")],
        ),
        (Hooks(OURS.partition("#")[0], fallback_url=OURS), [Change("SmsUrl", OURS.partition("#")[0], OURS)]),
        (wanted(OURS), []),
    ],
)
def test_a_numbers_hooks(hooks: Hooks, changes: list[Change]) -> None:
    step = step_for(replace(NUMBER, hooks=hooks), OURS, clear_application=False)
    assert list(step.changes if step else ()) == changes


@pytest.mark.parametrize(("clear", "changes"), [(False, 0), (True, 1)])
def test_an_application_goes_only_when_it_is_said(clear: bool, changes: int) -> None:
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
def test_which_service_decides(service: Service, decides: bool) -> None:
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
        (replace(NUMBER, hooks=Hooks(OTHER)), [], f"texts go to {OTHER}"),
        (replace(NUMBER, hooks=wanted(OURS)), [], "texts go to textdesk at https://sms.example.com"),
        (replace(NUMBER, application_sid="AP1"), [], "texts go to the application AP1"),
        (replace(NUMBER, application_sid="AP1"), [SERVICE], f"texts go to {OTHER}, by the {SERVICE.title}"),
        (replace(NUMBER, takes_sms=False), [SERVICE], "cannot take texts"),
    ],
)
def test_where_texts_go(number: Number, services: list[Service], words: str) -> None:
    assert goes_to(number, services) == words
