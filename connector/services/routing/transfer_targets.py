"""The skills and agents a conversation could be transferred to, and how each would take it."""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain.conversation import Conversation
from connector.domain.hours import is_open
from connector.domain.load import FULL_WEIGHT, load_words
from connector.domain.routing import Candidate, effective_skill, serving
from connector.domain.skill_rules import Rules
from connector.services import views
from connector.services.durations import in_words
from connector.services.query import Query
from connector.services.routing import presence
from connector.services.routing.borders import skills_of
from connector.services.routing.staff_loads import has_place, staff_loads
from connector.store.values import Assignments
from connector.wire import answers, requests
from connector.wire.views import AgentTargetView, SkillTargetView

_HOUR_MS = 3_600_000
_SHORTEST_MS = 60_000  # a queue's pace is not estimated from less


def targets(query: Query, question: requests.GetTargets) -> answers.Targets:
    conversation = query.conversation(question.conversation_id)
    reading, rules, now = query.reading, query.brand.rules, query.now
    staff = staff_loads(reading, now)
    candidates = serving(conversation.account, staff.candidates())
    candidates = [one for one in candidates if one.agent.id != conversation.agent]
    # Where agents serve some accounts only, they do not wait for the others'.
    lengths = reading.queue_lengths(conversation.account if staff.has_borders() else None)
    given = reading.assigned_since(now - _HOUR_MS)
    return answers.Targets(
        skills=[
            _skill_target(skill, candidates, rules, lengths.get(skill, 0), given.get(skill), now)
            for skill in skills_of(conversation.account, query.brand, staff.agents.values())
            if skill != conversation.skill
        ],
        agents=[
            _agent_target(one, rules, conversation, now)
            for one in candidates
            if query.rights.sees_agent(one.agent.accounts)
        ],
    )


def _skill_target(
    skill: str, candidates: Sequence[Candidate], rules: Rules, waiting: int, given: Assignments | None, now: int
) -> SkillTargetView:
    asked, fallback_words = effective_skill(skill, candidates, rules)
    online = [one for one in candidates if one.is_online and one.agent.has(asked or skill)]
    free = sum(max(0, one.agent.capacity * FULL_WEIGHT - one.load) for one in online) / FULL_WEIGHT
    is_free = not waiting and any(has_place(one, asked or skill, rules, now) for one in online)
    wait_s = 0 if is_free else _wait_s(waiting, given, now)
    if asked is None:
        words = "no one of it or of its fallbacks is online"
    elif is_free:
        words = f"taken at once{fallback_words}"
    else:
        estimate = "no estimate of how long" if wait_s is None else f"about {in_words(wait_s * 1000)}"
        words = f"{waiting} wait, {estimate}{fallback_words}"
    return SkillTargetView(
        skill=skill,
        is_open=is_open(rules.of(skill).hours, now),
        online=len(online),
        free=round(free, 1),
        waiting=waiting,
        wait_s=wait_s,
        goes_to=asked,
        words=words,
    )


def _wait_s(waiting: int, given: Assignments | None, now: int) -> int | None:
    """How long one more would wait, if the queue moves on as it has; None when it has not moved lately."""
    if given is None:
        return None
    pace_s = max(_SHORTEST_MS, now - given.first_at) / 1000 / given.count
    return round((waiting + 1) * pace_s)


def _agent_target(one: Candidate, rules: Rules, conversation: Conversation, now: int) -> AgentTargetView:
    if not one.is_connected:
        words = "has no desk open"
    elif not one.is_online:
        words = f"is {presence.in_words(one.agent)}"
    elif not has_place(one, conversation.skill, rules, now):
        words = f"is full: {load_words(one.load)} of {one.agent.capacity} places taken"
    else:
        words = f"{load_words(one.load)} of {one.agent.capacity} places taken"
    if not one.agent.has(conversation.skill):
        words += f"; is asked as {one.agent.skills[0]}"
    return AgentTargetView(
        agent=one.agent.id,
        name=one.agent.name,
        presence=str(one.agent.presence) if one.is_connected else views.OFFLINE,
        load=round(one.load / FULL_WEIGHT, 1),
        capacity=one.agent.capacity,
        can_take=one.is_connected,
        words=words,
    )
