"""One call of smsbox's `sendsms` (user guide, "Using HTTP to send SMS from Kannel"), and what its end proves."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from urllib.parse import quote, urlencode

import httpx
from msgspec import Struct

from connector.config.relay import KannelSettings
from connector.providers.outbound import OutboundClient
from connector.providers.send_outcomes import is_never_connected
from connector.relay.kannel.receipts import ALL_EVENTS
from connector.relay.times import TIMES, RelayTimes
from connector.sms.segments import measure

# So many calls at once: these are the ones whose end is unknown when smsbox hangs.
_AT_ONCE = 4
# A connection that smsbox has closed meanwhile looks like a text of unknown end.
_OWN_CONNECTION = {"connection": "close"}


class Handed(StrEnum):
    """How a call ended."""

    TAKEN = "taken"
    REFUSED = "refused"  # for good, for this text
    LATER = "later"  # nothing was taken, and another call makes sense
    UNKNOWN = "unknown"  # it may have been taken


class HandedOver(Struct, frozen=True):
    """`after_s`: when to try again; `words`: why it was not taken."""

    end: Handed
    words: str = ""
    after_s: int = 10


class TextPart(Struct, frozen=True):
    """What one call hands over: a text of one segment, or one of `parts` segments with the reference of their text."""

    line: str
    consumer: str
    text: str
    reports_url: str  # with Kannel's escape codes
    reference: int = 0
    part: int = 1
    parts: int = 1
    encoding: str = ""  # of the whole text
    valid_for_s: int | None = None


class Smsbox:
    """The texts that smsbox may have when it hangs are few: a smsbox that does not answer gets none."""

    def __init__(self, settings: KannelSettings, http: OutboundClient, times: RelayTimes = TIMES) -> None:
        self._settings = settings
        self._http = http
        self._times = times
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._answered_at_s = float("-inf")  # in the loop's time

    async def hand_over(self, part: TextPart) -> HandedOver:
        """One call. Never raises for anything the network or Kannel does."""
        try:
            async with asyncio.timeout(self._times.place_s):
                await self._places.acquire()
        except TimeoutError:
            return HandedOver(Handed.LATER, "Kannel is slow; nothing was handed to it")
        try:
            if not await self.answers():
                return HandedOver(Handed.LATER, "Kannel's smsbox does not answer; nothing was handed to it")
            return await self._call(part)
        finally:
            self._places.release()

    async def answers(self) -> bool:
        """Whether smsbox answers; asked without a user, which it refuses without doing anything."""
        if asyncio.get_running_loop().time() - self._answered_at_s < self._times.ping_after_s:
            return True
        try:
            async with asyncio.timeout(self._times.ping_s):
                await self._http.get(self._settings.sendsms_url, headers=_OWN_CONNECTION)
        except (httpx.HTTPError, TimeoutError):
            return False
        self._answered_at_s = asyncio.get_running_loop().time()
        return True

    async def _call(self, part: TextPart) -> HandedOver:
        query = urlencode(self._parameters(part), quote_via=quote)
        try:
            async with asyncio.timeout(self._times.call_s):
                answer = await self._http.get(f"{self._settings.sendsms_url}?{query}", headers=_OWN_CONNECTION)
        except (httpx.HTTPError, TimeoutError) as error:
            self._answered_at_s = float("-inf")
            if is_never_connected(error):
                return HandedOver(Handed.LATER, "Kannel's smsbox cannot be reached; nothing was handed to it")
            return HandedOver(Handed.UNKNOWN, "Kannel's smsbox did not answer")
        self._answered_at_s = asyncio.get_running_loop().time()
        return outcome(answer.status_code, answer.text.strip())

    def _parameters(self, part: TextPart) -> dict[str, str | bytes]:
        wanted: dict[str, str | bytes] = {
            "username": self._settings.username,
            "password": self._settings.password.reveal(),
            "from": part.line,
            "to": part.consumer,
            "text": part.text,
            "charset": "UTF-8",
            # Kannel replaces characters outside its 7 bit alphabet by a question mark.
            "coding": "0" if (part.encoding or measure(part.text).encoding) == "GSM-7" else "2",
            "dlr-mask": str(ALL_EVENTS),
            "dlr-url": part.reports_url,
        }
        if part.parts > 1:
            wanted["udh"] = bytes([5, 0, 3, part.reference % 256, part.parts, part.part])
        if part.valid_for_s is not None:
            wanted["validity"] = str(max(1, round(part.valid_for_s / 60)))
        return wanted


def outcome(status: int, words: str) -> HandedOver:
    """What smsbox's answer says: 202, 403 or 503 by its user guide and its source (`delayed_http_reply`)."""
    if status == 202:
        return HandedOver(Handed.TAKEN)
    if status in (401, 403) and "uthorization" in words:
        return HandedOver(Handed.LATER, "Kannel refused the relay's username and password", 60)
    if status in (429, 503):
        return HandedOver(Handed.LATER, f"Kannel takes nothing for now: {words}")
    if 400 <= status < 500:
        return HandedOver(Handed.REFUSED, words or f"HTTP {status}")
    return HandedOver(Handed.UNKNOWN, f"Kannel answered HTTP {status}: {words}")
