"""Drafts of replies: what an agent has written and not sent, for all desks of theirs and for no one else.

A desk says which version its text was made from, so that of two desks that write at once neither replaces unseen what
the other has.
"""

from __future__ import annotations

from connector.domain import fact_visibility
from connector.domain.draft import Draft
from connector.domain.refusals import Refused
from connector.services import save as saving
from connector.services.query import Query
from connector.services.unit_of_work import UnitOfWork
from connector.wire import answers, events, limits, requests
from connector.wire.refusals import RefusalCode
from connector.wire.sent_text import without_sent
from connector.wire.views import DraftView


def save(uow: UnitOfWork, agent: str, request: requests.SaveDraft) -> answers.DraftSaved:
    conversation_id, text, drafts = request.conversation_id, request.text, uow.tx.drafts
    if len(text) > limits.DRAFT_LENGTH:
        words = f"A draft has at most {limits.DRAFT_LENGTH:,} characters; this one has {len(text):,}."
        raise Refused(RefusalCode.TOO_LONG, words, limit=limits.DRAFT_LENGTH, length=len(text))
    stored = drafts.get(agent, conversation_id)
    if text == (stored.text if stored else ""):
        return answers.DraftSaved(stored.version if stored else "")
    version = stored.version if stored else ""
    if version != request.based_on:
        raise Refused(RefusalCode.NEWER_DRAFT, "Another desk of yours has changed this draft.", version=version)
    if stored is None and drafts.count(agent) >= limits.DRAFTS_PER_AGENT:
        raise Refused(RefusalCode.BAD_REQUEST, f"You have {limits.DRAFTS_PER_AGENT} drafts: send or clear some.")
    return answers.DraftSaved(_put(uow, agent, conversation_id, text))


def take_sent(uow: UnitOfWork, agent: str, reply: requests.Reply | requests.ScheduleReply) -> None:
    """A reply is written: the draft that it was made from is none any more. What another desk of the agent has added
    stays one."""
    stored = uow.tx.drafts.get(agent, reply.conversation_id)
    if stored is not None and (rest := without_sent(stored.text, reply.text, reply.made_from)) != stored.text:
        _put(uow, agent, reply.conversation_id, rest)


def _put(uow: UnitOfWork, agent: str, conversation_id: str, text: str) -> str:
    """Store or remove a draft, and tell the agent's desks. Returns its version."""
    version = uow.brand.ids.new() if text else ""
    if text:
        uow.tx.drafts.save(Draft(agent, conversation_id, text, version, uow.now))
    else:
        uow.tx.drafts.remove(agent, conversation_id)
    if len(uow.tx.agents.desks_of_agent(agent)) > 1:
        # A desk that connects later asks for all of them.
        changed = events.DraftChanged(conversation_id, version)
        saving.fact(uow, changed, None, visibility=fact_visibility.of_own(agent))
    return version


def own(query: Query, question: requests.GetDrafts) -> answers.Drafts:
    found = query.reading.drafts(query.rights.agent, question.conversation_ids)
    views = [DraftView(one.conversation_id, one.text, one.version, one.at) for one in found]
    return answers.Drafts(views, query.reading.position())
