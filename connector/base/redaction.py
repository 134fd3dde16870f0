"""Secrets taken out of addresses, bodies and log lines that came from outside.

A value is a secret by the name it stands under, however that name is written: `key=`, `KEY=`, `%6bey=`, `api-key=`,
`"access\\u005ftoken":`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from itertools import islice
from urllib.parse import unquote_plus

from connector.base import agent_token

REDACTED = "•••"

_NAMES = frozenset(
    ["auth", "jwt", "bearer", "pass", "pw", "pwd", "sig", "signature", "hmac", "session", "sessionid", "cookie"]
)
_PART_OF_NAME = re.compile(r"token|secret|passw|passphrase|credential|authoriz|key\Z|apikey")
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]")
_LONGEST_NAME = 200
# What follows so many pairs or members is taken out as a whole: one packet may hold 16,000. Genuine hooks have some 50.
_MOST_NAMES = 1_000
_USERINFO = re.compile(r"\A([A-Za-z][A-Za-z0-9+.-]*://)([^/?#]*)@")
_PAIRS = re.compile(r"([&;])")
# A text is consumed to its end also where its closing quote is missing, so that the whole takes linear time. (Not by a
# possessive quantifier: until Python 3.11.5 those around alternatives miss matches.)
_JSON_TEXT = r'"[^"\\]*(?:\\.[^"\\]*)*"?'
_JSON_MEMBER = re.compile(rf'({_JSON_TEXT})(?:(\s*:\s*)({_JSON_TEXT}|[^\s"{{}}\[\],:]+)?)?', re.DOTALL)
_PAIR_IN_LINE = re.compile(r"""([?&;])([^\s?&;=]{1,200})=([^\s&;"'<>]+)""")
_AUTHORIZATION_IN_LINE = re.compile(
    r"""(authorization["']?\s*[:=,]\s*b?["']?(?:(?:basic|bearer|digest)\s+)?)[^\s"',)]+""", re.IGNORECASE
)
# Before one may stand what is left of a form's plus or of an escape: its letter is no part of a name.
_NUMBER = re.compile(r"(?:\+|%2[Bb]|(?<=\\[nrt])|(?<![A-Za-z0-9]))[0-9]{7,20}(?![A-Za-z0-9])")
# Quotes in pairs, also round short words, so that what stands between two of these is none. A quote after a letter is
# an apostrophe, except for Python's prefixes. Like a JSON text, one is consumed to its end.
_IN_QUOTES = r"{0}([^{0}\\]*(?:\\.[^{0}\\]*)*)(?:{0}|\\?\Z)"
_QUOTED = re.compile(
    rf"""(?:(?<!\w)|(?<=\b[bBrRuU]))(?:{_IN_QUOTES.format("'")}|{_IN_QUOTES.format('"')})""", re.DOTALL
)
_OF_WORDS = re.compile(r"\s|\\[nrt]|\A[^/]{41}", re.DOTALL)
_OF_ROWS = re.compile(r"^(?:DETAIL|CONTEXT):.*", re.DOTALL | re.MULTILINE)
_USERINFO_IN_LINE = re.compile(r"""(://)[^\s/?#@"'<>]{1,500}@""")


def is_secret_name(name: str) -> bool:
    """Whether a value under this name is a secret: percent-encoding, case, width and punctuation do not matter."""
    if len(name) > _LONGEST_NAME:
        return False
    plain = unicodedata.normalize("NFKC", unquote_plus(unquote_plus(name))).casefold()
    plain = _NOT_ALPHANUMERIC.sub("", plain)
    return plain in _NAMES or _PART_OF_NAME.search(plain) is not None


def redacted_url(url: str) -> str:
    """`url` without user and password before its host, and without the secrets of its query; else byte for byte."""
    if "@" in url:
        url = _USERINFO.sub(rf"\1{REDACTED}@", url)
    front, mark, query = url.partition("?")
    return front + mark + redacted_pairs(query) if mark else url


def with_login_of(address: str, url: str) -> str:
    """A redacted `url` with the user and password of `address` in their place, if that has any."""
    login = _USERINFO.match(address)
    redacted = f"{REDACTED}@"
    front, _, rest = url.partition("://")
    if login is None or not rest.startswith(redacted):
        return url
    return f"{front}://{login[2]}@{rest.removeprefix(redacted)}"


def redacted_pairs(pairs: str) -> str:
    """A query or form (`name=value&…`) without its secrets."""
    parts = _PAIRS.split(pairs, _MOST_NAMES)
    if len(parts) > 2 * _MOST_NAMES:
        parts[-1] = REDACTED
    return "".join(map(_redacted_pair, parts))


def redacted_json(text: str) -> str:
    """JSON without the texts and numbers that stand under the name of a secret, at any depth; it may be cut short."""
    last = next(islice(_JSON_MEMBER.finditer(text), _MOST_NAMES, None), None)
    if last is not None:
        return _JSON_MEMBER.sub(_redacted_member, text[: last.start()]) + REDACTED
    return _JSON_MEMBER.sub(_redacted_member, text)


def redacted_body(body: bytes) -> bytes:
    """A JSON object or array, or a form, without its secrets; anything else as it is."""
    text = body.decode("utf-8", "surrogateescape")
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return redacted_json(text).encode("utf-8", "surrogateescape")
    return redacted_pairs(text).encode("utf-8", "surrogateescape") if "=" in text else body


def without_numbers(text: str) -> str:
    """Without phone numbers: digits that are seven or more, and a plus before them."""
    return _NUMBER.sub(REDACTED, text)


def redacted_exception(text: str) -> str:
    """The text of an exception without what it may quote of data: phone numbers, quoted texts of several words or long
    ones, and the rows that a database server shows (its DETAIL and what follows)."""
    return without_numbers(_QUOTED.sub(_redacted_quote, _OF_ROWS.sub(REDACTED, text)))


def _redacted_quote(quoted: re.Match[str]) -> str:
    mark, content = quoted[0][0], quoted[1] if quoted[2] is None else quoted[2]
    return f"{mark}{REDACTED}{mark}" if _OF_WORDS.search(content) else quoted[0]


def redacted_line(line: str) -> str:
    """A log line without the secrets of addresses and of Authorization headers that stand in it, and without agents'
    tokens wherever they stand."""
    if agent_token.PREFIX in line:
        line = agent_token.PATTERN.sub(f"{agent_token.PREFIX}{REDACTED}", line)
    if "authorization" in line.lower():
        line = _AUTHORIZATION_IN_LINE.sub(rf"\1{REDACTED}", line)
    if "://" in line:
        line = _USERINFO_IN_LINE.sub(rf"\1{REDACTED}@", line)
    return _PAIR_IN_LINE.sub(_redacted_in_line, line) if "=" in line else line


def _redacted_pair(pair: str) -> str:
    name, mark, value = pair.partition("=")
    return f"{name}={REDACTED}" if mark and value and is_secret_name(name) else pair


def _redacted_member(found: re.Match[str]) -> str:
    name, colon, value = found.groups()
    if not colon or value is None or not is_secret_name(_json_name(name)):
        return found.group()
    return f'{name}{colon}"{REDACTED}"'


def _json_name(text: str) -> str:
    if "\\" not in text:
        return text
    try:
        return str(json.loads(text))
    except ValueError:
        return text


def _redacted_in_line(found: re.Match[str]) -> str:
    mark, name, _ = found.groups()
    return f"{mark}{name}={REDACTED}" if is_secret_name(name) else found.group()
