"""Pictures in the model: those that go with the next reply, and the one that is looked at. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from connector.wire import requests
from connector.wire.views import PictureView
from tui.model.state import Attached, Model, Notice, ShownPicture


def attaching(model: Model, conversation_id: str, picture: Attached) -> Model:
    attached = (*model.attached.get(conversation_id, ()), picture)
    return replace(model, attached=model.attached.set(conversation_id, attached))


def found_again(model: Model, attached: Mapping[str, Sequence[Attached]]) -> Model:
    """The pictures of drafts after a restart. Of one that was on its way only its name is left, and that is told."""
    lost = []
    for conversation_id, pictures in attached.items():
        lost += [picture.name for picture in pictures if picture.reference is None]
        kept = tuple(picture for picture in pictures if picture.reference is not None)
        model = put_aside(model, conversation_id, kept)
    if not lost:
        return model
    words = f"Not yet with the core when the desk ended, so attach it again: {', '.join(lost)}."
    return replace(model, notice=Notice(words, bad=True))


def put_aside(model: Model, conversation_id: str, pictures: tuple[Attached, ...]) -> Model:
    """Exactly these go with the next reply."""
    if pictures:
        return replace(model, attached=model.attached.set(conversation_id, pictures))
    if conversation_id in model.attached:
        return replace(model, attached=model.attached.delete(conversation_id))
    return model


def handed_over(model: Model, request_id: str, picture_id: str | None) -> Model:
    """The core took a picture under this id, or (None) would not."""
    for conversation_id, pictures in model.attached.items():
        if any(picture.request_id == request_id for picture in pictures):
            now = tuple(
                replace(picture, reference=picture_id, request_id=None) if picture.request_id == request_id else picture
                for picture in pictures
                if picture_id is not None or picture.request_id != request_id
            )
            return put_aside(model, conversation_id, now)
    return model


def brought_back(model: Model, reply: requests.Reply) -> Model:
    """A reply was refused: its pictures go with the next one again."""
    mine = model.attached.get(reply.conversation_id, ())
    known = {picture.reference for picture in mine}
    back = tuple(
        Attached(reference if reference.startswith("https://") else "picture", None, reference, None)
        for reference in reply.pictures
        if reference not in known
    )
    return put_aside(model, reply.conversation_id, back + mine)


def looking_at(model: Model, picture_id: str) -> Model:
    return replace(model, picture=ShownPicture(picture_id))


def came(model: Model, picture_id: str, data: bytes | None, words: str | None = None) -> Model:
    """The picture asked for is here, or will not be shown, for a reason."""
    if model.picture is None or model.picture.id != picture_id:
        return model
    return replace(model, picture=ShownPicture(picture_id, data, words))


def moved(model: Model, message_id: str, picture: PictureView) -> Model:
    """A picture of a message was fetched, or could not be."""
    shown = model.transcript
    if shown is None:
        return model
    for index, message in enumerate(shown.messages):
        if message.id == message_id:
            pictures = [picture if known.id == picture.id else known for known in message.pictures]
            now = replace(message, pictures=pictures)
            messages = (*shown.messages[:index], now, *shown.messages[index + 1 :])
            return replace(model, transcript=replace(shown, messages=messages))
    return model
