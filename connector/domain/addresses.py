"""Who can be texted."""

from __future__ import annotations

import re

# E.164: a plus, a first digit that is not 0, at most 15 digits. Short codes have 3 to 8 digits and no plus.
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_SHORT_CODE = re.compile(r"[0-9]{3,8}")


def can_be_texted(address: str) -> bool:
    """Whether an answer can reach it: a phone number or a short code, and no name like AMAZON."""
    return bool(_PHONE.fullmatch(address) or _SHORT_CODE.fullmatch(address))
