"""Mentions: agents who are named with @ in a note find it, if they may see the conversation."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import fact_visibility
from connector.domain.message import Message
from connector.domain.note_mentions import Mention, mentioned
from connector.domain.rights import rights_of, visibility_of
from connector.services import save
from connector.services.conversations import listing
from connector.services.query import Query
from connector.services.unit_of_work import UnitOfWork
from connector.wire import answers, events, limits, requests
from connector.wire.views import MentionView

_Says = answers.Done | answers.Written | answers.Transferred | answers.HandedOn
"""Answers that say who was not told."""


def told(uow: UnitOfWork, answer: answers.Answer) -> answers.Answer:
    """Record whom the notes of this request mention, and tell their desks. Returns the answer with those who do not see
    the conversation, as it is after the request: a note that goes with a transfer is for who sees it there."""
    not_told = list(dict.fromkeys(one for note in uow.written_notes for one in _told_of(uow, note)))
    return replace(answer, not_told=not_told) if not_told and isinstance(answer, _Says) else answer


def _told_of(uow: UnitOfWork, note: Message) -> list[str]:
    """Returns whom it names who do not see it. Agents whom its author does not see are words like others."""
    if "@" not in note.text or note.author is None:
        return []
    agents = {one.id: one for one in uow.tx.staff(uow.now).agents if uow.rights.shows(one) and not one.is_disabled}
    seen = visibility_of(uow.conversation(note.conversation_id))
    not_told = []
    for one in mentioned(note.text, agents):
        if one == note.author:
            continue
        if not rights_of(agents[one]).may_see(seen):
            not_told.append(one)
            continue
        uow.tx.mentions.add(Mention(one, note.conversation_id, note.id, note.author, note.at))
        event = events.Mentioned(MentionView(note.conversation_id, note.id, note.author, note.at))
        save.fact(uow, event, None, visibility=fact_visibility.of_own(one))
    return not_told


def see(uow: UnitOfWork, agent: str, request: requests.SeeMentions) -> None:
    """The agent has opened the conversation."""
    if uow.tx.mentions.remove(agent, request.conversation_id):
        event = events.MentionsSeen(request.conversation_id)
        save.fact(uow, event, None, visibility=fact_visibility.of_own(agent))


def own(query: Query, question: requests.GetMentions) -> answers.FoundMentions:
    """Those in conversations that the agent still sees."""
    found = query.reading.mentions(query.rights.agent, limits.MENTIONS)
    stored = [query.reading.conversation(one) for one in dict.fromkeys(mention.conversation_id for mention in found)]
    shown = [one for one in stored if one is not None and query.rights.may_see(visibility_of(one))]
    ids = {one.id for one in shown}
    views = [
        MentionView(one.conversation_id, one.message_id, one.author, one.at)
        for one in found
        if one.conversation_id in ids
    ]
    return answers.FoundMentions(views, listing.conversation_views(query.reading, shown, query.brand))
