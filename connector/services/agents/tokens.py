"""Issuing and revoking the tokens by which agents sign in over the network."""

from __future__ import annotations

from msgspec.structs import replace

from connector.base import agent_token
from connector.domain.agent import AgentToken
from connector.domain.audit import AuditAction
from connector.domain.refusals import Refused
from connector.services import save
from connector.services.agents.changes import known_agent, provisioned
from connector.services.audit.record import record
from connector.services.unit_of_work import UnitOfWork
from connector.wire import administration, answers, limits
from connector.wire.refusals import RefusalCode

_FEWEST_DIGITS = 4  # of an id that names a token


def issue(uow: UnitOfWork, actor: str, request: administration.IssueToken) -> answers.TokenIssued:
    """The answer alone has the token: what is stored of both is its digest."""
    agent = known_agent(uow, request.agent)
    if agent.is_disabled:
        raise Refused(RefusalCode.AGENT_DISABLED, f"{agent.id} is disabled: enable them first.")
    if len(uow.tx.tokens.of(agent.id)) >= limits.TOKENS_PER_AGENT:
        words = f"{agent.id} has {limits.TOKENS_PER_AGENT} tokens: revoke those that are not in use first."
        raise Refused(RefusalCode.BAD_REQUEST, words)
    token = agent_token.new()
    digest = agent_token.digest(token)
    token_id = agent_token.id_of(digest)
    uow.tx.tokens.save(AgentToken(digest, agent.id, uow.now))
    record(uow, actor, AuditAction.TOKEN_ISSUED, subject=agent.id, details={"token": token_id})
    return answers.TokenIssued(agent.id, token, token_id)


def without_token(answer: answers.Answer) -> answers.Answer:
    """What is remembered of an answer to `issue`."""
    return replace(answer, token="") if isinstance(answer, answers.TokenIssued) else answer


def revoke(uow: UnitOfWork, actor: str, request: administration.RevokeToken) -> None:
    start = request.token.strip().lower()
    is_an_id = len(start) >= _FEWEST_DIGITS and not set(start) - set("0123456789abcdef")
    found = uow.tx.tokens.beginning_with(start) if is_an_id else []
    if not found:
        words = "There is no token with this id: `textdesk agent list` shows the ids of all."
        raise Refused(RefusalCode.UNKNOWN_TOKEN, words)
    if len(found) > 1:
        raise Refused(RefusalCode.BAD_REQUEST, "Several tokens begin with this: give more of the id.")
    [token] = found
    if token.is_provisioned:
        raise provisioned(uow, token.agent, "The token stands")
    remove(uow, actor, token)


def remove(uow: UnitOfWork, actor: str, token: AgentToken) -> None:
    """Remove it; cores that read of its agent then close the connections it has signed in."""
    uow.tx.tokens.remove(token.digest)
    details = {"token": agent_token.id_of(token.digest)}
    record(uow, actor, AuditAction.TOKEN_REVOKED, subject=token.agent, details=details)
    if (agent := uow.tx.agents.get(token.agent)) is not None:
        save.agent(uow, agent, has_come=bool(agent.came_at))
