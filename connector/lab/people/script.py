"""Plays the scripted consumers: each waits, texts, and answers what reaches its phone."""

from __future__ import annotations

import asyncio

from connector.lab.people.consumers import Consumer
from connector.lab.vendors.exchange import Exchange
from connector.lab.vendors.phonebook import VendorMessage
from connector.lab.vendors.world import ScriptedPhone

_BETWEEN_ARRIVALS_S = 1.7


class Script:
    """Give `hear` every text that is delivered; `start` lets the people come, one after the other."""

    def __init__(self, people: tuple[ScriptedPhone, ...]) -> None:
        self._people = people
        self._phones: dict[str, asyncio.Queue[str]] = {person.number: asyncio.Queue() for person in people}

    def hear(self, message: VendorMessage) -> None:
        phone = self._phones.get(message.recipient)
        if phone is not None:
            phone.put_nowait(message.body)

    def start(self, exchange: Exchange) -> None:
        for place, person in enumerate(self._people):
            exchange.book.enter(person.number, person.name)
            exchange.tasks.start(f"consumer {person.number}", self._live(exchange, person, place))

    async def _live(self, exchange: Exchange, person: ScriptedPhone, place: int) -> None:
        consumer = Consumer(exchange.seed, person)
        site = exchange.site_of(person.line)
        assert site is not None, "the world was checked when it was loaded"
        await exchange.core.known.wait()
        with exchange.going_on():
            await exchange.clock.sleep(place * _BETWEEN_ARRIVALS_S)
        acts = consumer.open()
        while True:
            with exchange.going_on():
                for act in acts:
                    await exchange.clock.sleep(act.after_s)
                    await site.text(person.number, person.line, act.text, act.pictures, None)
            if consumer.has_ended:
                return
            acts = consumer.hear(await self._phones[person.number].get())
