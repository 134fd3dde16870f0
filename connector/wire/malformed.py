"""Refusals of what a signed-in desk sent and the core cannot read, with the request's id where one can be found."""

from __future__ import annotations

import re
import typing

import msgspec
from msgspec import Raw

from connector.wire import frames, requests
from connector.wire.frames import Refusal
from connector.wire.refusals import RefusalCode

_fields = msgspec.json.Decoder(dict[str, Raw])
_id = msgspec.json.Decoder(frames.Id)
_word = msgspec.json.Decoder(str)
# The beginning of a request as most clients write it, for one whose rest is no JSON.
_BEGINNING = re.compile(r'\s*\{\s*"kind"\s*:\s*"request"\s*,\s*"id"\s*:\s*("[^"\\]{1,64}")')
_SHOWN = 64  # characters of a name from outside
_TYPES = frozenset(one.__struct_config__.tag for one in typing.get_args(requests.Request))


def refuse(data: str | bytes, why: str) -> Refusal:
    """The refusal of a frame that could not be decoded; `why` is the decoder's reason."""
    fields = _read(_fields, data)
    if fields is None:
        return Refusal(_id_at_the_beginning(data), RefusalCode.BAD_REQUEST, f"This is not a frame: {why}.")
    request_id = _read(_id, fields.get("id")) or ""
    kind = _read(_word, fields.get("kind"))
    if kind == "sign_in":
        return Refusal(request_id, RefusalCode.BAD_REQUEST, "This connection has signed in.")
    if kind == "line_state":
        return Refusal(request_id, RefusalCode.BAD_REQUEST, f"The frame is malformed: {why}.")
    if kind is not None and kind != "request":
        words = f"This core knows no frame of the kind {_shown(kind)}; a newer one may."
        return Refusal(request_id, RefusalCode.UNKNOWN_REQUEST, words)
    name = _read(_word, (_read(_fields, fields.get("body")) or {}).get("type"))
    if kind is not None and name is not None and name not in _TYPES:
        words = f"This core does not know the request {_shown(name)}; a newer one may."
        return Refusal(request_id, RefusalCode.UNKNOWN_REQUEST, words)
    return Refusal(request_id, RefusalCode.BAD_REQUEST, f"The request is malformed: {why}.")


T = typing.TypeVar("T")


def _read(decoder: msgspec.json.Decoder[T], data: str | bytes | Raw | None) -> T | None:
    try:
        return None if data is None else decoder.decode(data)
    except frames.UNREADABLE:
        return None


def _id_at_the_beginning(data: str | bytes) -> str:
    start = data[:256]
    text = start if isinstance(start, str) else start.decode(errors="replace")
    found = _BEGINNING.match(text)
    return (found and _read(_id, found[1])) or ""


def _shown(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name[:_SHOWN])
