"""Equal strings from the core are stored once: most of what a hundred thousand rows hold is the same."""

from __future__ import annotations

from sys import intern

from msgspec.structs import force_setattr

from connector.wire import answers, events, frames
from connector.wire.views import ConversationView, MessageView
from tui.model.state import ConversationEvent

_NONE: list[str] = []
_MessageEvent = events.MessageReceived | events.ReplyWritten | events.NoteWritten


def intern_strings(frame: frames.FromCore) -> None:
    """Called before anything else has the frame. Strings that are not in use any more are freed."""
    match frame:
        case (
            frames.SnapshotFrame(conversations=views)
            | frames.AnswerFrame(body=answers.ConversationPage(conversations=views))
        ):
            for view in views:
                _intern_row(view)
        case frames.EventFrame(body=body) if isinstance(body, ConversationEvent):
            _intern_row(body.conversation)
            if isinstance(body, _MessageEvent):
                _intern_message(body.message)
        case frames.AnswerFrame(body=answers.History(messages=messages)):
            for message in messages:
                _intern_message(message)
        case _:
            pass


def _intern_row(view: ConversationView) -> None:
    force_setattr(view, "state", intern(view.state))
    force_setattr(view, "account", intern(view.account))
    force_setattr(view, "line", intern(view.line))
    force_setattr(view, "skill", intern(view.skill))
    if view.agent is not None:
        force_setattr(view, "agent", intern(view.agent))
    if view.closed_by is not None:
        force_setattr(view, "closed_by", intern(view.closed_by))
    force_setattr(view, "last_direction", intern(view.last_direction))
    force_setattr(view, "reason", intern(view.reason))
    force_setattr(view, "entry_point", intern(view.entry_point))
    force_setattr(view, "due_by", intern(view.due_by))
    if view.person == view.consumer:
        force_setattr(view, "person", view.consumer)
    # Nothing changes the list of a view, so all that are empty can be one.
    for name in ("rings", "joined", "tags"):
        if not getattr(view, name):
            force_setattr(view, name, _NONE)
    # Times are often equal: the consumer's first text opened the conversation, was queued, waits.
    opened_at = view.opened_at
    if view.last_at == opened_at:
        force_setattr(view, "last_at", opened_at)
    if view.queued_at == opened_at:
        force_setattr(view, "queued_at", opened_at)
    if view.waiting_since == opened_at:
        force_setattr(view, "waiting_since", opened_at)


def _intern_message(message: MessageView) -> None:
    force_setattr(message, "conversation_id", intern(message.conversation_id))
    force_setattr(message, "line", intern(message.line))
    force_setattr(message, "consumer", intern(message.consumer))
    force_setattr(message, "person", intern(message.person))
    force_setattr(message, "direction", intern(message.direction))
    force_setattr(message, "status", intern(message.status))
    force_setattr(message, "encoding", intern(message.encoding))
    if message.author is not None:
        force_setattr(message, "author", intern(message.author))
