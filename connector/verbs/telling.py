"""What happened, as a word and a sentence."""

from __future__ import annotations

from connector.verbs.output import plain
from connector.wire import events


def tell(event: events.Event) -> tuple[str, str]:
    """A kind of happening and one line about it, fit for a terminal."""
    word, sentence = _tell(event)
    return word, plain(sentence)


def _tell(event: events.Event) -> tuple[str, str]:
    match event:
        case events.MessageReceived(message=message):
            return "inbound", f"{message.consumer} to {message.line}: {message.text}"
        case events.ReplyWritten(message=message):
            return "reply", f"{message.author or 'textdesk'} to {message.consumer}: {message.text}"
        case events.StatusMoved():
            why = f" ({event.words})" if event.words else ""
            return "status", f"{event.message_id} {event.status}{why}"
        case events.ConversationQueued(conversation=conversation):
            return "queued", f"{conversation.consumer}: {conversation.reason}"
        case events.ConversationAssigned(conversation=conversation):
            return "assigned", f"{conversation.consumer} to {conversation.agent}: {conversation.reason}"
        case events.ConversationRead(conversation=conversation):
            return "read", f"{conversation.consumer} by {conversation.agent}"
        case events.ConversationClosed(conversation=conversation):
            return "closed", f"{conversation.consumer} by {event.by or 'textdesk'}"
        case events.ConsentChanged():
            now = "has opted out" if event.opted_out else "may be texted again"
            return "consent", f"{event.consumer} {now}: {event.rule}"
        case events.AgentChanged(agent=agent):
            return "agent", f"{agent.name} is {agent.presence}, {agent.assigned} of {agent.capacity} places taken"
        case events.PictureMoved(picture=picture):
            why = f" ({picture.words})" if picture.words else ""
            return "picture", f"{event.message_id} {picture.content_type} {picture.state}{why}"
