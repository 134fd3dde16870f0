"""What agents ask for: one use case a request. A request that took effect is answered the same ever after."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

import msgspec
from msgspec.structs import replace

from connector.domain import conversation as life
from connector.domain.refusals import Refused
from connector.domain.values import (
    AccountMode,
    Agent,
    Conversation,
    ConversationState,
    Line,
    Message,
    Presence,
)
from connector.ids import Ids
from connector.services import pictures, present, routing, traffic
from connector.services.lines import LineRules
from connector.services.reply import demand_reachable, demand_sendable, write_reply
from connector.store.base import Reading, Transaction
from connector.store.values import HookState
from connector.wire import events, requests

_PAGE = 200
_ADDRESS = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,8}")  # E.164, or a short code
_answer: msgspec.json.Decoder[requests.Answer] = msgspec.json.Decoder(requests.Answer)

Question = requests.GetHistory | requests.GetHooks | requests.GetTraffic
Command = (
    requests.Accept
    | requests.Reply
    | requests.Start
    | requests.ReturnToQueue
    | requests.Close
    | requests.MarkRead
    | requests.SetPresence
    | requests.SetAccountMode
)


class DeskRequests:
    """The use cases. `lines` by address."""

    def __init__(self, ids: Ids, lines: Mapping[str, LineRules]) -> None:
        self._ids = ids
        self._lines = lines

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
            case requests.SetAccountMode():
                set_account_mode(tx, command, {line.account for line in self._lines.values()}, now)
            case requests.Reply():
                return requests.Written(self._reply(tx, command, agent, now).id)
            case requests.Start():
                return self._start(tx, command, agent, now)
            case requests.Accept():
                _accept(tx, _known(tx, command.conversation_id), agent, now)
            case requests.ReturnToQueue():
                _return(tx, _known(tx, command.conversation_id), agent, now)
            case requests.Close():
                _close(tx, _known(tx, command.conversation_id), agent, now)
            case requests.MarkRead():
                _mark_read(tx, _known(tx, command.conversation_id), agent, now)
        return requests.Done()

    def _reply(self, tx: Transaction, command: requests.Reply, agent: str, now: int) -> Message:
        conversation = _known(tx, command.conversation_id)
        line = self._lines.get(conversation.line)
        if line is None:
            raise Refused(requests.UNKNOWN_LINE, f"{conversation.line} is none of our lines any more.")
        media = pictures.chosen(tx, command.pictures, line, now)
        return write_reply(tx, self._ids, line, conversation, agent, command.text, now, media)

    def _start(self, tx: Transaction, command: requests.Start, agent: str, now: int) -> requests.Started:
        """An agent texts first. The consumer's open conversation on this line is used where it is free to take."""
        line = self._lines.get(command.line)
        if line is None:
            raise Refused(requests.UNKNOWN_LINE, f"{command.line[:64]} is none of our lines.")
        demand_sendable(command.text)
        demand_reachable(tx, line, command.consumer)
        if not _ADDRESS.fullmatch(command.consumer):
            # Written in another way, a number would be another consumer to the consent ledger.
            raise Refused(requests.BAD_REQUEST, "Write the number with its country code, like +14155550133.")
        open_one = tx.conversations.open_for(line.address, command.consumer)
        if open_one is None:
            ours = Line(line.address, line.account, line.skill)
            open_one = life.opened(self._ids.new(), ours, command.consumer, now)
            conversation = life.assigned(open_one, agent, f"{agent} texted first")
            tx.conversations.insert(conversation)
        elif open_one.state is ConversationState.QUEUED:
            conversation = life.assigned(open_one, agent, f"{agent} texted first")
            tx.conversations.update(conversation)
        else:
            conversation = open_one
        if conversation is not open_one:
            tx.facts.append([routing.placement_fact(tx, conversation, now)])
        message = write_reply(tx, self._ids, line, conversation, agent, command.text, now)
        return requests.Started(conversation.id, message.id)


def look_up(reading: Reading, question: Question, lines: Mapping[str, LineRules], now: int) -> requests.Answer:
    """Answer a question about what is stored. Raises Refused."""
    if isinstance(question, requests.GetTraffic):
        return requests.Traffic(traffic.views(reading, lines, now))
    if isinstance(question, requests.GetHooks):
        limit = max(1, min(question.limit, _PAGE))
        states = (HookState.REFUSED, HookState.WATCHED, HookState.UNREADABLE, HookState.UNROUTABLE)
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


def set_account_mode(tx: Transaction, command: requests.SetAccountMode, accounts: Set[str], now: int) -> None:
    if command.account not in accounts:
        raise Refused(requests.BAD_REQUEST, f"There is no account {command.account[:64]}.")
    if command.mode not in set(AccountMode):
        raise Refused(requests.BAD_REQUEST, "mode is active, draining or off")
    tx.accounts.set_mode(command.account, AccountMode(command.mode))
    tx.work.hasten(command.account, now)


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
