"""The presence of agents: online, back soon, away, and off duty at the end of a shift."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.agent import Agent, Presence, PresenceSpan
from connector.domain.conversation import Conversation
from connector.domain.refusals import Refused
from connector.services import save
from connector.services.consent import gate
from connector.services.conversations import closing, due, ownership
from connector.services.query import Query
from connector.services.routing import queue
from connector.services.unit_of_work import UnitOfWork
from connector.wire import answers, limits, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import PresenceSpanView

_OFF_DUTY = "off duty"
_REMEMBERED_MS = 86_400_000  # how long a presence from before the end of a shift is looked for
_NOWHERE = ("",)  # the accounts of an agent whom only those see who see all agents


def set_presence(uow: UnitOfWork, agent: str, request: requests.SetPresence) -> None:
    presence, reason, reasons = request.presence, request.reason, uow.brand.away_reasons
    if presence not in set(Presence):
        raise Refused(RefusalCode.BAD_REQUEST, f"presence is one of {', '.join(Presence)}")
    if reason and presence == Presence.ONLINE:
        raise Refused(RefusalCode.BAD_REQUEST, "A reason goes with away or back_soon, not with online.")
    if reason and reason not in reasons:
        raise Refused(RefusalCode.BAD_REQUEST, f"The reasons for being away are: {', '.join(reasons) or 'none'}.")
    known = uow.tx.agents.get(agent)
    if known is None or not known.came_at:
        words = f"{agent} has never connected a desk, and so cannot be {presence}."
        raise Refused(RefusalCode.UNKNOWN_AGENT, words)
    _change(uow, agent, Presence(presence), reason)


def sign_off(uow: UnitOfWork, agent: str, request: requests.SignOff) -> None:
    """Each of the agent's conversations is closed, given back, or stays theirs with a due time."""
    choices = {one.conversation_id: one for one in request.leaving}
    owned = uow.tx.conversations.assigned_to(agent)
    left = [one for one in owned if one.id not in choices]
    if left:
        words = (
            f"{len(left)} of your conversations would be left behind: close each, give it back, or say when it is due."
        )
        raise Refused(RefusalCode.LEFT_BEHIND, words, count=len(left), conversation_id=left[0].id)
    go_off_duty(uow, agent)
    for conversation in owned:
        _leave(uow, agent, conversation, choices[conversation.id])


def go_off_duty(uow: UnitOfWork, agent: str, by: str | None = None) -> None:
    """Before what they own goes elsewhere, so that it does not come back to them; what waits already goes first. `by`:
    the lead who has ended their shift."""
    reason = _OFF_DUTY if by in (None, agent) else f"{_OFF_DUTY}, ended by {by}"
    _change(uow, agent, Presence.AWAY, reason, off_duty_by=by or agent)
    uow.finish()


def back_on_duty(uow: UnitOfWork, agent_id: str) -> Agent:
    """With the presence they had before they were off duty, which has been undone. Online where they had no desk then:
    they are so with their next one."""
    agent = uow.agent(agent_id)
    spans = uow.tx.agents.spans_since(agent_id, uow.now - _REMEMBERED_MS)
    off_duty = (str(agent.presence), agent.presence_reason)
    began = max((at for at, one in enumerate(spans) if (one.state, one.reason) == off_duty), default=0)
    before = spans[began - 1] if began else None
    if before is None or before.state not in set(Presence):
        _change(uow, agent_id, Presence.ONLINE, "")
    else:
        _change(uow, agent_id, Presence(before.state), before.reason)
    return uow.agent(agent_id)


def spans(query: Query, question: requests.GetPresence) -> answers.PresenceSpans:
    """Raises Refused where they are too many for one answer: without some of them, times would be wrong."""
    most = limits.PRESENCE_SPANS + 1
    found: list[PresenceSpan] = []
    for agent in _asked(query, question.agent):
        found += query.reading.presence_spans(question.since, agent, most - len(found))
    if len(found) > limits.PRESENCE_SPANS:
        words = f"These are more than {limits.PRESENCE_SPANS:,} spans: ask for one agent, or since a later moment."
        raise Refused(RefusalCode.BAD_REQUEST, words)
    return answers.PresenceSpans(
        [PresenceSpanView(one.agent, one.state, one.reason, one.from_at, one.until_at) for one in found]
    )


def _asked(query: Query, agent_id: str | None) -> list[str | None]:
    """Whose spans are read: None stands for all agents."""
    rights = query.rights
    if rights.sees_agent(_NOWHERE):
        return [agent_id]
    if agent_id is not None:
        known = query.reading.agent(agent_id)
        return [agent_id] if known is not None and rights.sees_agent(known.accounts) else []
    return [one.id for one in query.reading.staff(query.now).agents if rights.sees_agent(one.accounts)]


def in_words(agent: Agent) -> str:
    words = str(agent.presence).replace("_", " ")
    return f"{words} ({agent.presence_reason})" if agent.presence_reason else words


def _change(uow: UnitOfWork, agent_id: str, presence: Presence, reason: str, off_duty_by: str = "") -> None:
    agent = uow.tx.agents.get(agent_id)
    if agent is None:
        return
    new = replace(agent, presence=presence, presence_reason=reason, off_duty_by=off_duty_by)
    if new != agent:
        save.agent(uow, replace(new, presence_at=uow.now))
        uow.at_end(queue.offer)


def _leave(uow: UnitOfWork, agent: str, conversation: Conversation, choice: requests.SignOffChoice) -> None:
    match choice.choice:
        case "close":
            gate.require_decided(uow, conversation)
            closing.end(uow, conversation, f"closed by {agent}, who goes off duty", by=agent)
        case "return":
            ownership.give_back(uow, agent, requests.GiveBack(conversation.id))
        case "due" if conversation.snoozed_until is not None:
            pass  # it comes back as its owner has said
        case "due" if choice.due_at is not None:
            due.set_due(uow, agent, requests.SetDue(conversation.id, choice.due_at))
        case _:
            raise Refused(RefusalCode.BAD_REQUEST, "choice is close, return, or due with due_at.")
