"""A conversation that begins with our text: until the core has opened it, a value of the desk stands for it."""

from __future__ import annotations

from msgspec.structs import replace

from connector.wire import answers, requests
from connector.wire.views import ConversationView
from tui.model import transcripts
from tui.model.compose import confirm, move_draft
from tui.model.conversations import new_conversation_id, person
from tui.model.state import Model, Transcript


def show_new(
    model: Model, line: str, consumer: str, now: int, begun: str = "", typed: str = "", name: str = ""
) -> Model:
    """Show an empty transcript in which the first text can be written. `now` is the core's time; `begun`: the new
    conversation whose draft goes along; `typed`: the number as the agent has written it; `name`: the consumer's."""
    known = next((known for known in model.providers.lines if known.address == line), None)
    view = ConversationView(
        id=new_conversation_id(line, consumer),
        version=0,
        state="assigned",
        account=known.account if known else "",
        line=line,
        consumer=consumer,
        skill=known.skill if known else "",
        agent=model.agents.me.id if model.agents.me else None,
        opened_at=now,
        last_at=now,
        queued_at=None,
        waiting_since=None,
        closed_at=None,
        last_seq=0,
        unread=0,
        last_text="",
        last_direction="reply",
        opted_out=False,
        reason="nothing has been sent yet",
        shown=typed if typed != consumer else "",
        name=name,
    )
    return replace(
        transcripts.put_aside(model),
        conversations=replace(model.conversations, new=view, opened_by_new=None, gone=None),
        compose=move_draft(confirm(model.compose, view.id), begun, view.id),  # the number was asked for just before
        transcript=Transcript(view.id, consumer, is_loading=False),
        is_entered=True,
    )


def past_wanted(consumer: str) -> requests.Search:
    """What finds the latest conversation with this number that the agent may see."""
    return requests.Search(consumer, limit=1)


def past_found(model: Model, page: answers.SearchHits, wanted: requests.Search) -> Model:
    """What was said before with the consumer of the new conversation is to be shown above its first text."""
    new, shown = model.conversations.new, model.transcript
    if new is None or shown is None or shown.conversation_id != new.id or wanted.text != new.consumer:
        return model
    past = next((one.conversation_id for one in page.people if one.consumer == new.consumer), "")
    return replace(model, transcript=replace(shown, past=past, is_stale=True)) if past else model


def opened(model: Model, conversation_id: str) -> Model:
    """The core has opened the conversation, or used the one that was open."""
    return show_opened(replace(model, conversations=replace(model.conversations, opened_by_new=conversation_id)))


def show_opened(model: Model) -> Model:
    """Show the opened conversation in place of the new one, as soon as its own row is here."""
    conversations, shown = model.conversations, model.transcript
    view = conversations.by_id.get(conversations.opened_by_new or "")
    if view is None:
        return model
    conversations = replace(conversations, opened_by_new=None)
    if conversations.new is None or shown is None or shown.conversation_id != conversations.new.id:
        return replace(model, conversations=conversations)  # the agent has gone elsewhere
    transcript = Transcript(view.id, person(view), shown.messages, is_stale=True)
    return replace(model, conversations=replace(conversations, new=None), transcript=transcript)
