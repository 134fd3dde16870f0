"""Which actions the core would refuse now, so that the footer does not name them."""

from __future__ import annotations

from connector.sms.segments import plain
from connector.wire import limits
from connector.wire.views import ConversationView
from tui.actions import keys
from tui.actions.writing import cannot_attach
from tui.model import compose
from tui.model.alerts import asking_me
from tui.model.conversations import (
    have_joined,
    in_my_wrap_up,
    is_looked_up,
    is_mine,
    is_new,
    may_resend,
    rings_here,
    undoable_reply,
)
from tui.model.pending import unanswered_text
from tui.model.state import Model

# The footer of a conversation has room for a few actions: of some that would be taken it names the likeliest.
_CHOSEN = {
    *("accept", "decline", "give_back", "close", "transfer", "set_due", "snooze", "note", "explain", "undo", "write"),
    "person",
    *("reopen", "take_over", "join", "wrap_up", "resend", "is_opt_out", "is_no_opt_out"),
}
_FOR_OWNER = {"give_back", "close", "wrap_up", "transfer", "set_due", "snooze", "note", "explain", "write"}

_REQUESTS = [action for action in keys.ACTIONS if action.request is not None and action.id not in _CHOSEN]


def disabled_actions(model: Model, view: ConversationView | None, draft: str) -> set[str]:
    """Ids of the actions that lead nowhere with this conversation and this draft."""
    found = {
        action.id for action in _REQUESTS if action.request is not None and isinstance(action.request(model, view), str)
    }
    if plain(draft) == draft:
        found.add("plain_letters")
    if view is None or not has_along(model, view):
        found.add("detach")
    if view is None:
        found.add("saved_reply")
    if view is None or view.id not in model.compose.elsewhere:
        found.add("other_draft")
    if view is None or not compose.can_discard(model.compose, view.id, draft):
        found.add("discard")
    if cannot_attach(model, view):
        found.add("attach")
    latest = model.transcript.messages[-limits.DEFAULT_PAGE_SIZE :] if model.transcript else ()
    if not any(message.pictures for message in latest):
        found.add("view_picture")
    if not any(message.masked for message in latest):
        found.add("unmask")
    if not any(message.overflow for message in latest):
        found.add("read_rest")
    if model.transcript is None or model.transcript.found is None:
        found |= {"hit_above", "hit_below"}
    if not any(message.part for message in latest):
        found.add("toggle_parts")
    if not asking_me(model):
        found.add("acknowledge")
    return found | keys.not_for(model) | (_CHOSEN - likely_actions(model, view))


def has_along(model: Model, view: ConversationView) -> bool:
    """Whether a picture goes with the next reply there, or something is done with it."""
    macro = model.compose.macros.get(view.id)
    return view.id in model.compose.attachments or (macro is not None and bool(macro.then))


def likely_actions(model: Model, view: ConversationView | None) -> set[str]:
    """Ids of the actions that are likely with this conversation."""
    me, shown = model.agents.me, model.transcript
    has_scheduled = any(
        me is not None and one.author == me.id for one in (shown.scheduled if shown is not None else ())
    )
    can_undo = has_scheduled or undoable_reply(model) is not None or unanswered_text(model, is_shown=True) is not None
    useful = {"undo"} if can_undo else set()
    if view is None or is_new(view.id):
        return useful | ({"write"} if view is not None else set())
    useful |= {"note", "person", "explain"}
    if (view.unsent or is_looked_up(view)) and may_resend(model, view):
        useful.add("resend")
    if view.likely_opt_out:
        useful |= {"is_opt_out", "is_no_opt_out"}
    if view.state == "queued" or rings_here(model, view):
        useful |= {"accept", "write"} | ({"decline"} if view.state == "ringing" else set())
    elif is_mine(model, view):
        useful |= {"accept"} if view.id in model.conversations.lapsed else _FOR_OWNER
    elif in_my_wrap_up(model, view):
        useful |= {"wrap_up", "undo"}
    elif view.state == "closed":
        useful |= {"undo" if view.id == model.conversations.last_closed else "reopen"}
    elif model.agents.is_lead and view.state == "assigned":
        useful |= {"join", "take_over"} | ({"write"} if have_joined(model, view) else set())
    return useful
