"""Search over all messages and people: what the index finds, as far as the asker may see it and by what they are shown.

The index says where something may be, the latest first. Each candidate is then looked at: whether the text, masked as
everywhere, has what is searched for, whether its conversation may be seen, and whether the qualifiers hold. What one
question looks at is bounded; where it reaches the bound, its answer says how to go on.
"""

from __future__ import annotations

from collections.abc import Iterator

from connector.domain.audit import AuditAction, AuditNote
from connector.domain.conversation import Conversation
from connector.domain.masking.masking import MaskingRules, mask
from connector.domain.refusals import Refused
from connector.domain.rights import visibility_of
from connector.domain.search.query import QUALIFIERS, parse
from connector.domain.search.terms import VERSION
from connector.services import views
from connector.services.query import Query, page_size
from connector.services.search import bounds, indexing
from connector.services.search.asked import Asked, asked
from connector.services.search.bounds import FoundSoFar, position
from connector.services.search.messages import messages_found
from connector.services.search.people import people_found
from connector.store.search import IndexDamaged, IndexTrouble, TookTooLong
from connector.wire import answers, limits, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import HitView

_LARGEST_CHUNK = 500
_ABOVE_ALL = "~"  # every id is below it
_HINT = f"Write words, a number, or {', '.join(f'{one}:' for one in QUALIFIERS)}."
_SLOW = "This search took too long and was broken off: add a word, or a qualifier like since:7d."


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
            found = messages_found(query, typed, wanted, question.before, state.number, limit)
            if not found.hits and not question.before:
                # So that no word says "nothing" for an index that has lost it.
                indexing.check(query.reading, is_quick=True)
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


def _conversations(query: Query, wanted: Asked, before: str, latest: int, limit: int) -> FoundSoFar:
    """Without words: conversations, each with its latest text."""
    masking = query.brand.masking
    found = FoundSoFar([])
    source = _by_number if wanted.numbers else _by_id
    for conversation, mark in source(query, wanted, before, latest, found):
        if not query.rights.may_see(visibility_of(conversation)) or not wanted.has_conversation(conversation, masking):
            continue
        if len(found.hits) == limit:
            found.more, found.looked_back_to = mark, None
            return found
        found.hits.append(_conversation_hit(conversation, masking))
    return found


def _by_id(
    query: Query, wanted: Asked, before: str, latest: int, found: FoundSoFar
) -> Iterator[tuple[Conversation, str]]:
    """With each, the `more` by which a page begins with it."""
    reading, looked_at, size = query.reading.search, 0, bounds.FIRST_CHUNK
    before = before or _ABOVE_ALL
    while looked_at < bounds.MOST_LOOKED_AT:
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
    query: Query, wanted: Asked, before: str, latest: int, found: FoundSoFar
) -> Iterator[tuple[Conversation, str]]:
    reading = query.reading.search
    numbers = reading.find(wanted.conversations_lookup(), position(before, latest), bounds.MOST_LOOKED_AT)
    for first in range(0, len(numbers), _LARGEST_CHUNK):
        some = reading.candidates(numbers[first : first + _LARGEST_CHUNK])
        known = reading.conversations([one.conversation_id for one in some])
        for one in some:
            if one.conversation_id in known:
                yield known[one.conversation_id], str(one.number + 1)
    found.more = str(numbers[-1]) if len(numbers) == bounds.MOST_LOOKED_AT else ""


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
