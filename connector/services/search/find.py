"""Search over all messages and people: what the index finds, as far as the asker may see it and by what they are shown.

The index says where something may be, the latest first. Each candidate is then looked at: whether its conversation may
be seen, whether the qualifiers hold, and whether the text, masked as everywhere, has what is searched for. What one
question looks at is bounded; where it reaches the bound, its answer says how to go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from connector.domain.audit import AuditAction, AuditNote
from connector.domain.conversation import Conversation
from connector.domain.masking.masking import MaskingRules, mask
from connector.domain.message import Message
from connector.domain.refusals import Refused
from connector.domain.rights import visibility_of
from connector.domain.search.lookups import Lookup, of_pieces
from connector.domain.search.matching import Matcher, snippet
from connector.domain.search.query import QUALIFIERS, TypedQuery, parse
from connector.domain.search.terms import VERSION
from connector.services import views
from connector.services.query import Query, page_size
from connector.services.search import indexing
from connector.services.search.asked import Asked, asked
from connector.services.search.people import people_found
from connector.store.search import FoundMessage, IndexDamaged, IndexTrouble, TookTooLong
from connector.wire import answers, limits, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import HitView

_MOST_LOOKED_AT = 2000  # candidates of one question
_FIRST_CHUNK, _LARGEST_CHUNK = 64, 500
_ABOVE_ALL = "~"  # every id is below it
_HINT = f"Write words, a number, or {', '.join(f'{one}:' for one in QUALIFIERS)}."
_SLOW = "This search took too long and was broken off: add a word, or a qualifier like since:7d."


class _Found(Struct):
    """Hits so far, and where to go on."""

    hits: list[HitView]
    more: str = ""
    looked_back_to: int | None = None


def search(query: Query, question: requests.Search) -> answers.SearchHits:
    """Raises Refused."""
    if len(question.text) > limits.SEARCH_LENGTH:
        words = f"At most {limits.SEARCH_LENGTH} characters can be searched for; this has {len(question.text):,}."
        raise Refused(RefusalCode.TOO_LONG, words, limit=limits.SEARCH_LENGTH, length=len(question.text))
    typed = parse(question.text)
    if typed.mistakes:
        raise Refused(RefusalCode.BAD_REQUEST, " ".join(typed.mistakes))
    if not typed.pieces and not typed.qualifiers:
        raise Refused(RefusalCode.BAD_REQUEST, f"There is nothing to look for in this. {_HINT}")
    state = query.reading.search.state()
    if words := indexing.trouble_words(state):
        raise Refused(RefusalCode.SEARCH_UNAVAILABLE, words, cause=str(state.trouble))
    wanted = asked(query, typed, question.utc_offset_s)
    limit = page_size(question.limit)
    if state.version != VERSION:
        return answers.SearchHits([], understood=list(wanted.understood), not_yet=indexing.not_yet(state))
    try:
        if typed.pieces or wanted.is_about_messages:
            found = _messages(query, typed, wanted, question.before, state.number, limit)
            if not found.hits and not question.before:
                indexing.check(query.reading)  # so that no word says "nothing" for an index that has lost it
        else:
            found = _conversations(query, wanted, question.before, state.number, limit)
        people = [] if question.before else people_found(query, typed, state.number)
    except IndexDamaged:
        cause = str(IndexTrouble.DAMAGED)
        raise Refused(RefusalCode.SEARCH_UNAVAILABLE, indexing.INDEX_DAMAGED, cause=cause) from None
    except TookTooLong:
        raise Refused(RefusalCode.SEARCH_UNAVAILABLE, _SLOW, cause="slow") from None
    if found.hits or people:
        query.notes.append(AuditNote(AuditAction.SEARCHED, is_hourly=True))
    return answers.SearchHits(
        found.hits,
        found.more,
        people,
        list(wanted.understood),
        found.looked_back_to,
        indexing.not_yet(state),
    )


def _messages(query: Query, typed: TypedQuery, wanted: Asked, before: str, latest: int, limit: int) -> _Found:
    reading, masking = query.reading.search, query.brand.masking
    # Of people who are searched for by nothing but their number, the person is the hit, and not all their messages.
    with_consumers = len(typed.pieces) > len([one for one in typed.pieces if one.number])
    lookup = (*of_pieces(typed.pieces, with_consumers=with_consumers), *wanted.lookup())
    matcher = Matcher(typed.pieces)
    found = _Found([])
    for chunk in _chunks(query, lookup, wanted, _position(before, latest), found):
        messages = reading.messages([one.message_id for one in chunk if _is_wanted(query, wanted, one)])
        for one in chunk:
            if (message := messages.get(one.message_id)) is None:
                continue
            text, _ = views.masked_text(message, masking)
            ranges = matcher.ranges(text, message.consumer if with_consumers else "")
            if ranges is None:
                continue
            if len(found.hits) == limit:
                found.more, found.looked_back_to = str(one.number + 1), None
                return found
            found.hits.append(_hit(message, one, text, ranges, masking))
    return found


def _is_wanted(query: Query, wanted: Asked, one: FoundMessage) -> bool:
    return query.rights.may_see(one.visibility) and wanted.has_message(one, query.brand.masking)


def _chunks(query: Query, lookup: Lookup, wanted: Asked, below: int, found: _Found) -> Iterator[Sequence[FoundMessage]]:
    """Candidates, the latest first, up to the bound; `found` is told where to go on beyond it."""
    reading = query.reading.search
    if (last := wanted.last_id()) is not None and (first_after := reading.first_number(last)) is not None:
        below = min(below, first_after)
    least = reading.first_number(wanted.first_id()) if wanted.since is not None else 0
    if least is None:
        return
    looked_at, size = 0, _FIRST_CHUNK
    while looked_at < _MOST_LOOKED_AT:
        numbers = reading.find(lookup, below, size)
        chunk = reading.candidates([one for one in numbers if one >= least])
        yield chunk
        if len(numbers) < size or numbers[-1] < least:
            found.more, found.looked_back_to = "", None
            return
        looked_at, below = looked_at + size, numbers[-1]
        size = min(2 * size, _LARGEST_CHUNK)
        found.more = str(below)
        found.looked_back_to = chunk[-1].at if chunk else None


def _conversations(query: Query, wanted: Asked, before: str, latest: int, limit: int) -> _Found:
    """Without words: conversations, each with its latest text."""
    masking = query.brand.masking
    found = _Found([])
    source = _by_number if wanted.numbers else _by_id
    for conversation, mark in source(query, wanted, before, latest, found):
        if not query.rights.may_see(visibility_of(conversation)) or not wanted.has_conversation(conversation, masking):
            continue
        if len(found.hits) == limit:
            found.more, found.looked_back_to = mark, None
            return found
        found.hits.append(_conversation_hit(conversation, masking))
    return found


def _by_id(query: Query, wanted: Asked, before: str, latest: int, found: _Found) -> Iterator[tuple[Conversation, str]]:
    """With each, the `more` by which a page begins with it."""
    reading, looked_at, size = query.reading.search, 0, _FIRST_CHUNK
    before = before or _ABOVE_ALL
    while looked_at < _MOST_LOOKED_AT:
        some = reading.conversations_before(before, wanted.kind, size)
        for one in some:
            yield one, one.id + _ABOVE_ALL
        if len(some) < size:
            found.more, found.looked_back_to = "", None
            return
        looked_at, before = looked_at + size, some[-1].id
        size = min(2 * size, _LARGEST_CHUNK)
        found.more, found.looked_back_to = before, some[-1].opened_at


def _by_number(
    query: Query, wanted: Asked, before: str, latest: int, found: _Found
) -> Iterator[tuple[Conversation, str]]:
    reading = query.reading.search
    numbers = reading.find(wanted.conversations_lookup(), _position(before, latest), _MOST_LOOKED_AT)
    for first in range(0, len(numbers), _LARGEST_CHUNK):
        some = reading.candidates(numbers[first : first + _LARGEST_CHUNK])
        known = reading.conversations([one.conversation_id for one in some])
        for one in some:
            if one.conversation_id in known:
                yield known[one.conversation_id], str(one.number + 1)
    found.more = str(numbers[-1]) if len(numbers) == _MOST_LOOKED_AT else ""


def _position(before: str, latest: int) -> int:
    """The number below which a page begins. Raises Refused."""
    if not before:
        return latest + 1
    if not before.isdecimal() or not before.isascii():
        raise Refused(RefusalCode.BAD_REQUEST, "`before` is the `more` of the answer before, and this is none.")
    return min(int(before), latest + 1)


def _hit(
    message: Message, one: FoundMessage, text: str, ranges: Iterable[tuple[int, int]], masking: MaskingRules
) -> HitView:
    part = snippet(text, ranges)
    return HitView(
        message_id=message.id,
        conversation_id=message.conversation_id,
        at=message.at,
        direction=message.direction,
        status=message.status,
        author=message.author,
        line=message.line,
        consumer=message.consumer,
        skill=one.skill,
        state=one.state,
        agent=one.agent,
        text=part.text,
        offset=part.offset,
        marks=list(part.marks),
        is_cut=part.offset + len(part.text) < len(text),
        shown=one.shown,
        name=mask(one.name, masking)[0] if one.name else "",
    )


def _conversation_hit(conversation: Conversation, masking: MaskingRules) -> HitView:
    return HitView(
        message_id="",
        conversation_id=conversation.id,
        at=conversation.last_at,
        direction=conversation.last_direction,
        status="",
        author=None,
        line=conversation.line,
        consumer=conversation.consumer,
        skill=conversation.skill,
        state=conversation.state,
        agent=conversation.agent,
        text=views.preview(conversation, masking),
        shown=conversation.shown,
        name=mask(conversation.name, masking)[0] if conversation.name else "",
    )
