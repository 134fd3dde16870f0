"""An account at Twilio with its numbers and Messaging Services, and which address Twilio calls for a text.

That is the address of the number's Messaging Service, unless the service leaves it to the number; else of the number's
application, if it has one; else the number's own SmsUrl. https://www.twilio.com/docs/messaging/services,
https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from connector.providers.public_url import hook_url

# Twilio repeats a call only when no connection could be made, and then once; this asks for more. All of it ends within
# the 15 s that Twilio gives a hook. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
RETRY_OVERRIDES = "rc=5&rp=ct,rt,5xx&rt=4000"


class TwilioAccountInfo(Struct, frozen=True):
    """`status`: active, suspended, closed; `kind`: Full, Trial."""

    name: str
    status: str
    kind: str

    @property
    def trouble(self) -> str | None:
        """Why the account cannot send and receive, and what to do; None when it can."""
        if self.status == "active":
            return None
        if self.status == "suspended" and self.kind == "Trial":
            return "The trial has ended: the account is suspended. Upgrade it in Twilio's console, then come back."
        if self.status == "suspended":
            return "The account is suspended. Twilio's console says why; often a payment is due."
        return f"The account is {self.status}. Use another one, or ask Twilio's support."

    @property
    def words(self) -> str:
        if self.kind == "Trial":
            return f"“{self.name}”, {self.status}, on trial: it texts only numbers that are verified in the console"
        return f"“{self.name}”, {self.status}"


class WebhookSettings(Struct, frozen=True):
    """The address Twilio calls for a text, and the one after that has failed; blank: none."""

    url: str = ""
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"


class TwilioNumber(Struct, frozen=True):
    """One of the account's phone numbers; `address` is E.164."""

    sid: str
    address: str
    name: str
    takes_sms: bool
    takes_mms: bool
    hooks: WebhookSettings
    application_sid: str = ""

    @property
    def abilities(self) -> str:
        return ", ".join(word for word, can in (("SMS", self.takes_sms), ("MMS", self.takes_mms)) if can) or "no SMS"


class MessagingService(Struct, frozen=True):
    """A Messaging Service; `numbers` are the sids of those in it."""

    sid: str
    name: str
    leaves_it_to_the_number: bool
    hooks: WebhookSettings
    numbers: frozenset[str]

    def overrides(self, number: TwilioNumber) -> bool:
        return number.sid in self.numbers and not self.leaves_it_to_the_number

    @property
    def title(self) -> str:
        return f"Messaging Service “{self.name}” ({self.sid})"


def overriding(number: TwilioNumber, services: Sequence[MessagingService]) -> MessagingService | None:
    """The service whose address counts in place of the number's own."""
    return next((service for service in services if service.overrides(number)), None)


def inbound_url(public_url: str, account: str) -> str:
    """The address of our hook for inbound texts, as it stands at a number in Twilio."""
    return f"{hook_url(public_url, 'twilio', account, 'inbound')}#{RETRY_OVERRIDES}"
