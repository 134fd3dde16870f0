"""What needs somebody most, of all skills and owners that the asker may see."""

from __future__ import annotations

from connector.domain.conversation import Conversation, ConversationState, DueAlarm
from connector.domain.rights import visibility_of
from connector.services.conversations.listing import conversation_views, scope_of
from connector.services.query import Query
from connector.wire import answers, limits, requests

_OVERDUE, _RINGING, _UNSENT, _SOON, _WAITING = range(5)


def page(query: Query, question: requests.GetUrgent) -> answers.Urgent:
    """The most urgent first: overdue, ringing, not sent or perhaps an opt-out, due soon, waiting in a queue."""
    limit = max(1, min(question.limit, limits.URGENT))
    pages, rights = query.reading.desk_pages, query.rights
    found = {one.id: one for one in pages.urgent(scope_of(rights), limit + 1)}
    found |= {one.id: one for one in pages.open_of_agent(rights.agent)}
    likely = pages.likely_among({one.person for one in found.values()})
    keyed = [
        (key, one)
        for one in found.values()
        if rights.may_see(visibility_of(one)) and (key := _key(one, is_likely=one.person in likely)) is not None
    ]
    keyed.sort(key=lambda pair: pair[0])
    shown = [one for _, one in keyed[:limit]]
    return answers.Urgent(conversation_views(query.reading, shown, query.brand), more=len(keyed) > limit)


def _key(one: Conversation, *, is_likely: bool) -> tuple[int, int, str] | None:
    """Why and by what moment it needs somebody; None where it does not."""
    if one.due_told is DueAlarm.OVERDUE and one.waiting_since is not None:
        return _OVERDUE, one.due_at or 0, one.id
    if one.state is ConversationState.RINGING:
        return _RINGING, one.ring_until or 0, one.id
    if one.unsent or is_likely:
        return _UNSENT, one.unsent_at or one.last_at, one.id
    if one.due_told is DueAlarm.SOON:
        return _SOON, one.due_at or 0, one.id
    return (_WAITING, one.rank, one.id) if one.state is ConversationState.QUEUED else None
