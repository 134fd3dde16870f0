"""What the core's answers and refusals change. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from connector.wire import answers, frames, requests
from connector.wire.refusals import RefusalCode
from tui.model import attachments, starting, transcripts
from tui.model.edits import brought_back, said
from tui.model.state import Asked, Explanation, KnownTargets, Model, Notice, SigningOff, addressed

_MOVING = requests.Accept | requests.GiveBack | requests.Transfer
_WITH_NOTE = requests.WriteNote | requests.GiveBack | requests.Transfer | requests.Close | requests.WrapUp


def answered(model: Model, frame: frames.AnswerFrame) -> Model:
    ask = model.asked.get(frame.id)
    if ask is None:
        return model
    model = replace(model, asked=model.asked.delete(frame.id))
    match frame.body, ask.body:
        case answers.History() as history, requests.GetHistory() as wanted:
            return transcripts.loaded(model, history, wanted)
        case answers.HookPage(hooks=hooks), _:
            return replace(model, hooks=tuple(hooks))
        case answers.Traffic(lines=lines), _:
            return replace(model, traffic=tuple(lines))
        case answers.PictureStored(picture_id=picture_id), _:
            return attachments.handed_over(model, frame.id, picture_id)
        case answers.Picture(data=data), requests.GetPicture(picture_id=picture_id):
            return attachments.came(model, picture_id, data)
        case answers.Targets() as found, requests.GetTargets(conversation_id=conversation_id):
            return replace(model, targets=KnownTargets(conversation_id, found))
        case answers.Explained() as why, requests.Explain(conversation_id=conversation_id):
            return replace(model, explanation=Explanation(conversation_id, why))
        case answers.Started(conversation_id=conversation_id), requests.Start() as start:
            shown = model.transcript
            if shown is None or shown.conversation_id != addressed(start):
                return said(model, Notice(f"Written to {start.consumer}; the conversation is yours."))
            return starting.started(model, conversation_id)
        case answers.Written(message_id=message_id), requests.Reply() as reply:
            return transcripts.written(model, message_id, reply, ask)
        case answers.Transferred(words=words), requests.Transfer():
            return said(model, Notice(f"Handed over. {words}."))
        case answers.Done(), _:
            return _done(model, ask)
    return model


def _done(model: Model, ask: Asked) -> Model:
    match ask.body:
        case requests.SignOff():
            return replace(model, signing_off=SigningOff(is_done=True))
        case requests.Close(conversation_id=conversation_id) | requests.WrapUp(conversation_id=conversation_id):
            closing = conversation_id if isinstance(ask.body, requests.Close) else None
            model = replace(model, last_closed=conversation_id, closing=closing)
            return said(model, Notice("Closed: u takes it up again.", here=True))
        case requests.Reopen(conversation_id=conversation_id) if model.last_closed == conversation_id:
            return replace(model, last_closed=None)
        case requests.UndoReply(message_id=message_id):
            return _taken_back(model, message_id)
    return model


def _taken_back(model: Model, message_id: str) -> Model:
    """The text is a draft again, to be sent in other words or not at all."""
    conversation_id, text = model.taking.get(message_id, ("", ""))
    if conversation_id:
        model = brought_back(replace(model, taking=model.taking.delete(message_id)), conversation_id, text)
    return said(model, Notice("Taken back: it was not sent. The text is your draft again."))


def refused(model: Model, frame: frames.Refusal) -> Model:
    ask = model.asked.get(frame.id)
    if ask is None:
        return model
    model = replace(model, asked=model.asked.delete(frame.id))
    match ask.body:
        case requests.Reply() | requests.Start() as sent:
            return _not_sent(model, sent, frame)
        case requests.MarkRead():
            return model  # nobody asked for it by hand
        case requests.PutPicture():
            model = attachments.handed_over(model, frame.id, None)
        case requests.GetPicture(picture_id=picture_id):
            return attachments.came(model, picture_id, None, frame.words)
        case requests.GetHistory() if model.transcript is not None:
            model = replace(model, transcript=replace(model.transcript, loading=False))
        case requests.GetTargets(conversation_id=conversation_id):
            return replace(model, targets=KnownTargets(conversation_id, None, frame.words))
        case requests.Explain(conversation_id=conversation_id):
            return replace(model, explanation=Explanation(conversation_id, None, frame.words))
        case requests.SignOff():
            return replace(model, signing_off=SigningOff(words=frame.words))
        case requests.UndoReply(message_id=message_id) if message_id in model.taking:
            model = replace(model, taking=model.taking.delete(message_id))
    if isinstance(ask.body, _MOVING):
        model = replace(model, by_hand=model.by_hand - {ask.body.conversation_id})
    if isinstance(ask.body, _WITH_NOTE):
        text = ask.body.text if isinstance(ask.body, requests.WriteNote) else ask.body.note
        if text:
            model = replace(model, notes=model.notes.set(ask.body.conversation_id, text))
    return said(model, Notice(frame.words, bad=True))


def _not_sent(model: Model, sent: requests.Reply | requests.Start, frame: frames.Refusal) -> Model:
    """The text is the draft again; what its author had not seen is shown now, and then counts as seen."""
    model = brought_back(model, addressed(sent), sent.text)
    if isinstance(sent, requests.Reply) and sent.pictures:
        model = attachments.brought_back(model, sent)
    words = f"Not sent: {frame.words}"
    match frame.code:
        case RefusalCode.STALE:
            for message in frame.messages:
                model = transcripts.put(model, message)
        case RefusalCode.HOLD_OVER:
            model = replace(model, lapsed=model.lapsed | {addressed(sent)})
            words += " a accepts it, then enter sends your draft."
        case RefusalCode.NOT_OWNER | RefusalCode.CLOSED:
            words += " Your text is kept as a draft."
    return said(model, Notice(words, bad=True))
