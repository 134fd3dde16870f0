"""Conversations of a desk's lists beyond those it was sent at its start, and how many each agent owns."""

from __future__ import annotations

from connector.domain.consent.entries import ConsentKind
from connector.services import views
from connector.services.query import Query
from connector.wire import answers, limits, requests


def page(query: Query, question: requests.GetConversations) -> answers.ConversationPage:
    limit = max(1, min(question.limit, limits.CONVERSATIONS_PAGE))
    since = query.now - limits.CLOSED_LISTED_MS
    found = query.reading.conversations_before(question.before, since, limit + 1)
    shown = []
    for conversation in found[:limit]:
        consent = query.reading.latest_consent(conversation.person)
        likely = query.reading.likely_opt_out(conversation.person)
        is_opted_out = consent is not None and consent.kind is ConsentKind.OPTED_OUT
        view = views.conversation_view(
            conversation,
            query.brand.rules,
            is_opted_out=is_opted_out,
            likely_opt_out="" if is_opted_out else views.likely_id(likely),
        )
        shown.append(view)
    return answers.ConversationPage(shown, more=len(found) > limit)


def loads(query: Query, question: requests.GetLoads) -> answers.Loads:
    return answers.Loads({agent: load.count for agent, load in query.reading.staff(query.now).loads.items()})
