"""What the desk asks for so that the agent can read on."""

from __future__ import annotations

from connector.wire import contacts, requests
from tui.model.conversations import is_mine, is_new, open_conversation
from tui.model.pending import is_pending
from tui.model.state import Model, Transcript


def history(model: Model) -> requests.GetHistory | None:
    """What the shown transcript lacks now: its first page, or a fresh one after a snapshot."""
    shown = model.transcript
    if shown is None or shown.is_refused or not (shown.is_stale or (shown.is_loading and not shown.messages)):
        return None
    around = shown.around or _anchor(shown)
    wanted = requests.GetHistory(shown.asked_as, around=around or None)
    return None if is_pending(model, wanted) else wanted


def older(model: Model) -> requests.GetHistory | None:
    """The page before the oldest message shown, if the core has one and it is not asked for yet."""
    shown = model.transcript
    if shown is None or not shown.has_older or shown.is_loading or not shown.messages:
        return None
    return requests.GetHistory(shown.asked_as, before=shown.messages[0].id)


def about(model: Model) -> contacts.GetContact | None:
    """What is recorded of the shown consumer has changed."""
    shown = model.transcript
    if shown is None or not shown.is_about_stale or shown.is_stale or is_new(shown.conversation_id):
        return None
    wanted = contacts.GetContact(shown.conversation_id)
    return None if is_pending(model, wanted) else wanted


def _anchor(shown: Transcript) -> str:
    """Where newer messages are missing: the message around which they are loaded anew."""
    if not shown.has_newer or not shown.messages:
        return ""
    return shown.found.message_id if shown.found is not None else shown.messages[len(shown.messages) // 2].id


def newer(model: Model) -> requests.GetHistory | None:
    """The page after the newest message shown, if the core has one and it is not asked for yet."""
    shown = model.transcript
    if shown is None or not shown.has_newer or shown.is_loading or not shown.messages:
        return None
    wanted = requests.GetHistory(shown.conversation_id, after=shown.messages[-1].id)
    return None if is_pending(model, wanted) else wanted


def see_mentions(model: Model, *, is_open: bool) -> requests.SeeMentions | None:
    """The agent sees the shown conversation, in which a note mentions them; `is_open`: it is no preview."""
    shown = model.transcript
    if shown is None or not is_open or shown.is_stale or shown.is_loading or shown.has_newer:
        return None
    if shown.conversation_id not in model.mentions.unread:
        return None
    wanted = requests.SeeMentions(shown.conversation_id)
    return None if is_pending(model, wanted) else wanted


def mark_read(model: Model) -> requests.MarkRead | None:
    """The owner has opened the shown conversation: its unread messages are read."""
    view, shown = open_conversation(model), model.transcript
    if view is None or shown is None or not model.is_entered or shown.is_loading or shown.has_newer:
        return None
    if view.unread == 0 or not is_mine(model, view):
        return None
    if shown.read_refused == view.version:
        return None
    wanted = requests.MarkRead(view.id)
    return None if is_pending(model, wanted) else wanted
