"""Plays the scripted consumers: each waits, texts, and answers what reaches its phone."""

from __future__ import annotations

import asyncio

from connector.lab.people.consumer import ConsumerProfile, ScriptedConsumer
from connector.lab.vendors.context import VendorContext
from connector.lab.vendors.phonebook import VendorMessage

_BETWEEN_ARRIVALS_S = 1.7


class ConsumerScript:
    """Give `hear` every text that is delivered; `start` lets the people come, one after the other."""

    def __init__(self, people: tuple[ConsumerProfile, ...]) -> None:
        self._people = people
        self._phones: dict[str, asyncio.Queue[str]] = {person.number: asyncio.Queue() for person in people}

    def hear(self, message: VendorMessage) -> None:
        phone = self._phones.get(message.recipient)
        if phone is not None:
            phone.put_nowait(message.body)

    def start(self, context: VendorContext) -> None:
        for place, person in enumerate(self._people):
            context.phonebook.enter(person.number, person.name)
            context.tasks.start(f"consumer {person.number}", self._live(context, person, place))

    async def _live(self, context: VendorContext, person: ConsumerProfile, place: int) -> None:
        consumer = ScriptedConsumer(context.seed, person)
        site = context.vendor_of(person.line)
        assert site is not None, "the world was checked when it was loaded"
        await context.hook_target.known.wait()
        with context.counted():
            await context.clock.sleep(place * _BETWEEN_ARRIVALS_S)
        acts = consumer.open()
        while True:
            with context.counted():
                for act in acts:
                    await context.clock.sleep(act.after_s)
                    await site.text(person.number, person.line, act.text, act.pictures, None)
            if consumer.has_ended:
                return
            acts = consumer.hear(await self._phones[person.number].get())
