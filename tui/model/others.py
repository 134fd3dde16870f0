"""Conversations that a snapshot leaves out, page after page, the newest first."""

from __future__ import annotations

from collections.abc import Iterable

from immutables import Map
from msgspec.structs import replace

from connector.wire import answers, events, frames, limits, requests
from connector.wire.views import ConversationView
from tui.model.conversations import person
from tui.model.state import Model, Others


def left_out(frame: frames.SnapshotFrame) -> Others:
    """What the first frame of a snapshot says of those it has not."""
    number = sum(frame.held_by_others.values())
    return Others(is_complete=number == 0, left_out=number)


def next_page(model: Model) -> requests.GetConversations | None:
    """The page to ask for, if there is one."""
    others = model.others
    if others.is_complete or others.is_refused or not model.connection.is_complete:
        return None
    return requests.GetConversations(others.before)


def total(model: Model) -> int:
    """How many conversations there are, here or not."""
    return len(model.conversations.by_id) + model.others.left_out


def put(model: Model, views: Iterable[ConversationView]) -> Model:
    """Add rows, except those whose newer version is here."""
    conversations = model.conversations
    known, unconfirmed = conversations.by_id, conversations.unconfirmed
    newer = {
        view.id: view
        for view in views
        if (old := known.get(view.id)) is None or old.version < view.version or view.id == unconfirmed
    }
    if not newer:
        return model
    conversations = replace(
        conversations, by_id=known.update(newer), unconfirmed=None if unconfirmed in newer else unconfirmed
    )
    return replace(model, conversations=conversations)


def loaded(model: Model, page: answers.ConversationPage, wanted: requests.GetConversations) -> Model:
    """A page is here."""
    others, known = model.others, model.conversations.by_id
    if others.is_complete or wanted.before != others.before:  # asked for before the latest snapshot
        return model
    views = [as_it_is(others, view) for view in page.conversations if view.id not in others.hidden]
    new = sum(view.id not in known for view in views)
    # Another answer may still be older than these events: a look-up's, or one that was asked for twice.
    is_under_way = any(isinstance(one.body, requests.GetConversations) for one in model.pending.values())
    others = replace(
        others,
        is_complete=not page.more,
        left_out=max(0, others.left_out - new) if page.more else 0,
        before=page.conversations[-1].id if page.conversations else others.before,
        hidden=others.hidden if is_under_way else frozenset(),
        consents=others.consents if is_under_way else Map(),
    )
    return put(replace(model, others=others), views)


def with_rows(model: Model, views: Iterable[ConversationView]) -> Model:
    """Conversations that something else than their lists has asked for."""
    seen = [as_it_is(model.others, view) for view in views if view.id not in model.others.hidden]
    for view in seen:
        if view.id not in model.conversations.by_id:
            model = appeared(model, view)
    return put(model, seen)


def refused(model: Model) -> Model:
    return replace(model, others=replace(model.others, is_refused=True))


def retried(model: Model) -> Model:
    """A page that was refused may be asked for again."""
    return replace(model, others=replace(model.others, is_refused=False)) if model.others.is_refused else model


def appeared(model: Model, view: ConversationView) -> Model:
    """An event is about a conversation that is not here: one that was left out, unless it was opened since."""
    return model if model.others.is_complete or view.opened_at >= model.connection.hello_at else fewer(model)


def is_left_out(model: Model, view: ConversationView) -> bool:
    """Whether a conversation that is not here is one of those that a snapshot leaves out, and no older one."""
    is_here = view.id in model.conversations.by_id and view.id != model.conversations.unconfirmed
    if model.others.is_complete or is_here:
        return False
    return view.closed_at is None or view.closed_at >= model.connection.hello_at - limits.CLOSED_LISTED_MS


def fewer(model: Model) -> Model:
    """One of those that were left out is here."""
    return replace(model, others=replace(model.others, left_out=max(0, model.others.left_out - 1)))


def hidden(model: Model, conversation_id: str) -> Model:
    """A conversation is out of sight; an empty id is of none."""
    others = model.others
    if others.is_complete or not conversation_id:
        return model
    was_here = conversation_id in model.conversations.by_id
    left = others.left_out if was_here else max(0, others.left_out - 1)
    return replace(model, others=replace(others, left_out=left, hidden=others.hidden | {conversation_id}))


def consent_changed(model: Model, body: events.ConsentChanged) -> Model:
    """Closed conversations with the consumer follow, those that a page under way has as well."""
    others = model.others
    if others.is_complete:
        return model
    who = {body.consumer} | ({person(body.conversation)} if body.conversation else set())
    return replace(model, others=replace(others, consents=others.consents.update(dict.fromkeys(who, body.opted_out))))


def as_it_is(others: Others, view: ConversationView) -> ConversationView:
    """A row of an answer, with what events since then have said of its consumer."""
    for who in (view.consumer, person(view)):
        if who in others.consents:
            return replace(view, opted_out=others.consents[who])
    return view
