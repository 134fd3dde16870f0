"""Results of fetching a picture."""

from __future__ import annotations

from msgspec import Struct


class Fetched(Struct, frozen=True):
    """The bytes as they came, not too many and not a web page; nothing else about them is checked."""

    data: bytes
    declared_type: str  # the answer's Content-Type, in small letters, without parameters; blank without one


class FetchFailed(Struct, frozen=True):
    """Why there is no picture, in one sentence that names hosts and never the whole address, which can be a secret."""

    words: str
    is_final: bool  # another try would end the same way
