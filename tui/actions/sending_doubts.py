"""Why a text may not be meant as it is: enter asks once more before it is sent."""

from __future__ import annotations

from connector.sms.text import one_line
from connector.wire import requests
from connector.wire.views import ConversationView
from tui.actions import keys
from tui.actions.keys import Action, Context
from tui.model.conversations import consumer_name
from tui.model.state import Model, Sending

_WHERE_LETTERS_ARE_COMMANDS = (Context.TRANSCRIPT, Context.LIST, Context.DESK)


def doubt(
    model: Model, view: ConversationView, body: Sending, *, is_led: bool, shortcut: str | None = None
) -> str | None:
    """The question before a text is sent; None: it is sent at once. `is_led`: `next_need` opened the conversation, and
    not the agent's own choice. `shortcut`: of a saved reply, typed before the cursor and not replaced by its text."""
    sends = keys.key_for(model.keys, "send", Context.COMPOSE)
    # What rings is offered to this agent, who answers it at once.
    if is_led and view.state == "queued" and isinstance(body, requests.Reply) and body.accept:
        who = one_line(consumer_name(view), 24)
        return f"Not yours yet: {who}, queue: {sends} again accepts and sends."
    letter = body.text.strip()
    if shortcut is not None:
        puts_in = keys.key_for(model.keys, "next_pane", Context.COMPOSE)
        return f"Not sent yet: {sends} again sends “;{shortcut}” as a text. {puts_in} puts in a saved reply."
    if (command := _command(model, letter)) is None:
        return None
    key = model.keys.of(command.id, Context.COMPOSE) or model.keys.of(command.id, Context.EVERYWHERE)
    works = key[0] if key else f"{model.keys.name('back')} {letter}"
    return f"Not sent yet: {sends} again sends “{letter}” as a text. The command is {works} ({command.label})."


def _command(model: Model, letter: str) -> Action | None:
    """What a letter does where letters are no text."""
    if len(letter) != 1:
        return None
    found = (
        action
        for action in keys.ACTIONS
        for place in _WHERE_LETTERS_ARE_COMMANDS
        if letter in model.keys.of(action.id, place)
    )
    return next(found, None)
