from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.base.secret import Secret
from connector.lab.simulator.world import DEMO
from connector.pictures.content_types import sniff
from connector.pictures.fetch import fetch
from connector.pictures.values import Fetched, FetchFailed, Patience
from connector.providers.outbound import OutboundClient
from connector.providers.values import MediaCall
from connector.wire import limits
from tests.connector.lab.harness import CONSUMER, LINE, recording_core, simulator
from tests.connector.pictures.harness import HIDDEN, SECRET, BareServer, call_to, failed, give, lead, login_of, pour
from tests.connector.pictures.samples import JPEG, PICTURES, PNG, dimensions
from tests.kit.rounds import rounds
from tests.kit.vendor_server import (
    Behaviour,
    VendorServer,
    answer,
    break_off,
    closed_port,
    full_port,
    hang_up,
    loopback_client,
    stay_silent,
)

NONE, MINUTES, HOURS = Patience.NONE, Patience.MINUTES, Patience.HOURS
BASIC = "Basic " + "QUMxMjM6aHVzaC1odXNo"  # AC123:hush-hush


@pytest.fixture
async def http() -> AsyncIterator[OutboundClient]:
    async with loopback_client() as (http, _):
        yield http


@pytest.fixture
async def provider() -> AsyncIterator[VendorServer]:
    async with VendorServer().running() as server:
        yield server


@pytest.fixture
async def storage() -> AsyncIterator[VendorServer]:
    """Another origin, to which the provider's address redirects."""
    async with VendorServer().running() as server:
        server.behaviour = give()
        yield server


@pytest.mark.parametrize(("data", "kind"), PICTURES.values(), ids=PICTURES)
async def test_a_picture_is_fetched_with_the_login(
    data: bytes, kind: str, http: OutboundClient, provider: VendorServer
) -> None:
    provider.behaviour = give(data, Content_Type=kind.upper() + "; name=x")
    assert await fetch(http, call_to(provider.url)) == Fetched(data, kind)
    (call,) = provider.calls
    assert (call.method, call.path) == ("GET", f"/picture?key={HIDDEN}")
    assert login_of(call) == BASIC
    assert call.headers["accept-encoding"] == "identity"


async def test_without_a_login_none_is_sent(http: OutboundClient, provider: VendorServer) -> None:
    provider.behaviour = give()
    url = provider.url.replace("http://", "http://someone:else@")
    assert await fetch(http, call_to(url, login=None)) == Fetched(PNG, "image/png")
    assert login_of(provider.calls[0]) is None


@pytest.mark.parametrize("declared", ["", "rubbish", "image/", "image/\x85", "i" * 70 + "/png", "image/png/x"])
async def test_a_malformed_type_counts_as_none(declared: str, http: OutboundClient, provider: VendorServer) -> None:
    provider.behaviour = give(Content_Type=declared)
    assert await fetch(http, call_to(provider.url)) == Fetched(PNG, "")


async def test_pictures_are_fetched_from_the_simulated_provider(tmp_path: Path) -> None:
    account = DEMO.twilio
    async with recording_core() as core, simulator(tmp_path, core) as sim:
        await sim.text(CONSUMER, LINE, "", media=1)
        url = core.calls[-1].form["MediaUrl0"]
        good = MediaCall(url, ("127.0.0.1",), (account.sid, Secret(account.auth_token)))
        result = await fetch(sim.outbound, good)
        assert isinstance(result, Fetched)
        assert sniff(result.data) == result.declared_type == "image/png"
        assert dimensions(result.data) == (64, 64)
        bad = MediaCall(url, ("127.0.0.1",), (account.sid, Secret("wrong")))
        failed(await fetch(sim.outbound, bad), patience=HOURS, words="refused access to it (HTTP 401)")


@pytest.mark.parametrize(
    ("behaviour", "patience", "words"),
    [
        pytest.param(answer(401), HOURS, "refused access to it", id="401"),
        pytest.param(answer(403), HOURS, "refused access to it", id="403"),
        pytest.param(answer(404), MINUTES, "does not have it", id="404"),
        pytest.param(answer(410), MINUTES, "does not have it", id="410"),
        pytest.param(answer(400), NONE, "HTTP 400", id="400"),
        pytest.param(answer(204), NONE, "HTTP 204", id="204"),
        pytest.param(answer(304), NONE, "HTTP 304", id="304"),
        pytest.param(answer(302), NONE, "HTTP 302", id="a redirect to nowhere"),
        pytest.param(answer(408), HOURS, "has trouble (HTTP 408)", id="408"),
        pytest.param(answer(429), HOURS, "has trouble (HTTP 429)", id="429"),
        pytest.param(answer(500), HOURS, "has trouble (HTTP 500)", id="500"),
        pytest.param(answer(503, "<html>", "text/html"), HOURS, "has trouble (HTTP 503)", id="503"),
        pytest.param(answer(200, "<p>Welcome", "text/html"), MINUTES, "a web page", id="a page"),
        pytest.param(give(b"\n <!DOCTYPE html><p>"), MINUTES, "a web page", id="a page that says it is a picture"),
        pytest.param(give(b""), MINUTES, "came empty", id="no bytes"),
        pytest.param(give(b"\0" * (limits.PICTURE_BYTES + 1)), NONE, "larger than 5 MB", id="announced as too large"),
        pytest.param(pour(b"\0" * 65_536), NONE, "larger than 5 MB", id="without an end"),
        pytest.param(break_off, HOURS, "The connection broke", id="cut off"),
        pytest.param(hang_up, HOURS, "The connection broke", id="hung up"),
        pytest.param(lead("https://127.0.0.1:x/"), HOURS, "The connection broke", id="a redirect to rubbish"),
    ],
)
async def test_every_other_answer_has_words(
    behaviour: Behaviour, patience: Patience, words: str, http: OutboundClient, provider: VendorServer
) -> None:
    provider.behaviour = behaviour
    failed(await fetch(http, call_to(provider.url)), patience=patience, words=words)


async def test_exactly_5_mb_are_taken(http: OutboundClient, provider: VendorServer) -> None:
    provider.behaviour = give(b"\1" * limits.PICTURE_BYTES)
    result = await fetch(http, call_to(provider.url))
    assert isinstance(result, Fetched) and len(result.data) == limits.PICTURE_BYTES


@pytest.mark.parametrize("behaviour", [stay_silent, pour(b"\0", pause_s=0.01)], ids=["silent", "dripping"])
async def test_the_whole_time_is_limited(behaviour: Behaviour, http: OutboundClient, provider: VendorServer) -> None:
    provider.behaviour = behaviour
    failed(await fetch(http, call_to(provider.url), within_s=0.3), patience=HOURS, words="within 0.3 seconds")


async def test_the_time_limit_counts_redirects_too(
    http: OutboundClient, provider: VendorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    real, passed = loop.time, 0.0

    async def slow_circle(request: web.Request, leaving: asyncio.Event) -> web.StreamResponse:
        nonlocal passed
        passed += 6
        return await lead("/picture")(request, leaving)

    monkeypatch.setattr(loop, "time", lambda: real() + passed)
    provider.behaviour = slow_circle
    failed(await fetch(http, call_to(provider.url), within_s=10), patience=HOURS, words="within 10 seconds")
    assert len(provider.calls) == 2  # each answered in time, and both together not


async def test_a_cancelled_fetch_is_cancelled(http: OutboundClient, provider: VendorServer) -> None:
    provider.behaviour = stay_silent
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await fetch(http, call_to(provider.url))


async def test_a_closed_port_is_not_final(provider: VendorServer) -> None:
    async with loopback_client() as (http, _):
        with closed_port() as url:
            failed(await fetch(http, call_to(url)), patience=HOURS, words="could not be reached")
    async with loopback_client(connect_s=0.3) as (http, _):
        with full_port() as url:
            failed(await fetch(http, call_to(url)), patience=HOURS, words="did not answer in time")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        pytest.param(b"Content-Length: 999\r\n\r\n" + PNG, "The connection broke", id="longer"),
        pytest.param(b"Content-Length: -5\r\n\r\n" + PNG, "The connection broke", id="negative"),
        pytest.param(b"Content-Length: 5\r\nContent-Length: 77\r\n\r\n" + PNG, "The connection broke", id="two"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "The connection broke", id="broken chunks"),
        pytest.param(b"X: " + b"x" * 1_000_000, "The connection broke", id="endless header"),
    ],
)
async def test_a_wrong_length_is_refused(head: bytes, words: str, http: OutboundClient) -> None:
    async with BareServer(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n" + head).running() as server:
        failed(await fetch(http, call_to(server.url)), patience=HOURS, words=words)


async def test_more_than_was_announced_is_not_read(http: OutboundClient) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {len(PNG)}\r\n\r\n".encode()
    async with BareServer(head + PNG + JPEG).running() as server:
        assert await fetch(http, call_to(server.url)) == Fetched(PNG, "image/png")


async def test_an_announced_length_is_refused_before_a_byte_is_read(http: OutboundClient) -> None:
    # The bytes never come, so that only the announcement can be what is refused.
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 9999999\r\n\r\n"
    async with BareServer(head).running() as server:
        failed(await fetch(http, call_to(server.url)), patience=NONE, words="larger than 5 MB")


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "gzip, gzip", "deflate", "br", "zstd"])
async def test_a_compressed_picture_is_refused(coding: str, http: OutboundClient, provider: VendorServer) -> None:
    """Without a look at its bytes: some of the least of them become gigabytes."""
    provider.behaviour = give(Content_Encoding=coding)
    failed(await fetch(http, call_to(provider.url)), patience=NONE, words="used a content coding")


async def test_the_status_counts_before_the_coding(http: OutboundClient, provider: VendorServer) -> None:
    provider.behaviour = give(status=503, Content_Encoding="gzip")
    failed(await fetch(http, call_to(provider.url)), patience=HOURS, words="has trouble (HTTP 503)")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed_without_the_login(
    status: int, http: OutboundClient, provider: VendorServer, storage: VendorServer
) -> None:
    to = storage.url.replace("http://", "http://someone:else@") + "/stored?signature=x"
    provider.behaviour = lead(to, status, Set_Cookie="session=secret")
    assert await fetch(http, call_to(provider.url)) == Fetched(PNG, "image/png")
    (call,) = storage.calls
    assert (call.method, call.path) == ("GET", "/stored?signature=x")
    assert login_of(provider.calls[0]) == BASIC
    assert SECRET not in repr(call)
    assert not {"authorization", "cookie", "referer"} & call.headers.keys()


async def test_the_login_goes_to_the_first_address_alone(
    http: OutboundClient, provider: VendorServer, storage: VendorServer
) -> None:
    steps = {"/picture": "/second", "/second": f"{storage.url}/third"}
    provider.behaviour = lead(lambda path: steps.get(path, "/nowhere"))
    storage.behaviour = lead(f"{provider.url}/fourth")
    failed(await fetch(http, call_to(provider.url)), patience=NONE, words="more than 3 redirects")
    assert [(call.path.partition("?")[0], login_of(call)) for call in provider.calls] == [
        ("/picture", BASIC),
        ("/second", None),
        ("/fourth", None),
    ]
    assert [login_of(call) for call in storage.calls] == [None]


@pytest.mark.parametrize("steps", range(5))
async def test_three_redirects_are_followed(steps: int, http: OutboundClient) -> None:
    async with AsyncExitStack() as stack:
        chain = [await stack.enter_async_context(VendorServer().running()) for _ in range(steps + 1)]
        for this, after in pairwise(chain):
            this.behaviour = lead(f"{after.url}/on")
        chain[-1].behaviour = give()
        result = await fetch(http, call_to(chain[0].url))
        if steps <= 3:
            assert result == Fetched(PNG, "image/png")
        else:
            failed(result, patience=NONE, words="more than 3 redirects")
        assert [len(server.calls) for server in chain] == [1] * min(steps + 1, 4) + [0] * (steps - 3)
        assert [login_of(call) for server in chain[1:] for call in server.calls] == [None] * min(steps, 3)


PUBLIC = (".amazonaws.com", "media.vendor.example")

# Where an address or a redirect may not lead: the address, the allowed hosts, and words of the refusal.
_REFUSED: list[tuple[str, tuple[str, ...], str]] = [
    ("https://elsewhere.example/x", PUBLIC, "elsewhere.example, where nothing is fetched"),
    ("https://amazonaws.com/x", PUBLIC, "where nothing is fetched"),
    ("https://evilamazonaws.com/x", PUBLIC, "where nothing is fetched"),
    ("https://s3.amazonaws.com.evil.example/x", PUBLIC, "where nothing is fetched"),
    ("https://media.vendor.example@evil.example/x", PUBLIC, "where nothing is fetched"),
    ("https://evil.example/.amazonaws.com", PUBLIC, "where nothing is fetched"),
    ("https://evil.example#.amazonaws.com", PUBLIC, "where nothing is fetched"),
    ("https://evil.example\\.amazonaws.com", PUBLIC, "not a web address"),
    ("https://evil.example%2f.amazonaws.com", PUBLIC, "not a web address"),
    (f"https://{'x' * 300}.amazonaws.com", PUBLIC, "not a web address"),
    ("https://x.media.vendor.example/x", PUBLIC, "where nothing is fetched"),
    ("http://media.vendor.example/x", PUBLIC, "without encryption"),
    ("ftp://media.vendor.example/x", PUBLIC, "without encryption"),
    ("file:///etc/passwd", PUBLIC, "not a web address"),
    ("//[", PUBLIC, "not a web address"),
    ("https://media.vendor.example:99999/x", PUBLIC, "not a web address"),
    ("https://10.0.0.1/x", ("10.0.0.1",), "inside a private network"),
    ("https://192.168.1.1/x", ("192.168.1.1",), "inside a private network"),
    ("https://169.254.169.254/latest", ("169.254.169.254",), "inside a private network"),
    ("https://100.64.0.1/x", ("100.64.0.1",), "inside a private network"),
    ("https://0.0.0.0/x", ("0.0.0.0",), "inside a private network"),
    ("https://224.0.0.1/x", ("224.0.0.1",), "inside a private network"),
    ("https://[fd00::1]/x", ("fd00::1",), "inside a private network"),
    ("https://[fe80::1]/x", ("fe80::1",), "inside a private network"),
    ("https://[::ffff:10.0.0.1]/x", ("::ffff:10.0.0.1",), "inside a private network"),
    ("https://[64:ff9b::a00:1]/x", ("64:ff9b::a00:1",), "inside a private network"),
    ("https://[2002:a00:1::]/x", ("2002:a00:1::",), "inside a private network"),
]


@pytest.mark.parametrize(
    ("url", "hosts", "words"),
    [*_REFUSED, ("https://media.vendor.example:x/x", PUBLIC, "not a web address"), ("\0", PUBLIC, "not a web address")],
)
async def test_an_address_that_leads_elsewhere_is_not_called(url: str, hosts: tuple[str, ...], words: str) -> None:
    async with loopback_client() as (http, transport):
        failed(await fetch(http, MediaCall(url, hosts)), patience=NONE, words=words)
        assert transport.strayed == []


_HERE: list[tuple[str, tuple[str, ...], str]] = [
    ("https://127.0.0.1/x", ("127.0.0.1",), "inside a private network"),
    ("http://127.0.0.1/x", ("127.0.0.1",), "without encryption"),
    ("https://localhost/x", ("localhost",), "inside a private network"),
    ("https://[::1]/x", ("::1",), "inside a private network"),
    ("https://[::ffff:127.0.0.1]/x", ("::ffff:127.0.0.1",), "inside a private network"),
]


@pytest.mark.parametrize(("url", "hosts", "words"), _REFUSED + _HERE)
async def test_a_redirect_from_outside_that_leads_elsewhere_is_not_followed(
    url: str, hosts: tuple[str, ...], words: str
) -> None:
    called: list[str] = []

    async def nothing() -> AsyncIterator[bytes]:
        yield b""

    def redirect(request: httpx.Request) -> httpx.Response:
        called.append(request.url.host)
        return httpx.Response(302, headers={"Location": url}, content=nothing())

    async with OutboundClient(transport=httpx.MockTransport(redirect)) as http:
        result = await fetch(http, call_to("https://start.example", "start.example", *hosts))
    failed(result, patience=NONE, words=words)
    assert called == ["start.example"]


@pytest.mark.parametrize(("url", "hosts", "words"), _REFUSED)
async def test_a_redirect_from_this_machine_leads_no_further_inside(
    url: str, hosts: tuple[str, ...], words: str, provider: VendorServer
) -> None:
    provider.behaviour = lead(url)
    async with loopback_client() as (http, transport):
        failed(await fetch(http, call_to(provider.url, "127.0.0.1", *hosts)), patience=NONE, words=words)
        assert transport.strayed == []


@pytest.mark.parametrize(
    "url",
    [
        "https://media.vendor.example/x",
        "https://MEDIA.Vendor.Example/x",
        "https://bucket.s3.amazonaws.com/x",
        "https://someone:else@bucket.s3.amazonaws.com/x",
        "https://93.184.216.34/x",
        "https://[2606:2800:220:1::1]/x",
    ],
)
async def test_an_allowed_address_is_called(url: str) -> None:
    hosts = ("media.vendor.example", ".AmazonAWS.com", "93.184.216.34", "2606:2800:220:1::1")
    async with loopback_client() as (http, transport):
        failed(await fetch(http, MediaCall(url, hosts)), patience=HOURS, words="could not be reached")
        assert len(transport.strayed) == 1


class Names:
    """A name service in which every name is this machine, as in a name that was made to point inside."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []

        def look_up(host: str | bytes, port: int | None, *_: object, **__: object) -> list[object]:
            self.asked.append(host.decode() if isinstance(host, bytes) else host)
            return [(2, 1, 6, "", ("127.0.0.1", port))]

        patch.setattr("socket.getaddrinfo", look_up)


async def test_nothing_is_sent_to_a_name_that_resolves_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    async with BareServer(b"HTTP/1.1 200 OK\r\n\r\n").running() as inside, OutboundClient() as http:
        names = Names(monkeypatch)
        url = f"https://media.vendor.example:{inside.port}"
        result = await fetch(http, call_to(url, "media.vendor.example"))
        failed(result, patience=NONE, words="media.vendor.example is inside a private network")
        assert names.asked == ["media.vendor.example"]
    assert inside.heard == [b""]


async def test_this_machine_can_be_called_by_its_name(http: OutboundClient, provider: VendorServer) -> None:
    provider.behaviour = give()
    url = f"http://localhost:{httpx.URL(provider.url).port}"
    assert await fetch(http, call_to(url, "localhost")) == Fetched(PNG, "image/png")


async def test_a_proxy_is_not_taken_for_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    async with BareServer(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").running() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        async with OutboundClient() as http:
            result = await fetch(http, call_to("https://media.vendor.example", "media.vendor.example"))
        failed(result, patience=HOURS, words="The connection broke")
    (heard,) = proxy.heard
    assert heard.startswith(b"CONNECT media.vendor.example:443 ") and b"uthorization" not in heard


_odd_text = st.text(st.characters(exclude_categories=()), max_size=30)


@settings(max_examples=rounds(150))
@given(st.sampled_from(["", "https://", "https://a.example", "https://a.example/", "http://[", "//"]), _odd_text)
def test_no_address_raises(start: str, rest: str) -> None:
    async def attempt() -> None:
        async with loopback_client() as (http, transport):
            result = await fetch(http, MediaCall(start + rest, (".example", "a.example"), ("AC123", Secret(SECRET))))
            assert isinstance(result, FetchFailed)
            assert SECRET not in result.words and result.words.isprintable()
            assert all(host.endswith(".example") for host in transport.strayed)

    asyncio.run(attempt())
