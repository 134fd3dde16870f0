"""Which address a refused webhook was signed for, when it was not the configured one.

A proxy, a tunnel or a mistake in Twilio's console changes the address between the signing and us. The variants are
tried to name the change to the administrator; no hook is accepted by them, because a caller writes the headers.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from itertools import product
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from twilio.request_validator import RequestValidator

from connector.providers.fields import quoted
from connector.providers.twilio.form import Fields
from connector.providers.twilio.signature import is_hashed, signature_of, signed_part
from connector.providers.values import Hook, NotGenuine

_LARGEST_BODY = 16 * 1024  # each of some hundred signatures is computed over it


class _SignedAddress(Struct, frozen=True):
    """An address in the parts that change on the way. `port` is blank where there is none."""

    scheme: str
    host: str
    port: str
    path: str
    query: str

    def text(self) -> str:
        host = f"{self.host}:{self.port}" if self.port else self.host
        return f"{self.scheme}://{host}{self.path}" + (f"?{self.query}" if self.query else "")

    def shown(self) -> str:
        """As shown: without the query, which has ids, and without a password before the host."""
        return msgspec.structs.replace(self, host=self.host.rpartition("@")[2], query="").text()

    def changes(self, seen: _SignedAddress) -> list[str]:
        """How it differs from the address as it came, in words."""
        found = []
        for name in ("scheme", "host", "port"):
            mine, theirs = (str(getattr(one, name)).rpartition("@")[2] or "none" for one in (self, seen))
            if mine != theirs:
                found.append(f"{name} {mine} instead of {theirs}")
        if self.path.rstrip("/") != seen.path.rstrip("/"):
            found.append(f"path {self.path} instead of {seen.path}")
        elif self.path != seen.path:
            found.append("with a slash at its end" if self.path.endswith("/") else "without the slash at its end")
        if self.query != seen.query:
            found.append("without the query")
        if not found and self != seen:
            found.append("with another user and password before the host, or none")
        return found


def explain(hook: Hook, validators: Mapping[str, RequestValidator], public_url: str) -> str | None:
    """One sentence: for which address and with which of `validators`, by setting, the signature is right."""
    try:
        signature, algorithm = signature_of(hook)
        signed = signed_part(hook)
        seen = _seen(hook.url)
    except (NotGenuine, ValueError):
        return None
    if len(hook.body) > _LARGEST_BODY or (isinstance(signed, str) and not is_hashed(hook, signed)):
        return None
    form = signed if isinstance(signed, Fields) else {}
    for address in _variants(hook, seen, urlsplit(public_url).path.rstrip("/")):
        for name, validator in validators.items():
            try:
                computed = validator.compute_signature(address.text(), form, algorithm)
            except ValueError:  # half a character in a header
                continue
            if hmac.compare_digest(computed.encode(), signature.encode(errors="replace")):
                return _sentence(address, seen, name)
    return None


def _sentence(address: _SignedAddress, seen: _SignedAddress, name: str) -> str:
    changes = address.changes(seen)
    if not changes:
        return f"As it came it is genuine by {name}, so the configuration has changed since."
    front, found, _ = address.path.partition("/hooks/")
    base = _SignedAddress(address.scheme, address.host, address.port, front, "").shown()
    is_base = found and base != seen.shown().partition("/hooks/")[0]
    advice = f"set public_url to {base}" if is_base else f"make the address at Twilio {seen.shown()}"
    words = f"It is signed by {name} for {address.shown()} ({', '.join(changes)})"
    return f"{quoted(words, 600)}; {quoted(advice, 300)}."


def _seen(url: str) -> _SignedAddress:
    """Raises ValueError for a malformed address."""
    parts = urlsplit(url)
    host, port = _split(parts.netloc)
    return _SignedAddress(parts.scheme, host, port, parts.path, parts.query)


def _variants(hook: Hook, seen: _SignedAddress, prefix: str) -> Iterator[_SignedAddress]:
    """The address as it came, and others it may have been, those with the fewest changes first."""
    hosts, ports = [seen.host], [seen.port, ""]
    for name in ("host", "x-forwarded-host"):
        # A chain of proxies writes a list, and the first is what the caller called.
        host, port = _split(hook.headers.get(name, "").partition(",")[0].strip())
        hosts.append(host or seen.host)
        ports.append(port)
    ports += [port for port in (hook.headers.get("x-forwarded-port", ""), "443", "80", "8080") if port.isdecimal()]
    paths = [seen.path, seen.path.removeprefix(prefix)]
    front = hook.headers.get("x-forwarded-prefix", "").strip("/")
    if front:
        paths.append(f"/{front}{seen.path}")
    paths += [path.rstrip("/") if path.endswith("/") else path + "/" for path in paths]
    schemes = [seen.scheme, "http", "https"]
    tried = {_SignedAddress(*parts) for parts in product(schemes, hosts, ports, paths, [seen.query, ""])}
    yield from sorted(tried, key=lambda address: (len(address.changes(seen)), address.text()))


def _split(netloc: str) -> tuple[str, str]:
    """Host and port as they are written: capitals, and a user and password before the host, are signed too."""
    host, colon, port = netloc.rpartition(":")
    return (host, port) if colon and port.isdecimal() else (netloc, "")
