"""What agents ask for: one use case a request. A request that took effect is answered the same ever after."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from connector.domain import conversation as life
from connector.domain.refusals import Refused
from connector.domain.values import Agent, Conversation, Presence
from connector.ids import Ids
from connector.services import present, routing
from connector.services.reply import write_reply
from connector.store.base import HookState, Reading, Transaction
from connector.wire import events, requests

_PAGE = 200
_answer: msgspec.json.Decoder[requests.Answer] = msgspec.json.Decoder(requests.Answer)

Question = requests.GetHistory | requests.GetHooks
Command = (
    requests.Accept
    | requests.Reply
    | requests.ReturnToQueue
    | requests.Close
    | requests.MarkRead
    | requests.SetPresence
)


class DeskRequests:
    def __init__(self, ids: Ids) -> None:
        self._ids = ids

    def carry_out(self, tx: Transaction, agent: str, request_id: str, command: Command, now: int) -> requests.Answer:
        """Do it once. Raises Refused, which leaves no trace, so that a corrected request may follow."""
        key = f"{agent}/{request_id}"
        if (before := tx.requests.answer(key)) is not None:
            return _answer.decode(before)
        answer = self._do(tx, agent, command, now)
        tx.requests.remember(key, agent, now, msgspec.json.encode(answer))
        return answer

    def _do(self, tx: Transaction, agent: str, command: Command, now: int) -> requests.Answer:
        match command:
            case requests.SetPresence():
                set_presence(tx, agent, command.presence, now)
            case requests.Reply():
                conversation = _known(tx, command.conversation_id)
                return requests.Written(write_reply(tx, self._ids, conversation, agent, command.text, now).id)
            case requests.Accept():
                _accept(tx, _known(tx, command.conversation_id), agent, now)
            case requests.ReturnToQueue():
                _return(tx, _known(tx, command.conversation_id), agent, now)
            case requests.Close():
                _close(tx, _known(tx, command.conversation_id), agent, now)
            case requests.MarkRead():
                _mark_read(tx, _known(tx, command.conversation_id), agent, now)
        return requests.Done()


def look_up(reading: Reading, question: Question) -> requests.Answer:
    """Answer a question about what is stored. Raises Refused."""
    if isinstance(question, requests.GetHooks):
        limit = max(1, min(question.limit, _PAGE))
        states = (HookState.REFUSED, HookState.UNREADABLE, HookState.UNROUTABLE)
        return requests.Hooks([present.hook_view(hook) for hook in reading.hooks(states, limit)])
    conversation = reading.conversation(question.conversation_id)
    if conversation is None:
        raise _unknown(question.conversation_id)
    limit = max(1, min(question.limit, _PAGE))
    found = reading.history(conversation.consumer, question.before, limit + 1)
    page = found[-limit:]
    return requests.History([present.message_view(message) for message in page], more=len(found) > limit)


def set_presence(tx: Transaction, agent_id: str, presence: str, now: int) -> None:
    if presence not in (Presence.ONLINE, Presence.AWAY):
        raise Refused(requests.BAD_REQUEST, "presence is online or away")
    agent = tx.agents.get(agent_id)
    if agent is None or agent.presence == presence:
        return
    agent = replace(agent, presence=Presence(presence), presence_at=now)
    tx.agents.put(agent)
    tell_agent(tx, agent, now)
    routing.drain_queue(tx, now)


def tell_agent(tx: Transaction, agent: Agent, now: int) -> None:
    is_connected = agent.id in tx.agents.live(now)
    assigned = tx.conversations.loads().get(agent.id, 0)
    view = present.agent_view(agent, is_connected=is_connected, assigned=assigned)
    tx.facts.append([present.fact(events.AgentChanged(view), now, None)])


def _accept(tx: Transaction, conversation: Conversation, agent: str, now: int) -> None:
    life.demand_queued(conversation)
    taken = life.assigned(conversation, agent, "taken from the queue by hand")
    tx.conversations.update(taken)
    tx.facts.append([routing.placement_fact(tx, taken, now)])


def _return(tx: Transaction, conversation: Conversation, agent: str, now: int) -> None:
    life.demand_owner(conversation, agent)
    back = life.queued(conversation, now, f"given back by {agent}", returned_by=agent)
    back = routing.place(tx, back, now)
    tx.conversations.update(back)
    tx.facts.append([routing.placement_fact(tx, back, now)])
    routing.drain_queue(tx, now)


def _close(tx: Transaction, conversation: Conversation, agent: str, now: int) -> None:
    life.demand_owner(conversation, agent)
    done = life.closed(conversation, now, f"closed by {agent}")
    tx.conversations.update(done)
    view = present.conversation_view(done, is_opted_out=routing.is_opted_out(tx, done.consumer))
    tx.facts.append([present.fact(events.ConversationClosed(view, by=agent), now, done.id)])
    routing.drain_queue(tx, now)


def _mark_read(tx: Transaction, conversation: Conversation, agent: str, now: int) -> None:
    life.demand_owner(conversation, agent)
    if conversation.unread == 0:
        return
    seen = life.read(conversation)
    tx.conversations.update(seen)
    view = present.conversation_view(seen, is_opted_out=routing.is_opted_out(tx, seen.consumer))
    tx.facts.append([present.fact(events.ConversationRead(view), now, seen.id)])


def _known(tx: Transaction, conversation_id: str) -> Conversation:
    conversation = tx.conversations.get(conversation_id)
    if conversation is None:
        raise _unknown(conversation_id)
    return conversation


def _unknown(conversation_id: str) -> Refused:
    return Refused(requests.UNKNOWN_CONVERSATION, f"There is no conversation {conversation_id[:64]}.")
