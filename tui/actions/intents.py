"""What the agent wants, as a request to the core, or as the reason why there is nothing to ask. Pure.

The core decides again; what can be said here at once is said here.
"""

from __future__ import annotations

from connector.sms.addresses import can_receive, without_separators
from connector.sms.segments import measure
from connector.wire import requests
from connector.wire.views import ConversationView
from tui.model import transcripts
from tui.model.conversations import (
    account_of,
    agent_name,
    have_joined,
    in_my_wrap_up,
    is_mine,
    is_new,
    names_ringing,
    open_between,
    open_conversation,
    rings_here,
)
from tui.model.listing import Listing, Scope
from tui.model.pending import is_pending
from tui.model.state import Model

Intent = requests.Request | str
"""A request, or one sentence for the agent."""


def accept(model: Model, view: ConversationView | None) -> Intent:
    if view is None:
        return "There is no conversation here to accept."
    if view.state == "closed":
        return "This conversation is closed; their next text opens a new one."
    if is_mine(model, view) and view.id not in model.conversations.lapsed:
        return "This conversation is already yours."
    if view.state == "ringing" and not rings_here(model, view):
        return f"It rings at {names_ringing(model, view)}."
    if view.state not in ("queued", "ringing") and view.id not in model.conversations.lapsed:
        return f"{agent_name(model, view.agent)} has this conversation."
    return requests.Accept(view.id)


def give_back(model: Model, view: ConversationView | None, note: str = "") -> Intent:
    return not_mine(model, view, "give back") or requests.GiveBack(view.id if view else "", note)


def close(
    model: Model,
    view: ConversationView | None,
    outcome: str = "",
    note: str = "",
    tags: tuple[str, ...] = (),
) -> Intent:
    """Close it, or end its wrap-up with what is to be noted of it."""
    if view is not None and in_my_wrap_up(model, view):
        return requests.WrapUp(view.id, outcome, note, list(tags))
    return not_mine(model, view, "close") or requests.Close(view.id if view else "", outcome, note, list(tags))


def not_mine(model: Model, view: ConversationView | None, verb: str) -> str | None:
    if view is None:
        return f"There is no conversation here to {verb}."
    if is_new(view.id):
        return "Nothing has been sent here yet: esc leaves it, and the draft is kept."
    if view.state in ("closed", "wrap_up"):
        return "This conversation is closed already."
    if is_mine(model, view):
        return None
    if view.state in ("queued", "ringing"):
        return f"Only its owner can {verb} a conversation, and nobody has this one yet: accept it first (a)."
    return f"Only its owner can {verb} a conversation: {agent_name(model, view.agent)} has this one."


def close_doubt(model: Model, view: ConversationView) -> str | None:
    """Why to ask once more before closing."""
    if model.compose.drafts.get(view.id):
        return "There is an unsent draft here. Press the key again to close all the same."
    if view.waiting_since is not None:
        return "They wait for an answer. Press the key again to close all the same."
    return None


def reply(model: Model, text: str) -> Intent:
    """Send the text to the open conversation."""
    view = open_conversation(model)
    if view is None:
        return "Open a conversation first."
    if reason := silence(model, view):
        return reason
    pictures = model.compose.attachments.get(view.id, ())
    if not text.strip() and not pictures:
        return "There is nothing to send yet."
    limit = model.settings.reply_limit
    if (over := measure(text).characters - limit) > 0:
        return f"Too long by {over:,} character{'s' * (over != 1)}: a reply holds {limit:,}. Nothing was cut."
    if is_new(view.id):
        return requests.Start(view.line, view.consumer, text)
    references = [picture.reference for picture in pictures if picture.reference is not None]
    if len(references) < len(pictures):
        return "A picture is still on its way to the core. Send again in a moment."
    return requests.Reply(view.id, text, references, transcripts.last_seen(model, view.id))


def start(model: Model, line: str, number: str) -> tuple[str, str] | str:
    """The line and the consumer of a text that comes first, or what is wrong with the number."""
    consumer = without_separators(number)
    if consumer.startswith("00"):
        consumer = f"+{consumer[2:]}"
    if not can_receive(consumer):
        return "Write the number with + and its country code, e.g. +15550142."
    return line, consumer


def more_pictures(model: Model, view: ConversationView | None) -> str | None:
    """Why no further picture can go with the next reply."""
    if view is None:
        return "Open a conversation first."
    if reason := silence(model, view):
        return reason
    if is_new(view.id):
        return "The first text goes without pictures; once the conversation is open you can send some."
    account = account_of(model, view)
    most = account.most_pictures if account else 0
    if not most:
        return f"Pictures cannot be sent from {view.line}."
    if len(model.compose.attachments.get(view.id, ())) >= most:
        return f"At most {most} picture{'s' * (most != 1)} can go with one reply from {view.line}."
    return None


def set_mode(model: Model, account: str | None, mode: str) -> Intent:
    """Let an account send (active), only finish what is written (draining), or send nothing (off)."""
    known = next((known for known in model.providers.accounts if known.account == account), None)
    if known is None:
        return "There is no account here."
    return f"{known.account} is {mode} already." if known.mode == mode else requests.SetAccountMode(known.account, mode)


def silence(model: Model, view: ConversationView) -> str | None:
    """Why this agent cannot write here now."""
    if view.opted_out:
        return f"{view.consumer} has opted out: nobody may text them."
    match view.state:
        case "queued":
            return "Nobody has this conversation yet: accept it (a), then write."
        case "ringing" if rings_here(model, view):
            return "It rings at you: a accepts, d declines."
        case "ringing":
            return f"It rings at {names_ringing(model, view)}."
        case "wrap_up" if in_my_wrap_up(model, view):
            return "Closed: X notes how it went, u goes on with it."
        case "wrap_up":
            return f"Closed: {agent_name(model, view.agent)} notes how it went."
        case "closed":
            if open_between(model, view.line, view.consumer):
                return "This conversation is closed; they have written again, and the list has the new one."
            return "This conversation is closed. R takes it up again, as their next text may."
    if view.id in model.conversations.lapsed:
        return "You were away from your desk for too long: accept it again (a), then write."
    if is_mine(model, view) or have_joined(model, view):
        return None
    return f"{agent_name(model, view.agent)} has this conversation."


def history(model: Model) -> requests.GetHistory | None:
    """What the open transcript lacks now: its first page, or a fresh one after a snapshot."""
    shown = model.transcript
    if shown is None or not (shown.is_stale or (shown.is_loading and not shown.messages)):
        return None
    wanted = requests.GetHistory(shown.conversation_id)
    return None if is_pending(model, wanted) else wanted


def older(model: Model) -> requests.GetHistory | None:
    """The page before the oldest message shown, if the core has one and it is not asked for yet."""
    shown = model.transcript
    if shown is None or not shown.has_older or shown.is_loading or not shown.messages:
        return None
    return requests.GetHistory(shown.conversation_id, before=shown.messages[0].id)


def mark_read(model: Model) -> requests.MarkRead | None:
    """The owner sees the open transcript: its unread messages are read."""
    view = open_conversation(model)
    if (
        view is None
        or view.unread == 0
        or not is_mine(model, view)
        or not model.transcript
        or model.transcript.is_loading
    ):
        return None
    wanted = requests.MarkRead(view.id)
    return None if is_pending(model, wanted) else wanted


def next_waiting(model: Model, listing: Listing) -> tuple[Scope, str] | None:
    """Who to turn to now: mine before the queue, and another than the open one where there is one."""
    here = model.transcript.conversation_id if model.transcript else None
    for scope in (Scope.MINE, Scope.QUEUE):
        if found := listing.longest_waiting(scope, besides=here):
            return scope, found
    return None
