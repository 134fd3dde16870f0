"""Requests as they are read: what could be read in two ways is refused, and bytes are bounded."""

from __future__ import annotations

import pytest

from tests.connector.edge.hooks.harness import (
    CHUNKED,
    H2C,
    HEAD,
    LAST,
    LIMIT,
    serving,
    status,
)


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
