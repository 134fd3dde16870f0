"""Texts that a limit of sending has refused: who leads sends them all the same by pressing the same key again.

As with other doubts, the question has to be in sight and the text the same; any other key ends it.
"""

from __future__ import annotations

from typing import TypeVar

from msgspec.structs import replace

from connector.wire import frames, requests
from tui.model.notices import set_notice
from tui.model.state import Limited, Model, Notice, OverLimit, Sending

_Body = TypeVar("_Body", bound=requests.Request)


def asks_again(body: Limited, refusal: frames.Refusal) -> bool:
    """Whether the agent may set the limit aside, and has not tried to. A test text comes from a dialog, and is not
    pressed again."""
    is_test = isinstance(body, requests.Start) and body.is_test
    return bool(refusal.details.get("may_override")) and not body.override and not is_test


def ask_again(model: Model, body: Limited, refusal: frames.Refusal) -> Model:
    key = model.keys.name("send") if isinstance(body, Sending) else "the key"
    # The key first: a small screen cuts what is long.
    words = f"Not sent: {key} again sends it all the same, and the audit records it. {refusal.words}"
    model = replace(model, compose=replace(model.compose, over_limit=OverLimit(body, words)))
    return set_notice(model, Notice(words, is_error=True, asks_again=True))


def overridden(model: Model, body: _Body) -> _Body:
    """The same request, with the limit set aside if it was just refused for one and the question is in sight."""
    refused, notice = model.compose.over_limit, model.notices.current
    if refused is None or notice is None or not notice.asks_again or notice.words != refused.words:
        return body
    if not isinstance(body, Limited) or _text(body) != _text(refused.body):
        return body
    return replace(body, override=True)


def _text(body: Limited) -> tuple[object, ...]:
    """What is sent, and to whom."""
    match body:
        case requests.Reply():
            return (body.conversation_id, body.text, tuple(body.pictures))
        case requests.Start():
            return (body.line, body.consumer, body.text)
        case requests.Resend():
            return (body.message_id,)
