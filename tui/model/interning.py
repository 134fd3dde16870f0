"""Equal strings of messages from the core are stored once: most of what a long transcript holds is the same."""

from __future__ import annotations

from sys import intern

from msgspec.structs import force_setattr

from connector.wire import answers, events, frames
from connector.wire.views import MessageView

_MessageEvent = events.MessageReceived | events.ReplyWritten | events.NoteWritten


def intern_strings(frame: frames.FromCore) -> None:
    """Called before anything else has the frame. Strings that are not in use any more are freed."""
    match frame:
        case frames.EventFrame(body=body) if isinstance(body, _MessageEvent):
            _intern_message(body.message)
        case frames.AnswerFrame(body=answers.History(messages=messages)):
            for message in messages:
                _intern_message(message)
        case _:
            pass


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
