"""A message with pictures (MMS) in an OpenMarket hook: its words, and what else it has.

The pictures themselves stand in the hook, in a form that the stored pages do not show whole, and are not taken
(https://www.openmarket.com/docs/Content/apis/mms-http/receive-mms.htm: `multipart/mixed`, JSON of type `MO` first).
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Collection, Iterator
from typing import Any

from connector.domain.media import Media
from connector.providers.fields import field, json_object, text_field, timestamp
from connector.providers.openmarket.hooks import address_of, made_up_ref
from connector.providers.values import Arrival, Hook, InboundText, Unreadable, Untaken
from connector.providers.wordless import worded

_BOUNDARY = re.compile(r"boundary\s*=\s*(?:\"([^\"]{1,200})\"|([^\s;]{1,200}))", re.IGNORECASE)
_MOST_PARTS = 50
_HIDDEN = "application/smil"  # how the others are laid out


def is_mms(hook: Hook) -> bool:
    return hook.headers.get("content-type", "").lower().startswith("multipart/")


def read(hook: Hook, lines: Collection[str]) -> list[Arrival]:
    """A text with what it has of words, and a picture that cannot be fetched for every file.

    `lines`: ours. Of several recipients the one of ours counts. Raises Unreadable.
    """
    parts = list(_parts(hook))
    about = next((content for _, octets in parts[:1] if (content := json_object(octets)) is not None), None)
    if about is None:
        raise Unreadable("a message with pictures (MMS) whose first part is not a JSON object")
    consumer = _addresses(about, "source")
    recipients = _addresses(about, "destinations") or _addresses(about, "destination")
    if not (consumer and recipients):
        raise Unreadable("a message with pictures (MMS) without source or destinations")
    ours = {line.removeprefix("+") for line in lines}
    words = [text_field(about, "subject")]
    media = []
    for kind, octets in parts[1:]:
        if kind == "text/plain":
            words.append(octets.decode(errors="replace"))
        elif kind != _HIDDEN:
            media.append(Media(url="", content_type=kind))
    arrival = InboundText(
        ref=text_field(about, "moId") or text_field(about, "ticketId") or made_up_ref(hook.body),
        line=next((one for one in recipients if one.removeprefix("+") in ours), recipients[0]),
        consumer=consumer[0],
        text=worded("\n".join(filter(None, words)), media),
        media=tuple(media),
        at=timestamp(field(about, "date")),
    )
    if not media:
        return [arrival]
    return [arrival, Untaken(f"a message with pictures or files ({len(media)}), which cannot be taken from OpenMarket")]


def _addresses(about: dict[str, Any], name: str) -> list[str]:
    """The addresses of a party: a text, an object with `address`, or a list of these."""
    value = field(about, name)
    found = []
    for one in value if isinstance(value, list) else [value]:
        address = text_field(one, "address") if isinstance(one, dict) else text_field({"address": one}, "address")
        if address:
            found.append(address_of(address))
    return found


def _parts(hook: Hook) -> Iterator[tuple[str, bytes]]:
    """Content type, in small letters and without parameters, and content of each part (RFC 2046, 5.1)."""
    match = _BOUNDARY.search(hook.headers.get("content-type", ""))
    if match is None:
        return
    delimiter = b"--" + (match[1] or match[2]).encode()
    for piece in hook.body.split(delimiter, _MOST_PARTS)[1:]:
        if piece.startswith(b"--"):
            return
        head, _, octets = piece.replace(b"\r\n", b"\n", 20).lstrip(b"\n").partition(b"\n\n")
        headers = {}
        for line in head.decode("latin-1").split("\n"):
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        kind = headers.get("content-type", "text/plain").partition(";")[0].strip().lower()
        yield kind, _decoded(octets.removesuffix(b"\n").removesuffix(b"\r"), headers) if _is_read(kind) else b""


def _is_read(kind: str) -> bool:
    return kind in ("application/json", "text/plain")


def _decoded(octets: bytes, headers: dict[str, str]) -> bytes:
    coding = headers.get("content-transfer-encoding", "").lower()
    try:
        if coding == "base64":
            return base64.b64decode(octets)
        return quopri.decodestring(octets) if coding == "quoted-printable" else octets
    except binascii.Error:
        return octets
