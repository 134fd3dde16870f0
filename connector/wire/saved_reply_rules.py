"""What a saved reply has to be like, checked on either side of the wire."""

from __future__ import annotations

import re

from connector.base.moments import length_words
from connector.sms.text import is_blank, is_writable
from connector.wire import limits, reply_fields
from connector.wire.limits import REPLY_LENGTH
from connector.wire.saved_replies import ReplyActions, SavedReplyContent

TITLE_LENGTH = 60
_SHORTCUT = re.compile(r"[^\W_][\w-]{0,29}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def flaw(one: SavedReplyContent) -> str | None:
    """Why a saved reply cannot be stored, in a sentence; None: it can, as far as is known without the core."""
    if is_blank(one.title):
        return "It needs a title."
    for what, value, most in (
        ("The title", one.title, TITLE_LENGTH),
        ("The category", one.category, limits.WORD_LENGTH),
        ("The outcome", one.then.outcome, limits.WORD_LENGTH),
        *(("A tag", tag, limits.WORD_LENGTH) for tag in one.then.tags),
    ):
        if len(value) > most or not (value.isprintable() or not value):
            return f"{what} is at most {most} characters on one line."
    if one.shortcut and not _SHORTCUT.fullmatch(one.shortcut):
        return "A shortcut is one word of at most 30 letters, digits, - and _."
    if one.language and not _LANGUAGE.fullmatch(one.language):
        return "A language is a code such as en, de or pt-BR."
    return text_flaw(one.text) or _actions_flaw(one.then)


def text_flaw(text: str) -> str | None:
    """Why this cannot be the text of a saved reply."""
    if is_blank(text):
        return "It needs a text."
    if not all(char == "\n" or is_writable(char) for char in text):
        return "The text has a control character, or one that changes the order of others."
    if (words := reply_fields.flaw(text)) is not None:
        return words
    least = len(reply_fields.shortest(text))
    if least > REPLY_LENGTH or len(text) > limits.SAVED_REPLY_LENGTH:
        over = max(least - REPLY_LENGTH, len(text) - limits.SAVED_REPLY_LENGTH)
        return f"The text is too long by {over:,}: with its fields filled a reply holds {REPLY_LENGTH:,} characters."
    return None


def warning(one: SavedReplyContent) -> str | None:
    """What is not wrong and may become so: a sentence."""
    over = len(reply_fields.longest(one.text)) - REPLY_LENGTH
    if over > 0:
        return f"Too long by {over:,} with long names: a reply holds {REPLY_LENGTH:,} characters."
    return None


def actions_in_words(then: ReplyActions) -> str:
    """`tag delivery, outcome solved, due in 2h, close`; empty where there are none."""
    parts = [f"tag {', '.join(then.tags)}"] if then.tags else []
    parts += [f"outcome {then.outcome}"] if then.outcome else []
    parts += [f"due in {length_words(then.due_s)}"] if then.due_s is not None else []
    return ", ".join([*parts, *(["close"] if then.closes else [])])


def actions_in_brief(then: ReplyActions) -> str:
    """`closes, tags`: what is done, without with what; an outcome where that is all."""
    done = (("closes", then.closes), ("due", then.due_s is not None), ("tags", then.tags))
    return ", ".join(word for word, is_done in done if is_done) or ("outcome" if then.outcome else "")


def _actions_flaw(then: ReplyActions) -> str | None:
    if len(then.tags) > limits.TAG_COUNT:
        return f"A conversation has at most {limits.TAG_COUNT} tags."
    if any(is_blank(tag) for tag in then.tags):
        return "A tag needs a letter."
    if then.due_s is None:
        return None
    if then.closes:
        return "A closed conversation has no due time: leave out one of the two."
    if not 60 <= then.due_s <= limits.DUE_AHEAD_MS // 1000:
        return "An answer is due in a minute at least, and in a year at most."
    return None
