"""Agents as administrators see them: rights, tokens, and where they are signed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from connector.base import agent_token
from connector.domain.agent import Agent, AgentToken, Desk
from connector.services.query import Query
from connector.wire import administration, answers, limits
from connector.wire.views import AgentDefinitionView, SignedInView, TokenView


def page(query: Query, question: administration.GetAgents) -> answers.AgentPage:
    limit = max(1, min(question.limit, limits.AGENTS_PAGE))
    found = query.reading.agents_after(question.after, limit + 1)
    agents, more = found[:limit], len(found) > limit
    if not agents:
        return answers.AgentPage([], more=False)
    tokens: dict[str, list[AgentToken]] = defaultdict(list)
    for token in query.reading.tokens_of(agents[0].id, agents[-1].id):
        tokens[token.agent].append(token)
    desks: dict[str, list[Desk]] = defaultdict(list)
    for desk in query.reading.live_desks_of(agents[0].id, agents[-1].id, query.now):
        desks[desk.agent].append(desk)
    return answers.AgentPage([definition_view(one, tokens[one.id], desks[one.id]) for one in agents], more)


def definition_view(agent: Agent, tokens: Iterable[AgentToken], desks: Iterable[Desk]) -> AgentDefinitionView:
    return AgentDefinitionView(
        id=agent.id,
        name=agent.name,
        skills=list(agent.skills),
        capacity=agent.capacity,
        role=str(agent.role),
        sees=str(agent.sees),
        accounts=list(agent.accounts),
        os_user=agent.os_user,
        is_disabled=agent.is_disabled,
        is_provisioned=agent.is_provisioned,
        tokens=[TokenView(agent_token.id_of(one.digest), one.at, one.is_provisioned) for one in tokens],
        signed_in=[SignedInView(one.signed_in_at, one.way, one.source) for one in desks],
        phone=agent.phone,
    )
