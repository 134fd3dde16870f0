"""Drafts and attachments: changes of the `ComposeState` part of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from immutables import Map
from msgspec.structs import replace

from connector.wire import requests
from connector.wire.saved_replies import ReplyActions
from tui.model.state import Attachment, ComposeState, Discarded, Macro, Sending, SentReply

_TYPED = 20  # replies whose texts are remembered as they were typed


def set_draft(compose: ComposeState, conversation_id: str, text: str) -> ComposeState:
    drafts = compose.drafts
    if not text:
        compose = set_macro(compose, conversation_id, None)
    if drafts.get(conversation_id, "") == text:
        return compose
    return replace(compose, drafts=drafts.set(conversation_id, text) if text else drafts.delete(conversation_id))


def set_macro(compose: ComposeState, conversation_id: str, macro: Macro | None) -> ComposeState:
    """What is done with the next reply; it goes with its text."""
    macros = compose.macros
    if macro is not None:
        return replace(compose, macros=macros.set(conversation_id, macro))
    return replace(compose, macros=macros.delete(conversation_id)) if conversation_id in macros else compose


def macro_of(body: Sending) -> Macro | None:
    """What a text that was sent was made of, and what is done with it."""
    if not body.saved_replies and body.then is None:
        return None
    return Macro(tuple(body.saved_replies), body.then or ReplyActions())


def restore_draft(compose: ComposeState, conversation_id: str, text: str) -> ComposeState:
    """A text that was not sent is the draft again, before what was written since; once only, where another desk of the
    agent was writing on it as it was sent."""
    newer = compose.drafts.get(conversation_id, "")
    if newer == text or newer.startswith((f"{text} ", f"{text}\n")):
        return compose
    return set_draft(compose, conversation_id, "\n".join(filter(None, (text, newer))))


def discard(compose: ComposeState, conversation_id: str) -> ComposeState:
    """Nothing is written there any more, until it is brought back."""
    pictures = compose.attachments.get(conversation_id, ())
    thrown_away = Discarded(
        conversation_id,
        compose.drafts.get(conversation_id, ""),
        tuple(picture for picture in pictures if picture.reference is not None),
        compose.macros.get(conversation_id),
    )
    compose = set_attachments(set_draft(compose, conversation_id, ""), conversation_id, ())
    return replace(compose, discarded=thrown_away)


def can_discard(compose: ComposeState, conversation_id: str, draft: str) -> bool:
    """Whether something is written there, or was before it was thrown away. `draft`: what stands in the area."""
    gone = compose.discarded
    is_written = bool(draft) or conversation_id in compose.drafts or conversation_id in compose.attachments
    return is_written or (gone is not None and gone.conversation_id == conversation_id)


def bring_back(compose: ComposeState, discarded: Discarded) -> ComposeState:
    """A draft that was thrown away is there again."""
    compose = set_draft(compose, discarded.conversation_id, discarded.text)
    compose = set_attachments(compose, discarded.conversation_id, discarded.pictures)
    return replace(set_macro(compose, discarded.conversation_id, discarded.macro), discarded=None)


def edited_elsewhere(compose: ComposeState, conversation_id: str, before: str, after: str) -> ComposeState:
    """A draft was edited outside of the desk, from `before` to `after`; what has come to it meanwhile stays with it."""
    now = compose.drafts.get(conversation_id, "")
    if now.startswith(before):
        after += now[len(before) :]
    elif now.endswith(before):
        after = now[: len(now) - len(before)] + after
    else:
        after = f"{after}\n{now}"
    return set_draft(compose, conversation_id, after)


def move_draft(compose: ComposeState, from_id: str, to_id: str) -> ComposeState:
    """A draft of another conversation goes along, unless there is one already."""
    text, macro = compose.drafts.get(from_id, ""), compose.macros.get(from_id)
    if not text or from_id == to_id or to_id in compose.drafts:
        return compose
    return set_macro(set_draft(set_draft(compose, to_id, text), from_id, ""), to_id, macro)


def written(compose: ComposeState, sent: SentReply, text: str, macro: Macro | None = None) -> ComposeState:
    """A text was written: what the core shows of it may be masked, and is no draft to send."""
    compose = replace(compose, typed=(*compose.typed[-_TYPED + 1 :], (sent.message_id, text)), sent=sent)
    if macro is None:
        return compose
    return replace(compose, sent_macros=(*compose.sent_macros[-_TYPED + 1 :], (sent.message_id, macro)))


def left(compose: ComposeState, message_id: str) -> ComposeState:
    """A text is not to be undone any more."""
    is_last = compose.sent is not None and compose.sent.message_id == message_id
    return replace(compose, sent=None) if is_last else compose


def doubt(compose: ComposeState, conversation_id: str, words: str) -> ComposeState:
    """The core doubts the number of a first text."""
    return replace(compose, doubts=compose.doubts.set(conversation_id, words))


def confirm(compose: ComposeState, conversation_id: str) -> ComposeState:
    """The agent has confirmed the number of a first text, if the core doubted it."""
    if conversation_id not in compose.doubts:
        return compose
    doubts, confirmed = compose.doubts.delete(conversation_id), compose.confirmed | {conversation_id}
    return replace(compose, doubts=doubts, confirmed=confirmed)


def attach(compose: ComposeState, conversation_id: str, picture: Attachment) -> ComposeState:
    return set_attachments(compose, conversation_id, (*compose.attachments.get(conversation_id, ()), picture))


def set_attachments(compose: ComposeState, conversation_id: str, pictures: tuple[Attachment, ...]) -> ComposeState:
    """Exactly these pictures go with the next reply."""
    attachments = compose.attachments
    if pictures:
        return replace(compose, attachments=attachments.set(conversation_id, pictures))
    if conversation_id in attachments:
        return replace(compose, attachments=attachments.delete(conversation_id))
    return compose


def uploaded(compose: ComposeState, request_id: str, picture_id: str | None) -> ComposeState:
    """The core has stored a picture under this id, or (None) refused it."""
    for conversation_id, pictures in compose.attachments.items():
        if any(picture.request_id == request_id for picture in pictures):
            now = tuple(
                replace(picture, reference=picture_id, request_id=None) if picture.request_id == request_id else picture
                for picture in pictures
                if picture_id is not None or picture.request_id != request_id
            )
            return set_attachments(compose, conversation_id, now)
    return compose


def restore_attachments(compose: ComposeState, reply: requests.Reply) -> ComposeState:
    """The pictures of a refused reply go with the next one again."""
    mine = compose.attachments.get(reply.conversation_id, ())
    known = {picture.reference for picture in mine}
    back = tuple(
        Attachment(reference if reference.startswith("https://") else "picture", None, reference, None)
        for reference in reply.pictures
        if reference not in known
    )
    return set_attachments(compose, reply.conversation_id, back + mine)


def from_disk(
    drafts: Mapping[str, str],
    attachments: Mapping[str, Sequence[Attachment]],
    macros: Mapping[str, Macro] = MappingProxyType({}),
) -> tuple[ComposeState, Sequence[str]]:
    """The stored drafts with what belongs to them, and the names of pictures whose upload the end of the desk
    interrupted."""
    compose = ComposeState(drafts=Map(drafts), macros=Map({one: macros[one] for one in macros if one in drafts}))
    lost = []
    for conversation_id, pictures in attachments.items():
        lost += [picture.name for picture in pictures if picture.reference is None]
        stored = tuple(picture for picture in pictures if picture.reference is not None)
        compose = set_attachments(compose, conversation_id, stored)
    return compose, lost
