"""What goes out of the agent's sight, and the shown conversation when it comes back."""

from __future__ import annotations

from msgspec.structs import replace

from tui.model import search, transcripts
from tui.model.conversations import person
from tui.model.notices import set_notice
from tui.model.state import Connection, Model, Notice, Notices


def lost(model: Model, conversation_id: str) -> Model:
    """Remove a conversation that the agent may not see any more. What they have written there stays their draft."""
    found, mentions = search.without(model.search, (conversation_id,)), model.mentions.without(conversation_id)
    model = replace(model, search=found, mentions=mentions)
    conversations = model.conversations
    view = conversations.by_id.get(conversation_id)
    if view is None:
        return model
    shown = model.transcript
    was_shown = shown is not None and shown.conversation_id == conversation_id
    recent = tuple(one for one in model.recent if one.person != person(view))
    conversations = replace(
        conversations,
        by_id=conversations.by_id.delete(conversation_id),
        unconfirmed=None if conversations.unconfirmed == conversation_id else conversations.unconfirmed,
        moves_asked=conversations.moves_asked - {conversation_id},
        lapsed=conversations.lapsed - {conversation_id},
        gone=view if was_shown and view.state != "closed" else conversations.gone,
    )
    return replace(model, conversations=conversations, transcript=None if was_shown else shown, recent=recent)


def back(model: Model) -> Model:
    """Show the conversation again that went out of sight while it was shown, unless the agent has gone elsewhere."""
    gone = model.conversations.gone
    if gone is None or gone.id not in model.conversations.by_id:
        return model
    has_draft = gone.id in model.compose.drafts
    model = transcripts.show(model, gone.id)
    return set_notice(model, Notice(f"It is in your sight again{', with your draft' if has_draft else ''}."))


def shut_out(model: Model) -> Model:
    """Remove everything that came from the core. What the agent has written stays, for when they are let in again."""
    return Model(
        connection=Connection(clock_ahead_ms=model.connection.clock_ahead_ms),
        compose=replace(model.compose, typed=(), sent_macros=(), sent=None),
        notices=Notices(alarm_count=model.notices.alarm_count),
        pending=model.pending,
        keys=model.keys,
    )
