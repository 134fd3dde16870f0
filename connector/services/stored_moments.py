"""Every moment in the store: how far ahead of now it can be, and what happens to it when the clock was set.

A moment further ahead than its rule can set it was set by a clock that was wrong, and has been set back since. Left
alone, a lease, a pause or a ring would last for as long as the clock was wrong. `bring_back` counts such moments from
now, or takes them for over; it runs when a core starts, and after each step of its clock.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from connector.domain import ahead
from connector.domain.alerts import SELDOM_S
from connector.domain.attempts import BACKOFF_S, LONGEST_PAUSE_S, LOOK_UP_AFTER_S, RECEIPT_WITHIN_S
from connector.domain.due import deadline_for
from connector.domain.skill_rules import SkillRules
from connector.domain.tallies import MEASURES
from connector.services import pictures, save, work
from connector.services.on_call import webhook
from connector.services.routing import desks, queue
from connector.services.sending import polls
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import UnitOfWork
from connector.sms import segments
from connector.store.marks import MarkKey
from connector.store.values import AheadLimits, WorkLimit
from connector.wire import events, limits


class Bound(Struct, frozen=True):
    """How a kind of moment is bounded. `why`: what sets it, or why it needs no bound."""

    is_bounded: bool
    why: str


def _at_most(why: str) -> Bound:
    return Bound(True, why)


def _left(why: str) -> Bound:
    return Bound(False, why)


_MOST_SEGMENTS = segments.measure("\N{GRINNING FACE}" * limits.REPLY_LENGTH).segments

_PAST = _at_most("when something happened: now at the latest")
_SHOWN = _left("what the clock showed; nothing is decided by it")
_NUMBER = _left("no moment")

# By table and column. A test fails when a BIGINT column or a mark is missing here, and when one is not brought back.
MOMENTS: Mapping[str, Bound] = {
    "agent_sends.hour": _left("which slot it counts; those of the next hour or day count as this one"),
    "agent_tokens.at": _SHOWN,
    "agents.assigned_at": _PAST,
    "agents.came_at": _PAST,
    "agents.presence_at": _PAST,
    "alerts.acknowledged_at": _PAST,
    "alerts.covers_after": _PAST,
    "alerts.ended_at": _left("its age decides when it is purged, which is later by as much as the clock was wrong"),
    "alerts.next_at": _at_most("acknowledge_s, or an hour once everybody was asked often"),
    "alerts.raised_at": _SHOWN,
    "alerts.seen_at": _PAST,
    "alerts.since": _SHOWN,
    "audit.at": _left("what the clock showed; entries are in the order of their numbers"),
    "attempts.ended_at": _at_most("that of a message with work left: now at the latest"),
    "attempts.started_at": _PAST,
    "consent.at": _left("what the clock showed; entries are in the order of their ids"),
    "contact_imports.applied_at": _SHOWN,
    "contact_imports.at": _left("its age decides when it is dropped, which is later by as much as the clock was wrong"),
    "contacts.changed_at": _left("its age decides whether retention erases it, which is later by as much"),
    "conversations.again_at": _at_most("ring_s"),
    "conversations.assigned_at": _PAST,
    "conversations.closed_at": _PAST,
    "conversations.due_at": _at_most("the due time by the skill's rules, counted from now; one set by hand stays"),
    "conversations.idle_since": _PAST,
    "conversations.last_at": _PAST,
    "conversations.light_at": _at_most("idle_after_s"),
    "conversations.opened_at": _PAST,
    "conversations.queued_at": _PAST,
    "conversations.rank": _left("made of the others, and made anew with them"),
    "conversations.reminder_at": _left("set by hand: it means that moment"),
    "conversations.ring_until": _at_most("ring_s, or transfer_s at the agent it was transferred to"),
    "conversations.back_at": _PAST,
    "conversations.scheduled_at": _left("set by hand: it means that moment"),
    "conversations.snoozed_until": _left("set by hand: it means that moment"),
    "conversations.timer_at": _left("made of the others, and made anew with them"),
    "conversations.unsent_at": _PAST,
    "conversations.waiting_since": _PAST,
    "conversations.wrap_up_until": _at_most("wrap_up_s"),
    "drafts.at": _SHOWN,
    "mentions.at": _SHOWN,
    "erased_conversations.at": _SHOWN,
    "counters.at": _left("which minute it counts; those to come are left out of sums"),
    "counters.count": _NUMBER,
    "counters.last_at": _SHOWN,
    "counters.position": _NUMBER,
    "counters.span": _NUMBER,
    "desks.lease_until": _at_most("the lease of a desk"),
    "desks.signed_in_at": _SHOWN,
    "facts.at": _left("its age decides when it is purged; one of a moment to come is purged with those before it"),
    "hook_budgets.size": _NUMBER,
    "hooks.at": _left("its age decides when it is purged, which is later by as much as the clock was wrong"),
    "likely_opt_outs.at": _SHOWN,
    "marks.at": _at_most("by mark, see MARKS"),
    "messages.at": _left("what the clock showed; a message of a moment to come counts as one of now"),
    "messages.status_at": _SHOWN,
    "messages.waited_ms": _NUMBER,
    "presence_spans.from_at": _at_most("that of a span that has not ended: now at the latest"),
    "presence_spans.until_at": _SHOWN,
    "receipts.at": _SHOWN,
    "reply_actions.at": _left("its age decides when it is purged, which is later by as much as the clock was wrong"),
    "reply_actions.kept_reminder_at": _left("set by hand: it means that moment"),
    "reply_actions.reminder_at": _left("compared with the reminder that the conversation has"),
    "requests.at": _left("its age decides when it is purged, which is later by as much as the clock was wrong"),
    "saved_replies.changed_at": _SHOWN,
    "saved_replies.due_s": _NUMBER,
    "saved_reply_uses.used_at": _SHOWN,
    "scheduled_replies.at": _SHOWN,
    "scheduled_replies.send_at": _left("set by hand: it means that moment"),
    "stream.floor": _NUMBER,
    "stream.position": _NUMBER,
    "tallies.at": _left("which hour or day it counts; those to come are left out of reports"),
    "tallies.span": _NUMBER,
    **{f"tallies.{name}": _NUMBER for name in MEASURES},
    "uploads.at": _SHOWN,
    "uploads.expires_at": _at_most("how long an upload is served"),
    "uploads.size": _NUMBER,
    "webhook_events.at": _left("its age decides when it is given up, later by as much as the clock was wrong"),
    "work.due_at": _at_most("by kind of work and tries"),
    "work.ready_at": _at_most("by kind of work and tries; the lease while a worker has it"),
    "work.since": _PAST,
}

# By constructor of MarkKey.
MARKS: Mapping[str, Bound] = {
    "hash_key": _left("no moment"),
    "held_until": _left("brought back where it is read"),
    "paced_until": _at_most("what the longest text takes at the line's pace"),
    "paused_until": _at_most("the longest pause that a provider gets"),
    "pictures_erased": _left("one that is ahead is not gone by: all are looked through again"),
    "recovered_until": _PAST,
    "recovery_began": _PAST,
    "webhook_answered": _SHOWN,
    "webhook_given_up": _SHOWN,
    "tallies_began": _SHOWN,
    "store_tried": _left("any value, as long as it is another each time"),
}


def bring_back(uow: UnitOfWork) -> None:
    """Bring every stored moment back that is further ahead of now than its rule can set it."""
    tx, now = uow.tx, uow.now
    for agent in tx.agents.all():
        limited = replace(
            agent,
            presence_at=min(agent.presence_at, now),
            assigned_at=min(agent.assigned_at, now),
            came_at=min(agent.came_at, now),
        )
        if limited != agent:
            tx.agents.save(limited)
    for desk in tx.agents.desks_until_after(now + desks.LEASE_S * 1000):
        tx.agents.save_desk(replace(desk, lease_until=now + desks.LEASE_S * 1000))
    _bring_back_marks(uow)
    _bring_back_alerts(uow)
    limits_now, rules = limits_of(uow.brand, now), uow.brand.rules
    tx.bring_back(limits_now)
    for conversation in tx.conversations.ahead_of(limits_now):
        changed = ahead.brought_back(conversation, rules, now)
        if changed is not conversation:
            save.conversation(uow, changed, events.ConversationUpdated)
    uow.at_end(queue.offer)


def after_step(uow: UnitOfWork, before: int) -> None:
    """The clock was set from `before` to now. Leases that lived have their whole length from now on, so that no core
    takes over what another one is doing; what is too far ahead is brought back."""
    if uow.now > before:
        _extend_leases(uow, before)
    bring_back(uow)


def _extend_leases(uow: UnitOfWork, before: int) -> None:
    until = uow.now + desks.LEASE_S * 1000
    for desk in uow.tx.agents.desks_until_after(before):
        uow.tx.agents.save_desk(replace(desk, lease_until=max(desk.lease_until, until)))
    uow.tx.work.extend_leases(before, uow.now + work.LEASE_S * 1000)


def limits_of(brand: BrandSettings, now: int) -> AheadLimits:
    """The latest moments that the rules can set now."""
    of_skill = [brand.rules.of(skill) for skill in (*brand.rules.names, "")]  # the last: of one without rules
    undo_s = max(one.undo_s for one in of_skill)
    waits_s = {
        work.SEND: (undo_s, *BACKOFF_S),
        work.LOOK_UP: (RECEIPT_WITHIN_S, *LOOK_UP_AFTER_S[1:]),
        work.POLL: polls.POLL_AFTER_S,
        work.WEBHOOK: (0, *webhook.BACKOFF_S),
        work.FETCH: (0, *pictures.FETCH_BACKOFF_S),
    }
    return AheadLimits(
        now=now,
        lease_until=now + work.LEASE_S * 1000,
        work=tuple(
            WorkLimit(kind, tries, now + round(wait_s * 1000))
            for kind, by_tries in waits_s.items()
            for tries, wait_s in enumerate(by_tries)
        ),
        upload_until=now + pictures.SERVED_FOR_MS,
        timer_at=now + max(_longest_timer_s(one) for one in of_skill) * 1000,
        due_at=max(deadline_for(one, now, is_first_contact=first).at for one in of_skill for first in (False, True)),
        accounts=tuple(sorted({line.account for line in brand.lines.values()})),
    )


def _bring_back_alerts(uow: UnitOfWork) -> None:
    now, rules = uow.now, uow.brand.on_call
    wait_s = 0 if rules is None else max(rules.acknowledge_s, SELDOM_S)
    for alert in uow.tx.alerts.open():
        limited = replace(
            alert,
            acknowledged_at=None if alert.acknowledged_at is None else min(alert.acknowledged_at, now),
            covers_after=min(alert.covers_after, now),
            seen_at=min(alert.seen_at, now),
            next_at=None if alert.next_at is None else min(alert.next_at, now + wait_s * 1000),
        )
        if limited != alert:
            uow.tx.alerts.update(limited)


def _longest_timer_s(rules: SkillRules) -> int:
    return max(rules.ring_s, rules.transfer_s, rules.wrap_up_s, rules.idle_after_s)


def _bring_back_marks(uow: UnitOfWork) -> None:
    """One too far ahead is over: a text too early is better than all of a line's too late."""
    longest = {}
    for line in uow.brand.lines.values():
        pace_ms = round(_MOST_SEGMENTS / line.segments_per_s * 1000)
        longest[MarkKey.paced_until(line.address)] = pace_ms
        longest[MarkKey.paused_until(line.account)] = LONGEST_PAUSE_S * 1000
        longest[MarkKey.recovered_until(line.account)] = 0
        longest[MarkKey.recovery_began(line.account)] = 0
    for key, ahead_ms in longest.items():
        at = uow.tx.marks.get(key)
        if at is not None and at > uow.now + ahead_ms:
            uow.tx.marks.set(key, uow.now)
