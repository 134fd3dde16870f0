"""Texting somebody first: until the core has opened the conversation, a value of the desk's stands for it. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from connector.wire.views import ConversationView
from tui.model.state import Model, Transcript, start_id


def starting(model: Model, line: str, consumer: str, now: int) -> Model:
    """Show an empty transcript in which the first text can be written. `now` is the core's time."""
    known = next((known for known in model.lines if known.address == line), None)
    me = model.me.id if model.me else None
    view = ConversationView(
        id=start_id(line, consumer),
        version=0,
        state="assigned",
        account=known.account if known else "",
        line=line,
        consumer=consumer,
        skill=known.skill if known else "",
        agent=me,
        opened_at=now,
        last_at=now,
        queued_at=None,
        waiting_since=None,
        closed_at=None,
        last_seq=0,
        unread=0,
        last_text="",
        last_direction="reply",
        opted_out=False,
        reason="your first text opens the conversation",
    )
    return replace(model, starting=view, started=None, transcript=Transcript(view.id, consumer, loading=False))


def started(model: Model, conversation_id: str) -> Model:
    """The core has opened the conversation, or used the one that was open."""
    return arrived(replace(model, started=conversation_id))


def arrived(model: Model) -> Model:
    """Go over to the started conversation as soon as its own row is here."""
    view = model.conversations.get(model.started or "")
    if view is None:
        return model
    model = replace(model, started=None)
    if model.starting is None or model.transcript is None or model.transcript.conversation_id != model.starting.id:
        return model  # the agent has gone elsewhere
    shown = Transcript(view.id, view.consumer, model.transcript.messages)
    return replace(model, starting=None, transcript=replace(shown, stale=True))
