"""Messages that are hits.

The index says where something may be, the latest first. What a question is about may be rarer than its words: replies
that never reached anybody have an index of their own. Whichever of the two reaches further back with a few candidates
has fewer to look at, and is followed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from connector.domain.masking.masking import MaskingRules, mask
from connector.domain.search.lookups import Lookup, of_pieces
from connector.domain.search.matching import Matcher, Range, snippet
from connector.domain.search.query import TypedQuery
from connector.domain.status import NEVER_RECEIVED
from connector.services import views
from connector.services.query import Query
from connector.services.search import bounds
from connector.services.search.asked import Asked
from connector.services.search.bounds import FoundSoFar, position
from connector.store.search import FoundMessage, FoundText, Narrowed, SearchReading
from connector.wire.views import HitView

_Text = FoundText | FoundMessage
_AT_ONCE = 1024  # numbers that are looked up where those of the first chunk were not enough


def messages_found(query: Query, typed: TypedQuery, wanted: Asked, before: str, latest: int, limit: int) -> FoundSoFar:
    """One page of hits, the latest first. `before`: the `more` of the page before; `latest`: the highest number in the
    index. Raises Refused, and what `SearchReading.find` raises."""
    search = _Search(query, typed, wanted, limit)
    for texts in search.chunks(position(before, latest)):
        if search.is_full_with(texts):
            return search.found
    search.make_hits()
    return search.found


class _Search:
    """What one question has looked at."""

    def __init__(self, query: Query, typed: TypedQuery, wanted: Asked, limit: int) -> None:
        self.found = FoundSoFar([])
        self._query = query
        self._reading = query.reading.search
        self._wanted = wanted
        self._limit = limit
        # Of people who are searched for by nothing but their number, the person is the hit, and not all their messages.
        self._with_consumers = len(typed.pieces) > len([one for one in typed.pieces if one.number])
        self._lookup = (*of_pieces(typed.pieces, with_consumers=self._with_consumers), *wanted.lookup())
        self._matcher = Matcher(typed.pieces)
        self._source: _Source = _ByTerms(self._reading, self._lookup, wanted.narrowed)
        self._matched: dict[str, tuple[str, list[Range]]] = {}  # by id: their conversations are yet to be looked at

    def chunks(self, below: int) -> Iterator[Sequence[_Text]]:
        """Yield candidates, the latest first, up to the limit of one question; then `found` says where to go on."""
        reading, wanted = self._reading, self._wanted
        if (last := wanted.last_id()) is not None and (first_after := reading.first_number(last)) is not None:
            below = min(below, first_after)
        least = reading.first_number(wanted.first_id()) if wanted.since is not None else 0
        if least is None:
            return
        self._source = source = self._chosen(below)
        looked_at, size = 0, bounds.FIRST_TAGGED if wanted.tags else bounds.FIRST_CHUNK
        while looked_at < bounds.MOST_LOOKED_AT:
            chunk = source.chunk(below, size, least)
            yield chunk.texts
            if chunk.last is None or chunk.last < least:
                return
            looked_at, below = looked_at + size, chunk.last
            size = min(self._next_size(looked_at), bounds.MOST_LOOKED_AT - looked_at)
        self.found.more, self.found.looked_back_to = str(below), reading.moment_of(below)

    def _chosen(self, below: int) -> _Source:
        """The one that has fewer candidates."""
        by_terms = _ByTerms(self._reading, self._lookup, self._wanted.narrowed)
        if self._wanted.statuses is None or not self._wanted.statuses <= NEVER_RECEIVED:
            return by_terms
        never_received = _NeverReceived(self._reading)
        numbers = by_terms.highest(below, bounds.FIRST_CHUNK)
        other = never_received.chunk(below, bounds.FIRST_CHUNK)
        if len(numbers) < bounds.FIRST_CHUNK or (other.last is not None and other.last >= numbers[-1]):
            return by_terms
        return never_received

    def _next_size(self, looked_at: int) -> int:
        """As many as will fill the page if they are like those so far, of which few say little."""
        so_far = len(self.found.hits) + len(self._matched)
        missing = (self._limit + 1 - so_far) * looked_at * 9 // (8 * max(so_far, 1))
        return max(bounds.FIRST_CHUNK, min(missing, 2 * looked_at))

    def is_full_with(self, texts: Iterable[_Text]) -> bool:
        """Whether there is a hit more than the page has room for, with those of these."""
        for one in texts:
            if not self._matcher.may_match(one.text, one.overflow):
                continue
            text, _ = views.masked_text(one, self._query.brand.masking)
            ranges = self._matcher.ranges(text, one.consumer if self._with_consumers else "")
            if ranges is not None:
                self._matched[one.message_id] = text, ranges
        return len(self.found.hits) + len(self._matched) > self._limit and self.make_hits()

    def make_hits(self) -> bool:
        """Of what matches. Whether there is one more than the page has room for."""
        found, masking = self.found, self._query.brand.masking
        matched, self._matched = self._matched, {}
        for message in self._source.messages(matched):
            is_seen = self._query.rights.may_see(message.visibility)
            if not is_seen or not self._wanted.has_message(message, masking):
                continue
            if len(found.hits) == self._limit:
                found.more, found.looked_back_to = str(message.number + 1), None
                return True
            found.hits.append(_hit(message, *matched[message.message_id], masking))
        return False


class _Chunk(Struct):
    """Some of the messages of a source, and the number of the last one of them; None where none follows."""

    texts: Sequence[_Text]
    last: int | None


class _Source(Protocol):
    """Messages that have something, the latest first: all that may be hits are among them."""

    def chunk(self, below: int, size: int, least: int) -> _Chunk:
        """The first so many with numbers below this one; those with numbers below `least` may be left out."""
        ...

    def messages(self, ids: Collection[str]) -> Iterable[FoundMessage]:
        """Of the texts so far, the latest first."""
        ...


class _ByTerms:
    """See `_Source`."""

    def __init__(self, reading: SearchReading, lookup: Lookup, narrowed: Narrowed) -> None:
        self._reading = reading
        self._lookup = lookup
        self._narrowed = narrowed
        self._known: list[int] = []
        self._is_all = False
        self._messages: dict[str, FoundMessage] = {}

    def highest(self, below: int, limit: int) -> list[int]:
        """So many of their numbers."""
        count = max(limit, _AT_ONCE) if self._known else limit
        self._known = [one for one in self._known if one < below]
        if len(self._known) < limit and not self._is_all:
            self._known = self._reading.find(self._lookup, below, count)
            self._is_all = len(self._known) < count
        return self._known[:limit]

    def chunk(self, below: int, size: int, least: int) -> _Chunk:
        numbers = self.highest(below, size)
        wanted = [one for one in numbers if one >= least]
        found = self._reading.candidates(wanted, self._narrowed) if wanted else []
        self._messages |= {one.message_id: one for one in found}
        return _Chunk(found, numbers[-1] if len(numbers) == size else None)

    def messages(self, ids: Collection[str]) -> Iterable[FoundMessage]:
        return [self._messages[one] for one in ids]


class _NeverReceived:
    """See `_Source`."""

    def __init__(self, reading: SearchReading) -> None:
        self._reading = reading
        self._asked = (0, 0)
        self._chunk = _Chunk((), None)

    def chunk(self, below: int, size: int, least: int = 0) -> _Chunk:
        if self._asked != (below, size):
            self._asked = below, size
            texts = self._reading.never_received(below, size)
            # Their numbers are not read with them: few are hits.
            last = self._reading.first_number(texts[-1].message_id) if len(texts) == size else None
            self._chunk = _Chunk(texts, last)
        return self._chunk

    def messages(self, ids: Collection[str]) -> Iterable[FoundMessage]:
        return self._reading.candidates_of(ids) if ids else ()


def _hit(message: FoundMessage, text: str, ranges: Iterable[Range], masking: MaskingRules) -> HitView:
    part = snippet(text, ranges)
    return HitView(
        message_id=message.message_id,
        conversation_id=message.conversation_id,
        at=message.at,
        direction=message.direction,
        status=message.status,
        author=message.author,
        line=message.line,
        consumer=message.consumer,
        skill=message.skill,
        state=message.state,
        agent=message.agent,
        text=part.text,
        offset=part.offset,
        marks=list(part.marks),
        is_cut=part.offset + len(part.text) < len(text),
        shown=message.shown,
        name=mask(message.name, masking)[0] if message.name else "",
    )
