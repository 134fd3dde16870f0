"""Connections of the hook server: what is read in two ways is refused, and bytes, time and places are bounded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from connector.base.supervise import Supervisor
from connector.edge.hooks.connection import HttpConnection
from connector.edge.hooks.connections import ConnectionPool
from connector.edge.hooks.http import LIMITS, HttpAnswer, HttpLimits, HttpRequest

LIMIT = 64
# So short that a test of a time limit takes no time, and so long that no other test comes upon one.
QUICK = HttpLimits(head_s=0.1, body_s=0.1, answer_s=0.1, idle_s=0.1, linger_s=0.1, write_s=0.1)


class EchoApplication:
    """Answers with what it understood: method, target, body and the header `x-proof`."""

    def __init__(self) -> None:
        self.requests: list[HttpRequest] = []
        self.broken: list[HttpRequest] = []
        self.is_proven = False
        self.gate: Callable[[], Awaitable[object]] | None = None
        self.large = b""

    def body_limit(self, request: HttpRequest) -> int:
        return LIMIT

    def broke_off(self, request: HttpRequest) -> None:
        self.broken.append(request)

    async def answer(self, request: HttpRequest) -> HttpAnswer:
        self.requests.append(request)
        if self.gate is not None:
            await self.gate()
        if request.is_cut:
            return HttpAnswer(413, closes=True)
        proof = request.headers.get("x-proof", "-")
        body = f"{request.method} {request.target} {request.body.decode()} {proof}".encode() + self.large
        return HttpAnswer(200, body, is_proven=self.is_proven)


class Server:
    def __init__(self, application: EchoApplication, pool: ConnectionPool, port: int) -> None:
        self.application = application
        self.pool = pool
        self.port = port

    async def exchange(self, *parts: bytes, closes: bool = False) -> bytes:
        """Everything that is answered to these parts, until the server closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for part in parts:
                writer.write(part)
                await writer.drain()
            if closes:
                writer.write_eof()
            async with asyncio.timeout(10):
                return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()


@asynccontextmanager
async def serving(limits: HttpLimits = LIMITS, places: int = 64) -> AsyncIterator[Server]:
    application, pool = EchoApplication(), ConnectionPool(places)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: HttpConnection(application, pool, limits), "127.0.0.1", 0)
    try:
        yield Server(application, pool, server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await pool.drain(5)


async def answered(reader: asyncio.StreamReader) -> None:
    assert status(await reader.read()) == 408


HEAD = b"POST /x HTTP/1.1\r\nHost: a\r\n"
LAST = b"Connection: close\r\n"
H2C = b"Connection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk\r\n"
CHUNKED = HEAD + LAST + b"Transfer-Encoding: chunked\r\n\r\n"


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


@pytest.mark.parametrize(
    ("data", "understood"),
    [
        (HEAD + LAST + b"Content-Length: 3\r\n\r\nabc", b"POST /x abc -"),
        (CHUNKED + b"3\r\nabc\r\n0\r\n\r\n", b"POST /x abc -"),
        (CHUNKED + b"3;name=value\r\nabc\r\n0\r\n\r\n", b"POST /x abc -"),
        (HEAD + LAST + b"X-Empty:\r\nX-Proof: p\r\nContent-Length: 0\r\n\r\n", b"POST /x  p"),
        (HEAD + LAST + b"x-pRoof: p\r\nX-Proof: q\r\nContent-Length: 0\r\n\r\n", b"POST /x  p, q"),
        (b"GET /x?a=%00+b HTTP/1.0\r\n\r\n", b"GET /x?a=%00+b  -"),
        (b"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"GET /  -"),
        # A server may go on in HTTP/1.1, and Java's HttpClient asks for HTTP/2 with every first request.
        (HEAD + H2C + b"Content-Length: 3\r\n\r\nabc", b"POST /x abc -"),
        (HEAD + H2C + b"X-Proof: p\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", b"POST /x abc p"),
        # A trailer field is no header field.
        (CHUNKED + b"3\r\nabc\r\n0\r\nX-Proof: forged\r\n\r\n", b"POST /x abc -"),
    ],
)
async def test_what_can_be_read_in_one_way_is_answered(data: bytes, understood: bytes) -> None:
    async with serving() as server:
        answer = await server.exchange(data)
        assert status(answer) == 200
        assert answer.endswith(b"\r\n\r\n" + understood)
        in_bytes = await server.exchange(*[data[at : at + 1] for at in range(len(data))])
        assert in_bytes == answer


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: identity\r\n\r\nabc",
        HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"POST /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /x HTTP/1.0\r\nHost: a\r\n" + H2C + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
        HEAD + b"Content-Length: 1, 1\r\n\r\na",
        *[HEAD + b"Content-Length: " + size + b"\r\n\r\na" for size in (b"+1", b"-1", b"0x1", b"1_0", b"", b"9" * 30)],
        CHUNKED + b"0x3\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"-3\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"f" * 17 + b"\r\n",
        CHUNKED + b"3\nabc\n0\n\n",
        CHUNKED + b"3 \r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"3\r\nabcd\r\n0\r\n\r\n",
        HEAD + b"Folded: a\r\n b\r\n\r\n",
        HEAD + b"Bare: a\rX: b\r\n\r\n",
        HEAD + b"Nul: a\x00b\r\n\r\n",
        HEAD + b"no colon\r\n\r\n",
        HEAD + b": no name\r\n\r\n",
        b"POST /x HTTP/1.1\nHost: a\n\n",
        b"POST /x HTTP/1.1\r\nHost: a\nContent-Length: 0\r\n\r\n",
        b"POST /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"Host: b\r\nContent-Length: 0\r\n\r\n",
        HEAD + H2C + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + H2C + b"Host: b\r\nContent-Length: 0\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /x HTTP/2.0\r\nHost: a\r\n\r\n",
        b"GET /x\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_what_could_be_read_in_two_ways_is_refused_and_nothing_after_it_is_read(data: bytes) -> None:
    smuggled = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
    async with serving() as server:
        answer = await server.exchange(data + smuggled, closes=True)
        assert status(answer) in (400, 501, 505)
        assert b"Connection: close" in answer
        assert server.application.requests == []


async def test_requests_that_follow_one_another_are_answered_in_order_whatever_arrives_together() -> None:
    requests = [b"POST /%d HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n%d" % (n, n) for n in range(9)]
    last = b"GET /9 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    data = b"".join(requests) + last
    async with serving() as server:
        whole = await server.exchange(data)
        assert [request.target for request in server.application.requests] == [f"/{n}" for n in range(10)]
        for size in (7, 40, 75, 100):
            parts = [data[at : at + size] for at in range(0, len(data), size)]
            assert await server.exchange(*parts) == whole


async def test_a_caller_that_is_gone_before_its_answer_leaves_no_error() -> None:
    errors: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
    async with serving() as server:
        goes_on = asyncio.Event()
        server.application.gate = goes_on.wait
        for _ in range(3):
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(HEAD + LAST + b"Content-Length: 0\r\n\r\n")
            await writer.drain()
            async with asyncio.timeout(10):
                while not len(server.application.requests):
                    await asyncio.sleep(0.01)
                (connection,) = server.pool._unproven
                writer.write(b"more")  # so that it is not read that the caller closes
                while not connection._unread:
                    await asyncio.sleep(0.01)
                writer.close()
                await writer.wait_closed()
                goes_on.set()
                while len(server.pool):
                    await asyncio.sleep(0.01)
            server.application.requests.clear()
            goes_on.clear()
    assert errors == []


async def test_requests_that_arrive_together_are_bounded_until_the_connection_has_proven_itself() -> None:
    request = HEAD + b"Content-Length: 0\r\n\r\n"
    async with serving() as server:
        answers = await server.exchange(request * 1000)
        assert answers.count(b"HTTP/1.1 200 ") == len(server.application.requests) == 16
        assert answers.count(b"Connection: close") == 1
    async with serving() as server:
        server.application.is_proven = True
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for count in (1, 40):
            writer.write(request * count)
            async with asyncio.timeout(10):
                for _ in range(count):
                    await reader.readuntil(b"POST /x  -")
        writer.close()


async def test_a_body_that_follows_an_answered_request_keeps_its_place_in_memory() -> None:
    """The one budget for the bodies of strangers holds however their requests are cut into packets."""
    whole = HEAD + b"Content-Length: 1\r\n\r\na"
    half = HEAD + b"Content-Length: 60\r\n\r\n"
    async with serving() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(whole + half)
        async with asyncio.timeout(10):
            await reader.readuntil(b"POST /x a -")
            assert server.pool._reserved == 60
            writer.write(b"b" * 60 + half)
            await reader.readuntil(b"b" * 60 + b" -")
        assert server.pool._reserved == 60
        writer.close()
        async with asyncio.timeout(10):
            while len(server.pool):
                await asyncio.sleep(0.01)
        assert server.pool._reserved == 0


async def test_a_trailer_changes_no_header_of_a_request_that_was_answered_meanwhile() -> None:
    """The header of a request is complete before its body; one that follows in the same bytes changes nothing."""
    first = HEAD + b"Content-Length: 0\r\n\r\n"
    second = HEAD + LAST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n"
    async with serving() as server:
        answer = await server.exchange(first + second, b"a\r\n0\r\nX-Proof: forged\r\n\r\n")
        assert answer.endswith(b"POST /x a -")


async def test_a_request_for_another_protocol_and_those_after_it_are_answered() -> None:
    first = HEAD + H2C.replace(b"close, ", b"") + b"Content-Length: 1\r\n\r\na"
    async with serving() as server:
        answer = await server.exchange(first + first + HEAD + LAST + b"Content-Length: 1\r\n\r\nb")
        assert [request.body for request in server.application.requests] == [b"a", b"a", b"b"]
        assert answer.count(b"HTTP/1.1 200 ") == 3


async def test_what_is_sent_after_the_last_request_is_not_read() -> None:
    async with serving() as server:
        answer = await server.exchange(HEAD + LAST + b"Content-Length: 0\r\n\r\n" + HEAD + b"\r\n")
        assert answer.count(b"HTTP/1.1 ") == 1
        assert len(server.application.requests) == 1


async def test_a_caller_that_closes_its_side_is_answered() -> None:
    async with serving() as server:
        assert status(await server.exchange(HEAD + b"Content-Length: 1\r\n\r\na", closes=True)) == 200


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"Content-Length: 65\r\n\r\n",
        HEAD + b"Content-Length: 99999999999\r\n\r\n" + b"a" * 70_000,
        CHUNKED + b"41\r\n" + b"a" * 65,
        CHUNKED + b"1\r\na\r\n" * 65,
    ],
)
async def test_a_body_that_is_too_long_is_refused_before_it_is_read(data: bytes) -> None:
    async with serving() as server:
        answer = await server.exchange(data)
        assert status(answer) == 413 or not answer  # it may be lost to a caller that goes on sending
        (request,) = server.application.requests
        assert request.is_cut
        assert len(request.body) <= LIMIT


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (HEAD + b"X: " + b"a" * 20_000 + b"\r\n\r\n", 431),
        (HEAD + b"".join(b"X-%d: 1\r\n" % number for number in range(70)) + b"\r\n", 431),
        (HEAD + b"X: " + b"a" * 200_000, 431),
        (b"\r\n" * 100_000, 431),
    ],
    ids=["target", "header", "fields", "half a header", "blank lines"],
)
async def test_a_header_that_is_too_long_is_refused(data: bytes, expected: int) -> None:
    async with serving() as server:
        assert status(await server.exchange(data)) in (expected, 0)
        assert server.application.requests == []


async def test_chunk_sizes_cannot_be_longer_than_content_by_much() -> None:
    async with serving() as server:
        assert status(await server.exchange(CHUNKED + b"1;" + b"a" * 40_000)) in (400, 0)
        assert server.application.requests == []


@pytest.mark.parametrize("data", [b"", b"POST", HEAD, HEAD + b"Content-Length: 9\r\n\r\nabc", CHUNKED + b"3\r\na"])
async def test_a_request_that_does_not_end_is_given_up(data: bytes) -> None:
    async with serving(QUICK) as server:
        assert status(await server.exchange(data)) == (408 if data else 0)
        assert len(server.application.broken) == (b"\r\n\r\n" in data)


async def test_an_error_with_one_connection_leaves_the_time_limits_of_the_others() -> None:
    half = HEAD + b"Content-Length: 9\r\n\r\nabc"
    async with serving(QUICK) as server:
        server.application.broken = ()  # type: ignore[assignment]  # what is appended to it raises
        assert status(await server.exchange(half)) == 0
        server.application.broken = []
        assert status(await server.exchange(half)) == 408


async def test_bytes_that_drip_do_not_prolong_the_time() -> None:
    async with serving(QUICK) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(HEAD)
        async with asyncio.timeout(10), Supervisor() as tasks:
            answer = tasks.start("read", answered(reader))
            while not answer.done():
                writer.write(b"X: 1\r\n")
                await asyncio.wait([answer], timeout=0.02)
        writer.close()


async def test_an_answer_that_takes_too_long_is_a_503() -> None:
    async with serving(QUICK) as server:
        server.application.gate = asyncio.Event().wait
        assert status(await server.exchange(HEAD + LAST + b"Content-Length: 0\r\n\r\n")) == 503


async def test_a_caller_that_does_not_take_its_answer_is_closed() -> None:
    async with serving(QUICK) as server:
        server.application.large = b"a" * 30_000_000
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1)
        writer.write(HEAD + b"Content-Length: 0\r\n\r\n")
        async with asyncio.timeout(10):
            while not server.application.requests or len(server.pool):
                await asyncio.sleep(0.02)
        writer.close()
        del reader


async def test_a_large_answer_arrives_whole() -> None:
    async with serving() as server:
        server.application.large = b"a" * 5_000_000
        answer = await server.exchange(HEAD + LAST + b"Content-Length: 0\r\n\r\n")
        assert len(answer.partition(b"\r\n\r\n")[2]) == 5_000_000 + len("POST /x  -")


async def test_half_requests_held_open_make_room_for_a_whole_one() -> None:
    async with serving(places=16) as server:
        held = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(20)]
        for _, writer in held:
            writer.write(b"POST /x HT")
            await writer.drain()
        assert status(await server.exchange(HEAD + LAST + b"Content-Length: 0\r\n\r\n")) == 200
        assert len(server.pool) <= 8
        for _, writer in held:
            writer.close()


async def test_a_connection_that_has_proven_itself_keeps_its_place_in_a_flood() -> None:
    async with serving(places=16) as server:
        server.application.is_proven = True
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        request = HEAD + b"Content-Length: 0\r\n\r\n"
        answer = b"POST /x  -"
        writer.write(request)
        await reader.readuntil(answer)
        held = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(40)]
        for _, flood in held:
            flood.write(b"POST")
            await flood.drain()
        writer.write(request)
        await reader.readuntil(answer)
        for _, each in [*held, (reader, writer)]:
            each.close()


async def test_an_expected_continue_is_answered_before_the_body() -> None:
    async with serving() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(HEAD + LAST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"abc")
        assert (await reader.read()).endswith(b"POST /x abc -")
        writer.close()


async def test_a_request_under_way_is_answered_before_the_server_has_closed() -> None:
    async with serving() as server, Supervisor() as tasks:

        async def close_meanwhile() -> None:
            drained = tasks.start("drain", server.pool.drain(5))
            await asyncio.sleep(0)
            assert not drained.done()

        server.application.gate = close_meanwhile
        assert status(await server.exchange(HEAD + b"Content-Length: 0\r\n\r\n")) == 200


async def test_the_answer_of_a_caller_that_is_gone_keeps_its_place_and_its_time_limit() -> None:
    async with serving(QUICK) as server, asyncio.timeout(10):
        ended = asyncio.Event()

        async def gate() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        server.application.gate = gate
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(HEAD + b"Content-Length: 0\r\n\r\n")
        while not server.application.requests:
            await asyncio.sleep(0.001)
        writer.transport.abort()
        await ended.wait()
        while len(server.pool):
            await asyncio.sleep(0.001)
        del reader
