"""Whether a text has anything to see."""

from __future__ import annotations

from connector.sms.text import shown

# Letters without a shape, which are neither blanks nor invisible by their properties: fillers of Hangul and the empty
# Braille cell.
_SHAPELESS = "\u115f\u1160\u3164\uffa0\u2800"


def is_blank(text: str) -> bool:
    """Whether nothing of `text` can be seen: it is empty, or all blanks, line ends and invisible characters."""
    if text[:1].isalnum() and text[0] not in _SHAPELESS:  # as nearly all begin
        return False
    return not shown(text).strip().strip(_SHAPELESS + " \n")
