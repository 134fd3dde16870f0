"""The table of requests: who may ask each, and what answers it.

A question reads what is committed. A command is one use case, and one that took effect is answered the same ever
after. A request that needs files or a provider has its handler in the edge; who may ask it stands here all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from connector.domain.agent import Role
from connector.domain.refusals import Refused
from connector.services.accounts import mode, quarantine, traffic
from connector.services.consent import decisions
from connector.services.conversations import closing, due, listing, notes, ownership, transcript, unread
from connector.services.query import Query
from connector.services.routing import explanation, presence, transfer, transfer_targets
from connector.services.sending import reply, resend, start
from connector.services.unit_of_work import UnitOfWork
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode

R = TypeVar("R")
_decoder: msgspec.json.Decoder[answers.Answer] = msgspec.json.Decoder(answers.Answer)


class RequestRow(Struct, frozen=True):
    """A type of request, and the lowest role that may ask it."""

    request: type
    role: Role

    def require(self, role: Role) -> None:
        """Raises Refused."""
        if not role.includes(self.role):
            who = "administrators" if self.role is Role.ADMINISTRATOR else "leads"
            raise Refused(RefusalCode.NOT_ALLOWED, f"Only {who} may do this; the configuration names them.")


class CommandRow(RequestRow, frozen=True):
    """Changes something. Done is the answer of a use case that returns none."""

    use_case: Callable[[UnitOfWork, str, Any], answers.Answer | None]


class QuestionRow(RequestRow, frozen=True):
    """Only reads."""

    answer: Callable[[Query, Any], answers.Answer]


class EdgeRow(RequestRow, frozen=True):
    """Needs files or a provider: the edge has its handler."""


def _command(
    request: type[R], use_case: Callable[[UnitOfWork, str, R], answers.Answer | None], role: Role = Role.AGENT
) -> CommandRow:
    return CommandRow(request, role, use_case)


def _question(request: type[R], answer: Callable[[Query, R], answers.Answer], role: Role = Role.AGENT) -> QuestionRow:
    return QuestionRow(request, role, answer)


TABLE: tuple[RequestRow, ...] = (
    _command(requests.Accept, ownership.accept),
    _command(requests.Decline, ownership.decline),
    _command(requests.GiveBack, ownership.give_back),
    _command(requests.TakeOver, ownership.take_over, Role.LEAD),
    _command(requests.Join, ownership.join, Role.LEAD),
    _command(requests.Leave, ownership.leave),
    _command(requests.Transfer, transfer.transfer),
    _command(requests.Reply, reply.reply),
    _command(requests.Resend, resend.resend),
    _command(requests.UndoReply, reply.undo),
    _command(requests.Start, start.start),
    _command(requests.WriteNote, notes.write),
    _command(requests.DecideOptOut, decisions.decide),
    _command(requests.OptOut, decisions.opt_out),
    _command(requests.OptIn, decisions.opt_in),
    _command(requests.SetDue, due.set_due),
    _command(requests.MarkRead, unread.mark_read),
    _command(requests.MarkUnread, unread.mark_unread),
    _command(requests.Close, closing.close),
    _command(requests.WrapUp, closing.wrap_up),
    _command(requests.Reopen, closing.reopen),
    _command(requests.SetPresence, presence.set_presence),
    _command(requests.SignOff, presence.sign_off),
    _command(requests.SetAccountMode, mode.set_mode, Role.ADMINISTRATOR),
    _question(requests.Explain, explanation.explain),
    _question(requests.GetTargets, transfer_targets.targets),
    _question(requests.GetPresence, presence.spans),
    _question(requests.GetHistory, transcript.history),
    _question(requests.GetOverflow, transcript.overflow),
    _question(requests.GetConversations, listing.page),
    _question(requests.GetLoads, listing.loads),
    _question(requests.GetTraffic, traffic.by_line),
    _question(requests.GetHooks, quarantine.page, Role.ADMINISTRATOR),
    EdgeRow(requests.GetPicture, Role.AGENT),
    EdgeRow(requests.PutPicture, Role.AGENT),
    EdgeRow(requests.ReleaseHook, Role.ADMINISTRATOR),
    EdgeRow(requests.Recover, Role.ADMINISTRATOR),
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
) -> answers.Answer:
    """Carry out a command once. Raises Refused, which leaves no trace, so that a corrected request may follow.

    `too_many` is raised unless the request was answered before: a bound of the agent is reached.
    """
    row = row_of(type(request))
    if not isinstance(row, CommandRow):
        raise TypeError(f"{type(request).__name__} is not a command")
    if (before := uow.tx.requests.answer(agent, request_id)) is not None:
        return _decoder.decode(before)
    if too_many is not None:
        raise too_many
    answer = row.use_case(uow, agent, request) or answers.Done()
    uow.tx.requests.remember(agent, request_id, uow.now, msgspec.json.encode(answer))
    return answer
