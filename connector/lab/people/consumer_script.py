"""Plays the scripted consumers on the simulated vendors: each waits, texts, and answers the replies it receives."""

from __future__ import annotations

import asyncio

from connector.lab.people.consumer import ConsumerProfile, ScriptedConsumer
from connector.lab.vendors.context import VendorContext
from connector.lab.vendors.phonebook import VendorMessage

_BETWEEN_ARRIVALS_S = 1.7


class ConsumerScript:
    """`hear` takes every delivered message; `start` begins the conversations, one after the other."""

    def __init__(self, people: tuple[ConsumerProfile, ...]) -> None:
        self._people = people
        self._phones: dict[str, asyncio.Queue[str]] = {person.number: asyncio.Queue() for person in people}

    def hear(self, message: VendorMessage) -> None:
        phone = self._phones.get(message.recipient)
        if phone is not None:
            phone.put_nowait(message.body)

    def start(self, context: VendorContext) -> None:
        for place, person in enumerate(self._people):
            context.phonebook.set_name(person.number, person.name)
            context.tasks.start(f"consumer {person.number}", self._play(context, person, place))

    async def _play(self, context: VendorContext, person: ConsumerProfile, place: int) -> None:
        consumer = ScriptedConsumer(context.seed, person)
        vendor = context.vendor_of(person.line)
        assert vendor is not None, "the world was checked when it was loaded"
        await context.hook_target.known.wait()
        with context.counted():
            await context.clock.sleep(place * _BETWEEN_ARRIVALS_S)
        texts = consumer.open()
        while True:
            with context.counted():
                for text in texts:
                    await context.clock.sleep(text.after_s)
                    await vendor.text(person.number, person.line, text.text, text.pictures, None)
            if consumer.has_ended:
                return
            texts = consumer.hear(await self._phones[person.number].get())
