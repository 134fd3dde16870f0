"""The table that a provider's test fills in, and how the contract's tests build providers from it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import httpx
import msgspec

from connector.base.secret import Secret
from connector.providers.base import Provider
from connector.providers.outbound import OutboundClient
from connector.providers.send_outcomes import Advice
from connector.providers.values import (
    Arrival,
    DeliveryReceipt,
    Hook,
    LookUpResult,
    Outgoing,
    Rejected,
    TryLater,
    Uncertain,
)
from tests.kit.vendor_server import Behaviour, Loopback, VendorServer, answer, break_off, hang_up, loopback_client

PUBLIC_URL = "https://sms.example.com"
HTML = "<html><body>Welcome to our proxy</body></html>"

# What a provider's server may do with a send, and the outcome.
FAULTS: dict[str, tuple[Behaviour, type[object]]] = {
    "too many requests": (answer(429, "{}", Retry_After="7"), TryLater),
    "too many requests, html": (answer(429, HTML, "text/html", Retry_After="soon"), TryLater),
    "server error": (answer(500, "{}"), Uncertain),
    "bad gateway": (answer(502, HTML, "text/html"), Uncertain),
    "redirect": (answer(302, HTML, "text/html", Location="https://example.org/"), Uncertain),
    "success in html": (answer(200, HTML, "text/html"), Uncertain),
    "success without anything": (answer(200, ""), Uncertain),
    "success that is a list": (answer(200, "[1]"), Uncertain),
    "success with wrong types": (answer(200, '{"sid": 7, "status": [], "date_created": 5}'), Uncertain),
    "success too deep to read": (answer(200, "[" * 100_000), Uncertain),
    "success cut short": (break_off, Uncertain),
    "refusal in html": (answer(404, HTML, "text/html"), TryLater),
    "refusal without code": (answer(400, "{}"), Rejected),
    "refusal with wrong types": (answer(400, '{"code": [], "message": 7, "error": []}'), Rejected),
    "sign-in refused": (answer(401, "{}"), TryLater),
    "access refused": (answer(403, HTML, "text/html"), TryLater),
    "hang up": (hang_up, Uncertain),
    "success too large": (answer(200, '{"sid": "' + "x" * 70_000 + '"}'), Uncertain),
    "success compressed": (answer(200, "{}", Content_Encoding="gzip"), Uncertain),
    "refusal compressed": (answer(400, "{}", Content_Encoding="gzip"), Uncertain),
}


NO_NETWORK = OutboundClient(transport=Loopback(httpx.Limits()))


def secret(kind: type, value: object) -> object:
    """Decodes secrets as the configuration does."""
    assert kind is Secret
    assert isinstance(value, str)
    return Secret(value)


class ProviderTable:
    """What differs between providers."""

    provider_class: ClassVar[type[Provider]]
    account: ClassVar[str] = "main"
    secrets: ClassVar[tuple[str, ...]]  # every secret text in `settings`
    message: ClassVar[Outgoing]
    success_ref: ClassVar[str]
    codes: ClassVar[Mapping[str, Advice]]  # every error code the provider documents, and what to do
    default_host: ClassVar[str]  # blank when the address is always in the configuration
    default_check_host: ClassVar[str]
    since: ClassVar[int] = 1_790_000_000_000  # the moment that lists are asked for from

    def settings(self, base: str) -> dict[str, object]:
        """The account's section as TOML gives it, with the provider's server at `base`."""
        raise NotImplementedError

    def genuine(self) -> dict[str, Hook]:
        """Hooks that are to be taken, by what is special about them."""
        raise NotImplementedError

    def forged(self) -> dict[str, Hook]:
        """Hooks that are to be refused, by what is wrong with them."""
        raise NotImplementedError

    def signed(self, kind: str, body: bytes) -> Hook:
        """A genuine hook with any `body`."""
        raise NotImplementedError

    def success(self) -> Behaviour:
        """How the provider takes `message`."""
        raise NotImplementedError

    def sound(self) -> Behaviour:
        """How the provider answers `check` when all is well."""
        raise NotImplementedError

    def refusal(self, code: str) -> Behaviour:
        """How the provider refuses a message with `code`."""
        raise NotImplementedError

    def words(self, code: str, text: str = "") -> str | None:
        """Our words for `code`, which came with the provider's own `text`."""
        raise NotImplementedError

    def explained(self) -> dict[str, tuple[Hook, str]]:
        """Refused hooks that `explain` has words for, with some of these words; none for a provider without it."""
        return {}

    def picture(self, base: str) -> str:
        """The address of a picture that came in, with the provider's server at `base`; only with `pictures_in`."""
        raise NotImplementedError

    def listed(self) -> tuple[Behaviour, Sequence[Arrival]]:
        """How the provider lists the messages since `since`, and their arrivals; only with `can_list`."""
        raise NotImplementedError

    def looked_up(self) -> tuple[Behaviour, LookUpResult]:
        """How the provider answers a look-up of `message`, and the result; only with `can_look_up`.

        A provider that stores no id of ours has had the text more than once: every one of them is a candidate.
        """
        raise NotImplementedError

    def polled(self) -> tuple[Behaviour, Sequence[DeliveryReceipt]]:
        """How the provider answers about the reply `success_ref`, and the receipts; only with `can_poll`."""
        raise NotImplementedError

    # Helpers

    def decoded(self, base: str, **changed: object) -> Any:
        """The settings, some of them `changed`; one that is None is left out."""
        section = {**self.settings(base), **changed}
        given = {name: value for name, value in section.items() if value is not None}
        return msgspec.convert(given, type=self.provider_class.Settings, dec_hook=secret)

    def made(self, base: str, http: OutboundClient, **changed: object) -> Provider:
        return self.provider_class(self.account, self.decoded(base, **changed), http)

    def reader(self, **changed: object) -> Provider:
        """A provider without a network, for hooks."""
        return self.made("http://127.0.0.1:9", NO_NETWORK, **changed)

    @asynccontextmanager
    async def calling(self, behaviour: Behaviour, **limits: Any) -> AsyncIterator[tuple[Provider, VendorServer]]:
        async with VendorServer().running() as server, loopback_client(**limits) as (http, transport):
            server.behaviour = behaviour
            yield self.made(server.url, http), server
            assert transport.strayed == []
