"""The mode of an account: active, draining or off."""

from __future__ import annotations

from connector.domain.account import AccountMode
from connector.domain.audit import AuditAction
from connector.domain.refusals import Refused
from connector.services.audit.record import record
from connector.services.unit_of_work import UnitOfWork
from connector.wire import administration
from connector.wire.refusals import RefusalCode


def set_mode(uow: UnitOfWork, agent: str, request: administration.SetAccountMode) -> None:
    if request.account not in {line.account for line in uow.brand.lines.values()}:
        raise Refused(RefusalCode.BAD_REQUEST, f"There is no account {request.account[:64]}.")
    if request.mode not in set(AccountMode):
        raise Refused(RefusalCode.BAD_REQUEST, "mode is active, draining or off")
    before = uow.tx.accounts.mode(request.account)
    details = {"mode": request.mode, "before": str(before)}
    record(uow, agent, AuditAction.ACCOUNT_CHANGED, subject=request.account, details=details)
    uow.tx.accounts.set_mode(request.account, AccountMode(request.mode))
    uow.tx.work.make_due(request.account, uow.now)
