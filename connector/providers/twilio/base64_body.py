"""Long texts that come as base64.

On some carriers' way to Twilio a long text becomes a picture message without a picture, whose body is the text in
base64 (seen by gateways that have run for years; Twilio does not document it).
"""

from __future__ import annotations

import base64
import unicodedata

_SHORTEST = 60  # characters; shorter texts do not come that way
_NOT_TEXT = frozenset({"Cc", "Cn", "Co", "Cs"})  # Unicode: control, unassigned, private, half a pair


def readable(body: str, message_sid: str) -> str:
    """`body`, or the text that its base64 stands for.

    Only for a picture message (`MM…`), and only when it decodes without rest to valid UTF-8 without control
    characters. A text of Latin letters must have a blank somewhere: one letter typed many times can be valid base64
    of another.
    """
    joined = body.strip().replace("\r", "").replace("\n", "")
    if not message_sid.startswith("MM") or len(joined) < _SHORTEST or len(joined) % 4:
        return body
    try:
        octets = base64.b64decode(joined, validate=True)
        text = octets.decode()
    except ValueError:
        return body
    is_exact = base64.b64encode(octets).decode() == joined
    is_text = all(char in "\t\r\n" or unicodedata.category(char) not in _NOT_TEXT for char in text)
    has_words = not text.isascii() or any(char.isspace() for char in text)
    return text if is_exact and is_text and has_words else body
