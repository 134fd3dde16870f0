"""A cheap load of signed Twilio hooks: `python -m tests.bench.load URL COUNT FIRST CONNECTIONS [--consumers N]`.

Everything is built and signed before the first byte leaves; then each connection sends its next hook as soon as the
one before is answered, or with `--pause S` so many seconds after it. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from connector.lab.simulator.world import DEMO
from tests.bench.figures import percentile

TEXTS_EACH = 10  # of one consumer: a conversation's first text costs more than those that follow
_LINE = DEMO.twilio.lines[0].number


def reference(number: int) -> str:
    """The provider's id of the message with this number."""
    return f"SM{number:032x}"


def request(url: str, number: int, texts_each: int = TEXTS_EACH, consumers: int = 10**7) -> bytes:
    """A signed hook as Twilio posts it, with all of its fields: https://www.twilio.com/docs/messaging/guides/webhook-request

    `consumers`: so many text by turns.
    """
    fields = {
        "ToCountry": "US",
        "ToState": "CA",
        "SmsMessageSid": reference(number),
        "NumMedia": "0",
        "ToCity": "SAN FRANCISCO",
        "FromZip": "94105",
        "SmsSid": reference(number),
        "FromState": "CA",
        "SmsStatus": "received",
        "FromCity": "SAN FRANCISCO",
        "Body": f"Number {number}: my parcel was due yesterday and has not come. Can you look?",
        "FromCountry": "US",
        "To": _LINE,
        "ToZip": "94105",
        "NumSegments": "1",
        "MessageSid": reference(number),
        "AccountSid": DEMO.twilio.sid,
        "From": f"+1415{number // texts_each % consumers:07d}",
        "ApiVersion": "2010-04-01",
        "MessagingServiceSid": "",
    }
    signature = RequestValidator(DEMO.twilio.auth_token).compute_signature(url, fields)
    body = urlencode(fields).encode()
    split = urlsplit(url)
    head = (
        f"POST {split.path} HTTP/1.1\r\nHost: {split.netloc}\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        f"X-Twilio-Signature: {signature}\r\nI-Twilio-Idempotency-Token: {number:032x}\r\n\r\n"
    )
    return head.encode() + body


class Caller(asyncio.Protocol):
    """One kept connection. `times_s` gets how long each answer took; an answer that is no 2xx ends the run."""

    def __init__(self, todo: Iterator[bytes], times_s: list[float], pause_s: float = 0.0) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._todo = todo
        self._times_s = times_s
        self._pause_s = pause_s
        self._came = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        following = next(self._todo, None)
        if following is None:
            self.ended.set_result(None)
            self._transport.close()
        else:
            self._sent_at = time.perf_counter()
            self._transport.write(following)

    def data_received(self, data: bytes) -> None:
        self._came += data
        head, end, body = self._came.partition(b"\r\n\r\n")
        if not end:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r")[0])
        if len(body) < length:
            return
        self._came = b""
        self._times_s.append(time.perf_counter() - self._sent_at)
        if not head.startswith(b"HTTP/1.1 2"):
            self.ended.set_exception(RuntimeError(f"a hook was answered with {head[:60]!r}"))
            self._transport.close()
        else:
            self._send_next()

    def _send_next(self) -> None:
        left_s = self._sent_at + self._pause_s - time.perf_counter()
        if left_s > 0:
            asyncio.get_running_loop().call_later(left_s, self._send)
        else:
            self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(RuntimeError(f"the server hung up: {error}"))


async def drive(url: str, requests: list[bytes], connections: int, pause_s: float = 0.0) -> dict[str, float]:
    """Send them all over so many connections and say how it went."""
    host, _, port = urlsplit(url).netloc.partition(":")
    todo, times_s = iter(requests), list[float]()
    loop = asyncio.get_running_loop()
    began, used = time.perf_counter(), time.process_time()
    callers = []
    for _ in range(connections):
        _, caller = await loop.create_connection(lambda: Caller(todo, times_s, pause_s), host, int(port))
        callers.append(caller)
    await asyncio.gather(*(caller.ended for caller in callers))
    took_s, own_s = time.perf_counter() - began, time.process_time() - used
    return {
        "answered": len(times_s),
        "per_s": len(times_s) / took_s,
        "p50_ms": percentile(times_s, 0.5) * 1000,
        "p99_ms": percentile(times_s, 0.99) * 1000,
        "load_share": own_s / took_s,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("count", type=int)
    parser.add_argument("first", type=int)
    parser.add_argument("connections", type=int)
    parser.add_argument("--texts-each", type=int, default=TEXTS_EACH)
    parser.add_argument("--consumers", type=int, default=10**7, help="who text by turns, from +1415 000 0000 on")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between two hooks of a connection")
    options = parser.parse_args()
    numbers = range(options.first, options.first + options.count)
    requests = [request(options.url, number, options.texts_each, options.consumers) for number in numbers]
    print(json.dumps(asyncio.run(drive(options.url, requests, options.connections, options.pause))))


if __name__ == "__main__":
    main()
