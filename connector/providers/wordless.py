"""Words for messages that come without any.

They stand in square brackets, which mark them as ours: no person wrote them. A message that has a picture or file needs
none, because that is shown.
"""

from __future__ import annotations

from collections.abc import Collection

from connector.sms.text import is_blank

NOTHING = "[a text without anything to see]"


def worded(text: str, media: Collection[object] = (), facts: str = "") -> str:
    """`text`, or what stands for it where it has nothing to see.

    `facts`: what the message says beside its text, in our words.
    """
    said = "" if is_blank(text) else text
    ours = f"[{facts}]" if facts else ""
    return "\n".join(filter(None, (said, ours))) or ("" if media else NOTHING)
