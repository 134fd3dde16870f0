"""The table of requests: what the asker of each needs, and what answers it.

A question reads what is committed. A command is one use case, and one that took effect is answered the same ever
after. A request that needs files or a provider has its handler in the edge; what its asker needs stands here all the
same (see `request_rights`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from connector.domain.audit import AuditNote
from connector.domain.refusals import Refused
from connector.services import pictures
from connector.services.accounts import mode, quarantine, traffic
from connector.services.agents import changes, tokens
from connector.services.agents import listing as agent_listing
from connector.services.audit import questions as audit_questions
from connector.services.consent import decisions
from connector.services.contacts import changes as contact_changes
from connector.services.contacts import imports as contact_imports
from connector.services.contacts import reading as contact_reading
from connector.services.conversations import (
    closing,
    drafts,
    due,
    listing,
    mentions,
    notes,
    ownership,
    snooze,
    tags,
    transcript,
    unread,
)
from connector.services.erasure import forget
from connector.services.on_call import acknowledging, urgent
from connector.services.on_call import listing as alert_listing
from connector.services.query import Query
from connector.services.reports import report
from connector.services.request_rights import Needs, require, require_valid, rights_of_asker
from connector.services.routing import board as team_board
from connector.services.routing import explanation, hand_on, presence, transfer, transfer_targets
from connector.services.saved_replies import changes as saved_reply_changes
from connector.services.saved_replies import listing as saved_reply_listing
from connector.services.search import find, indexing
from connector.services.sending import later, reply, resend, start
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import UnitOfWork
from connector.store.ports import Reading
from connector.wire import administration, answers, board, contacts, requests, saved_replies

R = TypeVar("R")
_decoder: msgspec.json.Decoder[answers.Answer] = msgspec.json.Decoder(answers.Answer)


class RequestRow(Struct, frozen=True):
    """A type of request, and what its asker needs of all that it names."""

    request: type
    needs: Needs


class CommandRow(RequestRow, frozen=True):
    """Changes something. Done is the answer of a use case that returns none. `remembered`: what is stored of its
    answer, for a repeated request."""

    use_case: Callable[[UnitOfWork, str, Any], answers.Answer | None]
    remembered: Callable[[answers.Answer], answers.Answer] | None = None  # None: all of it


class QuestionRow(RequestRow, frozen=True):
    """Only reads."""

    answer: Callable[[Query, Any], answers.Answer]


class EdgeRow(RequestRow, frozen=True):
    """Needs files or a provider: the edge has its handler, which gets what `finds` has found, if there is one, and
    has its asker admitted again (`admit`) where it writes."""

    finds: Callable[[Query, Any], Any] | None = None


def _command(
    request: type[R], use_case: Callable[[UnitOfWork, str, R], answers.Answer | None], needs: Needs
) -> CommandRow:
    return CommandRow(request, needs, use_case)


def _question(request: type[R], answer: Callable[[Query, R], answers.Answer], needs: Needs) -> QuestionRow:
    return QuestionRow(request, needs, answer)


TABLE: tuple[RequestRow, ...] = (
    _command(requests.Accept, ownership.accept, Needs.TAKE),
    _command(requests.Decline, ownership.decline, Needs.SEE),
    _command(requests.GiveBack, ownership.give_back, Needs.SEE),
    _command(requests.TakeOver, ownership.take_over, Needs.LEAD),
    _command(requests.Join, ownership.join, Needs.LEAD),
    _command(requests.Leave, ownership.leave, Needs.SEE),
    _command(requests.Transfer, transfer.transfer, Needs.SEE),
    _command(requests.Reply, reply.reply, Needs.ANSWER),
    _command(requests.ScheduleReply, later.schedule, Needs.ANSWER),
    _command(requests.CancelScheduled, later.cancel, Needs.NOTHING),
    _command(requests.Resend, resend.resend, Needs.ANSWER),
    _command(requests.UndoReply, reply.undo, Needs.NOTHING),
    _command(requests.Start, start.start, Needs.TAKE),
    _command(requests.WriteNote, notes.write, Needs.SEE),
    _command(requests.SaveDraft, drafts.save, Needs.SEE),
    _command(requests.DecideOptOut, decisions.decide, Needs.SEE),
    _command(requests.OptOut, decisions.opt_out, Needs.NOTHING),
    _command(requests.OptIn, decisions.opt_in, Needs.NOTHING),
    _command(requests.Snooze, snooze.snooze, Needs.SEE),
    _command(requests.SetDue, due.set_due, Needs.SEE),
    _command(requests.MarkRead, unread.mark_read, Needs.SEE),
    _command(requests.SeeMentions, mentions.see, Needs.SEE),
    _command(requests.MarkUnread, unread.mark_unread, Needs.SEE),
    _command(requests.SetTags, tags.set_tags, Needs.SEE),
    _command(requests.Close, closing.close, Needs.ANSWER),
    _command(requests.WrapUp, closing.wrap_up, Needs.SEE),
    _command(requests.Reopen, closing.reopen, Needs.TAKE),
    _command(requests.SetPresence, presence.set_presence, Needs.NOTHING),
    _command(requests.SignOff, presence.sign_off, Needs.NOTHING),
    _command(administration.SetAccountMode, mode.set_mode, Needs.ADMINISTER),
    _question(requests.Explain, explanation.explain, Needs.SEE),
    _question(requests.GetTargets, transfer_targets.targets, Needs.SEE),
    _question(requests.GetPresence, presence.spans, Needs.NOTHING),
    _question(requests.GetHistory, transcript.history, Needs.SEE),
    _question(requests.GetOverflow, transcript.overflow, Needs.SEE),
    _question(administration.Unmask, transcript.unmask, Needs.LEAD),
    _question(requests.GetConversations, listing.page, Needs.NOTHING),
    _question(requests.GetConversation, listing.one, Needs.SEE),
    _question(requests.Search, find.search, Needs.NOTHING),
    _question(administration.GetSearchState, indexing.state, Needs.NOTHING),
    _command(administration.RebuildSearch, indexing.rebuild, Needs.ADMINISTER),
    _question(requests.GetLoads, listing.loads, Needs.NOTHING),
    _question(board.GetBoard, team_board.board, Needs.NOTHING),
    _command(board.HandOn, hand_on.hand_on, Needs.SHIFT),
    _command(board.UndoHandOn, hand_on.undo, Needs.SHIFT),
    _question(requests.GetScheduled, later.own, Needs.NOTHING),
    _question(requests.GetTags, tags.used_of_late, Needs.NOTHING),
    _question(requests.GetAlerts, alert_listing.page, Needs.NOTHING),
    _question(requests.GetUrgent, urgent.page, Needs.NOTHING),
    _command(requests.Acknowledge, acknowledging.acknowledge, Needs.NOTHING),
    _question(requests.GetMentions, mentions.own, Needs.NOTHING),
    _question(requests.GetDrafts, drafts.own, Needs.NOTHING),
    _question(saved_replies.GetSavedReplies, saved_reply_listing.page, Needs.NOTHING),
    _command(saved_replies.PutSavedReply, saved_reply_changes.put, Needs.WRITE),
    _command(saved_replies.RemoveSavedReply, saved_reply_changes.remove, Needs.WRITE),
    _command(saved_replies.ImportSavedReplies, saved_reply_changes.import_all, Needs.WRITE),
    _question(contacts.GetContact, contact_reading.of_conversation, Needs.SEE),
    _command(contacts.SetContact, contact_changes.set_of_conversation, Needs.SEE),
    _question(contacts.GetContactOf, contact_reading.of_number, Needs.SEE),
    _command(contacts.SetContactOf, contact_changes.set_of_number, Needs.LEAD),
    _command(contacts.RemoveContact, contact_changes.remove, Needs.ADMINISTER),
    _question(contacts.FindContacts, contact_reading.find, Needs.NOTHING),
    _question(contacts.GetContacts, contact_reading.page, Needs.ADMINISTER),
    EdgeRow(contacts.StageContacts, Needs.ADMINISTER, contact_imports.check),
    _command(contacts.ApplyContacts, contact_imports.apply, Needs.ADMINISTER),
    _command(contacts.DropContacts, contact_imports.drop, Needs.ADMINISTER),
    _question(requests.GetTraffic, traffic.by_line, Needs.NOTHING),
    _question(requests.GetReport, report.report, Needs.NOTHING),
    _question(administration.GetHooks, quarantine.page, Needs.ADMINISTER),
    _question(administration.GetAudit, audit_questions.page, Needs.ADMINISTER),
    _question(administration.VerifyAudit, audit_questions.verify, Needs.ADMINISTER),
    _question(administration.GetAgents, agent_listing.page, Needs.ADMINISTER),
    _command(administration.AddAgent, changes.add, Needs.ADMINISTER),
    _command(administration.SetAgent, changes.change, Needs.ADMINISTER),
    _command(administration.DisableAgent, changes.disable_agent, Needs.ADMINISTER),
    _command(administration.EnableAgent, changes.enable_agent, Needs.ADMINISTER),
    _command(administration.RevokeToken, tokens.revoke, Needs.ADMINISTER),
    CommandRow(administration.IssueToken, Needs.ADMINISTER, tokens.issue, tokens.without_token),
    _question(administration.GetErased, listing.erased, Needs.NOTHING),
    EdgeRow(administration.Forget, Needs.ADMINISTER, forget.find),
    EdgeRow(requests.GetPicture, Needs.SEE, pictures.stored_media),
    EdgeRow(requests.PutPicture, Needs.NOTHING),
    EdgeRow(administration.ReleaseHook, Needs.ADMINISTER, quarantine.releasable),
    EdgeRow(administration.Recover, Needs.ADMINISTER),
    EdgeRow(administration.Reload, Needs.ADMINISTER),
)
_by_type = {row.request: row for row in TABLE}


def row_of(request: type) -> RequestRow:
    return _by_type[request]


def execute(
    uow: UnitOfWork,
    agent: str,
    request_id: str,
    request: requests.Request,
    too_many: Refused | None = None,
    *,
    is_administrator: bool = False,
    token: str | None = None,
) -> answers.Answer:
    """Carry out a command once. Raises Refused, which leaves no trace, so that a corrected request may follow.

    `too_many` is raised unless the request was answered before: a bound of the agent is reached. `is_administrator`: by
    nature, whatever role is stored. `token`: digest of the one they have signed in by.
    """
    row = row_of(type(request))
    if not isinstance(row, CommandRow):
        raise TypeError(f"{type(request).__name__} is not a command")
    _as_asker(uow, agent, is_administrator=is_administrator, token=token)
    if (before := uow.tx.requests.answer(agent, request_id)) is not None:
        return _decoder.decode(before)
    if too_many is not None:
        raise too_many
    require(uow, uow.rights, row.needs, request)
    answer = mentions.told(uow, row.use_case(uow, agent, request) or answers.Done())
    stored = row.remembered(answer) if row.remembered else answer
    uow.tx.requests.remember(agent, request_id, uow.now, msgspec.json.encode(stored))
    return answer


def admit(
    uow: UnitOfWork,
    agent: str,
    request: requests.Request,
    *,
    is_administrator: bool = False,
    token: str | None = None,
) -> None:
    """Before the handler of a request of the edge writes something: raises Refused unless its asker still may have it
    written. `is_administrator` and `token` as for `execute`."""
    _as_asker(uow, agent, is_administrator=is_administrator, token=token)
    require(uow, uow.rights, row_of(type(request)).needs, request)


def _as_asker(uow: UnitOfWork, agent: str, *, is_administrator: bool, token: str | None) -> None:
    """Give the unit of work the rights of its asker, as they are stored by now. Raises Refused."""
    require_valid(token, uow.tx.tokens.get)
    uow.rights = rights_of_asker(agent, uow.tx.agents.get(agent), is_administrator=is_administrator)


def ask(
    reading: Reading,
    brand: BrandSettings,
    now: int,
    agent: str,
    question: requests.Request,
    *,
    is_administrator: bool = False,
    token: str | None = None,
) -> tuple[Any, list[AuditNote]]:
    """The answer to a question; of a request of the edge, what its handler needs, or None. Raises Refused.

    With it comes what has to be recorded in the audit before the answer is sent.
    """
    row = row_of(type(question))
    require_valid(token, reading.token)
    rights = rights_of_asker(agent, reading.agent(agent), is_administrator=is_administrator)
    query = Query(reading, brand, now, rights)
    require(query, rights, row.needs, question)
    if isinstance(row, QuestionRow):
        return row.answer(query, question), query.notes
    if isinstance(row, EdgeRow):
        return (row.finds(query, question) if row.finds else None), query.notes
    raise TypeError(f"{type(question).__name__} is a command")
