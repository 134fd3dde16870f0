"""What Twilio's webhooks say beside the contract: which fields are needed, and what comes in place of a text.

The fields and their conditions are those of https://www.twilio.com/docs/messaging/guides/webhook-request and
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status.
"""

from __future__ import annotations

import random
from urllib.parse import urlencode

import pytest

from connector.domain.consent.entries import ConsentKind, ConsentSignal
from connector.domain.media import Media, MediaState
from connector.domain.status import Status
from connector.providers.twilio.hooks import read
from connector.providers.values import Arrival, DeliveryReceipt, Hook, InboundText, Unreadable, Untaken
from connector.providers.wordless import NOTHING

URL = "https://desk.example.com/hooks/twilio/main/"
NEEDED = {"MessageSid": "MM1", "From": "+15550123", "To": "+15550100"}
OPTIONAL = {
    "SmsSid": "MM1",
    "SmsMessageSid": "MM1",
    "AccountSid": "AC1",
    "MessagingServiceSid": "MG1",
    "Body": "Hello",
    "NumMedia": "1",
    "NumSegments": "1",
    "SmsStatus": "received",
    "ApiVersion": "2010-04-01",
    "FromCity": "X",
    "FromState": "X",
    "FromZip": "X",
    "FromCountry": "US",
    "ToCity": "X",
    "ToState": "X",
    "ToZip": "X",
    "ToCountry": "US",
    "MediaUrl0": "https://api.twilio.com/1",
    "MediaContentType0": "image/png",
    "OptOutType": "HELP",
    "ReferralNumMedia": "0",
    "ProfileName": "X",
    "WaId": "1555",
    "Forwarded": "true",
    "MessageType": "text",
    "ChannelMetadata": "{}",
    "ButtonText": "Yes",
    "ButtonPayload": "yes",
    "OriginalRepliedMessageSid": "SM0",
    "Latitude": "1",
    "Longitude": "2",
    "Address": "X",
    "Label": "X",
}
RECEIPT = {"MessageSid": "SM2", "MessageStatus": "delivered"}
OPTIONAL_OF_RECEIPTS = {
    "SmsSid": "SM2",
    "SmsStatus": "delivered",
    "AccountSid": "AC1",
    "From": "+15550100",
    "To": "+15550123",
    "ApiVersion": "2010-04-01",
    "MessagingServiceSid": "MG1",
    "RawDlrDoneDate": "2611281200",
    "ErrorCode": "30008",
    "ErrorMessage": "X",
    "ChannelPrefix": "whatsapp",
    "EventType": "READ",
    "StructuredMessage": "false",
}
Form = dict[str, str] | list[tuple[str, str]]


def called(form: Form, kind: str = "inbound", query: str = "") -> Hook:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return Hook(kind, "POST", URL + kind + query, headers, urlencode(form).encode())


def text_of(form: Form, kind: str = "inbound") -> InboundText:
    [arrival] = read(called(form, kind))
    assert isinstance(arrival, InboundText)
    return arrival


def receipt_of(form: Form, kind: str = "status", query: str = "") -> DeliveryReceipt:
    [arrival] = read(called(form, kind, query))
    assert isinstance(arrival, DeliveryReceipt)
    return arrival


def variants(needed: dict[str, str], optional: dict[str, str]) -> dict[str, Form]:
    """Forms that are to be taken, by what is unusual about them."""
    whole = needed | optional
    found: dict[str, Form] = {"nothing optional": needed, "all of it": whole}
    for name in optional:
        found[f"without {name}"] = {key: value for key, value in whole.items() if key != name}
        found[f"blank {name}"] = {**whole, name: ""}
        found[f"strange {name}"] = {**whole, name: "\0 <?> \U0001f600"}
        found[f"repeated {name}"] = [*whole.items(), (name, whole[name])]
        found[f"only {name}"] = {**needed, name: optional[name]}
    found["fields of tomorrow"] = {**whole, "Mood": "sunny", "": "x", "MediaUrlX": "y", "MediaUrl9999": "z"}
    found["small letters"] = {name.lower(): value for name, value in whole.items()}
    found["capitals"] = {name.upper(): value for name, value in whole.items()}
    found["another order"] = random.Random(1).sample(list(whole.items()), len(whole))
    return found


@pytest.mark.parametrize("form", (forms := variants(NEEDED, OPTIONAL)).values(), ids=forms)
def test_every_optional_field_of_a_text_is_optional(form: Form) -> None:
    arrival = text_of(form)
    assert (arrival.ref, arrival.line, arrival.consumer) == ("MM1", "+15550100", "+15550123")
    assert arrival.text.strip() or arrival.media


@pytest.mark.parametrize("form", (receipts := variants(RECEIPT, OPTIONAL_OF_RECEIPTS)).values(), ids=receipts)
def test_every_optional_field_of_a_receipt_is_optional(form: Form) -> None:
    arrival = receipt_of(form)
    assert (arrival.ref, arrival.status) == ("SM2", Status.DELIVERED)


@pytest.mark.parametrize("name", ["MessageSid", "SmsSid", "SmsMessageSid"])
def test_any_of_the_three_ids_is_the_id(name: str) -> None:
    assert text_of({"From": "+15550123", "To": "+15550100", name: "SM7"}).ref == "SM7"


def test_a_picture_without_a_body_is_a_message_with_its_picture() -> None:
    arrival = text_of({**NEEDED, "NumMedia": "1", "MediaUrl0": "https://a/1", "MediaContentType0": "image/heic"})
    assert arrival.text == ""
    assert arrival.media == (Media("https://a/1", "image/heic"),)


@pytest.mark.parametrize(
    ("announced", "urls", "found", "missing"),
    [
        ("2", {0: "a", 1: "b"}, ["a", "b"], 0),
        ("0", {0: "a"}, ["a"], 0),
        ("", {0: "a", 1: "b"}, ["a", "b"], 0),
        ("two", {0: "a"}, ["a"], 0),
        ("-1", {0: "a"}, ["a"], 0),
        ("٣", {0: "a"}, ["a"], 0),
        ("99999999999", {0: "a"}, ["a"], 0),
        ("3", {0: "a"}, ["a"], 2),
        ("3", {2: "c", 0: "a"}, ["a", "c"], 1),
        ("999", {}, [], 10),
        ("2", {0: "a", 1: "a"}, ["a"], 0),
        ("11", dict(enumerate("abcdefghijk")), [*"abcdefghijk"], 0),
    ],
)
def test_pictures_are_those_with_an_address(
    announced: str, urls: dict[int, str], found: list[str], missing: int
) -> None:
    form = {**NEEDED, "NumMedia": announced, **{f"MediaUrl{number}": url for number, url in urls.items()}}
    media = text_of(form).media
    assert [one.url for one in media if one.state is MediaState.WAITING] == found
    failed = [one for one in media if one.state is MediaState.FAILED]
    assert len(failed) == missing and all(one.words for one in failed)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"Body": ""}, NOTHING),
        ({"Body": " \n"}, NOTHING),
        ({"Body": "\u200b\ufeff\u2800"}, NOTHING),
        ({"Body": "", "ButtonText": "Yes, please", "ButtonPayload": "yes"}, "Yes, please"),
        ({"ButtonPayload": "yes"}, "yes"),
        ({"Body": "Yes", "ButtonText": "Yes"}, "Yes"),
        ({"Body": "", "ListTitle": "Refund", "ListId": "r"}, "Refund"),
        (
            {"Body": "", "Latitude": "48.8584", "Longitude": "2.2945", "Label": "Eiffel Tower", "Address": "Paris"},
            "[location: Eiffel Tower; Paris; 48.8584, 2.2945]",
        ),
        ({"Body": "Here", "Latitude": "1.5", "Longitude": "-2"}, "Here\n[location: 1.5, -2]"),
        ({"Body": "", "MessageType": "sticker"}, "[sticker, without words]"),
        ({"Body": "", "MessageType": "text"}, NOTHING),
        ({"Body": "", "ReferralHeadline": "Buy now"}, "[without words, from the advertisement: Buy now]"),
        ({"Body": "", "OptOutType": "STOP"}, "[without words; Twilio took it for STOP]"),
        ({"Body": "\U0001f44d"}, "\U0001f44d"),
        ({"Body": "Liked \u201cSee you at 9\u201d"}, "Liked \u201cSee you at 9\u201d"),
        ({"Body": "a+b c%d & e=f"}, "a+b c%d & e=f"),
    ],
)
def test_no_message_is_a_blank_line(fields: dict[str, str], text: str) -> None:
    assert text_of({**NEEDED, "NumMedia": "0", **fields}).text == text


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"%C0%AF", "\ufffd\ufffd"),  # overlong
        (b"%ED%A0%80", "\ufffd\ufffd\ufffd"),  # half a surrogate pair
        (b"caf%E9", "caf\ufffd"),
        (b"caf\xc3\xa9", "café"),
        (b"%EF%BB%BFHi", "\ufeffHi"),
        (b"a%00b", "a\0b"),
        (b"100%", "100%"),
        (b"%zz", "%zz"),
        (b"%2B+%2b", "+ +"),
    ],
)
def test_octets_that_are_no_text_cost_no_message(octets: bytes, text: str) -> None:
    plain = called(NEEDED)
    [arrival] = read(Hook("inbound", "POST", plain.url, plain.headers, plain.body + b"&Body=" + octets))
    assert isinstance(arrival, InboundText) and arrival.text == text


@pytest.mark.parametrize(
    ("opt_out_type", "kind"),
    [
        ("STOP", ConsentKind.OPTED_OUT),
        ("stop", ConsentKind.OPTED_OUT),
        ("START", ConsentKind.OPTED_IN),
        ("HELP", None),
        ("", None),
        (None, None),
    ],
)
def test_what_advanced_opt_out_took_a_text_for_is_passed_on(opt_out_type: str | None, kind: ConsentKind | None) -> None:
    form = {**NEEDED, "Body": "basta"} | ({} if opt_out_type is None else {"OptOutType": opt_out_type})
    assert text_of(form).consent == (ConsentSignal(kind, "Twilio Advanced Opt-Out") if kind else None)


def test_a_receipt_at_the_address_for_texts_is_a_receipt() -> None:
    """So it is sent where a number's address for texts was given as the one for receipts, too."""
    form = {**RECEIPT, "From": "+15550100", "To": "+15550123"}
    assert receipt_of(form, "inbound").status is Status.DELIVERED
    assert receipt_of({**form, "Body": "Hello"}, "inbound").status is Status.DELIVERED
    sms_only = {"SmsSid": "SM2", "SmsStatus": "sent", "From": "+15550100", "To": "+15550123"}
    assert receipt_of(sms_only, "inbound").status is Status.SENT


@pytest.mark.parametrize("kind", ["inbound", "status"])
@pytest.mark.parametrize(
    "fields",
    [
        {"SmsStatus": "received", "Body": "Hello"},
        {"SmsStatus": "receiving", "Body": "Hello"},
        {"MessageStatus": "received", "NumMedia": "0"},
        {"SmsStatus": "received", "NumSegments": "1"},
    ],
)
def test_a_text_is_a_text_at_either_address(kind: str, fields: dict[str, str]) -> None:
    assert text_of({**NEEDED, **fields}, kind).ref == "MM1"


def test_a_text_with_a_status_that_nobody_knows_is_a_text() -> None:
    assert text_of({**NEEDED, "Body": "Hello", "MessageStatus": "teleported"}).text == "Hello"


@pytest.mark.parametrize(
    ("fields", "words", "may_hide_text"),
    [
        ({"CallSid": "CA1", "From": "+15550123", "To": "+15550100", "CallStatus": "ringing"}, "voice call", False),
        ({"EventType": "onTypingStarted", "AccountSid": "AC1"}, "onTypingStarted", False),
        ({"event_type": "click", "sms_sid": "SM1", "link": "https://a/"}, "click", False),
        ({"EventType": "onMessageAdded", "ConversationSid": "CH1", "Body": "Hello"}, "Conversations", True),
        ({"EventType": "onConversationAdded", "ConversationSid": "CH1"}, "Conversations", False),
        ({"Sid": "NO1", "Level": "ERROR", "Payload": "{}", "Timestamp": "2026"}, "debugger", False),
    ],
)
@pytest.mark.parametrize("kind", ["inbound", "status"])
def test_what_is_no_message_is_named(kind: str, fields: dict[str, str], words: str, may_hide_text: bool) -> None:
    arrivals: list[Arrival] = read(called(fields, kind))
    [untaken] = arrivals
    assert isinstance(untaken, Untaken)
    assert words in untaken.reason and untaken.may_hide_text is may_hide_text


@pytest.mark.parametrize("form", [{}, {"Body": "Hello"}, {"MessageSid": "SM1"}, {"From": "1", "To": "2", "Body": "x"}])
def test_what_names_nothing_is_unreadable(form: dict[str, str]) -> None:
    for kind in ("inbound", "status"):
        with pytest.raises(Unreadable, match="is missing"):
            read(called(form, kind))
