"""What an agent can write: a reply, a first text to a consumer, pictures with them; or the reason why not."""

from __future__ import annotations

import re

from msgspec.structs import replace

from connector.base import moments
from connector.base.counted import count
from connector.sms.addresses import can_receive, without_separators
from connector.sms.lengths import strictest
from connector.sms.text import is_blank, without_end
from connector.wire import requests
from connector.wire.views import ConversationView
from tui.actions.conversation import Intent, accept
from tui.model import draft_sync, transcripts
from tui.model.conversations import (
    account_of,
    agent_name,
    consumer_name,
    have_joined,
    in_my_wrap_up,
    is_mine,
    is_new,
    names_ringing,
    open_between,
    open_conversation,
    person,
    reply_limits,
    rings_here,
)
from tui.model.state import LinkPhase, Model, Sending

_NATIONAL = re.compile(r"[0-9]{9,15}")  # shorter ones are short codes
NOT_SEEN = "Their latest texts were not on the screen yet. Your text is a draft there."
NUMBER_HELP = "Write the number with + and its country code, e.g. +15550142."


def reply(model: Model, text: str) -> Intent:
    """Send the text to the shown conversation, which is accepted with it where it is to be had."""
    view = open_conversation(model)
    if view is None:
        return "Open a conversation first."
    if reason := cannot_write(model, view):
        return reason
    pictures = model.compose.attachments.get(view.id, ())
    if is_blank(text) and not pictures:
        return "There is nothing to send yet."
    if (words := not_filled(model, text)) is not None:
        return words
    text = without_end(text)
    limit = strictest(text, *reply_limits(model, view))
    if (over := limit.excess(text)) > 0:
        unit = limit.words if over != 1 else limit.words.removesuffix("s")
        return f"Too long by {over:,} {unit}: a reply holds {limit.most:,}. Nothing was cut."
    if is_new(view.id):
        is_confirmed = view.id in model.compose.confirmed
        position = model.connection.position
        start = requests.Start(view.line, view.consumer, text, confirmed=is_confirmed, position=position)
        return _with_macro(model, view, start)
    references = [picture.reference for picture in pictures if picture.reference is not None]
    if len(references) < len(pictures):
        return "A picture is still on its way to the core. Send again in a moment."
    shown = model.transcript
    if shown is not None and shown.has_newer:
        return f"Newer messages are not on the screen: {model.keys.name('last')} in the transcript goes to them."
    if shown is not None and shown.is_stale and not shown.is_refused and model.connection.phase is LinkPhase.LINKED:
        return NOT_SEEN
    seen = transcripts.last_seen(model, view.id)
    made_from = draft_sync.made_from(model, view.id)
    accept_first = may_accept(model, view)
    return _with_macro(
        model, view, requests.Reply(view.id, text, references, seen, accept=accept_first, made_from=made_from)
    )


def not_filled(model: Model, text: str) -> str | None:
    """Why a text with a field that has no value is not sent."""
    if "{" not in text:
        return None
    from connector.wire.reply_fields import gap_in  # few texts have a brace

    gap = gap_in(text)
    if gap is None:
        return None
    field = text[slice(*gap)]
    return f"{field} is not filled: write what belongs there, or delete it. Nothing was sent."


def _with_macro(model: Model, view: ConversationView, body: Sending) -> Sending:
    """With what is done as the text is sent."""
    macro = model.compose.macros.get(view.id)
    if macro is None:
        return body
    return replace(body, saved_replies=[*macro.saved_reply_ids], then=macro.then or None)


def later(model: Model, text: str, words: str = "", now: int = 0) -> Intent:
    """Send the text at a moment, `words` as `moments.parse_future` reads them; without words only whether it can be."""
    intent = reply(model, text)
    if not isinstance(intent, requests.Reply):
        return intent if isinstance(intent, str) else "A first text is sent now: what follows it can be sent later."
    if intent.pictures:
        return "A reply that is sent later goes without pictures."
    if intent.then:
        from connector.wire.saved_reply_rules import actions_in_words  # few texts do more than be sent

        done, key = actions_in_words(intent.then), model.keys.name("detach")
        return f"What is sent later does nothing else ({done}): {key} leaves that out."
    at = moments.parse_future(words, now) if words else 0
    if at is None:
        return moments.why_no_future(words, now)
    return requests.ScheduleReply(
        intent.conversation_id,
        intent.text,
        at,
        seen=intent.seen,
        accept=intent.accept,
        made_from=intent.made_from,
        saved_replies=intent.saved_replies,
    )


def reply_or_accept(model: Model, text: str) -> Intent:
    """What enter asks for in the compose pane: where nothing is written in a conversation that is to be had, it is."""
    view = open_conversation(model)
    is_empty = view is not None and is_blank(text) and view.id not in model.compose.attachments
    if view is not None and is_empty and cannot_write(model, view) is None and may_accept(model, view):
        return requests.Accept(view.id)
    return reply(model, text)


def cannot_write(model: Model, view: ConversationView, *, is_writing: bool = True) -> str | None:
    """Why this agent cannot write in a conversation now. `is_writing`: the keys it names are pressed there."""
    if view.opted_out:
        return f"{consumer_name(view)} has opted out and must not be texted."
    key = model.keys.name
    first = f"{key('back')}, then " if is_writing else ""
    if view.likely_opt_out:
        yes, no = key("is_opt_out"), key("is_no_opt_out")
        return f"Their text reads like an opt-out: {first}{yes} if it is, {no} if not."
    match view.state:
        case "ringing" if not rings_here(model, view):
            return f"It is ringing {names_ringing(model, view)}."
        case "wrap_up" if in_my_wrap_up(model, view):
            return f"Closed: {first}{key('wrap_up')} records how it went, {key('undo')} reopens it."
        case "wrap_up":
            return f"Closed: {agent_name(model, view.agent)} records how it went."
        case "closed":
            if open_between(model, view.line, person(view)):
                return "Closed: they have written again, and the list has the new one."
            return f"Closed: {first}{key('reopen')} reopens it, as their next text may."
    if may_accept(model, view) or is_mine(model, view) or have_joined(model, view):
        return None
    return f"{agent_name(model, view.agent)} has this conversation."


def may_accept(model: Model, view: ConversationView) -> bool:
    """Whether the conversation is to be had: from the queue, as it rings here, or again after a hold was over."""
    return not is_new(view.id) and isinstance(accept(model, view), requests.Accept)


def cannot_attach(model: Model, view: ConversationView | None) -> str | None:
    """Why no further picture can go with the next reply."""
    if view is None:
        return "Open a conversation first."
    if reason := cannot_write(model, view):
        return reason
    if is_new(view.id):
        return "The first text goes without pictures; once the conversation is open you can send some."
    account = account_of(model, view)
    most = account.most_pictures if account else 0
    if not most:
        return f"Pictures cannot be sent from {view.line}."
    if len(model.compose.attachments.get(view.id, ())) >= most:
        return f"At most {count(most, 'picture')} can go with one reply from {view.line}."
    return None


def consumer_address(number: str) -> str | None:
    """What to ask the core to text, from a number as people write it; None if it is none.

    A number without its country code goes as it is: the core reads it in the country of the line.
    """
    consumer = without_separators(number)
    if consumer.startswith("00"):
        consumer = f"+{consumer[2:]}"
    return consumer if can_receive(consumer) or _NATIONAL.fullmatch(consumer) else None


def test_text(line: str, number: str, text: str) -> Intent:
    """A text that shows whether a line works."""
    consumer = consumer_address(number)
    if consumer is None:
        return NUMBER_HELP
    return requests.Start(line, consumer, text, is_test=True) if not is_blank(text) else "Write a text."
