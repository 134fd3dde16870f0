"""Words as they are compared when people look for one another by name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORDS = re.compile(r"\w+")


@lru_cache(1024)
def folded(text: str) -> str:
    """The words of a text without case, accents and punctuation, each after a blank."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return "".join(f" {word}" for word in _WORDS.findall(plain.casefold()))
