"""Events as text: a kind and a sentence."""

from __future__ import annotations

from connector.console.consumer_name import consumer_name
from connector.console.output import moment, plain
from connector.wire import events
from connector.wire.alert_words import asked_as, what
from connector.wire.views import MessageView


def event_line(event: events.Event) -> tuple[str, str]:
    """The kind of an event and one line about it, safe for a terminal."""
    kind, sentence = _describe(event)
    return kind, plain(sentence)


def _describe(event: events.Event) -> tuple[str, str]:
    match event:
        case events.MessageReceived(message=message):
            return "inbound", f"{consumer_name(event.conversation)} to {message.line}: {_words(message)}"
        case events.ReplyWritten(message=message):
            return "reply", f"{message.author or 'textdesk'} to {consumer_name(event.conversation)}: {_words(message)}"
        case events.ReplyScheduled(scheduled=one):
            who = f"{one.author} to {consumer_name(event.conversation)}"
            return "scheduled", f"{who} at {moment(one.send_at)}: {one.text}"
        case events.ScheduleEnded(scheduled=one):
            who = f"{one.author} to {consumer_name(event.conversation)}"
            how = f"cancelled by {event.by}" if event.by else f"not sent: {event.words}" if event.words else event.ended
            return "scheduled", f"{who}, {how}"
        case events.StatusMoved():
            why = f" ({event.words})" if event.words else ""
            return "status", f"{event.message_id} {event.status}{why}"
        case events.SendFailed(message=message):
            why = f" ({message.words})" if message.words else ""
            return "not sent", f"{consumer_name(event.conversation)}: {message.status}{why}"
        case events.SendArrived(message=message):
            return "arrived", f"{consumer_name(event.conversation)}: {message.status} after all"
        case events.ConversationQueued(conversation=conversation):
            return "queued", f"{consumer_name(conversation)}: {conversation.reason}"
        case events.ConversationAssigned(conversation=conversation):
            return "assigned", f"{consumer_name(conversation)} to {conversation.agent}: {conversation.reason}"
        case events.ConversationRang(conversation=conversation):
            return "rang", f"{consumer_name(conversation)} at {', '.join(conversation.rings)}: {conversation.reason}"
        case events.ConversationTransferred(conversation=conversation):
            return "transfer", f"{consumer_name(conversation)} by {event.by} to {event.to_agent or event.to_skill}"
        case events.ConversationTakenOver(conversation=conversation):
            return "takeover", f"{consumer_name(conversation)} by {event.by} from {event.owner or 'the queue'}"
        case events.ConversationJoined(conversation=conversation):
            return "joined", f"{consumer_name(conversation)} by {event.by}"
        case events.ConversationLeft(conversation=conversation):
            return "left", f"{consumer_name(conversation)} by {event.by}"
        case events.DueSet(conversation=conversation):
            when = "as the rules say" if conversation.reminder_at is None else f"at {moment(conversation.reminder_at)}"
            return "due", f"{consumer_name(conversation)} {when}, by {event.by}"
        case events.ConversationSnoozed(conversation=conversation):
            until = conversation.snoozed_until
            words = "is awake again" if until is None else f"is snoozed until {moment(until)}"
            return "snoozed", f"{consumer_name(conversation)} {words}, by {event.by}"
        case events.SnoozeEnded(conversation=conversation):
            return "back", f"{consumer_name(conversation)}, with {conversation.agent}"
        case events.DueSoon(conversation=conversation):
            return "due soon", f"{consumer_name(conversation)}, with {conversation.agent or 'no agent'}"
        case events.Overdue(conversation=conversation):
            return "overdue", f"{consumer_name(conversation)}, with {conversation.agent or 'no agent'}"
        case events.WrapUpBegan(conversation=conversation):
            return "wrap-up", f"{consumer_name(conversation)} by {conversation.agent}"
        case events.ConversationReopened(conversation=conversation):
            return "reopened", f"{consumer_name(conversation)} {f'by {event.by}' if event.by else conversation.reason}"
        case events.TagsSet(conversation=conversation):
            tags = " ".join(f"#{tag}" for tag in conversation.tags) or "no tags"
            return "tags", f"{consumer_name(conversation)} {tags}, by {event.by}"
        case events.NoteWritten(message=message):
            return "note", f"{message.author} about {consumer_name(event.conversation)}: {message.text}"
        case events.ReplyUndone(message=message):
            return "undone", f"{message.author} to {consumer_name(event.conversation)}: {message.text}"
        case events.ConversationRead(conversation=conversation):
            return "read", f"{consumer_name(conversation)} by {conversation.agent}"
        case events.ConversationUnread(conversation=conversation):
            return "unread", f"{consumer_name(conversation)} by {event.by}"
        case events.ConversationUpdated(conversation=conversation):
            return "updated", f"{consumer_name(conversation)}: {conversation.reason}"
        case events.ConversationClosed(conversation=conversation):
            return "closed", f"{consumer_name(conversation)} by {event.by or 'textdesk'}"
        case events.ConversationHidden():
            return "hidden", f"{event.conversation_id} can no longer be seen"
        case events.ConversationErased():
            return "erased", f"{event.conversation_id or 'an earlier event'} is erased"
        case events.ConsentChanged():
            who = event.consumer if event.conversation is None else consumer_name(event.conversation)
            now = "has opted out" if event.opted_out else "may be texted"
            if event.conversation is not None and event.conversation.likely_opt_out:
                now = "waits for a decision"
            return "consent", f"{who} {now}: {event.rule}"
        case events.AgentChanged(agent=agent):
            return "agent", f"{agent.name} is {agent.presence}, {agent.assigned} of {agent.capacity} places taken"
        case events.AlertRaised(alert=alert):
            return "alert", what(alert)
        case events.AlertUpdated(alert=alert):
            return "alert", f"{what(alert)} by now"
        case events.AlertEscalated(alert=alert):
            step = alert.steps[-1]
            return "asked", f"{', '.join(step.people)} ({asked_as(step.asked_as)}): {what(alert)}"
        case events.AlertAcknowledged(alert=alert):
            return "ack", f"{alert.acknowledged_by}: {what(alert)}"
        case events.AlertEnded(alert=alert):
            return "over", what(alert)
        case events.Mentioned(mention=mention):
            return "mention", f"{mention.by} names you in a note of {mention.conversation_id}"
        case events.MentionsSeen():
            return "seen", f"{event.conversation_id}: what mentions you there"
        case events.DraftChanged():
            return "draft", f"{event.conversation_id}: another draft of yours"
        case events.SavedRepliesChanged(saved_reply_ids=ids):
            return "saved", ", ".join(ids) or "many saved replies were changed"
        case events.ContactChanged(consumer=consumer, name=name, by=by):
            who = f"{name} ({consumer})" if name else consumer
            return "contact", f"{who} {'changed' if event.version else 'removed'} by {by}"
        case events.PictureMoved(picture=picture):
            why = f" ({picture.words})" if picture.words else ""
            return "picture", f"{event.message_id} {picture.content_type} {picture.state}{why}"


def _words(message: MessageView) -> str:
    """Its text; of a message of pictures or files alone their types."""
    return message.text or " ".join(f"[{picture.content_type or 'picture'}]" for picture in message.pictures)
