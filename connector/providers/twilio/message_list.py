"""Twilio's list of messages: inbound texts and the status of replies since a moment.

https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from connector.domain.media import Media
from connector.providers.send_outcomes import ErrorResponse, garbled, unanswered
from connector.providers.twilio import list_pages
from connector.providers.twilio.base64_body import readable
from connector.providers.twilio.errors import OPTED_OUT, call_words, receipt_words
from connector.providers.twilio.hooks import billed, status_of, without_address
from connector.providers.values import Arrival, CallFailed, DeliveryReceipt, InboundText
from connector.providers.wordless import worded

_GARBLED = garbled("Twilio")
_TOO_MANY = f"Twilio lists more than {list_pages.MOST_MESSAGES:,} messages of {{}} since then; ask for a later moment."
_NOT_FOUND = 404


async def messages_since(client: Any, lines: Sequence[str], since: int, base: str) -> AsyncIterator[Arrival]:
    """Texts to `lines` and receipts for what they sent, since a moment in milliseconds; pictures at `base`.

    There is no filter by direction, so each line is asked for twice: as recipient and as sender. Twilio lists the
    newest first; the order is reversed, because conversations are read from the start. Raises CallFailed, after the
    arrivals of the pages that could be read.
    """
    after = datetime.fromtimestamp(since // 1000, UTC)
    is_garbled = False
    for line in lines:
        received, trouble = await _listed(client, line, to=line, date_sent_after=after)
        for resource in reversed(received):
            if resource.direction != "inbound" or resource.status == "receiving":
                continue
            if _is_readable(resource):
                yield await _inbound(client, resource, base)
            else:
                is_garbled = True  # the others are still taken
        if trouble:
            raise CallFailed(trouble)
        sent, trouble = await _listed(client, line, from_=line, date_sent_after=after)
        for resource in reversed(sent):
            # The other outbound directions are answers in TwiML and by Twilio itself, not replies of ours.
            if resource.direction == "outbound-api":
                yield receipt_of(resource)
        if trouble:
            raise CallFailed(trouble)
    if is_garbled:
        raise CallFailed(_GARBLED)


async def receipt(client: Any, sid: str) -> DeliveryReceipt:
    """The receipt for one message. Raises CallFailed."""
    with _call():
        return receipt_of(await client.messages(sid).fetch_async())


def receipt_of(resource: Any) -> DeliveryReceipt:
    """Raises CallFailed for a resource that is not a message."""
    if not isinstance(resource.sid, str) or not isinstance(resource.status, str):
        raise CallFailed(_GARBLED)
    code = str(resource.error_code) if resource.error_code else None
    text = resource.error_message if isinstance(resource.error_message, str) else ""
    return DeliveryReceipt(
        status=status_of(resource.status, code),
        raw_status=resource.status,
        ref=resource.sid,
        code=code,
        words=receipt_words(resource.status, code, text),
        opted_out=code in OPTED_OUT,
        billed=billed(resource.num_segments),
    )


async def _listed(client: Any, line: str, **query: Any) -> tuple[list[Any], str | None]:
    """The messages of all pages, and why some are missing; None when none are."""
    found: list[Any] = []
    try:
        with _call():
            page = await client.messages.page_async(page_size=list_pages.MESSAGES, **query)
            for _ in range(list_pages.MOST_MESSAGES // list_pages.MESSAGES):
                found += page
                page = await page.next_page_async()
                if page is None:
                    return found, None
                if len(found) >= list_pages.MOST_MESSAGES:
                    break
    except CallFailed as error:
        return found, str(error)
    return found, _TOO_MANY.format(line)


def _is_readable(resource: Any) -> bool:
    has_parties = all(isinstance(word, str) and word for word in (resource.sid, resource.to, resource.from_))
    return has_parties and isinstance(resource.body or "", str)


async def _inbound(client: Any, resource: Any, base: str) -> InboundText:
    sid, line, consumer, body = resource.sid, resource.to, resource.from_, resource.body or ""
    at = resource.date_sent or resource.date_created
    media = await _media(client, sid, base, resource.num_media)
    return InboundText(
        ref=sid,
        line=line,
        consumer=consumer,
        text=worded(readable(body, sid), media),
        media=media,
        at=round(at.timestamp() * 1000) if at else None,
    )


async def _media(client: Any, sid: str, base: str, announced: object) -> tuple[Media, ...]:
    """The pictures of one message; one without an address where Twilio has deleted those that it announces."""
    if announced in (None, "0"):
        return ()
    with _call():
        try:
            listed = await client.messages(sid).media.list_async(limit=list_pages.MESSAGES)
        except ErrorResponse as error:
            if error.status != _NOT_FOUND:
                raise
            listed = []
        # An address in the list is that of the description; without its ending it is that of the picture.
        found = (Media(base.rstrip("/") + one.uri.removesuffix(".json"), one.content_type or "") for one in listed)
        return tuple(found) or (without_address(""),)


@contextmanager
def _call() -> Iterator[None]:
    """Raises CallFailed for anything that goes wrong inside."""
    try:
        yield
    except CallFailed:
        raise
    except ErrorResponse as error:
        raise CallFailed(call_words(error)) from None
    except httpx.HTTPError as error:
        raise CallFailed(unanswered("Twilio", error)) from None
    except Exception:
        # The client raises anything when it cannot parse an answer.
        raise CallFailed(_GARBLED) from None
