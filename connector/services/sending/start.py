"""An agent texts first: a follow-up after a call, say."""

from __future__ import annotations

from connector.domain import transitions
from connector.domain.account import Line
from connector.domain.address import is_possible
from connector.domain.conversation import FOLLOW_UP, Conversation, ConversationState
from connector.domain.ownership import require_writer
from connector.domain.refusals import Refused
from connector.services import save
from connector.services.conversations import ownership
from connector.services.routing.placement import Placement
from connector.services.sending.reply import demand_reachable, demand_sendable, line_of, write_reply
from connector.services.settings import BrandSettings, LineSettings
from connector.sms.addresses import can_receive
from connector.store.ports import Transaction
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode


def start(tx: Transaction, brand: BrandSettings, command: requests.Start, agent: str, now: int) -> answers.Started:
    """The consumer's open conversation on this line is used where it is free to take. Raises Refused."""
    line = line_of(brand, command.line)
    demand_sendable(command.text)
    demand_reachable(tx, line, command.consumer)
    require_number(command.consumer)
    conversation = _taken(tx, brand, line, command.consumer, agent, now)
    message = write_reply(tx, brand, line, conversation, agent, command.text, now, is_test=command.is_test)
    return answers.Started(conversation.id, message.id)


def require_number(consumer: str) -> None:
    """Raises Refused. Written in another way, a number would be another consumer to the consent ledger."""
    if not can_receive(consumer):
        raise Refused(RefusalCode.BAD_REQUEST, "Write the number with its country code, like +14155550133.")
    if not is_possible(consumer):
        words = f"{consumer} is no phone number: no country has numbers that begin like this and are as long."
        raise Refused(RefusalCode.BAD_REQUEST, words)


def _taken(
    tx: Transaction, brand: BrandSettings, line: LineSettings, consumer: str, agent: str, now: int
) -> Conversation:
    open_one = tx.conversations.open_for(line.address, consumer)
    reason = f"{agent} texted first"
    if open_one is None:
        ours = Line(line.address, line.account, line.follow_up_skill or line.skill, FOLLOW_UP)
        fresh = transitions.assigned(transitions.opened(brand.ids.new(), ours, consumer, now), agent, reason, now)
        conversation = save.insert(tx, brand.rules, fresh)
    elif open_one.state is ConversationState.QUEUED:
        conversation = save.update(tx, brand.rules, transitions.assigned(open_one, agent, reason, now))
    else:
        hold = ownership.hold_of(tx, brand, open_one, open_one.agent or "", now)
        require_writer(open_one, agent, hold, now)
        return open_one
    tx.facts.append([Placement(brand.rules).placed(tx, conversation, now)])
    return conversation
