"""The agent's conversations as rows of the dialog in which they leave."""

from __future__ import annotations

from connector.wire.views import ConversationView
from tui.actions.sign_off import LeavingChoice
from tui.draw.format import Line, duration, fit, moment
from tui.model.conversations import consumer_name, is_looked_up
from tui.model.state import Model

_NAME, _STATE = 22, 16
_WORDS = {
    LeavingChoice.CLOSE: ("close", ""),
    LeavingChoice.GIVE_BACK: ("give back to the queue", ""),
    LeavingChoice.KEEP: ("keep, due as below", "you"),
}


def sign_off_row(
    model: Model, view: ConversationView, choice: LeavingChoice, now: int, width: int, *, is_new: bool
) -> Line:
    """The consumer, what is still open, the choice made for the conversation, and whether it came after the others."""
    if view.id in model.compose.drafts:
        state, role = "unsent draft", "you"
    elif view.unsent or is_looked_up(view):
        is_unsure = view.unsent_status == "uncertain"
        state, role = ("not sure it left", "you") if is_unsure else ("not sent", "bad")
    elif view.snoozed_until is not None:
        state, role = f"until {moment(view.snoozed_until, now)}", "muted"
    elif view.waiting_since is not None:
        state, role = f"waits {duration(now - view.waiting_since)}", "you"
    else:
        state, role = "answered", "muted"
    words, tone = _WORDS[choice]
    if view.snoozed_until is not None and choice is LeavingChoice.KEEP:
        words, tone = "keep, snoozed", ""
    mark = " new" if is_new else ""
    room = max(4, width - _NAME - _STATE - 3 - len(mark))
    return [
        (f"{fit(consumer_name(view), _NAME)} ", "strong"),
        (f"{fit(state, _STATE)} ", role),
        (fit(words, room), tone),
        (mark, "accent"),
    ]
