"""Quarantined hooks: listing them, and releasing one."""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain.audit import AuditAction, AuditNote
from connector.domain.refusals import Refused
from connector.providers.values import Arrival
from connector.services import views
from connector.services.accounts.stored_hooks import STORED_BODY
from connector.services.audit.record import record
from connector.services.conversations import inbound
from connector.services.query import Query, page_size
from connector.services.unit_of_work import UnitOfWork
from connector.store.hook_budgets import Standing, standing_of
from connector.store.ports import Reading
from connector.store.values import HookState, RawHook
from connector.wire import administration, answers
from connector.wire.refusals import RefusalCode

_RELEASABLE = (HookState.REFUSED, HookState.UNREADABLE, HookState.UNROUTABLE)
_LISTED = tuple(frozenset(HookState) - {HookState.TAKEN})


def latest(reading: Reading, limit: int) -> list[RawHook]:
    """The latest hooks in quarantine, latest first.

    Half of the places are for genuine ones, a quarter for likely; those that are merely unused have an eighth at most.
    """
    found: dict[str, RawHook] = {}
    for standing, places in (
        (Standing.GENUINE, limit // 2),
        (Standing.LIKELY, limit // 4),
        (Standing.UNUSED, -(-limit // 8)),
    ):
        found |= {hook.id: hook for hook in reading.quarantined_hooks(standing, places)}
    found |= {hook.id: hook for hook in reading.hooks(_LISTED, limit) if hook.state is not HookState.UNUSED}
    return sorted(list(found.values())[:limit], key=lambda hook: (hook.at, hook.id), reverse=True)


def page(query: Query, question: administration.GetHooks) -> answers.HookPage:
    """Reading them is an entry of the audit: there are texts of consumers in them."""
    hooks = latest(query.reading, page_size(question.limit))
    if hooks:
        query.notes.append(AuditNote(AuditAction.HOOKS_READ, is_hourly=True))
    return answers.HookPage([views.hook_view(hook, query.brand.masking) for hook in hooks])


def releasable(query: Query, question: administration.ReleaseHook) -> RawHook:
    """The hook with this id. Raises Refused as below."""
    return require_releasable(query.reading.hook(question.hook_id))


def require_releasable(hook: RawHook | None) -> RawHook:
    """Raises Refused unless it waits in quarantine, whole."""
    if hook is None:
        raise Refused(
            RefusalCode.UNKNOWN_HOOK, "There is no such hook; old ones are deleted, those without proof first."
        )
    if hook.state not in _RELEASABLE:
        raise Refused(RefusalCode.BAD_REQUEST, "This hook was processed already.")
    if hook.cut or (hook.budget is None and len(hook.body) == STORED_BODY):
        words = f"Only the beginning of its {hook.cut or 'body'} was stored, so it cannot be read."
        raise Refused(RefusalCode.BAD_REQUEST, words)
    return hook


def release(uow: UnitOfWork, agent: str, hook: RawHook, arrivals: Sequence[Arrival]) -> None:
    """Take the hook in as if it were genuine, except that it lifts no opt-out unless it is. Raises Refused where it
    still belongs to no line of ours, or does not wait any more: it was released, or deleted, since it was read."""
    because = f"released by {agent}; was {hook.state}: {hook.reason}"
    if not uow.tx.hooks.set_state(hook.id, HookState.TAKEN, because):
        raise Refused(RefusalCode.BAD_REQUEST, "This hook was processed or deleted already.")
    is_proven = hook.budget is not None and standing_of(hook.budget) is Standing.GENUINE
    taken = inbound.take_arrivals(uow, hook.account, arrivals, is_proven=is_proven)
    if taken.unroutable:
        raise Refused(RefusalCode.BAD_REQUEST, f"{taken.unroutable} is still not a number of {hook.account}.")
    if taken.untaken is not None and not taken.stored:
        raise Refused(RefusalCode.BAD_REQUEST, f"It has nothing that could be taken: {taken.untaken.reason}.")
    details = {"account": hook.account, "state": str(hook.state)}
    record(uow, agent, AuditAction.HOOK_RELEASED, subject=hook.id, details=details)
