"""Forms and JSON of Twilio's API: the message resource, errors, the fields of hooks and callbacks. Pure.

Sources: https://www.twilio.com/docs/messaging/api/message-resource and
https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree import ElementTree

import phonenumbers

from connector.lab.vendors.hook_client import HookResponse
from connector.lab.vendors.phonebook import VendorMessage
from connector.lab.vendors.vendor_ids import sid

API_VERSION = "2010-04-01"

STOP_WORDS = frozenset(("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"))
START_WORDS = frozenset(("START", "YES", "UNSTOP"))
HELP_WORDS = frozenset(("HELP", "INFO"))

# code: (HTTP status, message)
ERRORS = {
    20001: (400, "A parameter is not valid"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too many requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "The service is not available"),
    21211: (400, "The 'To' number is not a valid phone number"),
    21402: (400, "The URL is not valid"),
    21602: (400, "A message body or media is required"),
    21603: (400, "A 'From' phone number is required"),
    21604: (400, "A 'To' phone number is required"),
    21606: (400, "The 'From' number is not a message-capable number of this account"),
    21608: (400, "The 'To' number is not verified for this trial account"),
    21609: (400, "The 'StatusCallback' URL is not valid"),
    21610: (400, "The recipient has unsubscribed from this sender"),
    21617: (400, "The message body exceeds the 1600 character limit"),
    21620: (400, "A media URL is not valid"),
    21621: (400, "The 'From' number has not been enabled for MMS"),
    21623: (400, "The number of media files exceeds the limit"),
    21421: (400, "The phone number is not valid"),
    21701: (400, "The Messaging Service does not exist"),
    21704: (400, "The Messaging Service contains no phone numbers"),
    21710: (409, "The phone number already exists in this Messaging Service"),
    21711: (400, "The 'From' number is not associated with this Messaging Service"),
    21712: (409, "The phone number is associated with another Messaging Service"),
}


class ApiError(Exception):
    """An API request fails with an error; `code` is Twilio's."""

    def __init__(self, code: int, retry_after_s: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_s = retry_after_s


def error(code: int) -> tuple[int, dict[str, object]]:
    """HTTP status and body of an error response."""
    usual = code - 20000 if 20400 <= code < 20600 else 400  # these name their status
    status, words = ERRORS.get(code, (usual, "The request could not be carried out"))
    more = f"https://www.twilio.com/docs/errors/{code}"
    return status, {"code": code, "message": words, "more_info": more, "status": status}


def message_resource(message: VendorMessage, account_sid: str) -> dict[str, object]:
    uri = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{message.id}"
    return {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created_at),
        "date_sent": None if message.sent_at is None else rfc2822(message.sent_at),
        "date_updated": rfc2822(message.updated_at),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": None,
        "from": message.sender,
        "messaging_service_sid": message.service,
        "num_media": str(message.media),
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.id,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.recipient,
        "uri": f"{uri}.json",
    }


def inbound_fields(message: VendorMessage, account_sid: str, site_url: str) -> dict[str, str]:
    """The form of an inbound hook. City, state and zip are blank, as they often are; blank fields are signed too."""
    fields = {
        "ToCountry": country(message.recipient),
        "ToState": "",
        "SmsMessageSid": message.id,
        "NumMedia": str(message.media),
        "ToCity": "",
        "FromZip": "",
        "SmsSid": message.id,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": message.body,
        "FromCountry": country(message.sender),
        "To": message.recipient,
        "ToZip": "",
        "NumSegments": str(message.segments),
        "ReferralNumMedia": "0",
        "MessageSid": message.id,
        "AccountSid": account_sid,
        "From": message.sender,
        "ApiVersion": API_VERSION,
    }
    fields |= message.fields
    if message.media and not message.body:
        del fields["Body"]  # a picture comes with a blank one, or with none
    if message.service is not None:
        fields["MessagingServiceSid"] = message.service
    for place, media in enumerate(media_sids(message)):
        fields[f"MediaContentType{place}"] = "image/png"
        fields[f"MediaUrl{place}"] = (
            f"{site_url}/{API_VERSION}/Accounts/{account_sid}/Messages/{message.id}/Media/{media}"
        )
    return fields


def callback_fields(message: VendorMessage, status: str, code: int | None, account_sid: str) -> dict[str, str]:
    """The form of a status callback."""
    fields = {
        "SmsSid": message.id,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": message.recipient,
        "MessageSid": message.id,
        "AccountSid": account_sid,
        "From": message.sender,
        "ApiVersion": API_VERSION,
    }
    if message.service is not None:
        fields["MessagingServiceSid"] = message.service
    if code is not None:
        fields["ErrorCode"] = str(code)
    return fields


def media_sids(message: VendorMessage) -> list[str]:
    return [sid("ME", message.id, place) for place in range(message.media)]


def alert(response: HookResponse) -> int | None:
    """The code of Twilio's alert for a webhook response that is not TwiML; None for a good one."""
    if not response.is_ok:
        return 11200
    if not response.body:
        return None
    if response.content_type.partition(";")[0].strip() not in ("text/xml", "application/xml"):
        return 12300
    try:
        root = ElementTree.fromstring(response.body)
    except ElementTree.ParseError:
        return 12100
    return None if root.tag == "Response" else 12100


def rfc2822(at: int) -> str:
    return format_datetime(datetime.fromtimestamp(at / 1000, UTC))


def iso8601(at: int) -> str:
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_possible(number: str) -> bool:
    """E.164 and possible. Numbers reserved for fiction are possible but not valid, so validity is not required."""
    try:
        return number.startswith("+") and phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def country(number: str) -> str:
    """ISO 3166 code; blank when the number is not in E.164."""
    try:
        code = phonenumbers.parse(number).country_code
    except phonenumbers.NumberParseException:
        return ""
    return str(phonenumbers.region_code_for_country_code(code or 0))
