"""Offering the queued conversations to agents with room."""

from __future__ import annotations

from connector.domain import transitions
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.routing import choose
from connector.services import save
from connector.services.routing.placement import event_of, place
from connector.services.routing.staff_loads import StaffLoads, staff_loads
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events

# How many of the first in a skill's queue are looked at at once. Those behind them are looked at as soon as one of
# these has been placed.
_QUEUE_WINDOW = 50
_SHOWN_FIRST = 20  # of a skill's queue: about as many as a desk shows


def offer(uow: UnitOfWork, staff: StaffLoads | None = None) -> None:
    """Offer the first of each skill's queue as long as there is room.

    A use case that may have freed capacity has this done once, at the end of its unit of work. Each skill is offered
    for itself: one without an agent online must not hold up the others. Nor must an account, where agents serve some
    accounts only.
    """
    skills = uow.tx.conversations.queued_skills()
    if not skills:
        return
    staff = staff or staff_loads(uow.tx, uow.now)
    accounts = sorted({line.account for line in uow.brand.lines.values()}) if staff.has_borders() else []
    for skill in skills:
        if _offer_skill(uow, skill, staff):
            for account in accounts:
                _offer_skill(uow, skill, staff, account)


def refresh_reasons(uow: UnitOfWork) -> None:
    """Store why the first of each skill's queue wait, where that is another reason than when they came. Those behind
    them wait for the same, and an agent who asks gets the reason of now."""
    skills = uow.tx.conversations.queued_skills()
    if not skills:
        return
    candidates = staff_loads(uow.tx, uow.now).candidates()
    for skill in skills:
        for waiting in uow.tx.conversations.queued(_SHOWN_FIRST, skill):
            choice = choose(waiting, candidates, uow.brand.rules, None, uow.now)
            if not choice.agents and choice.reason != waiting.reason:
                changed = transitions.with_reason(waiting, choice.reason)
                save.conversation(uow, changed, events.ConversationUpdated)


def _offer_skill(uow: UnitOfWork, skill: str, staff: StaffLoads, account: str | None = None) -> bool:
    """Offer the first of a queue, of all accounts or of one, as long as there is room. Whether there still is, and more
    wait behind those that were looked at."""
    rules = uow.brand.rules
    has_placed = True
    while has_placed:
        if not staff.has_room(skill, rules, uow.now, account):
            return False
        has_placed = False
        waiting = uow.tx.conversations.queued(_QUEUE_WINDOW, skill, account)
        for one in waiting:
            if _offer(uow, one, staff):
                has_placed = True
            elif not staff.has_room(skill, rules, uow.now, account):
                return False
    return len(waiting) == _QUEUE_WINDOW


def _offer(uow: UnitOfWork, waiting: Conversation, staff: StaffLoads) -> bool:
    placed = place(uow, waiting, staff)
    if placed.state is ConversationState.QUEUED:
        return False
    save.conversation(uow, placed, event_of(placed))
    return True
