"""What both simulated vendors share: the world, its record, and the way to the core and to the consumers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web
from msgspec import Struct

from connector.clock import Clock
from connector.simulator.behaviour import Behaviours
from connector.simulator.calls import Caller, Core
from connector.simulator.phonebook import Message, PhoneBook
from connector.simulator.world import World
from connector.supervise import Supervisor


class Handed(Struct, frozen=True):
    """A consumer's text as it was handed to the core: the id of each call, and the core's answer to it.

    An answer is an HTTP status, or None when there was none.
    """

    ids: list[str]
    statuses: list[int | None]


class Site(Protocol):
    """One vendor, seen from its consumers."""

    def lines(self) -> frozenset[str]: ...

    async def text(self, sender: str, line: str, body: str, media: int, id_: str | None) -> Handed:
        """Take a consumer's text and call the core. With the `id_` of an earlier text, offer that one again.

        Raises ValueError with a sentence for what this vendor cannot carry.
        """
        ...


@dataclass
class Exchange:
    """`hear` is called when a text has reached its consumer's phone. `url` is the address of this website."""

    seed: int
    world: World
    clock: Clock
    book: PhoneBook
    caller: Caller
    core: Core
    behaviours: Behaviours
    tasks: Supervisor
    hear: Callable[[Message], None]
    url: str = ""
    sites: list[Site] = field(default_factory=list)

    def earlier(self, id_: str | None, sender: str, line: str) -> Message | None:
        """The inbound text with this id, if there is one. Raises ValueError if it was another's."""
        message = self.book.find(id_) if id_ else None
        if message and (message.direction, message.sender, message.recipient) != ("inbound", sender, line):
            raise ValueError(f"sid: {id_} is not of a text from {sender} to {line}.")
        return message

    def site_of(self, line: str) -> Site | None:
        return next((site for site in self.sites if line in site.lines()), None)


class PacedClock:
    """The machine's clock, with every sleep `pace` times as long."""

    def __init__(self, clock: Clock, pace: float) -> None:
        self._clock = clock
        self._pace = pace

    def now(self) -> int:
        return self._clock.now()

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds * self._pace)


async def hold(request: web.Request) -> web.Response:
    """Say nothing until the caller hangs up."""
    while request.transport is not None:
        await asyncio.sleep(0.05)
    return web.Response()


def cut(request: web.Request) -> web.Response:
    """Drop the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
