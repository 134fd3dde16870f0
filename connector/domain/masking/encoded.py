"""Masking of the body of a hook: a form, JSON or XML, in which blanks, line breaks and digits may be encoded."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import unquote_to_bytes

from connector.domain.masking.masking import MaskingRules, mask
from connector.wire.masks import MASK

_FORM = re.compile(r"(?:%[0-9A-Fa-f]{2})+|\+")
_JSON = re.compile(r'\\u[0-9A-Fa-f]{4}(?:\\u[0-9A-Fa-f]{4})?|\\["\\/bfnrt]')
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}){13,}")
_BASE64 = re.compile(r"(?<![0-9A-Za-z+/])[0-9A-Za-z+/]{24,}={0,2}")
_XML = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[a-z]{2,6});")


def mask_body(body: str, rules: MaskingRules, *, is_cut: bool) -> str:
    """The body as administrators are shown it, equal in length. `is_cut`: only its beginning."""
    first = body.lstrip("\ufeff \t\r\n")[:1]
    codes = _JSON if first in ("{", "[") else _XML if first == "<" else _FORM
    characters: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for found in codes.finditer(body):
        _take(characters, places, body[at : found.start()], at)
        decoded = _decoded(found.group())
        # All characters of one code stand where the code does, each in its share of it.
        length = found.end() - found.start()
        bounds = [found.start() + length * index // len(decoded) for index in range(len(decoded) + 1)]
        characters += decoded
        places += pairwise(bounds)
        at = found.end()
    _take(characters, places, body[at:], at)
    text = "".join(characters)
    masked, _ = mask(text, rules, is_cut=is_cut)
    for begin, end in _encoded_texts(text, rules):
        masked = f"{masked[:begin]}{MASK * (end - begin)}{masked[end:]}"
    if masked == text:
        return body
    shown = list(body)
    for (start, end), new, old in zip(places, masked, text, strict=True):
        if new != old:
            shown[start:end] = MASK * (end - start)
    return "".join(shown)


def _encoded_texts(text: str, rules: MaskingRules) -> Iterator[tuple[int, int]]:
    """Where whole texts stand in hexadecimal (as OpenMarket sends what is not Latin) or base64 (as long texts reach
    Twilio on some ways) with something in them that is masked; there all of it is."""
    for pattern, octets_of in ((_HEX, bytes.fromhex), (_BASE64, _from_base64)):
        for found in pattern.finditer(text):
            try:
                octets = octets_of(found.group())
            except ValueError:
                continue
            if any(mask(octets.decode(charset, "replace"), rules)[1] for charset in ("utf-8", "utf-16-be")):
                yield found.span()


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def _take(characters: list[str], places: list[tuple[int, int]], plain: str, at: int) -> None:
    characters += plain
    places += ((place, place + 1) for place in range(at, at + len(plain)))


def _decoded(code: str) -> str:
    if code == "+":
        return " "
    if code.startswith("%"):
        octets = unquote_to_bytes(code)
        try:
            return octets.decode()
        except UnicodeDecodeError:
            return octets.decode("latin-1")
    if code.startswith("&"):
        return html.unescape(code)
    try:
        return str(json.loads(f'"{code}"'))
    except ValueError:
        return code
