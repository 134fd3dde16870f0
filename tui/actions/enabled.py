"""Which actions lead anywhere now, so that the footer names no others. Pure."""

from __future__ import annotations

from connector.sms.segments import plain
from connector.wire import limits
from connector.wire.views import ConversationView
from tui.actions.intents import more_pictures
from tui.model.conversations import have_joined, in_my_wrap_up, is_mine, is_new, rings_here, undoable_reply
from tui.model.state import Model

ON_ONE = {
    *("accept", "decline", "give_back", "close", "hand_over", "set_due", "note", "why", "undo", "write"),
    *("reopen", "take_over", "beside", "close_with"),
}
_ON_MINE = {"give_back", "close", "close_with", "hand_over", "set_due", "note", "why", "write"}


def pointless(model: Model, view: ConversationView | None, draft: str) -> set[str]:
    """Actions that would be refused for this conversation now, so that the footer need not name them."""
    found = set() if plain(draft) != draft else {"plain"}
    if view is None or view.id not in model.compose.attachments:
        found.add("detach")
    if more_pictures(model, view):
        found.add("attach")
    latest = model.transcript.messages[-limits.DEFAULT_PAGE_SIZE :] if model.transcript else ()
    if not any(message.pictures for message in latest):
        found.add("picture")
    if not any(message.part for message in latest):
        found.add("join")
    return found | (ON_ONE - _useful(model, view))


def _useful(model: Model, view: ConversationView | None) -> set[str]:
    """What can be done with this conversation as it is."""
    useful = {"undo"} if undoable_reply(model) is not None else set()
    if view is None or is_new(view.id):
        return useful | ({"write"} if view is not None else set())
    useful |= {"note", "why"}
    if view.state == "queued" or rings_here(model, view):
        useful |= {"accept", "decline"} if view.state == "ringing" else {"accept"}
    elif is_mine(model, view):
        useful |= {"accept"} if view.id in model.conversations.lapsed else _ON_MINE
    elif in_my_wrap_up(model, view):
        useful |= {"close_with", "undo"}
    elif view.state == "closed":
        useful |= {"undo" if view.id == model.conversations.last_closed else "reopen"}
    elif model.agents.is_lead and view.state == "assigned":
        useful |= {"beside", "take_over"} | ({"write"} if have_joined(model, view) else set())
    return useful
