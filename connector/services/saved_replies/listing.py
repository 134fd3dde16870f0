"""Saved replies as those may read them whose own they are, or with whom they are shared."""

from __future__ import annotations

from connector.domain.saved_reply import SHARED, SavedReply, SavedReplyUses, may_see
from connector.services.query import Query
from connector.wire import answers, limits, saved_replies
from connector.wire.saved_replies import ReplyActions, SavedReplyView


def page(query: Query, question: saved_replies.GetSavedReplies) -> answers.SavedReplies:
    if question.saved_reply_ids is not None:
        known = (query.reading.saved_reply(one) for one in dict.fromkeys(question.saved_reply_ids))
        found = [one for one in known if one is not None and may_see(query.rights, one)]
        return _answer(query, sorted(found, key=lambda one: one.id), more=False)
    limit = max(1, min(question.limit, limits.SAVED_REPLIES_PAGE))
    after = question.after
    while True:
        read = query.reading.saved_replies(query.rights.agent, after, limit + 1)
        shown = [one for one in read[:limit] if may_see(query.rights, one)]
        more = len(read) > limit
        if shown or not more:  # an empty page would have nothing to go on from
            return _answer(query, shown, more=more)
        after = read[limit - 1].id


def _answer(query: Query, found: list[SavedReply], *, more: bool) -> answers.SavedReplies:
    used: dict[str, SavedReplyUses] = {}
    if found:
        uses = query.reading.saved_reply_uses(query.rights.agent, found[0].id, found[-1].id)
        used = {one.saved_reply_id: one for one in uses}
    views = [view(one, used.get(one.id)) for one in found]
    return answers.SavedReplies(views, more, query.reading.position())


def view(one: SavedReply, used: SavedReplyUses | None = None) -> SavedReplyView:
    """As desks receive it. Its text is the brand's own, and is not masked: what is sent is what was shown."""
    return SavedReplyView(
        id=one.id,
        version=one.version,
        is_shared=one.owner == SHARED,
        title=one.title,
        category=one.category,
        text=one.text,
        shortcut=one.shortcut,
        skills=list(one.skills),
        language=one.language,
        then=ReplyActions(list(one.tags), one.outcome, one.due_s, one.closes),
        changed_at=one.changed_at,
        changed_by=one.changed_by,
        uses=used.uses if used else 0,
        used_at=used.used_at if used else None,
    )
