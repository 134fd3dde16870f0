"""What strangers send: one table, a line for each kind."""

from __future__ import annotations

import base64
import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from urllib.parse import urlencode

from msgspec import Struct

from connector.lab.simulator.world import DEMO

_LINE = DEMO.twilio.lines[0].number
_FORM, _SIGNATURE = "application/x-www-form-urlencoded", "X-Twilio-Signature"
_PARTS = "multipart/form-data; boundary=x"
_GZIP, _PASSWORD = {"Content-Encoding": "gzip"}, {"Authorization": "Basic eDp4"}
_INBOUND = "/hooks/twilio/main/inbound"
_FIELDS = {"MessageSid": "SM" + "f" * 32, "AccountSid": DEMO.twilio.sid, "From": "+14155550666", "To": _LINE}
_TEXT = _FIELDS | {"Body": "junk", "NumMedia": "0", "NumSegments": "1"}
_MASK = b"\x01\x02\x03\x04"


class Junk(Struct, frozen=True):
    """One connection: `first` goes out at once, `then` every `every_s` until it ends.

    `held`: so many are kept open, each opened anew when the core closes it; 0: opened at the strangers' rate.
    """

    first: bytes
    then: bytes = b""
    every_s: float = 0.0
    held: int = 0
    is_at_desks: bool = False
    is_deaf: bool = False  # reads no answer
    waits_for_close: bool = False  # an answer alone does not end it


def _request(
    body: bytes = b"",
    headers: Mapping[str, str] = {},
    *,
    path: str = _INBOUND,
    method: str = "POST",
    kind: str = _FORM,
    length: int | None = None,
) -> bytes:
    named = {"Host": "127.0.0.1", "Content-Type": kind, "Content-Length": str(len(body) if length is None else length)}
    head = "".join(f"{name}: {value}\r\n" for name, value in {**named, **headers}.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def _form(fields: Iterable[tuple[str, str]] = _TEXT.items()) -> bytes:
    return urlencode(list(fields)).encode()


_HEALTH = _request(path="/health", method="GET")
_PICTURE = _request(path="/pictures/guess", method="GET")
_PING, _FRAGMENT = b"\x89\x80" + _MASK, b"\x01\x81" + _MASK + b"x"
_NEXT = b"\x00\x81" + _MASK + b"x"  # of a message whose last frame never comes
_BY_GET = f"{_INBOUND}?{_form().decode()}"


@cache
def _packed() -> bytes:
    return _request(gzip.compress(b"a=1&" * 260_000), _GZIP)


@cache
def _fields(count: int) -> bytes:
    return _form([*_TEXT.items(), *((f"Field{number}", "x") for number in range(count))])


def _signed(fields: Mapping[str, str] = _TEXT, *, path: str = _INBOUND) -> bytes:
    """With our line, our account and a signature that is wrong: the likeliest to be genuine."""
    return _request(_form(fields.items()), {_SIGNATURE: base64.b64encode(os.urandom(20)).decode()}, path=path)


def _chunked(data: bytes) -> bytes:
    """The head, and these bytes as the first of its chunks."""
    return _request(b"", {"Transfer-Encoding": "chunked"}).replace(b"Content-Length: 0\r\n", b"") + data


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _handshake(headers: Mapping[str, str] = {}) -> bytes:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode()}
    return _request(b"", {**upgrade, **key, **headers}, path="/desk", method="GET")


def _frame(payload: bytes, claimed: int | None = None) -> bytes:
    """A masked text frame (RFC 6455, 5.2)."""
    masked = bytes(byte ^ _MASK[index % 4] for index, byte in enumerate(payload))
    return b"\x81\xff" + (len(payload) if claimed is None else claimed).to_bytes(8) + _MASK + masked


@cache
def _sign_in(token: str, claimed: int | None = None) -> bytes:
    said = {"kind": "sign_in", "protocol": 1, "desk": "stranger", "agent": "ann", "token": token, "role": "desk"}
    return _frame(json.dumps(said | {"store": None, "after": None}).encode(), claimed)


@cache
def _nested(deep: int) -> bytes:
    return _frame(b'{"kind":"sign_in","x":' + b"[" * deep + b"]" * deep + b"}")


def _desk(frame: bytes, headers: Mapping[str, str] = {}) -> Junk:
    return Junk(_handshake(headers) + frame, is_at_desks=True, waits_for_close=True)


def _dripping(frame: bytes, then: bytes) -> Junk:
    return Junk(_handshake() + frame, then, 0.1, is_at_desks=True, waits_for_close=True)


@cache
def _bomb(megabytes: int) -> bytes:
    return gzip.compress(bytes(megabytes << 20))


def _hello_of_tls() -> bytes:
    body = b"\x03\x03" + os.urandom(32) + b"\x00\x00\x04\x13\x01\x13\x02\x01\x00\x00\x00"
    shake = b"\x01" + len(body).to_bytes(3) + body
    return b"\x16\x03\x01" + len(shake).to_bytes(2) + shake


JUNK: dict[str, Callable[[], Junk]] = {
    "unsigned form": lambda: Junk(_request(_form())),
    "gzip, 260,000 fields": lambda: Junk(_packed()),
    "gzip bomb, 100 MB": lambda: Junk(_request(_bomb(100), _GZIP)),
    "deflate body": lambda: Junk(_request(zlib.compress(_form()), {"Content-Encoding": "deflate"})),
    "made-up encodings": lambda: Junk(_request(_form(), {"Content-Encoding": "zstd, gzip, br"})),
    "1 MB body": lambda: Junk(_request(b"a=" + bytes(1 << 20))),
    "4 MB body": lambda: Junk(_request(b"a=" + bytes(4 << 20))),
    "10 GB announced": lambda: Junk(_request(b"a=", length=10 << 30)),
    "10,000 fields": lambda: Junk(_request(_fields(10_000))),
    "10,000 fields, signature": lambda: Junk(_request(_fields(10_000), {_SIGNATURE: "x" * 28})),
    "multipart, 2,000 parts": lambda: Junk(
        _request(b"--x\r\n\r\n1\r\n" * 2000, kind="multipart/form-data; boundary=x")
    ),
    "60 headers of 1 kB": lambda: Junk(_request(_form(), {f"X-{number}": "x" * 1000 for number in range(60)})),
    "header of 100 kB": lambda: Junk(_request(_form(), {"X-Large": "x" * 100_000})),
    "2,000 headers": lambda: Junk(_request(_form(), {f"X-{number}": "x" for number in range(2000)})),
    "URL of 30 kB": lambda: Junk(_request(_form(), path=f"{_INBOUND}?a={'x' * 30_000}")),
    "URL of 100 kB": lambda: Junk(_request(_form(), path=f"{_INBOUND}?a={'x' * 100_000}")),
    "made-up account": lambda: Junk(_signed(path=f"/hooks/twilio/x{os.urandom(4).hex()}/inbound")),
    "made-up provider": lambda: Junk(_request(b'{"a": 1}', path="/hooks/acme/main/inbound", kind="application/json")),
    "wrong signature": lambda: Junk(_signed()),
    "wrong signature, 900 kB": lambda: Junk(_signed({**_TEXT, "Body": "x" * 900_000})),
    "wrong signature, by GET": lambda: Junk(_signed(path=_BY_GET).replace(b"POST", b"GET", 1)),
    "wrong password": lambda: Junk(_request(b"<a/>", _PASSWORD, path="/hooks/openmarket/short/inbound")),
    "unknown path": lambda: Junk(_request(path=f"/wp-login-{os.urandom(3).hex()}.php", method="GET")),
    "guessed picture": lambda: Junk(_request(path=f"/pictures/{os.urandom(13).hex()}", method="GET")),
    "health": lambda: Junk(_request(path="/health", method="GET")),
    "PUT": lambda: Junk(_request(_form(), method="PUT")),
    "method that is none": lambda: Junk(_request(_form(), method="BREW")),
    "chunked without end": lambda: Junk(_chunked(_chunk(b"a=1")), _chunk(b"x" * 1000), 0.05),
    "chunked, a byte each": lambda: Junk(_chunked(_chunk(b"x") * 20_000)),
    "length and chunked": lambda: Junk(_request(b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n", {"Transfer-Encoding": "chunked"})),
    "two lengths": lambda: Junk(_request(_form(), {"content-length": "3"})),
    "body, a byte a second": lambda: Junk(_request(b"a", length=1000), b"x", 1.0),
    "header, a byte a second": lambda: Junk(b"POST /hooks/twilio/main/inbound HTTP/1.1\r\nX: ", b"x", 1.0),
    "half a header line": lambda: Junk(b"POST /hooks/twi", held=1000),
    "not a byte": lambda: Junk(b"", held=100),
    "50 pipelined": lambda: Junk(_request(_form()) * 50),
    "answers never read": lambda: Junk(_HEALTH * 1000, _HEALTH * 1000, 0.1, is_deaf=True),
    "health, over and over": lambda: Junk(_HEALTH * 100, _HEALTH * 100, 0.1, waits_for_close=True),
    "pictures, over and over": lambda: Junk(_PICTURE * 100, _PICTURE * 100, 0.1, waits_for_close=True),
    "HTTP/2 preface": lambda: Junk(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(100)),
    "asks to continue": lambda: Junk(_request(length=1000, headers={"Expect": "100-continue"}), waits_for_close=True),
    "folded headers": lambda: Junk(_request(_form(), {"X-Folded": "a\r\n b\r\n\tc"})),
    "NUL in a header": lambda: Junk(_request(_form(), {"X-Nul": "a\0b"})),
    "chunk of 2^64 bytes": lambda: Junk(_chunked(b"f" * 16 + b"\r\nx")),
    "chunk extension, 100 kB": lambda: Junk(_chunked(b"1;" + b"x" * 100_000 + b"\r\nx\r\n0\r\n\r\n")),
    "path of dots": lambda: Junk(_request(path="/hooks/../../%2e%2e/%00/inbound")),
    "upgrade": lambda: Junk(_handshake()),
    "TLS ClientHello": lambda: Junk(_hello_of_tls()),
    "binary": lambda: Junk(os.urandom(2000)),
    "desks: wrong token": lambda: _desk(_sign_in("guess")),
    "desks: nested JSON": lambda: _desk(_nested(100_000)),
    "desks: not a frame of ours": lambda: _desk(_frame(b"\xff" * 200)),
    "desks: 4 EB announced": lambda: _desk(_sign_in("guess", 1 << 62)),
    "desks: fragments without end": lambda: _dripping(_FRAGMENT, _NEXT),
    "desks: pings": lambda: _dripping(_PING * 1000, _PING * 1000),
    "desks: from a web page": lambda: _desk(b"", {"Origin": "https://example.com"}),
    "desks: plain GET": lambda: Junk(_request(method="GET"), is_at_desks=True),
    "desks: TLS ClientHello": lambda: Junk(_hello_of_tls(), is_at_desks=True),
    "desks: no sign-in": lambda: Junk(_handshake(), held=50, is_at_desks=True, waits_for_close=True),
    "desks: half a header line": lambda: Junk(b"GET /de", held=100, is_at_desks=True),
}
