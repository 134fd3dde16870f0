"""What comes from the phone of somebody who is on call: "ack" acknowledges what they were texted about last."""

from __future__ import annotations

from connector.domain.address import person_of
from connector.domain.alerts import Alert
from connector.domain.conversation import Conversation
from connector.domain.message import Message
from connector.providers.values import InboundText
from connector.services import save, views
from connector.services.on_call import texts
from connector.services.on_call.acknowledging import acknowledge_one
from connector.services.settings import LineSettings
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events


def conversation_of(uow: UnitOfWork, line: LineSettings, arrival: InboundText) -> Conversation | None:
    """The conversation of an answer to a text about alerts; None for a text like any other, as all but "ack" are."""
    rules = uow.brand.on_call
    if rules is None or rules.line != line.address or arrival.part is not None or not texts.is_ack(arrival.text):
        return None
    return texts.answered_conversation(uow, line, person_of(arrival.consumer))


def take(uow: UnitOfWork, conversation: Conversation, message: Message) -> None:
    """Acknowledge what the latest text to this phone was about of which anything still waits: who has two texts answers
    twice. Where nothing waits any more, nothing is said: their desk and the next text show how it is."""
    changed = texts.with_message(conversation, message, uow.now)
    view = views.message_view(message, uow.brand.masking)
    save.conversation(uow, changed, events.MessageReceived, view)
    agents = {agent.id for agent in texts.agents_with(uow, conversation.person)}
    waiting = [alert for alert in uow.tx.alerts.open() if alert.waits]
    texted_at = {alert.id: _texted_at(alert, agents, message.at) for alert in waiting}
    latest = max(texted_at.values(), default=0)
    meant = [alert for alert in waiting if latest and texted_at[alert.id] == latest]
    done = [acknowledge_one(uow, _texted(alert, agents), alert, "text") for alert in meant]
    if done:
        texts.confirm(uow, message.consumer, done)


def _texted_at(alert: Alert, agents: set[str], until: int) -> int:
    """When one of these agents was last texted about it, by this moment; 0: never."""
    return max((step.at for step in alert.steps if step.at <= until and not agents.isdisjoint(step.texted)), default=0)


def _texted(alert: Alert, agents: set[str]) -> str:
    """The agent of these who was texted about it last."""
    return next(name for step in reversed(alert.steps) for name in step.texted if name in agents)
