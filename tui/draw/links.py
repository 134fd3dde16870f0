"""Links, e-mail addresses, phone numbers and numbers of orders in texts, and their drawing with a number behind each.

The text of a consumer is data: a link leads to where it says, and a host that only looks like another one is named by
its ASCII form (RFC 3492).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from connector.sms.text import cells, one_line
from tui.draw.copied import Words, wrapped
from tui.draw.format import Line, Span, clock

_LINKS = r"""
      (?P<link> \b(?:https?://|www\.)[^\s<>"«»“”█•]{1,2000} )
    | (?P<mail> \b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8} )
    | (?P<phone> (?<![\w.])\+\d[\d ()./-]{5,18}\d(?!\w) )
    | (?P<number>
          (?<![\w.,]) (?: \#?[A-Z]{0,3}[-\#]?\d{5,30} | \#?(?-i:[A-Z]{1,4})-?\d{4,30} )
          (?:-[0-9A-Z]{1,12}){0,4} (?!\w|[.,]\d)
      )
"""
_AFTER_LINKS = ".,;:!?…'’\"”*_"
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


@cache
def _found() -> re.Pattern[str]:
    """Compiled when the first text is drawn, and not at a start."""
    return re.compile(_LINKS, re.VERBOSE | re.ASCII | re.IGNORECASE)


class FoundLink(NamedTuple):
    start: int
    end: int
    kind: str
    """link, mail, phone or number."""
    target: str
    """What is copied."""
    web: str = ""
    """For a terminal that follows links (OSC 8): printable ASCII, http or https."""


def links_in(text: str) -> Iterator[FoundLink]:
    for found in _found().finditer(text):
        kind, words = found.lastgroup or "", found[0]
        if kind == "link":
            words = words.rstrip(_AFTER_LINKS)
            if "(" not in words:
                words = words.rstrip(_AFTER_LINKS + ")]")
        link = FoundLink(found.start(), found.start() + len(words), kind, words)
        if kind != "link":
            yield link
        elif (web := web_address(words)) is not None:
            yield link._replace(target=words if words.isascii() else web, web=web)


def web_address(words: str) -> str | None:
    """A link in printable ASCII; None: it leads nowhere."""
    if words.lower().startswith("www."):
        words = f"https://{words}"
    try:
        parts = urlsplit(words)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not host:
            return None
        if not host.isascii():
            before, at, _ = parts.netloc.rpartition("@")
            port = f":{parts.port}" if parts.port is not None else ""
            parts = parts._replace(netloc=f"{before}{at}{host.encode('idna').decode()}{port}")
    except ValueError:
        return None
    return quote(parts.geturl(), safe=_ASCII)


def real_host(web: str) -> str:
    """The host of a link that begins as if it led to another one (`https://bank.example@other.example/`)."""
    parts = urlsplit(web)
    return parts.hostname or "" if "@" in parts.netloc else ""


class ListedLink(NamedTuple):
    """A link of a transcript, the number behind it, and when the message with it last came; 0: in none."""

    number: int
    link: FoundLink
    at: int


def matching(listed: Sequence[ListedLink], words: str) -> Sequence[ListedLink]:
    """Those that have the words in their target, and before them the one of this number."""
    words = words.strip().casefold()
    found = [each for each in listed if words in each.link.target.casefold() or words == str(each.number)]
    return sorted(found, key=lambda each: str(each.number) != words)


def link_rows(listed: Sequence[ListedLink], width: int) -> list[Line]:
    """`[2] https://…  17:01`, and the host where a link hides it."""
    if not listed:
        return [[("nothing here", "muted")]]
    return [_row(each, width) for each in listed]


def _row(listed: ListedLink, width: int) -> Line:
    number = f"[{listed.number}]" if listed.number else ""
    when = clock(listed.at) if listed.at else "their number"
    host = real_host(listed.link.web) if listed.link.web else ""
    leads = f"  leads to {one_line(host, 40)}" if host else ""
    room = max(8, width - 5 - cells(when) - 2 - cells(leads))
    return [(f"{number:<5}", "faint"), (one_line(listed.link.target, room), ""), (leads, "bad"), (f"  {when}", "muted")]


def linked(text: str, width: int, at: int, role: str, numbers: Mapping[str, int]) -> Iterator[Line]:
    """Safe text broken into lines, a number behind each link that has one. `at`: how many characters are before it."""
    pieces: Line = [*_pieces(text, at, role, numbers)]
    if len(pieces) == 1:
        for line in wrapped(text, width, at):
            whole: Line = [(line, role)]
            yield whole
        return
    for line in wrapped("".join(piece for piece, _ in pieces), width):
        yield [*_cut(pieces, line.at, line.at + len(line))]


def _pieces(text: str, at: int, role: str, numbers: Mapping[str, int]) -> Iterator[Span]:
    done = 0
    for link in links_in(text):
        if link.target in numbers:
            yield Words.of(text[done : link.start], at + done), role
            words = Words.of(text[link.start : link.end], at + link.start, link.web)
            yield words, f"{role} link".lstrip() if link.kind in ("link", "mail") else role
            yield f"[{numbers[link.target]}]", f"{role} faint".lstrip()
            done = link.end
    yield Words.of(text[done:], at + done), role


def _cut(pieces: list[Span], start: int, end: int) -> Iterator[Span]:
    """What of the pieces is between two characters of the whole."""
    begin = 0
    for piece, role in pieces:
        first, last = max(start - begin, 0), min(end - begin, len(piece))
        if first < last:
            yield piece.part(first, last) if isinstance(piece, Words) else piece[first:last], role
        begin += len(piece)
