"""What Twilio lists, against a web server on loopback."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from msgspec.structs import replace

from connector.domain.media import Media, MediaState
from connector.domain.status import Status
from connector.providers.twilio.errors import explain
from connector.providers.twilio.provider import TwilioProvider
from connector.providers.values import Arrival, CallFailed, DeliveryReceipt, InboundText
from connector.providers.wordless import NOTHING
from tests.kit.twilio_calls import SID, TEXT, TOKEN, WRITTEN_AT, at, calling, resource
from tests.kit.vendor_server import Behaviour, answer

LINE, CONSUMER = "+15550100", "+15550123"
ROOT = f"/2010-04-01/Accounts/{SID}/Messages"
PICTURE = f"{ROOT}/MM{'4' * 32}/Media/ME{'5' * 32}"


def received(number: int = 3, **changed: object) -> dict[str, object]:
    shown = resource(sid=f"SM{number:032}", direction="inbound", status="received", date_sent=at(number))
    return {**shown, "from": CONSUMER, "to": LINE, **changed}


def sent(number: int = 3, **changed: object) -> dict[str, object]:
    return resource(sid=f"SM{number:032}", date_sent=at(number), **changed)


def text(number: int, **changed: object) -> InboundText:
    return InboundText(
        **{
            "ref": f"SM{number:032}",
            "line": LINE,
            "consumer": CONSUMER,
            "text": TEXT,
            "at": WRITTEN_AT + number * 1000,
            **changed,
        }  # type: ignore[arg-type]
    )


def lists(
    to: Sequence[dict[str, object]] = (), sender: Sequence[dict[str, object]] = (), media: Behaviour | None = None
) -> Behaviour:
    """Messages to and from our line, one page each, and an answer for lists of pictures."""

    async def behave(request: web.Request, leaving: object) -> web.StreamResponse:
        if "/Media" in request.path and media is not None:
            return await media(request, leaving)  # type: ignore[arg-type]
        messages = to if "To" in request.query else sender
        return web.json_response({"messages": list(messages), "next_page_uri": None})

    return behave


async def listed(provider: TwilioProvider, since: int = WRITTEN_AT) -> list[Arrival]:
    return [arrival async for arrival in provider.list_since(since)]


async def until_it_fails(provider: TwilioProvider) -> tuple[list[Arrival], str]:
    found = []
    with pytest.raises(CallFailed) as raised:
        async for arrival in provider.list_since(WRITTEN_AT):
            found.append(arrival)
    return found, str(raised.value)


async def test_each_line_is_asked_for_as_recipient_and_as_sender() -> None:
    numbers = [{"address": LINE}, {"address": "12345"}]
    async with calling(lists(), numbers=numbers) as (provider, server):
        assert await listed(provider, WRITTEN_AT + 999) == []
    asked = [parse_qs(urlsplit(call.path).query) for call in server.calls]
    since = {"DateSent>": ["2026-09-21T14:13:20Z"], "PageSize": ["50"]}
    assert asked == [
        {"To": [LINE], **since},
        {"From": [LINE], **since},
        {"To": ["12345"], **since},
        {"From": ["12345"], **since},
    ]


async def test_texts_come_oldest_first() -> None:
    async with calling(lists(to=[received(3), received(2), received(1)])) as (provider, _):
        assert await listed(provider) == [text(1), text(2), text(3)]


async def test_what_is_no_text_to_us_is_left_out() -> None:
    other_directions = [
        received(1, direction="outbound-api"),  # from another line of ours
        received(2, status="receiving"),  # not whole yet
    ]
    own = [sent(3, direction="inbound"), sent(4, direction="outbound-reply"), sent(5, direction="outbound-call")]
    async with calling(lists(to=other_directions, sender=own)) as (provider, _):
        assert await listed(provider) == []


async def test_a_long_text_in_base64_is_read_as_text() -> None:
    words = "Where is my parcel? I have waited for three weeks now, every day."
    shown = received(1, sid="MM" + "4" * 32, body=base64.b64encode(words.encode()).decode())
    async with calling(lists(to=[shown])) as (provider, _):
        assert await listed(provider) == [text(1, ref="MM" + "4" * 32, text=words)]


@pytest.mark.parametrize("consumer", ["55501", "AMAZON"])
async def test_short_codes_and_names_are_consumers(consumer: str) -> None:
    async with calling(lists(to=[received(1, **{"from": consumer})])) as (provider, _):
        assert await listed(provider) == [text(1, consumer=consumer)]


async def test_a_text_that_says_no_time_has_none() -> None:
    shown = [received(1, date_sent=None, date_created=None), received(2, date_sent=None, date_created=at(7))]
    async with calling(lists(to=shown)) as (provider, _):
        assert await listed(provider) == [text(2, at=WRITTEN_AT + 7000), text(1, at=None)]


async def test_replies_are_reported_on() -> None:
    shown = [
        sent(3, status="undelivered", error_code=21610, error_message="Unsubscribed"),
        sent(2, status="of tomorrow"),
        sent(1, status="delivered"),
    ]
    async with calling(lists(sender=shown)) as (provider, _):
        assert await listed(provider) == [
            DeliveryReceipt(status=Status.DELIVERED, raw_status="delivered", ref=f"SM{1:032}"),
            DeliveryReceipt(status=None, raw_status="of tomorrow", ref=f"SM{2:032}"),
            DeliveryReceipt(
                status=Status.UNDELIVERED,
                raw_status="undelivered",
                ref=f"SM{3:032}",
                code="21610",
                words=explain("21610"),
                opted_out=True,
            ),
        ]


async def test_an_unknown_code_comes_with_twilio_s_words() -> None:
    shown = resource(status="failed", error_code=98765, error_message="The moon is full")
    async with calling(answer(200, json.dumps(shown))) as (provider, server):
        [report] = await provider.poll("SM" + "3" * 32)
    assert report.words == explain("98765", "The moon is full")
    assert server.calls[0].path == f"{ROOT}/SM{'3' * 32}.json"


async def test_a_message_that_twilio_does_not_know_cannot_be_asked_about() -> None:
    async with calling(answer(404, '{"code": 20404, "message": "not found", "status": 404}')) as (provider, _):
        with pytest.raises(CallFailed, match="does not know this account or message"):
            await provider.poll("SM" + "9" * 32)


# Pictures


async def test_pictures_come_with_their_addresses_and_kinds() -> None:
    described = [{"uri": f"{PICTURE}.json", "content_type": "image/png"}, {"uri": "/other.json", "content_type": None}]
    media = answer(200, json.dumps({"media_list": described, "next_page_uri": None}))
    shown = received(1, sid="MM" + "4" * 32, num_media="2", body=None)
    async with calling(lists(to=[shown], media=media)) as (provider, server):
        [read] = await listed(provider)
        assert isinstance(read, InboundText)
        assert read.text == ""
        assert read.media == (Media(server.url + PICTURE, "image/png"), Media(server.url + "/other", ""))
        provider.media_call(read.media[0].url)
    assert server.calls[1].path.startswith(f"{ROOT}/MM{'4' * 32}/Media.json")


async def test_a_picture_that_was_deleted_is_one_that_failed() -> None:
    gone = answer(404, '{"code": 20404, "message": "not found", "status": 404}')
    async with calling(lists(to=[received(1, num_media="1")], media=gone)) as (provider, _):
        [read] = await listed(provider)
    assert isinstance(read, InboundText) and read == replace(text(1), media=read.media)
    [media] = read.media
    assert media.state is MediaState.FAILED and media.words


async def test_a_listed_text_without_words_gets_some() -> None:
    async with calling(lists(to=[received(1, body="")])) as (provider, _):
        [read] = await listed(provider)
    assert isinstance(read, InboundText) and read.text == NOTHING


async def test_a_text_whose_pictures_cannot_be_listed_is_asked_for_again() -> None:
    """Taken without them, it would count as known, and they would never come."""
    shown = [received(2, num_media="1"), received(1)]
    async with calling(lists(to=shown, media=answer(500, "{}"))) as (provider, _):
        found, words = await until_it_fails(provider)
    assert found == [text(1)]
    assert "has trouble (HTTP 500)" in words


# Pages


def paged(pages: int, then: Behaviour) -> Behaviour:
    """Some pages of one text each to our line, the newest first, and `then`."""

    async def behave(request: web.Request, leaving: object) -> web.StreamResponse:
        page = int(request.query.get("Page", "0"))
        if page >= pages:
            return await then(request, leaving)  # type: ignore[arg-type]
        following = f"{request.path}?To=%2B15550100&Page={page + 1}"
        messages = [received(1000 - page)] if "To" in request.query else []
        return web.json_response({"messages": messages, "next_page_uri": following})

    return behave


async def test_pages_are_followed_to_the_last() -> None:
    last = answer(200, json.dumps({"messages": [received(997)], "next_page_uri": None}))

    async def behave(request: web.Request, leaving: object) -> web.StreamResponse:
        behaviour = lists() if "From" in request.query else paged(3, last)
        return await behaviour(request, leaving)  # type: ignore[arg-type]

    async with calling(behave, api_key=None, api_secret=None) as (provider, server):
        assert await listed(provider) == [text(number) for number in (997, 998, 999, 1000)]
    assert len({call.headers["authorization"] for call in server.calls}) == 1


@pytest.mark.parametrize(
    "broken",
    [
        answer(500, "{}"),
        answer(204, ""),
        answer(200, "[]"),
        answer(200, '{"messages": 5}'),
        answer(200, '{"messages": [], "calls": []}'),
        answer(200, '{"messages": [{"date_sent": 5}]}'),
        answer(201, '{"messages": []}'),
        answer(200, "<html></html>", "text/html"),
    ],
)
async def test_what_the_pages_before_a_broken_one_have_is_given(broken: Behaviour) -> None:
    async with calling(paged(2, broken)) as (provider, _):
        found, words = await until_it_fails(provider)
    assert found == [text(999), text(1000)]
    assert words.endswith(".")


async def test_pages_without_end_are_left_at_some_point() -> None:
    async with calling(paged(10_000, answer(500, "{}"))) as (provider, server):
        found, words = await until_it_fails(provider)
    assert len(found) == 400 and len(server.calls) <= 401
    assert words == "Twilio lists more than 20,000 messages of +15550100 since then; ask for a later moment."


async def test_a_list_ends_at_its_limit_however_many_a_page_has() -> None:
    full = {"messages": [{"direction": "outbound-reply"}] * 1000, "next_page_uri": "/x?PageSize=50"}
    async with calling(answer(200, json.dumps(full))) as (provider, server):
        found, words = await until_it_fails(provider)
    assert found == [] and len(server.calls) == 21
    assert words.startswith("Twilio lists more than 20,000 messages")


async def test_a_page_with_more_records_than_there_can_be_is_not_read() -> None:
    async with calling(answer(200, json.dumps({"messages": [{}] * 1001}))) as (provider, server):
        found, words = await until_it_fails(provider)
    assert found == [] and "could not be read" in words and len(server.calls) == 1


@pytest.mark.parametrize("changed", [{"sid": None}, {"sid": 7}, {"from": None}, {"to": ""}, {"body": ["Hi"]}])
async def test_a_text_that_makes_no_sense_stops_the_list(changed: dict[str, object]) -> None:
    async with calling(lists(to=[received(1, **changed)])) as (provider, _):
        found, words = await until_it_fails(provider)
    assert found == [] and "could not be read" in words


async def test_refused_sign_in_is_put_in_words() -> None:
    refused = answer(401, json.dumps({"code": 20003, "message": f"Authenticate {TOKEN}", "status": 401}))
    async with calling(refused) as (provider, _):
        assert (await until_it_fails(provider))[1] == explain("20003")
