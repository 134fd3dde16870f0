"""Places of connections, and the memory of their bodies: bounded, with room for those that have proven themselves."""

from __future__ import annotations

import asyncio

from connector.base.supervise import Supervisor
from tests.connector.edge.hooks.harness import (
    HEAD,
    LAST,
    PATIENCE_S,
    QUICK,
    serving,
    status,
)


async def test_requests_that_arrive_together_are_bounded_until_the_connection_has_proven_itself() -> None:
    request = HEAD + b"Content-Length: 0\r\n\r\n"
    async with serving() as server:
        answers = await server.exchange(request * 300)  # fits into one packet on loopback
        assert answers.count(b"HTTP/1.1 200 ") == len(server.application.requests) == 16
        assert answers.count(b"Connection: close") == 1
    async with serving() as server:
        server.application.is_proven = True
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for count in (1, 40):
            writer.write(request * count)
            async with asyncio.timeout(PATIENCE_S):
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
        async with asyncio.timeout(PATIENCE_S):
            await reader.readuntil(b"POST /x a -")
            assert server.pool._reserved == 60
            writer.write(b"b" * 60 + half)
            await reader.readuntil(b"b" * 60 + b" -")
        assert server.pool._reserved == 60
        writer.close()
        async with asyncio.timeout(PATIENCE_S):
            while len(server.pool):
                await asyncio.sleep(0.01)
        assert server.pool._reserved == 0


async def test_an_error_with_one_connection_leaves_the_time_limits_of_the_others() -> None:
    half = HEAD + b"Content-Length: 9\r\n\r\nabc"
    async with serving(QUICK) as server:
        server.application.broken = ()  # type: ignore[assignment]  # what is appended to it raises
        assert status(await server.exchange(half)) == 0
        server.application.broken = []
        assert status(await server.exchange(half)) == 408


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


async def test_a_request_under_way_is_answered_before_the_server_has_closed() -> None:
    async with serving() as server, Supervisor() as tasks:

        async def close_meanwhile() -> None:
            drained = tasks.start("drain", server.pool.drain(5))
            await asyncio.sleep(0)
            assert not drained.done()

        server.application.gate = close_meanwhile
        assert status(await server.exchange(HEAD + b"Content-Length: 0\r\n\r\n")) == 200


async def test_the_answer_of_a_caller_that_is_gone_keeps_its_place_and_its_time_limit() -> None:
    async with serving(QUICK) as server, asyncio.timeout(PATIENCE_S):
        ended = asyncio.Event()

        async def gate() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        server.application.gate = gate
        reader, writer = await server.connected(HEAD + b"Content-Length: 0\r\n\r\n")
        while not server.application.requests:
            await asyncio.sleep(0.001)
        writer.transport.abort()
        await ended.wait()
        while len(server.pool):
            await asyncio.sleep(0.001)
        del reader
