"""Setting by hand when an answer is due."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.conversation import Conversation
from connector.domain.due import by_rules, set_manually
from connector.domain.load import waiting_for_agent, waiting_for_consumer
from connector.domain.ownership import require_owner
from connector.domain.refusals import Refused
from connector.services import save
from connector.services.conversations import closing
from connector.services.routing.placement import Placement
from connector.services.settings import BrandSettings
from connector.store.ports import Transaction
from connector.wire import events, limits
from connector.wire.refusals import RefusalCode

# What is put off for longer than this leaves its agent free for others meanwhile.
_PUT_OFF_MS = 10 * 60_000


def set_due(
    tx: Transaction,
    brand: BrandSettings,
    conversation: Conversation,
    agent: str,
    due_at: int | None,
    *,
    keep: bool,
    now: int,
) -> None:
    require_owner(conversation, agent)
    if due_at is None:
        changed = closing.as_it_stands(tx, brand, by_rules(conversation, None))
    elif not now < due_at <= now + limits.DUE_AHEAD_MS:
        raise Refused(RefusalCode.BAD_REQUEST, "That moment is past, or more than a year away.")
    else:
        changed = set_manually(conversation, due_at, is_kept=keep)
        if due_at - now > _PUT_OFF_MS:
            changed = waiting_for_consumer(changed, brand.rules.of(conversation.skill), now, at_once=True)
        elif changed.waiting_since is not None:
            changed = waiting_for_agent(changed)
    changed = save.update(tx, brand.rules, replace(changed, version=changed.version + 1))
    tx.facts.append([save.fact(tx, brand.rules, changed, lambda view: events.DueSet(view, agent), now)])
    Placement(brand.rules).drain(tx, now)
