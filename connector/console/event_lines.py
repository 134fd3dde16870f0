"""Events as text: a kind and a sentence."""

from __future__ import annotations

from connector.console.output import moment, plain
from connector.wire import events
from connector.wire.views import MessageView


def event_line(event: events.Event) -> tuple[str, str]:
    """The kind of an event and one line about it, safe for a terminal."""
    kind, sentence = _describe(event)
    return kind, plain(sentence)


def _describe(event: events.Event) -> tuple[str, str]:
    match event:
        case events.MessageReceived(message=message):
            return "inbound", f"{message.consumer} to {message.line}: {_words(message)}"
        case events.ReplyWritten(message=message):
            return "reply", f"{message.author or 'textdesk'} to {message.consumer}: {_words(message)}"
        case events.StatusMoved():
            why = f" ({event.words})" if event.words else ""
            return "status", f"{event.message_id} {event.status}{why}"
        case events.SendFailed(message=message):
            why = f" ({message.words})" if message.words else ""
            return "not sent", f"{message.consumer}: {message.status}{why}"
        case events.SendArrived(message=message):
            return "arrived", f"{message.consumer}: {message.status} after all"
        case events.ConversationQueued(conversation=conversation):
            return "queued", f"{conversation.consumer}: {conversation.reason}"
        case events.ConversationAssigned(conversation=conversation):
            return "assigned", f"{conversation.consumer} to {conversation.agent}: {conversation.reason}"
        case events.ConversationRang(conversation=conversation):
            return "rang", f"{conversation.consumer} at {', '.join(conversation.rings)}: {conversation.reason}"
        case events.ConversationTransferred(conversation=conversation):
            return "transfer", f"{conversation.consumer} by {event.by} to {event.to_agent or event.to_skill}"
        case events.ConversationTakenOver(conversation=conversation):
            return "takeover", f"{conversation.consumer} by {event.by} from {event.owner or 'the queue'}"
        case events.ConversationJoined(conversation=conversation):
            return "joined", f"{conversation.consumer} by {event.by}"
        case events.ConversationLeft(conversation=conversation):
            return "left", f"{conversation.consumer} by {event.by}"
        case events.DueSet(conversation=conversation):
            when = "as the rules say" if conversation.reminder_at is None else f"at {moment(conversation.reminder_at)}"
            return "due", f"{conversation.consumer} {when}, by {event.by}"
        case events.DueSoon(conversation=conversation):
            return "due soon", f"{conversation.consumer}, with {conversation.agent or 'nobody'}"
        case events.Overdue(conversation=conversation):
            return "overdue", f"{conversation.consumer}, with {conversation.agent or 'nobody'}"
        case events.WrapUpBegan(conversation=conversation):
            return "wrap-up", f"{conversation.consumer} by {conversation.agent}"
        case events.ConversationReopened(conversation=conversation):
            return "reopened", f"{conversation.consumer} {f'by {event.by}' if event.by else conversation.reason}"
        case events.NoteWritten(message=message):
            return "note", f"{message.author} about {message.consumer}: {message.text}"
        case events.ReplyUndone(message=message):
            return "undone", f"{message.author} to {message.consumer}: {message.text}"
        case events.ConversationRead(conversation=conversation):
            return "read", f"{conversation.consumer} by {conversation.agent}"
        case events.ConversationUnread(conversation=conversation):
            return "unread", f"{conversation.consumer} by {event.by}"
        case events.ConversationClosed(conversation=conversation):
            return "closed", f"{conversation.consumer} by {event.by or 'textdesk'}"
        case events.ConsentChanged():
            now = "has opted out" if event.opted_out else "may be texted"
            if event.conversation is not None and event.conversation.likely_opt_out:
                now = "waits for a decision"
            return "consent", f"{event.consumer} {now}: {event.rule}"
        case events.AgentChanged(agent=agent):
            return "agent", f"{agent.name} is {agent.presence}, {agent.assigned} of {agent.capacity} places taken"
        case events.PictureMoved(picture=picture):
            why = f" ({picture.words})" if picture.words else ""
            return "picture", f"{event.message_id} {picture.content_type} {picture.state}{why}"


def _words(message: MessageView) -> str:
    """Its text; of a message of pictures or files alone their types."""
    return message.text or " ".join(f"[{picture.content_type or 'picture'}]" for picture in message.pictures)
