"""Verification codes of cards, and only next to a card: three digits alone are anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NEAR = 60  # characters after a card in which a code with its name is looked for, and before it
_WORDS = r"(?: [^\W\d_]{1,16}){0,2}"  # "code de sécurité", "código de seguridad"
_NAMES = (
    r"c(?:vv|vc|vn|av|id|sc)2?|security number|pr(?:ü|ue)fn?[a-z]*|kartenprüf[a-z]*|sicherheitscode|kpn|"
    r"veiligheidscode|beveiligingscode|säkerhetskod|güvenlik kodu|安全[码碼]|[验驗][证證][码碼]|セキュリティー?コード|"
    r"보안 ?코드|رمز الأمان|رمز التحقق|"
    rf"(?:code2?|security code|verification (?:code|number)|cryptogramme|c[óo]digo|codice|kod|код){_WORDS}"
)
_NAMED = re.compile(
    rf"(?<![a-z])(?:{_NAMES})(?![a-z])\W{{0,4}}(?:(?:is|ist|est|es|è)\b\W{{0,3}})?([0-9]{{3,4}})(?![0-9])",
    re.IGNORECASE,
)
_EXPIRES = r"(?:exp[a-z]*|valid[a-z]*|g(?:ü|ue)ltig[a-z]*|bis)\W{0,3}"
_EXPIRY = rf"(?:{_EXPIRES})?(?:0?[1-9]|1[0-2])[\W_]{{0,3}}(?:20)?[2-5][0-9]"
_BARE = re.compile(rf"[\W_]{{1,4}}(?:{_EXPIRY}[\W_]{{1,4}}([0-9]{{3,4}})|([0-9]{{3}}))(?![0-9])", re.IGNORECASE)
_BARE_OF_FOUR = re.compile(r"[\W_]{1,4}([0-9]{4})(?![0-9])")
_DIGITS_OF_AMEX = 15  # its code has four digits


def codes(text: str, first: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the codes of the card in `text[first:end]` stand; `text` is folded."""
    bare = _BARE.match(text, end)
    if bare is not None:
        yield bare.span(1 if bare.group(1) else 2)
    elif sum("0" <= char <= "9" for char in text[first:end]) == _DIGITS_OF_AMEX:
        yield from (found.span(1) for found in [_BARE_OF_FOUR.match(text, end)] if found)
    for named in _NAMED.finditer(text, end, end + _NEAR):
        yield named.span(1)
    for named in _NAMED.finditer(text, max(0, first - _NEAR), first):
        yield named.span(1)
