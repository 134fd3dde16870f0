"""What an index is asked for: terms, of which a text must have all, or one alternative of several."""

from __future__ import annotations

from collections.abc import Iterable

from connector.domain.search import terms
from connector.domain.search.query import SoughtPiece

Alternatives = tuple[tuple[str, ...], ...]
"""One of these; each is a number of terms that a text must have together."""
Lookup = tuple[Alternatives, ...]
"""All of these; none: every text."""

_MOST_TERMS = 8  # of one piece: more hardly exclude anything


def of_pieces(pieces: Iterable[SoughtPiece], *, with_consumers: bool) -> Lookup:
    """`with_consumers`: a number is also looked for among those of consumers, not in texts alone."""
    return tuple(_of_piece(piece, with_consumers=with_consumers) for piece in pieces)


def _of_piece(piece: SoughtPiece, *, with_consumers: bool) -> Alternatives:
    whole = piece.words if piece.is_exact else () if piece.number else piece.words[:-1]
    found = dict.fromkeys([*terms.pairs(whole), *(term for word in piece.words for term in terms.word_lookup(word))])
    together = tuple(found)[:_MOST_TERMS]
    if not piece.number:
        return (together,)
    consumers = ((terms.number_of_consumer(piece.number),),) if with_consumers else ()
    return (together, (terms.number_in_text(piece.number),), *consumers)


def any_of(terms_: Iterable[str]) -> Alternatives:
    return tuple((term,) for term in dict.fromkeys(terms_))
