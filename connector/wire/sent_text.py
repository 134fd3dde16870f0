"""What a reply leaves of the draft that it was sent from, which may have been written on at another desk meanwhile."""

from __future__ import annotations

from collections.abc import Collection

from connector.sms.graphemes import clusters

_DIGEST_LENGTH = 16


def digest(text: str) -> str:
    """A text in few characters, to know it again by."""
    from hashlib import sha256  # a desk that starts does not wait for it

    return sha256(_encoded(text)).hexdigest()[:_DIGEST_LENGTH]


def without_sent(draft: str, sent: str, made_from: Collection[str]) -> str:
    """The stored draft without what a reply was made from, which the sending desk knows by these digests. What its
    author deleted before sending goes as well; what was added at another desk stays. Without digests, a draft that
    goes on after the text is taken for one of which the end was deleted."""
    if sent.startswith(draft):
        return ""
    if length := beginning(draft, made_from):
        return after(draft, length)
    is_cut = not made_from and sent and draft.startswith(sent) and _is_end_of_word(draft, len(sent))
    return "" if is_cut else draft


def beginning(text: str, digests: Collection[str]) -> int:
    """The length of the longest beginning of a text that one of these digests is of; 0: there is none."""
    if not digests:
        return 0
    from hashlib import sha256

    if digest(text) in digests:
        return len(text)
    found, so_far = 0, sha256()
    for length, character in enumerate(text, 1):
        so_far.update(_encoded(character))
        if so_far.hexdigest()[:_DIGEST_LENGTH] in digests:
            found = length
    return found


def after(text: str, length: int) -> str:
    """What was added to the beginning of a text. A word that was begun there belongs to what was added."""
    while not _is_end_of_word(text, length):
        length -= 1
    return text[length:].lstrip()


def _is_end_of_word(text: str, index: int) -> bool:
    """Whether neither a word nor a character goes on at an index."""
    if not 0 < index < len(text):
        return True
    before, after = text[index - 1], text[index]
    return not (before.isalnum() and after.isalnum()) and len([*clusters(before + after)]) > 1


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
