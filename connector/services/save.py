"""Saving a change: write its row and append its event, in one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from msgspec.structs import replace

from connector.domain import fact_visibility
from connector.domain.agent import Agent, PresenceSpan
from connector.domain.conversation import Conversation
from connector.domain.scheduled import ScheduledReply, next_at
from connector.domain.timers import with_rank_and_timer
from connector.services import views
from connector.services.given_back import give_back, why_overtaken
from connector.services.unit_of_work import UnitOfWork
from connector.store.values import Fact
from connector.wire import events, frames
from connector.wire.views import ConversationView

P = ParamSpec("P")
# The constructor of an event that begins with the conversation as desks see it; P are its other fields.
ConversationEvent = Callable[Concatenate[ConversationView, P], events.Event]


def conversation(
    uow: UnitOfWork, changed: Conversation, event: ConversationEvent[P], *args: P.args, **named: P.kwargs
) -> Conversation:
    """Recompute rank and timers, write the row, append the event. Returns the conversation as saved."""
    before = uow.tx.conversations.get(changed.id)
    saved = row(uow, changed)
    seen_before = None
    if before is not None and fact_visibility.differs(before, saved):
        seen_before = fact_visibility.of_conversations(before)
    body = event(view_of(uow, saved), *args, **named)
    fact(uow, body, saved.id, visibility=fact_visibility.of_conversations(saved), visibility_before=seen_before)
    if before is not None and before.scheduled_at is not None and saved.scheduled_at is None:
        for one in uow.tx.scheduled.in_conversation(saved.id):
            _give_back(uow, saved, one, why_overtaken(before, saved))
    return saved


def given_back(
    uow: UnitOfWork, changed: Conversation, one: ScheduledReply, words: str, *, by: str | None = None
) -> Conversation:
    """Save a conversation without a reply that was to be sent later, which is its author's draft again. `by`: the agent
    who has cancelled it; else `words` say why it was not sent."""
    left = [each for each in uow.tx.scheduled.in_conversation(changed.id) if each.id != one.id]
    saved = row(uow, replace(changed, scheduled_at=next_at(left), version=changed.version + 1))
    _give_back(uow, saved, one, words, by=by)
    return saved


def _give_back(uow: UnitOfWork, saved: Conversation, one: ScheduledReply, words: str, *, by: str | None = None) -> None:
    fact(uow, give_back(uow, one), None, visibility=fact_visibility.of_own(one.author))
    ended = "cancelled" if by is not None else "held_back"
    scheduled = views.scheduled_view(one, uow.brand.masking)
    conversation_event(uow, saved, events.ScheduleEnded, scheduled, ended, by=by, words=words)


def new_conversation(
    uow: UnitOfWork, opened: Conversation, event: ConversationEvent[P], *args: P.args, **named: P.kwargs
) -> Conversation:
    """The same for a new one. Raises Raced when another is already open for its line and consumer.

    It has the name of its person's contact. What a consumer who was erased said about being texted is known by its
    keyed hash, and is theirs again.
    """
    consent = uow.latest_consent(opened.person)
    if consent is not None and consent.person != opened.person:
        uow.tx.consent.recognise(consent.person, opened.person, opened.consumer)
    saved = with_rank_and_timer(
        replace(opened, name=uow.tx.contacts.name_of(opened.person)),
        uow.rules_of(opened),
    )
    uow.tx.conversations.insert(saved)
    conversation_event(uow, saved, event, *args, **named)
    return saved


def conversation_event(
    uow: UnitOfWork, saved: Conversation, event: ConversationEvent[P], *args: P.args, **named: P.kwargs
) -> None:
    """Append a further event of a conversation that has been saved."""
    body = event(view_of(uow, saved), *args, **named)
    fact(uow, body, saved.id, visibility=fact_visibility.of_conversations(saved))


def view_of(uow: UnitOfWork, saved: Conversation) -> ConversationView:
    """A saved conversation as desks receive it."""
    return views.conversation_view(
        saved,
        uow.brand,
        is_opted_out=uow.is_opted_out(saved.person),
        likely_opt_out=views.likely_id(uow.likely_opt_out(saved.person)),
    )


def row(uow: UnitOfWork, changed: Conversation) -> Conversation:
    """Write the row with rank and timers recomputed, without an event."""
    saved = with_rank_and_timer(changed, uow.rules_of(changed))
    uow.tx.conversations.update(saved)
    return saved


def agent(uow: UnitOfWork, changed: Agent, *, has_come: bool = True) -> None:
    """Write the row, begin a presence span where the presence is another, append the event.

    `has_come`: False for one who has never signed in, and so has no spans.
    """
    uow.tx.agents.save(changed)
    staff = uow.tx.staff(uow.now)
    load = staff.loads.get(changed.id)
    owned = uow.tx.conversations.owned_by_account(changed.id) if load is not None and load.count else {}
    view = views.agent_view(
        changed,
        is_connected=changed.id in staff.connected,
        is_silent=changed.id in staff.silent,
        assigned=sum(owned.values()),
    )
    if has_come:
        uow.tx.agents.begin_span(PresenceSpan(view.id, str(view.presence), view.reason, uow.now))
    fact(uow, events.AgentChanged(view), None, visibility=fact_visibility.of_agent(changed, owned))


def fact(
    uow: UnitOfWork,
    event: events.Event,
    conversation_id: str | None,
    *,
    at: int | None = None,
    visibility: str | None = None,
    visibility_before: str | None = None,
) -> None:
    """Append an event as a fact, whose kind is the event's tag. `at`: when it happened, if not now.

    `visibility` is one of `domain.fact_visibility`, or None: that of the conversation when the fact is sent.
    """
    committed = Fact(
        at=uow.now if at is None else at,
        kind=str(type(event).__struct_config__.tag),
        conversation_id=conversation_id,
        body=frames.encode_event(event),
        visibility=visibility,
        visibility_before=visibility_before,
    )
    uow.tx.facts.append([committed])
