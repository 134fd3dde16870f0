"""What the core's answers and refusals change."""

from __future__ import annotations

from shlex import quote

from msgspec.structs import replace

from connector.wire import administration, answers, contacts, frames, requests
from connector.wire.board import GetBoard, HandOn
from connector.wire.contacts import PersonView
from connector.wire.refusals import RefusalCode
from connector.wire.saved_replies import GetSavedReplies, PutSavedReply
from tui.model import (
    alerts,
    bulk_runs,
    compose,
    draft_sync,
    erased,
    new_conversation,
    others,
    over_limit,
    saved_replies,
    search,
    snapshots,
    transcripts,
    whole_transcript,
)
from tui.model.conversations import agent_name, consumer_name, names_ringing, recipient
from tui.model.notices import set_notice
from tui.model.state import (
    CardRequest,
    Explanation,
    FetchedReport,
    FoundContacts,
    Model,
    Notice,
    OverflowText,
    PendingRequest,
    PendingSignOff,
    Sending,
    SentReply,
    ShownPicture,
    TransferTargets,
    UnmaskedText,
)

_Move = requests.Accept | requests.Decline | requests.GiveBack | requests.Transfer
_WithNote = requests.WriteNote | requests.GiveBack | requests.Transfer | requests.Close | requests.WrapUp


def answered(model: Model, frame: frames.AnswerFrame) -> Model:
    return _not_told(_answered(model, frame), frame.body, model.notices.current)


def _answered(model: Model, frame: frames.AnswerFrame) -> Model:
    request = model.pending.get(frame.id)
    if request is None:
        return model
    model = replace(model, pending=model.pending.delete(frame.id))
    fetched = model.fetched
    match frame.body, request.body:
        case answers.History() as history, requests.GetHistory() as wanted:
            return _history(model, history, wanted)
        case _, requests.GetHistory() as wanted:
            return _no_history(model, wanted)
        case answers.ConversationPage() as page, requests.GetConversations() as wanted:
            return others.loaded(model, page, wanted)
        case answers.FoundConversation(conversation=view), requests.GetConversation(conversation_id=conversation_id):
            return snapshots.looked_up(model, view, conversation_id)
        case answers.SearchHits() as page, requests.Search() as wanted:
            model = replace(model, search=search.answered(model.search, page, wanted))
            return new_conversation.past_found(model, page, wanted)
        case answers.HandedOn() as done, HandOn() as asked:
            now = request.asked_at + model.connection.clock_ahead_ms
            return bulk_runs.handed_on(model, done, asked, now)
        case answers.Board() as found, _:
            return replace(model, fetched=replace(fetched, board=found, board_refusal=""))
        case answers.DraftSaved() as draft, requests.SaveDraft() as wanted:
            return draft_sync.answered(model, draft, wanted)
        case answers.Drafts() as drafts, requests.GetDrafts() as wanted:
            return draft_sync.fetched(model, drafts, wanted)
        case _, requests.GetDrafts():
            return draft_sync.given_up(model)
        case answers.FoundMentions() as found, requests.GetMentions():
            model = others.with_rows(model, found.conversations)
            return replace(model, mentions=model.mentions.answered(found.mentions))
        case _, requests.GetMentions():
            return replace(model, mentions=model.mentions.answered(()))
        case answers.SavedReplies() as page, GetSavedReplies() as wanted:
            return saved_replies.fetched(model, page, wanted)
        case answers.SavedReplySaved() as saved, PutSavedReply() as put:
            return saved_replies.stored(model, saved, put)
        case _, GetSavedReplies():
            return saved_replies.refused(model, RefusalCode.UNKNOWN_REQUEST, "")
        case answers.Erased(conversation_ids=conversation_ids), _:
            return erased.erased(model, conversation_ids)
        case answers.HookPage(hooks=hooks), _:
            return replace(model, fetched=replace(fetched, hooks=tuple(hooks)))
        case answers.PersonFound(person=found_person), contacts.GetContact(conversation_id=conversation_id):
            return _person(model, conversation_id, found_person)
        case answers.ContactSaved(), contacts.SetContact(conversation_id=conversation_id):
            return replace(model, fetched=replace(fetched, card=CardRequest(conversation_id, is_saved=True)))
        case answers.Contacts() as found, contacts.FindContacts(words=words):
            return replace(
                model, fetched=replace(fetched, found=FoundContacts(words, tuple(found.contacts), found.more))
            )
        case answers.Scheduled(), requests.ScheduleReply() as later:
            return _scheduled(model, later)
        case answers.ScheduledReplies(scheduled=found), _:
            return replace(model, fetched=replace(fetched, scheduled=tuple(found)))
        case answers.Tags(tags=tags), _:
            return replace(model, fetched=replace(fetched, tags=tuple(tags)))
        case answers.Alerts() as on_call, _:
            return replace(model, fetched=replace(fetched, on_call=on_call))
        case answers.Urgent() as urgent, _:
            return replace(model, fetched=replace(fetched, urgent=urgent))
        case answers.Acknowledged(alerts=known), _:
            for alert in known:
                model = alerts.put(model, alert)
            return set_notice(model, Notice(alerts.acknowledged_words(model, known), is_local=True))
        case answers.Traffic(lines=lines), _:
            return replace(model, fetched=replace(fetched, traffic=tuple(lines)))
        case answers.Report() as report, requests.GetReport() as question:
            return _report(model, question, request, FetchedReport(report))
        case answers.Picture(data=data), requests.GetPicture(picture_id=picture_id):
            return _picture(model, ShownPicture(picture_id, data))
        case answers.Targets() as found, requests.GetTargets(conversation_id=conversation_id):
            return replace(model, fetched=replace(fetched, targets=TransferTargets(conversation_id, found)))
        case answers.Explained() as why, requests.Explain(conversation_id=conversation_id):
            return replace(model, fetched=replace(fetched, explanation=Explanation(conversation_id, why)))
        case answers.Overflow(text=text), requests.GetOverflow(message_id=message_id):
            return replace(model, fetched=replace(fetched, overflow=OverflowText(message_id, text)))
        case answers.Unmasked(text=text), administration.Unmask(message_id=message_id):
            return _unmasked(model, message_id, UnmaskedText(text))
        case answers.PictureStored(picture_id=picture_id), _:
            return replace(model, compose=compose.uploaded(model.compose, frame.id, picture_id))
        case answers.Started(message_id=message_id) as started, requests.Start() as start:
            sent = SentReply(message_id, started.conversation_id, request.asked_at + model.connection.clock_ahead_ms)
            model = _used(model, sent, start)
            return _started(model, started.conversation_id, start)
        case answers.Written(message_id=message_id), requests.Reply() as reply:
            return _written(model, message_id, reply, request)
        case answers.Transferred(words=words), requests.Transfer():
            return set_notice(model, Notice(f"Transferred. {words}."))
        case answers.ConsentRecorded(consumer=consumer, opted_out=opted_out), _:
            words = "nothing is sent to them" if opted_out else "they may be texted again"
            return set_notice(model, Notice(f"Recorded for {consumer}: {words}."))
        case answers.Done(), _:
            return _done(model, request.body)
    return model


def _not_told(model: Model, body: answers.Answer, before: Notice | None) -> Model:
    """Who is named in a note that went along, and does not see the conversation."""
    if not isinstance(body, answers.Done | answers.Written | answers.Transferred) or not body.not_told:
        return model
    names = [agent_name(model, one) for one in body.not_told]
    do = "does" if len(names) == 1 else "do"
    words = f"{' and '.join(names)} {do} not see this conversation, and {do} not get your note."
    said = model.notices.current
    if said is not None and said is not before:
        words = f"{said.words} {words}"
    return set_notice(model, Notice(words, is_error=True))


def _history(model: Model, history: answers.History, wanted: requests.GetHistory) -> Model:
    if whole_transcript.is_page(wanted):
        whole = whole_transcript.with_page(model.fetched.whole, history, wanted)
        return replace(model, fetched=replace(model.fetched, whole=whole))
    if model.transcript is None:
        return model
    view = model.conversations.by_id.get(wanted.conversation_id)
    return replace(model, transcript=transcripts.loaded(model.transcript, view, history, wanted))


def _person(model: Model, conversation_id: str, found: PersonView) -> Model:
    if model.transcript is None:
        return model
    view = model.conversations.by_id.get(conversation_id)
    return replace(model, transcript=transcripts.about_found(model.transcript, view, found))


def _no_person(model: Model, conversation_id: str) -> Model:
    """Not asked for again automatically."""
    shown = model.transcript
    if shown is None or shown.conversation_id != conversation_id:
        return model
    return replace(model, transcript=replace(shown, is_about_stale=False))


def _no_history(model: Model, wanted: requests.GetHistory) -> Model:
    """Not asked for again automatically: the core would refuse it again, as fast as the link allows."""
    shown = model.transcript
    if whole_transcript.is_page(wanted):
        return replace(model, fetched=replace(model.fetched, whole=None))
    if shown is None or shown.conversation_id != wanted.conversation_id:
        return model
    if wanted.around is not None and shown.has_newer:
        return replace(model, transcript=transcripts.at_present(shown))  # the latest are there in any case
    is_refused = shown.is_refused or (wanted.before is None and wanted.after is None)
    return replace(model, transcript=replace(shown, is_loading=False, is_refused=is_refused))


def _not_marked(model: Model, mark: requests.MarkRead) -> Model:
    """Asked for again when the conversation has changed, or is opened again."""
    shown, view = model.transcript, model.conversations.by_id.get(mark.conversation_id)
    if shown is None or view is None or shown.conversation_id != view.id:
        return model
    return replace(model, transcript=replace(shown, read_refused=view.version))


def _unmasked(model: Model, message_id: str, found: UnmaskedText) -> Model:
    """Unless its dialog was left meanwhile."""
    known = model.fetched.unmasked
    if message_id not in known:
        return model
    return replace(model, fetched=replace(model.fetched, unmasked=known.set(message_id, found)))


def _report(model: Model, question: requests.GetReport, request: PendingRequest, found: FetchedReport) -> Model:
    from tui.model.reports import key_of  # of a page that few look at

    key = key_of(question, request.asked_at + model.connection.clock_ahead_ms)
    return replace(model, fetched=replace(model.fetched, reports=model.fetched.reports.set(key, found)))


def _picture(model: Model, picture: ShownPicture) -> Model:
    shown = model.fetched.picture
    if shown is None or shown.id != picture.id:
        return model
    return replace(model, fetched=replace(model.fetched, picture=picture))


def _started(model: Model, conversation_id: str, start: requests.Start) -> Model:
    if model.transcript is None or model.transcript.conversation_id != recipient(start):
        return set_notice(model, Notice(f"Written to {start.consumer}; the conversation is yours."))
    return new_conversation.opened(model, conversation_id)


def _written(model: Model, message_id: str, reply: requests.Reply, request: PendingRequest) -> Model:
    view = model.conversations.by_id.get(reply.conversation_id)
    at = request.asked_at + model.connection.clock_ahead_ms
    sent = SentReply(message_id, reply.conversation_id, at)
    model = _used(model, sent, reply)
    if reply.then is not None and reply.then.closes:
        model = replace(model, conversations=replace(model.conversations, last_closed=reply.conversation_id))
        whom = consumer_name(view) if view is not None else "It"
        words = f"{whom}: sent and closed. {model.keys.name('undo', 'compose')} undoes it."
        model = set_notice(model, Notice(words, is_local=True, closed=reply.conversation_id))
    if model.transcript is None or view is None:
        return model
    author = model.agents.me.id if model.agents.me else None
    shown = transcripts.written(model.transcript, view, reply, message_id, author, at)
    return replace(model, transcript=shown)


def _used(model: Model, sent: SentReply, body: Sending) -> Model:
    """A text is written: it is none any more that is being written."""
    macro = compose.macro_of(body)
    model = saved_replies.used(model, macro, sent.at)
    return replace(model, compose=compose.written(model.compose, sent, body.text, macro))


def _done(model: Model, body: requests.Request) -> Model:
    match body:
        case requests.SignOff():
            return replace(model, agents=replace(model.agents, sign_off=PendingSignOff(is_done=True)))
        case requests.Close(conversation_id=conversation_id) | requests.WrapUp(conversation_id=conversation_id):
            closed = replace(model.conversations, last_closed=conversation_id)
            notice = Notice(_closed_words(model, body), is_local=True, closed=conversation_id)
            return set_notice(replace(model, conversations=closed), notice)
        case requests.GiveBack(conversation_id=conversation_id):
            return set_notice(model, Notice(_given_back_words(model, conversation_id), is_local=True))
        case requests.DecideOptOut(is_opt_out=True, conversation_id=conversation_id):
            return _opted_out(model, conversation_id)
        case requests.DecideOptOut():
            return set_notice(model, Notice("Not an opt-out: replies can be sent."))
        case requests.Reopen(conversation_id=conversation_id) if model.conversations.last_closed == conversation_id:
            view = model.conversations.by_id.get(conversation_id)
            model = replace(model, conversations=replace(model.conversations, last_closed=None))
            # It may be another than the one that is shown.
            words = f"{consumer_name(view)}: open again." if view is not None else "Open again."
            return set_notice(model, Notice(words, is_local=True))
        case requests.SeeMentions(conversation_id=conversation_id):
            return replace(model, mentions=model.mentions.without(conversation_id))
        case requests.CancelScheduled():
            return set_notice(model, Notice("Cancelled: it is not sent. Its text is your draft again."))
        case requests.UndoReply(message_id=message_id):
            return _undone(model, message_id)
    return model


def _scheduled(model: Model, later: requests.ScheduleReply) -> Model:
    """The text is no draft any more, but for what was written on since."""
    draft = model.compose.drafts.get(later.conversation_id, "")
    rest = draft.removeprefix(later.text).lstrip("\n")
    model = replace(model, compose=compose.set_draft(model.compose, later.conversation_id, rest))
    key = model.keys.name
    cancels = f"{key('undo')} ({key('undo', 'compose')} while writing) cancels it"
    words = f"It is sent at its moment, unless they write before. {cancels}."
    return set_notice(model, Notice(words, is_of_unsent=True))


def _closed_words(model: Model, body: requests.Close | requests.WrapUp) -> str:
    view = model.conversations.by_id.get(body.conversation_id)
    who = f"{consumer_name(view)}: closed" if view is not None else "Closed"
    is_asked = isinstance(body, requests.Close) and not body.outcome and view is not None and view.state == "wrap_up"
    outcome = f"{model.keys.name('wrap_up')} records the outcome, " if is_asked else ""
    return f"{who}. {outcome}{model.keys.name('undo')} reopens it."


def _opted_out(model: Model, conversation_id: str) -> Model:
    """The core closes what has no owner, as nothing is to be answered; its event may be here or not."""
    view, me, key = model.conversations.by_id.get(conversation_id), model.agents.me, model.keys.name
    is_closed_by_me = view is not None and view.state == "closed" and me is not None and view.closed_by == me.id
    is_closed = view is not None and (view.state in ("queued", "ringing") or is_closed_by_me)
    whom = consumer_name(view) if view is not None else "them"
    words = f"Recorded: nothing is sent to {whom}."
    if is_closed:
        words += f" The conversation is closed: {key('undo')} reopens it."
        model = replace(model, conversations=replace(model.conversations, last_closed=conversation_id))
    elif view is not None and view.state == "assigned":
        words += f" The conversation stays open: {key('close')} closes it."
    return set_notice(model, Notice(f"{words} {key('consent')} records it should they come back."))


def _given_back_words(model: Model, conversation_id: str) -> str:
    view = model.conversations.by_id.get(conversation_id)
    if view is None:  # what is not the agent's they may not see
        return "It is given back."
    if view.state == "ringing":
        return f"{consumer_name(view)} is given back, and rings {names_ringing(model, view)}."
    return f"{consumer_name(view)} is back in the queue: {model.keys.name('accept')} takes it again."


def _undone(model: Model, message_id: str) -> Model:
    """The text is a draft again, to be sent in other words or not at all."""
    undoing = model.compose.undoing
    what, whose, where = "it", "The", "again"
    if message_id in undoing:
        conversation_id, text = undoing[message_id]
        rest = compose.left(replace(model.compose, undoing=undoing.delete(message_id)), message_id)
        macro = dict(rest.sent_macros).get(message_id)
        left = compose.restore_draft(rest, conversation_id, text)
        model = replace(model, compose=compose.set_macro(left, conversation_id, macro) if macro and text else left)
        view = model.conversations.by_id.get(conversation_id)
        if view is not None and conversation_id != model.shown:
            what, whose, where = f"the reply to {consumer_name(view)}", "Its", "there again"
        if not text:
            words = f"Undone: {what} was not sent. Parts of its text are masked: write it again."
            return set_notice(model, Notice(words, is_of_unsent=True))
    words = f"Undone: {what} was not sent. {whose} text is your draft {where}."
    return set_notice(model, Notice(words, is_of_unsent=True))


def refused(model: Model, frame: frames.Refusal) -> Model:
    request = model.pending.get(frame.id)
    if request is None:
        return model
    model = replace(model, pending=model.pending.delete(frame.id))
    fetched = model.fetched
    match request.body:
        case requests.Reply() | requests.Start() as sent:
            return _not_sent(_not_moved(model, recipient(sent)), sent, frame)
        case requests.Resend() as again if over_limit.asks_again(again, frame):
            return over_limit.ask_again(model, again, frame)
        case requests.GetConversations():  # these are asked by the desk itself
            return others.refused(model)
        case requests.GetConversation(conversation_id=conversation_id):
            is_by_agent = conversation_id != model.conversations.unconfirmed
            model = snapshots.looked_up(model, None, conversation_id)
            return set_notice(model, Notice(frame.words, is_error=True)) if is_by_agent else model
        case requests.Search() as wanted:
            return replace(model, search=search.refused(model.search, frame.words, wanted))
        case requests.GetTags() | requests.GetScheduled() | contacts.FindContacts():
            return model
        case PutSavedReply():
            return saved_replies.not_stored(model, frame.words)
        case GetSavedReplies():
            return saved_replies.refused(model, frame.code, frame.words)
        case contacts.GetContact(conversation_id=conversation_id):
            return _no_person(model, conversation_id)
        case contacts.SetContact(conversation_id=conversation_id):
            is_newer = frame.code == RefusalCode.NEWER_CONTACT
            card = CardRequest(conversation_id, refusal=_by_name(model, frame), is_newer=is_newer)
            return replace(model, fetched=replace(fetched, card=card))
        case GetBoard():
            return replace(model, fetched=replace(fetched, board_refusal=frame.words))
        case requests.GetReport() as question:
            return _report(model, question, request, FetchedReport(refusal=frame.words))
        case requests.SaveDraft() | requests.GetDrafts():
            return draft_sync.refused(model, frame.code, request)
        case requests.GetMentions():
            return replace(model, mentions=model.mentions.answered(()))
        case requests.SeeMentions(conversation_id=conversation_id):
            return replace(model, mentions=model.mentions.without(conversation_id))
        case requests.MarkRead() as mark:
            return _not_marked(model, mark)
        case requests.PutPicture():
            model = replace(model, compose=compose.uploaded(model.compose, frame.id, None))
        case requests.GetPicture(picture_id=picture_id):
            return _picture(model, ShownPicture(picture_id, refusal=frame.words))
        case requests.GetHistory() as wanted:
            model = _no_history(model, wanted)
        case requests.GetTargets(conversation_id=conversation_id):
            targets = TransferTargets(conversation_id, refusal=frame.words)
            return replace(model, fetched=replace(fetched, targets=targets))
        case requests.Explain(conversation_id=conversation_id):
            explanation = Explanation(conversation_id, refusal=frame.words)
            return replace(model, fetched=replace(fetched, explanation=explanation))
        case requests.GetOverflow(message_id=message_id):
            return replace(model, fetched=replace(fetched, overflow=OverflowText(message_id, refusal=frame.words)))
        case administration.Unmask(message_id=message_id):
            return _unmasked(model, message_id, UnmaskedText(refusal=frame.words))
        case requests.SignOff():
            return replace(model, agents=replace(model.agents, sign_off=PendingSignOff(refusal=frame.words)))
        case requests.UndoReply(message_id=message_id) if message_id in model.compose.undoing:
            undoing = model.compose.undoing.delete(message_id)
            model = replace(model, compose=replace(model.compose, undoing=undoing))
    if isinstance(request.body, _Move):
        model = _not_moved(model, request.body.conversation_id)
    if isinstance(request.body, _WithNote):
        model = _store_note(model, request.body)
    return set_notice(model, Notice(_by_name(model, frame), is_error=True))


def _by_name(model: Model, frame: frames.Refusal) -> str:
    """The words of a refusal, with the name of the agent that they begin with in place of the id."""
    agent = frame.details.get("agent")
    if isinstance(agent, str) and frame.words.startswith(f"{agent} "):
        return agent_name(model, agent) + frame.words.removeprefix(agent)
    return frame.words


def _not_moved(model: Model, conversation_id: str) -> Model:
    moves = model.conversations.moves_asked - {conversation_id}
    return replace(model, conversations=replace(model.conversations, moves_asked=moves))


def _store_note(model: Model, body: _WithNote) -> Model:
    """The note of a refused request is proposed the next time."""
    text = body.text if isinstance(body, requests.WriteNote) else body.note
    if not text:
        return model
    return replace(model, compose=replace(model.compose, notes=model.compose.notes.set(body.conversation_id, text)))


def _not_sent(model: Model, sent: Sending, frame: frames.Refusal) -> Model:
    """The text is the draft again. Messages the author had not seen are shown now, and count as seen."""
    left = compose.restore_draft(model.compose, recipient(sent), sent.text)
    if (macro := compose.macro_of(sent)) is not None:
        left = compose.set_macro(left, recipient(sent), macro)
    if isinstance(sent, requests.Reply) and sent.pictures:
        left = compose.restore_attachments(left, sent)
    model = replace(model, compose=left)
    if over_limit.asks_again(sent, frame):
        return over_limit.ask_again(model, sent, frame)
    known = model.conversations.by_id.get(recipient(sent))
    whom = f" to {consumer_name(known)}" if known is not None and known.id != model.shown else ""
    words, key = f"Not sent{whom}: {_by_name(model, frame)}", model.keys.name
    match frame.code:
        case RefusalCode.STALE if model.transcript is not None:
            transcript = model.transcript
            for message in frame.messages:
                transcript = transcripts.put(transcript, message)
            model = replace(model, transcript=transcript)
        case RefusalCode.HOLD_OVER:
            lapsed = model.conversations.lapsed | {recipient(sent)}
            model = replace(model, conversations=replace(model.conversations, lapsed=lapsed))
            words += f" {key('send')} accepts it again, and sends your draft."
        case RefusalCode.BAD_REQUEST | RefusalCode.CANNOT_ANSWER if isinstance(sent, requests.Start):
            words += f" {key('back')} and {key('start_conversation')} ask for another number; your text goes along."
        case RefusalCode.DOUBTFUL_NUMBER:
            model = replace(model, compose=compose.doubt(model.compose, recipient(sent), frame.words))
            words += f" {key('back')} and {key('start_conversation')} ask for the number once more."
        case RefusalCode.COUNTRY_NOT_ALLOWED | RefusalCode.TOO_MANY_NEW_NUMBERS | RefusalCode.TOO_MANY_SENDS:
            if model.agents.is_lead or isinstance(sent, requests.Start):
                words += f" A lead's command: {_override(model, sent)}"
        case RefusalCode.NOT_OWNER | RefusalCode.CLOSED | RefusalCode.UNKNOWN_CONVERSATION:
            words += " Your text is kept as a draft."
    return set_notice(model, Notice(words, is_error=True, is_of_unsent=True))


def _override(model: Model, sent: Sending) -> str:
    """The command that sends to this consumer whatever limit is reached; TEXT stands for the text."""
    if isinstance(sent, requests.Start):
        return f"textdesk start --line {quote(sent.line)} {quote(sent.consumer)} TEXT --override"
    known = model.conversations.by_id.get(sent.conversation_id)
    consumer = known.consumer if known is not None else sent.conversation_id
    of_consumer = [one for one in model.conversations.by_id.about(consumer) if one.consumer == consumer]
    is_meant = len(of_consumer) == 1 or all(one.state == "closed" for one in of_consumer if one != known)
    return f"textdesk send {quote(consumer if is_meant else sent.conversation_id)} TEXT --override"
