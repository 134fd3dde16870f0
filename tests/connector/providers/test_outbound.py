"""The outbound gate against servers that keep to no rule."""

from __future__ import annotations

import asyncio
import gzip
import resource
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from connector.base.failure import Failure
from connector.providers import outbound
from connector.providers.outbound import AnswerRefused, CallLimits, OutboundClient, most_bytes, places_of_each
from tests.kit.raw_server import OK, RawServer, Says, poured, said

SMALL = CallLimits(places=2, answer_bytes=1000)
HASTY = CallLimits(places=2, place_s=0.15, call_s=0.3, answer_bytes=1000)
WHOLE = said(OK + b"Content-Length: 2\r\n\r\n{}")
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


async def asked(server: RawServer, limits: CallLimits = SMALL) -> httpx.Response:
    async with OutboundClient(limits) as http:
        return await http.get(server.url)


async def test_an_answer_is_returned_whole_and_its_connection_used_again() -> None:
    async with RawServer(WHOLE).running() as server, OutboundClient(SMALL) as http:
        for _ in range(3):
            answer = await http.post(server.url, content=b"x" * 10)
            assert (answer.status_code, answer.content, answer.json()) == (200, b"{}", {})
        assert server.connections == 1
        assert all(b"accept-encoding: identity" in head.lower() for head in server.requests)


TOO_SLOW: dict[str, Says] = {
    "nothing at all": said(b""),
    "a byte of the status line at a time": poured(b"", b"H", 0.02),
    "a header at a time": poured(OK, b"X: 1\r\n", 0.02),
    "1xx answers without an end": poured(b"", b"HTTP/1.1 102 Processing\r\n\r\n", 0.02),
    "a byte of the body at a time": poured(OK + b"Content-Length: 900\r\n\r\n", b"x", 0.02),
    "a byte in a chunk at a time": poured(CHUNKED, b"1\r\nx\r\n", 0.02),
    "trailers without an end": poured(CHUNKED + b"0\r\n", b"X: 1\r\n", 0.02),
    "less than was announced": said(OK + b"Content-Length: 900\r\n\r\nx"),
}


async def test_the_whole_call_has_one_time_limit() -> None:
    async def cut(says: Says) -> float:
        async with RawServer(says).running() as server, OutboundClient(HASTY) as http:
            began = time.monotonic()
            with pytest.raises(httpx.ReadTimeout):
                await http.post(server.url)
            await server.until_ended(1)
            return time.monotonic() - began

    took_s = await asyncio.gather(*map(cut, TOO_SLOW.values()))
    assert min(took_s) > 0.2 and max(took_s) < 60


TOO_MUCH: dict[str, Says] = {
    "announced": said(OK + b"Content-Length: 1000000000000\r\n\r\n"),
    "announced beyond any integer": said(OK + b"Content-Length: " + b"9" * 19 + b"\r\n\r\n"),
    "without a length": poured(OK + b"Connection: close\r\n\r\n", b"x" * 4096),
    "in chunks": poured(CHUNKED, b"1\r\nx\r\n" * 500),
    "chunk extensions": poured(CHUNKED, b"1;" + b"x" * 20_000 + b"\r\nx\r\n"),
    "1xx answers": poured(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "headers in 1xx answers": poured(b"", b"HTTP/1.1 103 Early Hints\r\nX: " + b"x" * 30_000 + b"\r\n\r\n"),
    "one header": poured(OK + b"X: ", b"x" * 4096),
    "headers": poured(OK, b"X: 1\r\n" * 500),
    "trailers": poured(CHUNKED + b"0\r\n", b"X: 1\r\n" * 500),
}


@pytest.mark.parametrize("says", TOO_MUCH.values(), ids=TOO_MUCH)
async def test_an_answer_has_a_size_limit_with_everything_around_it(says: Says) -> None:
    async with RawServer(says, WHOLE).running() as server, OutboundClient(SMALL) as http:
        with pytest.raises(AnswerRefused) as refused:
            await http.post(server.url)
        assert refused.value.is_too_large
        await server.until_ended(1)
        assert (await http.get(server.url)).content == b"{}"
        assert server.connections == 2


async def test_the_limit_is_exact_and_a_call_may_name_another() -> None:
    def sized(size: int) -> Says:
        return said(OK + f"Content-Length: {size}\r\n\r\n".encode() + b"x" * size)

    async with RawServer(sized(1000), sized(1001), sized(5000)).running() as server, OutboundClient(SMALL) as http:
        assert len((await http.get(server.url)).content) == 1000
        with pytest.raises(AnswerRefused):
            await http.get(server.url)
        assert len((await http.get(server.url, extensions=most_bytes(5000))).content) == 5000


async def test_the_headers_of_a_call_do_not_count_for_the_next_one() -> None:
    large = said(OK + b"X: " + b"x" * 20_000 + b"\r\nContent-Length: 2\r\n\r\n{}")
    async with RawServer(large).running() as server, OutboundClient(SMALL) as http:
        for _ in range(5):
            await http.get(server.url)
        assert server.connections == 1


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "x-gzip", "deflate", "br", "zstd", "gzip, identity", "what"])
async def test_a_compressed_answer_is_not_unpacked(coding: str) -> None:
    bomb = gzip.compress(bytes(20_000_000))
    answer = OK + f"Content-Encoding: {coding}\r\nContent-Length: {len(bomb)}\r\n\r\n".encode() + bomb
    async with RawServer(said(answer)).running() as server:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(AnswerRefused) as refused:
            await asked(server, CallLimits(answer_bytes=100_000))
        assert not refused.value.is_too_large and refused.value.status == 200
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10_000


async def test_a_redirect_is_returned_and_not_followed() -> None:
    away = said(b"HTTP/1.1 307 Away\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
    async with RawServer(away).running() as server, OutboundClient(SMALL) as http:
        answer = await http.post(server.url, auth=("user", "secret"), follow_redirects=True)
        assert answer.status_code == 307 and len(server.requests) == 1


async def test_cookies_are_not_stored() -> None:
    baker = said(OK + b"Set-Cookie: a=b; Path=/\r\nContent-Length: 2\r\n\r\n{}")
    async with RawServer(baker).running() as server, OutboundClient(SMALL) as http:
        for _ in range(2):
            await http.get(server.url)
        assert b"cookie" not in server.requests[1].lower() and not http.cookies


async def test_a_call_without_a_place_does_not_leave() -> None:
    limits = CallLimits(places=2, place_s=0.2, call_s=1.5)  # so long, as both calls have to arrive
    async with RawServer(said(b"")).running() as server, OutboundClient(limits) as http:
        results = await asyncio.gather(*(http.get(server.url) for _ in range(3)), return_exceptions=True)
        assert [type(one) for one in results] == [httpx.ReadTimeout, httpx.ReadTimeout, httpx.PoolTimeout]
        assert len(server.requests) == 2


async def test_a_place_is_given_back_however_a_call_ends() -> None:
    one_place = CallLimits(places=1, call_s=1, answer_bytes=1000)
    server = RawServer(said(b""), *TOO_MUCH.values(), said(b"rubbish\r\n\r\n"), said(b""), WHOLE)
    async with server.running(), OutboundClient(one_place) as http:
        for _ in range(len(TOO_MUCH) + 2):
            with pytest.raises(httpx.HTTPError):
                await http.get(server.url)
        async with asyncio.TaskGroup() as group:
            cancelled = group.create_task(http.get(server.url))
            await server.until_asked(len(TOO_MUCH) + 3)
            cancelled.cancel()
        assert (await http.get(server.url)).content == b"{}"


async def test_clients_hold_places_of_their_own() -> None:
    async with outbound.AccountClients() as opened, RawServer(said(b"")).running() as silent:
        opened.use(clients := opened.prepared(["slow", "well"]))
        assert clients["slow"] is not clients["well"]
        async with RawServer(WHOLE).running() as server, asyncio.TaskGroup() as group:
            waiting = [group.create_task(clients["slow"].get(silent.url)) for _ in range(100)]
            await silent.until_asked(places_of_each(2))
            assert (await clients["well"].get(server.url)).content == b"{}"
            assert len(silent.requests) == places_of_each(2)
            for each in waiting:
                each.cancel()


def test_many_accounts_have_few_places_each() -> None:
    assert [places_of_each(count) for count in (0, 1, 2, 4, 10, 100)] == [64, 64, 64, 32, 12, 8]


async def test_a_proxy_of_the_environment_is_used_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    async with RawServer(WHOLE, TOO_MUCH["1xx answers"]).running() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        async with OutboundClient(SMALL) as http:
            assert (await http.get("http://gateway.example/x")).content == b"{}"
            assert proxy.requests[0].startswith(b"GET http://gateway.example/x ")
            with pytest.raises(AnswerRefused):
                await http.get("http://gateway.example/x")


@pytest.mark.parametrize(
    "refuses", [said(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"), poured(b"", b"HTTP/1.1 100 \r\n\r\n" * 100)]
)
async def test_a_tunnel_is_bounded(refuses: Says, monkeypatch: pytest.MonkeyPatch) -> None:
    async with RawServer(refuses).running() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        async with OutboundClient(SMALL) as http:
            with pytest.raises((httpx.ProxyError, AnswerRefused)):
                await http.get("https://gateway.example/x", auth=("user", "secret"))
        assert b"uthorization" not in proxy.requests[0]


class NameService:
    """Names ending in `.well` are this machine; all others wait until `ended`."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.waiting = 0
        self.ended = threading.Event()
        patch.setattr("socket.getaddrinfo", self._look_up)

    def _look_up(self, host: str, port: int, *_: object, **__: object) -> list[object]:
        if not host.endswith(".well"):
            self.waiting += 1
            self.ended.wait()
        addresses = ["127.0.0.1"] if host != "two.well" else ["::1", "127.0.0.2", "127.0.0.1"]
        return [(10 if ":" in one else 2, 1, 6, "", (one, port)) for one in addresses]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameService]:
    service = NameService(monkeypatch)
    yield service
    service.ended.set()


async def test_names_that_are_not_resolved_delay_no_other_client(names: NameService) -> None:
    async with RawServer(WHOLE).running() as server, OutboundClient() as stuck, OutboundClient() as well:
        url = httpx.URL(server.url)
        async with asyncio.TaskGroup() as group:
            calls = [group.create_task(stuck.get(url.copy_with(host="gone.example"))) for _ in range(60)]
            assert (await well.get(url.copy_with(host="gateway.well"))).content == b"{}"
            assert names.waiting <= 4
            for each in calls:
                each.cancel()


async def test_every_address_of_a_name_is_tried(names: NameService) -> None:
    async with RawServer(WHOLE).running() as server, OutboundClient(SMALL) as http:
        assert (await http.get(httpx.URL(server.url).copy_with(host="two.well"))).content == b"{}"


async def test_a_name_that_is_not_resolved_in_time_was_not_called(names: NameService) -> None:
    async with OutboundClient(CallLimits(connect_s=0.05)) as http:
        with pytest.raises(httpx.ConnectTimeout):
            await http.get("http://gone.example/")


@pytest.mark.parametrize("proxy", ["http://a\x01b", "gopher://proxy", "http://proxy:port"])
def test_a_proxy_that_is_none_is_a_sentence(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(Failure, match="HTTPS_PROXY"):
        OutboundClient()
