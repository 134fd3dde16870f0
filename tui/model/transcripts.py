"""Changes of the shown transcript by events and answers, and by going to another conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from connector.wire import answers, events, limits, requests
from connector.wire.contacts import PersonView
from connector.wire.joined_parts import JoinedMessage
from connector.wire.views import ConversationView, MessageView, ScheduledView
from tui.model.conversations import person
from tui.model.state import FoundPlace, Model, Transcript

_RECENT = 24  # transcripts that are kept, of a page of messages each
_MEANWHILE = 50  # messages: more than come while an answer is under way


def put(transcript: Transcript, message: MessageView) -> Transcript:
    """Put a message of its consumer where its id belongs, which nearly always is the end."""
    if transcript.person != person(message):
        return transcript
    messages = transcript.messages
    if transcript.is_stale or transcript.has_newer or transcript.is_loading:
        transcript = _noted(transcript, message)
    if transcript.has_newer and (not messages or messages[-1].id < message.id):
        return transcript  # there may be others between
    is_last = not messages or messages[-1].id < message.id
    return replace(transcript, messages=(*messages, message) if is_last else _merged(messages, (message,)))


def _noted(transcript: Transcript, message: MessageView) -> Transcript:
    """An answer that is under way may be older than this."""
    others = tuple(one for one in transcript.meanwhile if one.id != message.id)
    return replace(transcript, meanwhile=(*others, message)[-_MEANWHILE:])


def _with_meanwhile(transcript: Transcript, messages: Iterable[MessageView]) -> tuple[MessageView, ...]:
    """The latest messages as an answer has them, with what has come since it was made."""
    messages = tuple(messages)
    if not transcript.meanwhile:
        return messages
    ids, last = {one.id for one in messages}, messages[-1].id if messages else ""
    return _merged(messages, (one for one in transcript.meanwhile if one.id > last or one.id in ids))


def _merged(some: Iterable[MessageView], others: Iterable[MessageView]) -> tuple[MessageView, ...]:
    by_id = {message.id: message for message in some}
    by_id.update((message.id, message) for message in others)
    return tuple(by_id[message_id] for message_id in sorted(by_id))


def status_moved(transcript: Transcript, body: events.StatusMoved) -> Transcript:
    def moved(message: MessageView) -> MessageView:
        return replace(
            message,
            status=body.status,
            status_at=body.status_at,
            code=body.code,
            words=body.words,
            raw_status=body.raw_status,
            resent_as=body.resent_as,
            is_unsettled=body.is_unsettled,
        )

    return _changed(transcript, body.message_id, moved)


def picture_moved(transcript: Transcript, body: events.PictureMoved) -> Transcript:
    """A picture of a message was fetched, or could not be."""

    def moved(message: MessageView) -> MessageView:
        pictures = [body.picture if known.id == body.picture.id else known for known in message.pictures]
        return replace(message, pictures=pictures)

    return _changed(transcript, body.message_id, moved)


def _index(transcript: Transcript, message_id: str) -> int | None:
    messages = transcript.messages
    return next((at for at in range(len(messages) - 1, -1, -1) if messages[at].id == message_id), None)


def _changed(transcript: Transcript, message_id: str, change: Callable[[MessageView], MessageView]) -> Transcript:
    """With one message as it has become, be it in sight or not."""
    at, messages, meanwhile = _index(transcript, message_id), transcript.messages, transcript.meanwhile
    if any(one.id == message_id for one in meanwhile):
        came = tuple(change(one) if one.id == message_id else one for one in meanwhile)
        transcript = replace(transcript, meanwhile=came)
    if at is None:
        return transcript
    message = change(messages[at])
    if transcript.is_stale or transcript.is_loading:
        transcript = _noted(transcript, message)
    return replace(transcript, messages=(*messages[:at], message, *messages[at + 1 :]))


def written(
    transcript: Transcript, view: ConversationView, reply: requests.Reply, message_id: str, author: str | None, at: int
) -> Transcript:
    """The core has stored a reply. Until its event comes, the transcript shows what the answer tells of it."""
    if transcript.person != person(view) or _index(transcript, message_id) is not None:
        return transcript
    message = MessageView(
        id=message_id,
        conversation_id=view.id,
        seq=view.last_seq + 1,
        direction="reply",
        line=view.line,
        consumer=view.consumer,
        person=view.person,
        text=reply.text,
        at=at,
        status="queued",
        status_at=at,
        author=author,
        code=None,
        words=None,
        encoding="",
        segments=0,
        overflow=0,
        part=None,
    )
    return put(transcript, message)


def loaded(
    transcript: Transcript, view: ConversationView | None, history: answers.History, wanted: requests.GetHistory
) -> Transcript:
    """The first page of messages is here, or another one. `view` is the conversation it was asked for."""
    if transcript.past:
        if wanted.conversation_id != transcript.past:
            return transcript
        if history.messages:  # their messages say who they are; the new conversation has only their number
            transcript = replace(transcript, person=person(history.messages[-1]))
    elif view is None or person(view) != transcript.person:
        return transcript
    if wanted.around is not None or wanted.after is not None:
        return _loaded_elsewhere(transcript, history, wanted)
    if transcript.around or (transcript.has_newer and wanted.before is None):
        return transcript  # asked for before the agent went to another place
    if wanted.before is None and transcript.is_stale:
        # What has not changed stays the same object, and is not drawn again.
        known = {message.id: message for message in transcript.messages}
        latest = _with_meanwhile(transcript, history.messages)
        messages = tuple(old if (old := known.get(new.id)) == new else new for new in latest)
    elif wanted.before is None or (transcript.messages and transcript.messages[0].id == wanted.before):
        is_latest = wanted.before is None
        page = _with_meanwhile(transcript, history.messages) if is_latest else tuple(history.messages)
        messages = _merged(page, transcript.messages)  # an event is never older than a history
    else:
        return transcript  # older than a message that is not shown any more: it would leave a gap
    return replace(
        transcript,
        messages=messages,
        has_older=history.more,
        ends=history.ends,
        scheduled=_scheduled(transcript, history, wanted),
        about=history.person if wanted.before is None else transcript.about,
        is_about_stale=transcript.is_about_stale and wanted.before is not None,
        meanwhile=transcript.meanwhile if transcript.has_newer else (),
        is_loading=False,
        is_stale=False,
        is_refused=False,
    )


def _scheduled(
    transcript: Transcript, history: answers.History, wanted: requests.GetHistory
) -> tuple[ScheduledView, ...]:
    """What waits for its moment, which comes with the latest messages."""
    is_latest = wanted.before is None and not history.newer and wanted.conversation_id == transcript.conversation_id
    return tuple(history.scheduled) if is_latest else transcript.scheduled


def scheduled_changed(transcript: Transcript, body: events.ReplyScheduled | events.ScheduleEnded) -> Transcript:
    """A reply waits for its moment, or no more."""
    if body.scheduled.conversation_id != transcript.conversation_id:
        return transcript
    waiting = [one for one in transcript.scheduled if one.id != body.scheduled.id]
    if isinstance(body, events.ReplyScheduled):
        waiting.append(body.scheduled)
    return replace(transcript, scheduled=tuple(sorted(waiting, key=lambda one: (one.send_at, one.id))))


def about_changed(transcript: Transcript, body: events.ContactChanged) -> Transcript:
    """What is recorded of a consumer is another by now: if it is this one, they are asked for anew."""
    is_theirs = transcript.person == (body.person or body.consumer)
    is_known = transcript.about is not None and transcript.about.contact.version == body.version
    return replace(transcript, is_about_stale=True) if is_theirs and not is_known else transcript


def about_found(transcript: Transcript, view: ConversationView | None, found: PersonView) -> Transcript:
    """The core has answered, who the consumer of this conversation is."""
    if view is None or person(view) != transcript.person:
        return transcript
    return replace(transcript, about=found, is_about_stale=False)


def _loaded_elsewhere(transcript: Transcript, history: answers.History, wanted: requests.GetHistory) -> Transcript:
    """Messages around a place are here, or newer ones."""
    messages = transcript.messages
    if wanted.around is not None:
        if wanted.around != transcript.around and not (transcript.is_stale and transcript.has_newer):
            return transcript
        messages, has_older, ends = tuple(history.messages), history.more, history.ends
    elif messages and messages[-1].id == wanted.after:
        messages = (*messages, *history.messages)
        has_older, ends = transcript.has_older, transcript.ends
    else:
        return transcript
    if not history.newer:
        messages = _with_meanwhile(transcript, messages)
    about = history.person or transcript.about
    return replace(
        transcript,
        about=about,
        is_about_stale=about is None or (transcript.is_about_stale and history.person is None),
        messages=messages,
        has_older=has_older,
        ends=ends,
        scheduled=_scheduled(transcript, history, wanted),
        has_newer=history.newer,
        around="",
        meanwhile=transcript.meanwhile if history.newer else (),
        is_loading=False,
        is_stale=False,
        is_refused=False,
    )


def at_place(transcript: Transcript, found: FoundPlace) -> Transcript:
    """Go to a message: where it is loaded it stays so, else what is around it is."""
    if any(found.message_id in ids_of(one) for one in transcript.messages) and not transcript.is_stale:
        return replace(transcript, found=found)
    is_up_to_date = not transcript.has_newer and not transcript.is_stale
    return replace(
        transcript,
        messages=(),
        has_older=False,
        ends="",
        has_newer=True,
        around=found.message_id,
        # An answer may be under way that was asked for when the agent was there before.
        meanwhile=_merged(transcript.meanwhile, transcript.messages if is_up_to_date else ())[-_MEANWHILE:],
        is_loading=True,
        is_stale=False,
        is_refused=False,
        found=found,
    )


def at_present(transcript: Transcript) -> Transcript:
    """Go to the latest message, from what was found."""
    if not transcript.has_newer:
        return transcript if transcript.found is None else replace(transcript, found=None)
    return Transcript(
        transcript.conversation_id,
        transcript.person,
        read_refused=transcript.read_refused,
        about=transcript.about,
        is_about_stale=transcript.is_about_stale,
        meanwhile=transcript.meanwhile,
    )


def ids_of(message: MessageView) -> Iterable[str]:
    """Of a message as it is drawn: those of all its parts."""
    return message.part_ids if isinstance(message, JoinedMessage) else (message.id,)


def last_seen(model: Model, conversation_id: str) -> int:
    """The `seq` of the last message of others that the transcript shows of a conversation; 0 for none.

    The agent's own do not count: until its event is here, the place of a reply is a guess.
    """
    me = model.agents.me.id if model.agents.me else None
    messages = model.transcript.messages if model.transcript else ()
    for message in reversed(messages):
        if message.conversation_id == conversation_id and (message.direction == "inbound" or message.author != me):
            return message.seq
    return 0


def show(model: Model, conversation_id: str) -> Model:
    """Show a conversation; messages of its consumer that are loaded already stay. Nothing else comes of it."""
    view = model.conversations.by_id[conversation_id]
    shown, who = model.transcript, person(view)
    if model.conversations.gone is not None:
        model = replace(model, conversations=replace(model.conversations, gone=None))
    if shown is not None and shown.person == who:
        if shown.conversation_id == conversation_id:
            return model
        is_stale = shown.is_stale or shown.is_refused
        again = replace(shown, conversation_id=conversation_id, past="", is_stale=is_stale, is_refused=False)
        return replace(model, transcript=at_present(replace(again, read_refused=None)))
    model = put_aside(model)
    for kept in model.recent:
        if kept.person == who:
            # Perhaps more has come since: until the core has given them anew, the messages are shown as they were.
            again = replace(kept, conversation_id=conversation_id, read_refused=None)
            return replace(model, transcript=again, recent=tuple(one for one in model.recent if one is not kept))
    return replace(model, transcript=Transcript(conversation_id, who, is_stale=True))


def enter(model: Model, conversation_id: str) -> Model:
    """Open a conversation: it is read now, and what the core refused for it is asked once more."""
    model = show(model, conversation_id)
    shown = model.transcript
    if shown is not None and (shown.is_refused or shown.read_refused is not None):
        is_stale = shown.is_stale or shown.is_refused
        shown = replace(shown, is_stale=is_stale, is_refused=False, read_refused=None)
    return replace(model, transcript=shown, is_entered=True)


def put_aside(model: Model) -> Model:
    """Show no conversation. Messages that are here stay at hand, as far as the core has conversations of theirs."""
    shown = model.transcript
    if shown is None:
        return model
    recent = model.recent
    is_up_to_date = not shown.has_newer and not shown.around
    if is_up_to_date and shown.messages and shown.conversation_id in model.conversations.by_id:
        others = tuple(one for one in recent if one.person != shown.person)
        page = shown.messages[-limits.DEFAULT_PAGE_SIZE :]
        has_older = shown.has_older or len(page) < len(shown.messages)
        kept = replace(
            shown,
            messages=page,
            has_older=has_older,
            is_loading=False,
            is_stale=True,
            is_refused=False,
            meanwhile=(),
            found=None,
        )
        recent = (*others, kept)[-_RECENT:]
    return replace(model, transcript=None, recent=recent)
