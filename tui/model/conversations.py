"""Questions about a conversation from the point of view of this desk's agent."""

from __future__ import annotations

from connector.sms.lengths import LengthLimit
from connector.sms.names import first_name
from connector.wire import requests
from connector.wire.views import AccountView, ConversationView, MessageView
from tui.model.state import Model, Sending, SentReply

_NEW = "start "
_LATEST = 100  # messages among which the latest reply is looked for


def person(view: ConversationView | MessageView) -> str:
    """Identity of the consumer, whichever of their addresses it is from."""
    return view.person or view.consumer


def consumer_name(view: ConversationView) -> str:
    """The consumer as agents read it: their name; without one their number."""
    return view.name or number(view)


def number(view: ConversationView) -> str:
    """The consumer's number in the form of the line's country."""
    return view.shown or view.consumer


def brief_name(view: ConversationView) -> str:
    """The consumer where they are named often, as in a transcript: by their first name."""
    return (first_name(view.name) or view.name) or number(view)


def is_mine(model: Model, view: ConversationView) -> bool:
    me = model.agents.me
    return me is not None and view.state == "assigned" and view.agent == me.id


def rings_here(model: Model, view: ConversationView) -> bool:
    me = model.agents.me
    return me is not None and view.state == "ringing" and me.id in view.rings


def in_my_wrap_up(model: Model, view: ConversationView) -> bool:
    me = model.agents.me
    return me is not None and view.state == "wrap_up" and view.agent == me.id


def have_joined(model: Model, view: ConversationView) -> bool:
    """This agent writes beside its owner."""
    me = model.agents.me
    return me is not None and view.state == "assigned" and me.id in view.joined


def agent_name(model: Model, agent_id: str | None) -> str:
    """An agent's name, to begin a sentence with."""
    agent = model.agents.by_id.get(agent_id or "")
    return agent.name if agent else agent_id or "Nobody"


def is_leads_note(model: Model, note: MessageView) -> bool:
    """Whether a lead wrote it about a conversation that is not theirs."""
    author, view = model.agents.by_id.get(note.author or ""), model.conversations.by_id.get(note.conversation_id)
    return author is not None and author.is_lead and (view is None or view.agent != author.id)


def with_article(role: str) -> str:
    """An agent, a lead, an administrator."""
    return f"{'an' if role[0] in 'aeiou' else 'a'} {role}"


def names_ringing(model: Model, view: ConversationView) -> str:
    """The agents a conversation rings at."""
    return ", ".join(agent_name(model, agent) for agent in view.rings)


def may_resend(model: Model, view: ConversationView) -> bool:
    """Whether a reply that did not arrive may be sent again from here: by its owner, and by leads who have joined."""
    return (is_mine(model, view) and view.id not in model.conversations.lapsed) or have_joined(model, view)


def why_replies_wait(model: Model, account: str | None) -> str:
    """Why replies of an account are not sent now, with its name; empty while they are."""
    known = next((one for one in model.providers.accounts if one.account == account), None)
    return f"{known.account}: {known.replies_wait}" if known is not None and known.replies_wait else ""


def open_conversation(model: Model) -> ConversationView | None:
    """The shown conversation, a new one included: in the right pane, as a preview or opened."""
    if model.transcript is None:
        return None
    new = model.conversations.new
    if new is not None and new.id == model.transcript.conversation_id:
        return new
    return model.conversations.by_id.get(model.transcript.conversation_id)


def open_between(model: Model, line: str, consumer: str) -> ConversationView | None:
    """The open conversation of a line and a consumer: where a first text between them would go."""
    for view in model.conversations.by_id.about(consumer):
        if consumer in (view.consumer, person(view)) and view.line == line and view.state != "closed":
            return view
    return None


def account_of(model: Model, view: ConversationView) -> AccountView | None:
    return next((account for account in model.providers.accounts if account.account == view.account), None)


def reply_limits(model: Model, view: ConversationView) -> list[LengthLimit]:
    """What bounds a reply there: the product's limit, and that of the line's provider in its own unit."""
    known = next((line for line in model.providers.lines if line.address == view.line), None)
    limits = [LengthLimit(model.settings.reply_limit)]
    if known is not None:
        is_utf16 = known.reply_unit == "utf16_units"
        limits.append(LengthLimit(known.reply_limit, "utf16_units" if is_utf16 else "code_points"))
    return limits


def segment_price(model: Model, view: ConversationView) -> str:
    """What a segment to its consumer costs, as `0.0079 USD`; empty where that is not known, as with a picture."""
    line = next((known for known in model.providers.lines if known.address == view.line), None)
    if line is None or view.id in model.compose.attachments:
        return ""
    return next((price for code, price in line.prices.items() if view.consumer.startswith(code)), line.price)


def undo_window_ms(model: Model, view: ConversationView) -> int:
    """How long a reply there can be undone."""
    return line_undo_ms(model, view.line)


def line_undo_ms(model: Model, line: str) -> int:
    """How long a text from one of our lines can be undone."""
    return next((known.undo_s * 1000 for known in model.providers.lines if known.address == line), 0)


def undoable_reply(model: Model) -> MessageView | None:
    """The latest reply of this agent in the open conversation, if it may not have left yet."""
    shown, me = model.transcript, model.agents.me
    if shown is None or me is None:
        return None
    for message in reversed(shown.messages[-_LATEST:]):
        if message.conversation_id != shown.conversation_id:
            return None
        if message.direction == "reply" and message.author == me.id and message.status != "withdrawn":
            return message if message.status == "queued" else None
    return None


def undoable_elsewhere(model: Model, now: int) -> tuple[ConversationView, SentReply] | None:
    """The text sent last, while it can be undone, with its conversation; None where the shown transcript has it."""
    sent, shown = model.compose.sent, undoable_reply(model)
    view = model.conversations.by_id.get(sent.conversation_id) if sent is not None else None
    if sent is None or view is None or sent.message_id in model.compose.undoing:
        return None
    is_here = shown is not None and shown.id == sent.message_id
    return None if is_here or now >= sent.at + undo_window_ms(model, view) else (view, sent)


def is_looked_up(view: ConversationView) -> bool:
    """The core is finding out whether a reply was sent."""
    return not view.unsent and view.unsent_status == "uncertain"


def resendable_reply(model: Model) -> MessageView | None:
    """The first reply of the open conversation that did not arrive and that no agent has dealt with; else the latest of
    which it is not known yet."""
    shown = model.transcript
    if shown is None:
        return None
    ours = [message for message in shown.messages if message.conversation_id == shown.conversation_id]
    unknown = (one for one in reversed(ours) if one.status == "uncertain" and one.resent_as is None)
    return next((message for message in ours if message.is_unsettled), None) or next(unknown, None)


def over_long_message(model: Model) -> MessageView | None:
    """The latest message shown whose text goes on beyond what is shown."""
    messages = model.transcript.messages if model.transcript else ()
    return next((message for message in reversed(messages) if message.overflow), None)


def new_conversation_id(line: str, consumer: str) -> str:
    """The id that stands for a conversation the core has not opened yet."""
    return f"{_NEW}{line} {consumer}"


def is_new(conversation_id: str) -> bool:
    return conversation_id.startswith(_NEW)


def line_and_consumer(conversation_id: str) -> tuple[str, str]:
    """What `new_conversation_id` was made of."""
    line, consumer = conversation_id.removeprefix(_NEW).split(" ")
    return line, consumer


def recipient(body: Sending) -> str:
    """The id of the conversation a text is for."""
    if isinstance(body, requests.Reply):
        return body.conversation_id
    return new_conversation_id(body.line, body.consumer)


def writing_here(model: Model, view: ConversationView, now: int) -> list[str]:
    """Names of the other agents who are writing in a conversation now; `now` is the core's time."""
    writing = model.writing
    if writing is None or writing.conversation_id != view.id or writing.until <= now:
        return []
    return [agent_name(model, agent) for agent in writing.agents]
