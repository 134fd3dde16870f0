"""What both simulated vendors share: accounts, records, faults, and the ways to the core and to the consumers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from aiohttp import web
from msgspec import Struct

from connector.base.clock import Clock
from connector.base.supervise import Supervisor
from connector.lab.vendors.accounts import OpenMarketAccount, TwilioAccount
from connector.lab.vendors.availability import Availability
from connector.lab.vendors.fault_injector import FaultInjector
from connector.lab.vendors.hook_client import HookClient, HookTarget
from connector.lab.vendors.phonebook import PhoneBook, VendorMessage
from connector.lab.vendors.send_behaviour import Company, NumberRules, SendBehaviour


class HookDelivery(Struct, frozen=True):
    """The hooks of one consumer's text: the id and the status of each, None when there is no response (yet)."""

    ids: list[str]
    statuses: list[int | None]


NO_FIELDS: Mapping[str, str] = MappingProxyType({})


class VendorMessaging(Protocol):
    """A vendor as its consumers use it."""

    def lines(self) -> frozenset[str]: ...

    async def text(
        self,
        sender: str,
        line: str,
        body: str,
        media: int,
        id_: str | None,
        fields: Mapping[str, str] = NO_FIELDS,
    ) -> HookDelivery:
        """Send a consumer's text to the core. With the `id_` of an earlier text, send that one again.

        `fields`: of the hook, beside or instead of the usual ones: those of Twilio's form, of OpenMarket's `message`.
        Raises ValueError with a sentence for a text this vendor cannot carry.
        """
        ...


@dataclass
class VendorContext:
    """`on_delivered` is called when a message has reached its consumer's phone. `url` is the vendors' base address.

    `under_way` counts background work: late hooks, receipts, consumers who are writing.
    """

    seed: int
    twilio: TwilioAccount
    openmarket: OpenMarketAccount
    clock: Clock
    phonebook: PhoneBook
    hook_client: HookClient
    hook_target: HookTarget
    number_rules: NumberRules
    faults: FaultInjector
    availability: Availability
    tasks: Supervisor
    on_delivered: Callable[[VendorMessage], None]
    url: str = ""
    control_url: str = ""
    vendors: list[VendorMessaging] = field(default_factory=list)
    under_way: int = 0

    def earlier_text(self, id_: str | None, sender: str, line: str) -> VendorMessage | None:
        """The inbound text with this id, if there is one. Raises ValueError if its sender or line differs."""
        message = self.phonebook.find(id_) if id_ else None
        if message and (message.direction, message.sender, message.recipient) != ("inbound", sender, line):
            raise ValueError(f"sid: {id_} is not of a text from {sender} to {line}.")
        return message

    def send_behaviour(self, provider: Company, recipient: str) -> SendBehaviour:
        """The behaviour of one send: as arranged for the number, or else as the scenario draws it."""
        return self.number_rules.take(recipient) or self.faults.send(provider, recipient)

    def start_task(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` in the background, counted as under way."""
        self.under_way += 1
        self.tasks.start(name, work).add_done_callback(lambda _: self._ended())

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the block as under way."""
        self.under_way += 1
        try:
            yield
        finally:
            self._ended()

    def _ended(self) -> None:
        self.under_way -= 1

    def vendor_of(self, line: str) -> VendorMessaging | None:
        return next((vendor for vendor in self.vendors if line in vendor.lines()), None)


async def hold(request: web.Request, clock: Clock, limit_s: float | None) -> web.Response:
    """Send no response until the client hangs up; cut the connection after `limit_s`."""
    if limit_s is not None:
        await clock.sleep(limit_s)
        return cut(request)
    while request.transport is not None:
        await asyncio.sleep(0.05)
    return web.Response()


def cut(request: web.Request) -> web.Response:
    """Cut the connection without a response."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
