"""What a reply leaves of the draft that it was sent from, which may have been written on at another desk meanwhile."""

from __future__ import annotations

from connector.sms.graphemes import clusters


def without_sent(draft: str, sent: str) -> str:
    """The draft without a text that was sent: nothing where that text has all of it, and where the draft goes on after
    that text, what follows."""
    if sent.startswith(draft):
        return ""
    if sent and draft.startswith(sent) and is_end_of_word(draft, len(sent)):
        return draft[len(sent) :].lstrip()
    return draft


def is_end_of_word(text: str, index: int) -> bool:
    """Whether neither a word nor a character goes on at an index."""
    if not 0 < index < len(text):
        return True
    before, after = text[index - 1], text[index]
    return not (before.isalnum() and after.isalnum()) and len([*clusters(before + after)]) > 1
