"""One connection of the hook server: each phase has its time, and a caller may come and go."""

from __future__ import annotations

import asyncio

import pytest

from connector.base.supervise import Supervisor
from tests.connector.edge.hooks.harness import (
    CHUNKED,
    HEAD,
    LAST,
    PATIENCE_S,
    QUICK,
    answered,
    serving,
    status,
)


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
            async with asyncio.timeout(PATIENCE_S):
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


async def test_a_caller_that_closes_its_side_is_answered() -> None:
    async with serving() as server:
        assert status(await server.exchange(HEAD + b"Content-Length: 1\r\n\r\na", closes=True)) == 200


@pytest.mark.parametrize("data", [b"", b"POST", HEAD, HEAD + b"Content-Length: 9\r\n\r\nabc", CHUNKED + b"3\r\na"])
async def test_a_request_that_does_not_end_is_given_up(data: bytes) -> None:
    async with serving(QUICK) as server:
        assert status(await server.exchange(data)) == (408 if data else 0)
        assert len(server.application.broken) == (b"\r\n\r\n" in data)


async def test_bytes_that_drip_do_not_prolong_the_time() -> None:
    async with serving(QUICK) as server:
        reader, writer = await server.connected(HEAD)
        async with asyncio.timeout(PATIENCE_S), Supervisor() as tasks:
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
        reader, writer = await server.connected(HEAD + b"Content-Length: 0\r\n\r\n", limit=1)
        async with asyncio.timeout(PATIENCE_S):
            while not server.application.requests or len(server.pool):
                await asyncio.sleep(0.02)
        writer.close()
        del reader


async def test_a_large_answer_arrives_whole() -> None:
    async with serving() as server:
        server.application.large = b"a" * 5_000_000
        answer = await server.exchange(HEAD + LAST + b"Content-Length: 0\r\n\r\n")
        assert len(answer.partition(b"\r\n\r\n")[2]) == 5_000_000 + len("POST /x  -")


async def test_an_expected_continue_is_answered_before_the_body() -> None:
    async with serving() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(HEAD + LAST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"abc")
        assert (await reader.read()).endswith(b"POST /x abc -")
        writer.close()
