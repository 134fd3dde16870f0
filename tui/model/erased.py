"""Conversations that the core has erased: nothing of them stays in the desk, drafts included."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from immutables import Map
from msgspec.structs import replace

from connector.wire import requests
from tui.model import bulk_runs, compose, draft_sync, others, sight, urgent
from tui.model.notices import set_notice
from tui.model.state import ComposeState, Model, Notice, PageData

_WORDS = "The conversation was erased, and with it what you had written there."


def erased(model: Model, conversation_ids: Collection[str]) -> Model:
    """Remove them with their messages, drafts, attachments and unanswered texts, and what was fetched about any."""
    if not conversation_ids:
        return model
    shown = model.transcript
    was_open = shown is not None and shown.conversation_id in conversation_ids
    for one in conversation_ids:
        model = sight.lost(others.hidden(model, one), one)
    model = urgent.without_asked(model)
    left = {key: one for key, one in model.pending.items() if _about(one.body) not in conversation_ids}
    gone = model.conversations.gone
    conversations = replace(model.conversations, gone=None if gone and gone.id in conversation_ids else gone)
    fetched = replace(PageData(), hooks=model.fetched.hooks, traffic=model.fetched.traffic)
    model = replace(
        model,
        conversations=conversations,
        compose=_without(model.compose, conversation_ids),
        fetched=fetched,
        bulk=bulk_runs.without(model.bulk, conversation_ids),
        recent=(),
        pending=model.pending if len(left) == len(model.pending) else Map(left),
    )
    if was_open:
        return set_notice(replace(model, transcript=None), Notice(_WORDS))
    if shown is not None:
        messages = tuple(one for one in shown.messages if one.conversation_id not in conversation_ids)
        meanwhile = tuple(one for one in shown.meanwhile if one.conversation_id not in conversation_ids)
        if len(messages) != len(shown.messages) or len(meanwhile) != len(shown.meanwhile):
            model = replace(model, transcript=replace(shown, messages=messages, meanwhile=meanwhile))
    return model


def unseen_drafts(model: Model) -> Iterable[str]:
    """Conversations of drafts and unanswered texts that the desk does not see: they may be erased."""
    texts = (_about(one.body) for one in model.pending.values())
    written = {*model.compose.drafts, *model.compose.attachments, *(one for one in texts if one)}
    return sorted(one for one in written if one.isalnum() and one not in model.conversations.by_id)


def _about(body: requests.Request) -> str | None:
    """The conversation that what was written is for."""
    if isinstance(body, requests.Reply | requests.ScheduleReply | requests.WriteNote):
        return body.conversation_id
    return None


def _without(state: ComposeState, conversation_ids: Collection[str]) -> ComposeState:
    for one in conversation_ids:
        state = compose.set_attachments(compose.set_draft(state, one, ""), one, ())
        state = draft_sync.without(state, one)
        if one in state.notes:
            state = replace(state, notes=state.notes.delete(one))
    undoing = {key: undone for key, undone in state.undoing.items() if undone[0] not in conversation_ids}
    if len(undoing) != len(state.undoing):
        state = replace(state, undoing=Map(undoing))
    if state.discarded is not None and state.discarded.conversation_id in conversation_ids:
        state = replace(state, discarded=None)
    return replace(state, typed=(), sent_macros=(), sent=None) if state.typed else state
