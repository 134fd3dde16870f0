"""What is known of scripted consumers before they text in."""

from __future__ import annotations

from collections.abc import Iterable

from connector.client.link import Link
from connector.lab.people.consumer import ConsumerProfile
from connector.wire.contacts import SetContactOf


async def record(link: Link, people: Iterable[ConsumerProfile]) -> None:
    """As an administrator records it. Raises ClientError."""
    for one in people:
        if one.full_name:
            await link.ask(
                SetContactOf(
                    number=one.number,
                    name=one.full_name,
                    language=one.language or None,
                    attributes=one.attributes or None,
                    notes=one.notes or None,
                )
            )
