"""Setting by hand when an answer is due."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.due import by_rules, set_manually
from connector.domain.load import waiting_for_agent, waiting_for_consumer
from connector.domain.ownership import require_owner
from connector.domain.refusals import Refused
from connector.domain.snooze import PUT_OFF_MS
from connector.services import save
from connector.services.conversations import closing
from connector.services.routing import queue
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events, limits, requests
from connector.wire.refusals import RefusalCode


def set_due(uow: UnitOfWork, agent: str, request: requests.SetDue) -> None:
    conversation, due_at, now = uow.conversation(request.conversation_id), request.due_at, uow.now
    require_owner(conversation, agent)
    if due_at is None:
        changed = closing.with_recomputed_answer(uow, by_rules(conversation, None))
    else:
        require_ahead(uow, due_at)
        changed = set_manually(conversation, due_at, is_kept=request.keep)
        if due_at - now > PUT_OFF_MS:
            changed = waiting_for_consumer(changed, uow.rules_of(changed), now, at_once=True)
        elif changed.waiting_since is not None:
            changed = waiting_for_agent(changed)
    save.conversation(uow, replace(changed, version=changed.version + 1), events.DueSet, agent)
    uow.at_end(queue.offer)


def require_ahead(uow: UnitOfWork, at: int) -> None:
    """Raises Refused for a moment that is past, or further ahead than an agent can set one."""
    if at <= uow.now:
        raise Refused(RefusalCode.BAD_REQUEST, "That moment is past.")
    if at > uow.now + limits.DUE_AHEAD_MS:
        raise Refused(RefusalCode.BAD_REQUEST, "That moment is more than a year away.")
