"""Twilio's lists: filters, and pages that are stable while new messages arrive. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

from multidict import MultiMapping

from connector.lab.vendors.phonebook import VendorMessage
from connector.lab.vendors.twilio.forms import ApiError, message_resource

_DEFAULT_SIZE, _MAX_SIZE = 50, 1000


def list_messages(
    messages: list[VendorMessage], path: str, query: MultiMapping[str], account_sid: str
) -> dict[str, object]:
    """One page of `messages` (given oldest first, listed newest first). Raises ApiError for a malformed date."""
    wanted = [message for message in reversed(messages) if _matches(message, query)]
    size = min(max(_number(query.get("PageSize"), _DEFAULT_SIZE), 1), _MAX_SIZE)
    page = _number(query.get("Page"), 0)
    # The token names the last message of the previous page, so new arrivals move nothing to another page.
    after = query.get("PageToken", "").removeprefix("PA")
    start = next((place + 1 for place, message in enumerate(wanted) if message.id == after), 0)
    shown = wanted[start : start + size]
    following = None
    if start + size < len(wanted):
        place = {"PageSize": str(size), "Page": str(page + 1), "PageToken": "PA" + shown[-1].id}
        following = f"{path}?{urlencode({**query, **place})}"
    return {
        **single_page("messages", [message_resource(message, account_sid) for message in shown], path, size),
        "page": page,
        "start": page * size,
        "end": page * size + max(len(shown) - 1, 0),
        "next_page_uri": following,
    }


def single_page(
    name: str, resources: list[dict[str, object]], path: str, size: int = _DEFAULT_SIZE
) -> dict[str, object]:
    """A list that is complete on its first page."""
    return {
        name: resources,
        "page": 0,
        "page_size": size,
        "start": 0,
        "end": max(len(resources) - 1, 0),
        "uri": path,
        "first_page_uri": f"{path}?PageSize={size}&Page=0",
        "next_page_uri": None,
        "previous_page_uri": None,
    }


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default


def _matches(message: VendorMessage, query: MultiMapping[str]) -> bool:
    """Filters `To`, `From`, and `DateSent` (that day), `DateSent>` (from then on), `DateSent<` (up to then).

    A message that has not been sent has no date, so these leave it out.
    """
    if query.get("To", message.recipient) != message.recipient or query.get("From", message.sender) != message.sender:
        return False
    if not any(name.startswith("DateSent") for name in query):
        return True
    if message.sent_at is None:
        return False
    at = datetime.fromtimestamp(message.sent_at // 1000, UTC)
    if "DateSent" in query and at.date() != _moment(query["DateSent"]).date():
        return False
    if "DateSent>" in query and at < _moment(query["DateSent>"]):
        return False
    return not ("DateSent<" in query and at > _moment(query["DateSent<"]))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ApiError(20001) from None
    return moment.replace(tzinfo=moment.tzinfo or UTC)
