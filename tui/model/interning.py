"""Equal words that came from the core are kept once: most of what a hundred thousand rows say is the same. Pure."""

from __future__ import annotations

from sys import intern

from msgspec.structs import force_setattr

from connector.wire import answers, events, frames
from connector.wire.views import ConversationView, MessageView


def share(frame: frames.FromCore) -> None:
    """To be called before anybody else has the frame. What nothing holds any more is forgotten."""
    match frame:
        case frames.SnapshotFrame(conversations=views):
            for view in views:
                _share_row(view)
        case frames.EventFrame(body=events.MessageReceived() | events.ReplyWritten() | events.NoteWritten() as body):
            _share_row(body.conversation)
            _share_message(body.message)
        case frames.EventFrame(
            body=events.ConversationQueued()
            | events.ConversationAssigned()
            | events.ConversationRang()
            | events.ConversationTransferred()
            | events.ConversationRead()
            | events.ConversationClosed() as changed
        ):
            _share_row(changed.conversation)
        case frames.AnswerFrame(body=answers.History(messages=messages)):
            for message in messages:
                _share_message(message)
        case _:
            pass


def _share_row(view: ConversationView) -> None:
    force_setattr(view, "state", intern(view.state))
    force_setattr(view, "account", intern(view.account))
    force_setattr(view, "line", intern(view.line))
    force_setattr(view, "skill", intern(view.skill))
    if view.agent is not None:
        force_setattr(view, "agent", intern(view.agent))
    force_setattr(view, "last_direction", intern(view.last_direction))
    force_setattr(view, "reason", intern(view.reason))
    # Many are of one moment: the consumer's first text opened them, was queued, waits.
    opened_at = view.opened_at
    if view.last_at == opened_at:
        force_setattr(view, "last_at", opened_at)
    if view.queued_at == opened_at:
        force_setattr(view, "queued_at", opened_at)
    if view.waiting_since == opened_at:
        force_setattr(view, "waiting_since", opened_at)


def _share_message(message: MessageView) -> None:
    force_setattr(message, "conversation_id", intern(message.conversation_id))
    force_setattr(message, "line", intern(message.line))
    force_setattr(message, "consumer", intern(message.consumer))
    force_setattr(message, "direction", intern(message.direction))
    force_setattr(message, "status", intern(message.status))
    force_setattr(message, "encoding", intern(message.encoding))
    if message.author is not None:
        force_setattr(message, "author", intern(message.author))
