"""Error codes in the words of a provider."""

from __future__ import annotations

import re


def has_code(words: str, code: str) -> bool:
    """Whether the words name the code themselves, so that it need not be added to them."""
    return re.search(rf"(?<!\w){re.escape(code)}(?!\w)", words) is not None
