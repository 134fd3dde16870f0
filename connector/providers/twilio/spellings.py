"""The ways to write one address, any of which Twilio may have signed.

Twilio signs the address as somebody wrote it in its console, or as its own HTTP client writes it: with or without the
default port, a login, capitals in the host, a full stop at its end, letters beyond ASCII as they are or encoded. All of
these reach the same door (RFC 3986, 6.2), so that a signature over any of them is Twilio's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from urllib.parse import quote, unquote, urlsplit

_DEFAULT_PORTS = {"https": "443", "http": "80"}
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_BEYOND_ASCII = re.compile("(?:%[89A-Fa-f][0-9A-Fa-f])+")
_MOST_HOST = 255


def spellings(url: str, host_header: str = "") -> Iterator[str]:
    """`url` in other words, without repeats. `host_header`: how the caller has written the host, if it is the same."""
    try:
        parts = urlsplit(url)
        bases = list(_bases(parts.scheme, parts.netloc))
        login, _, place = parts.netloc.rpartition("@")
        host, port = _split(place)
        given, _ = _split(host_header)
        if given not in ("", host) and len(given) <= _MOST_HOST and _is_same_host(given, host):
            bases += _bases(parts.scheme, f"{login}@{given}:{port}".removeprefix("@").removesuffix(":"))
        rests = _rests(parts.path, parts.query)
    except ValueError:  # a malformed address, which cannot have been signed
        return
    found = {url}
    for base, rest in product(bases, rests):
        text = base + rest
        if text not in found:
            found.add(text)
            yield text


@lru_cache(maxsize=64)
def _bases(scheme: str, netloc: str) -> tuple[str, ...]:
    """Scheme and host in all spellings, as it is written first."""
    login, at, place = netloc.rpartition("@")
    host, port = _split(place)
    hosts = dict.fromkeys([host, *(one + dot for one in _hosts(host) for dot in _dots(host))])
    ports = dict.fromkeys([port, "", _DEFAULT_PORTS.get(scheme, "")])
    logins = dict.fromkeys([login + at, ""])
    return tuple(
        f"{scheme}://{before}{name}{':' if number else ''}{number}"
        for before, name, number in product(logins, hosts, ports)
    )


def _hosts(host: str) -> list[str]:
    """As it is written, in small letters, and an international name in both its forms (RFC 3490)."""
    plain = host.rstrip(".")
    small = plain.lower()
    found = [plain, small]
    try:
        if not small.isascii():
            found.append(small.encode("idna").decode())
        elif "xn--" in small:
            found.append(small.encode().decode("idna"))
    except ValueError:
        pass
    return found


def _dots(host: str) -> tuple[str, ...]:
    return ("", ".") if host.endswith(".") else ("",)


def _is_same_host(given: str, host: str) -> bool:
    return given.rstrip(".").lower() in (one.lower() for one in _hosts(host))


def _split(place: str) -> tuple[str, str]:
    """Host and port. An IPv6 address stands in brackets, and has colons of its own."""
    host, colon, port = place.rpartition(":")
    return (host, port) if colon and port.isdecimal() and (":" not in host or host.endswith("]")) else (place, "")


def _rests(path: str, query: str) -> list[str]:
    """Path and query as they are, and with what can be encoded in another way."""
    after = f"?{query}" if query else ""
    found = [path + after, f"{path}?"] if not query else [path + after]
    if not path.isascii():
        found.append(quote(path, safe="/%:@!$&'()*+,;=~-._") + after)
    if "%" in path:
        escapes = (lambda match: match[0].upper()), (lambda match: match[0].lower())
        found += [_ESCAPE.sub(change, path) + after for change in escapes]
        found += [unquote(path) + after, _BEYOND_ASCII.sub(lambda match: unquote(match[0]), path) + after]
    return found
