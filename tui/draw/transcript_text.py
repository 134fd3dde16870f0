"""A transcript as plain text, to be copied: days, times, names, and in words whether replies arrived."""

from __future__ import annotations

from collections.abc import Sequence

from connector.base.counted import count
from connector.sms.text import one_line, shown
from connector.wire.views import MessageView
from tui.draw.copied import message_text
from tui.draw.format import clock, day, picture
from tui.draw.messages import Side, mask_words
from tui.model.conversations import is_leads_note

_DELIVERY = {
    "queued": "to be sent",
    "accepted": "with the provider",
    "sent": "with the carrier",
    "undelivered": "not delivered",
    "failed": "not sent",
    "expired": "not delivered in time",
    "uncertain": "not sure whether this was sent",
    "withdrawn": "undone before it was sent",
}


def transcript_text(messages: Sequence[MessageView], side: Side, before: str = "") -> str:
    """`before`: why the first of these messages is not the first of all, in words."""
    blocks = [_who(side)]
    if before:
        blocks.append(f"({one_line(before, 200)})")
    previous: MessageView | None = None
    for message in messages:
        if previous is None or day(previous.at) != day(message.at):
            blocks.append(day(message.at))
        if previous is not None and previous.conversation_id != message.conversation_id:
            blocks.append(f"(a new conversation, to {one_line(message.line, 40)})")
        blocks.append(f"{_head(message, side)}\n{_body(message)}")
        previous = message
    return "\n\n".join(blocks) + "\n"


def _who(side: Side) -> str:
    names = dict.fromkeys(one_line(name, 80) for name in (side.consumer, side.address) if name)
    return ", ".join(names)


def _head(message: MessageView, side: Side) -> str:
    """`17:01 Ann (delivered)`."""
    writer = one_line(side.writer(message), 80)
    if message.direction == "note":
        kind = "a lead's note" if is_leads_note(side.model, message) else "note"
        return f"{clock(message.at)} {writer} ({kind} for colleagues)"
    if message.direction == "inbound":
        return f"{clock(message.at)} {writer}"
    words = _DELIVERY.get(message.status, one_line(message.status, 40))
    why = f": {one_line(message.words, 300)}" if message.words and message.status not in ("sent", "delivered") else ""
    return f"{clock(message.at)} {writer} ({words}{why})"


def _body(message: MessageView) -> str:
    remarks = [shown(picture(each)[0]) for each in message.pictures] if message.text else []
    if message.masked:
        remarks.append(f"({mask_words(message.masked)})")
    if message.overflow:
        remarks.append(f"({count(message.overflow, 'more character')}, not loaded)")
    return "\n".join([message_text(message), *remarks])
