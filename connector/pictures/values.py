"""Results of fetching a picture."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Patience(StrEnum):
    """For how long a fetch that failed is tried again."""

    NONE = "none"  # another try would end the same way
    MINUTES = "minutes"  # it may only be a moment late: a provider announces a picture before all its servers have it
    HOURS = "hours"  # something is out of order that will be mended, at the host or in the account


class Fetched(Struct, frozen=True):
    """The bytes as they came, not too many and not a web page; nothing else about them is checked."""

    data: bytes
    declared_type: str  # the answer's Content-Type, in small letters, without parameters; blank without one


class FetchFailed(Struct, frozen=True):
    """Why there is no picture, in one sentence that names hosts and never the whole address, which can be a secret."""

    words: str
    patience: Patience
    advice: str = ""  # what the reader can do when it is not tried again, in one sentence
