"""Conversations of a desk's lists beyond those it was sent at its start, and how many each agent owns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connector.domain.agent import Sees
from connector.domain.conversation import Conversation
from connector.domain.rights import Rights, visibility_of
from connector.services import views
from connector.services.query import Query
from connector.services.settings import BrandSettings
from connector.store.ports import Reading
from connector.store.values import ConversationCount, PageScope
from connector.wire import administration, answers, limits, requests
from connector.wire.views import ConversationView


def page(query: Query, question: requests.GetConversations) -> answers.ConversationPage:
    rights = query.rights
    limit = max(1, min(question.limit, limits.CONVERSATIONS_PAGE))
    since = query.now - limits.CLOSED_LISTED_MS
    before = question.before
    while True:
        found = query.reading.desk_pages.of_others_before(rights.agent, scope_of(rights), before, since, limit + 1)
        shown = [one for one in found[:limit] if is_left_out(one, rights)]
        more = len(found) > limit
        if shown or not more:  # an empty page would have nothing to go on from
            return answers.ConversationPage(conversation_views(query.reading, shown, query.brand), more)
        before = found[limit - 1].id


def one(query: Query, question: requests.GetConversation) -> answers.FoundConversation:
    (view,) = conversation_views(query.reading, [query.conversation(question.conversation_id)], query.brand)
    return answers.FoundConversation(view)


def loads(query: Query, question: requests.GetLoads) -> answers.Loads:
    return answers.Loads(loads_of(query.reading, query.rights))


def loads_of(reading: Reading, rights: Rights) -> dict[str, int]:
    """How many conversations each agent owns, of the agents and in the accounts that these rights show."""
    found = owned_counts(reading.desk_pages.held_counts(), rights)
    agents = reading.desk_pages.agents()
    return {one.id: found[one.id] for one in agents if one.id in found and rights.shows(one)}


def owned_counts(held: Iterable[ConversationCount], rights: Rights) -> dict[str, int]:
    """How many conversations each agent owns, of those in the accounts that these rights show, and of their own all."""
    found: dict[str, int] = {}
    for one in held:
        if one.agent is not None and (one.agent == rights.agent or rights.sees_account(one.account)):
            found[one.agent] = found.get(one.agent, 0) + one.count
    return found


def scope_of(rights: Rights) -> PageScope:
    """Which conversations these rights show beside those that the agent is part of."""
    if rights.sees_everything:
        return PageScope()
    return PageScope(rights.accounts, () if rights.sees is Sees.ACCOUNT else rights.skills)


def is_left_out(conversation: Conversation, rights: Rights) -> bool:
    """Whether a snapshot without colleagues' conversations leaves out this one, which has an owner or is closed."""
    visibility = visibility_of(conversation)
    return rights.agent not in visibility.people and rights.may_see(visibility)


def conversation_views(
    reading: Reading, conversations: Sequence[Conversation], brand: BrandSettings
) -> list[ConversationView]:
    persons = {one.person for one in conversations}
    opted_out = reading.desk_pages.opted_out_among(persons)
    likely = reading.desk_pages.likely_among(persons)
    return [
        views.conversation_view(
            one,
            brand,
            is_opted_out=one.person in opted_out,
            likely_opt_out="" if one.person in opted_out else views.likely_id(likely.get(one.person)),
        )
        for one in conversations
    ]


def erased(query: Query, question: administration.GetErased) -> answers.Erased:
    return answers.Erased(query.reading.erasure.are_erased(question.conversation_ids))
