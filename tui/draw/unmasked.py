"""What the dialog of a masked message shows: the question, then the text as it was written."""

from __future__ import annotations

from collections.abc import Sequence

from connector.sms.text import shown
from connector.sms.wrapping import wrap
from connector.wire.views import MessageView
from tui.draw.format import Line, clock
from tui.draw.messages import mask_words
from tui.model.state import Model


def question(message: MessageView, width: int) -> list[Line]:
    """What is about to be shown, and that it is recorded."""
    what = mask_words(message.masked)
    words = f"{what[0].upper()}{what[1:]}, in the message of {clock(message.at)}. Enter shows the whole text."
    return [[(line, "")] for line in wrap(f"{words}\nThe audit records that you have read it.", width)]


def clear_text(model: Model, message_ids: Sequence[str], width: int) -> list[Line]:
    """The text, part after part, or why the core does not show it."""
    found = [model.fetched.unmasked.get(message_id) for message_id in message_ids]
    refusal = next((one.refusal for one in found if one is not None and one.refusal is not None), None)
    if refusal is not None:
        return [[(line, "bad")] for line in wrap(shown(refusal), width)]
    texts = [one.text for one in found if one is not None and one.text is not None]
    if len(texts) < len(found):
        return [[("Asking the core…", "muted")]]
    return [[(line, "")] for line in wrap(shown("".join(texts)), width)]
