"""Why a conversation is where it is, what would become of it elsewhere, and how agents spent their time."""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain.conversation import Conversation, ConversationState, DueAlarm
from connector.domain.hours import is_open, opens_at
from connector.domain.load import FULL_WEIGHT, load_words
from connector.domain.queueing import score
from connector.domain.routing import Candidate, effective_skill, verdicts
from connector.domain.skills import Rules, SkillRules
from connector.domain.timers import closes_at, silent_at
from connector.services.routing.placement import floor, room
from connector.services.routing.presence import in_words
from connector.store.ports import Reading
from connector.store.values import Assignments
from connector.wire import answers, requests
from connector.wire.views import AgentTargetView, PresenceSpanView, ScorePartView, SkillTargetView, VerdictView

_HOUR_MS = 3_600_000
_SHORTEST_MS = 60_000  # a queue's pace is not told from less


def explain(reading: Reading, rules: Rules, conversation: Conversation, now: int) -> answers.Explained:
    candidates = floor(reading, now, conversation.id).candidates()
    latest_owner = reading.latest_owner(conversation.consumer)
    found = verdicts(conversation, candidates, rules, latest_owner, now)
    is_queued = conversation.state is ConversationState.QUEUED
    place = reading.ahead_of(conversation) + 1 if is_queued else None
    return answers.Explained(
        place=place,
        reason=conversation.reason,
        score=[ScorePartView(part.words, part.ms) for part in score(conversation)],
        agents=[VerdictView(one.agent, one.fits, one.words) for one in found],
        next=_next(conversation, rules.of(conversation.skill), candidates, now),
    )


def _next(conversation: Conversation, rules: SkillRules, candidates: Sequence[Candidate], now: int) -> list[str]:
    """What happens by itself, and what would change it."""
    words = []
    skill = conversation.skill
    match conversation.state:
        case ConversationState.RINGING if conversation.ring_until is not None:
            words.append(f"it rings for {_span(conversation.ring_until - now)} more, then at the next")
        case ConversationState.QUEUED:
            skilled = [one for one in candidates if one.agent.has(skill)]
            absent = [one.agent.id for one in skilled if not one.is_online]
            words.append(
                f"somebody of {skill} gets a place free"
                + (f", or comes online ({', '.join(absent[:5])})" if absent else "")
                + ", or takes it by hand"
            )
        case ConversationState.WRAP_UP if conversation.wrap_up_until is not None:
            words.append(f"its wrap-up ends in {_span(conversation.wrap_up_until - now)}")
        case ConversationState.ASSIGNED if conversation.waiting_since is not None:
            if (at := silent_at(conversation, rules)) is not None:
                words.append(f"without an answer it goes to somebody else in {_span(at - now)}")
            words.append(f"{conversation.agent} answers, gives it back or hands it over")
    if conversation.due_at is not None:
        if conversation.due_told is DueAlarm.OVERDUE or now >= conversation.due_at:
            words.append(f"its answer is overdue since {_span(now - conversation.due_at)}")
        else:
            words.append(f"its answer is due in {_span(conversation.due_at - now)} ({conversation.due_by})")
    if not is_open(rules.hours, now) and (at := opens_at(rules.hours, now)) is not None:
        words.append(f"{skill} is closed; it opens in {_span(at - now)}")
    if (at := closes_at(conversation, rules)) is not None:
        words.append(f"it closes by itself in {_span(at - now)} unless somebody writes")
    return words


def targets(reading: Reading, rules: Rules, conversation: Conversation, now: int) -> answers.Targets:
    candidates = [one for one in floor(reading, now).candidates() if one.agent.id != conversation.agent]
    lengths = reading.queue_lengths()
    given = reading.assigned_since(now - _HOUR_MS)
    return answers.Targets(
        skills=[
            _skill_target(skill, candidates, rules, lengths.get(skill, 0), given.get(skill), now)
            for skill in rules.names
            if skill != conversation.skill
        ],
        agents=[_agent_target(one, rules, conversation, now) for one in candidates],
    )


def _skill_target(
    skill: str, candidates: Sequence[Candidate], rules: Rules, waiting: int, given: Assignments | None, now: int
) -> SkillTargetView:
    asked, fallback_words = effective_skill(skill, candidates, rules)
    online = [one for one in candidates if one.is_online and one.agent.has(asked or skill)]
    free = sum(max(0, one.agent.capacity * FULL_WEIGHT - one.load) for one in online) / FULL_WEIGHT
    has_room = any(room(one, rules, asked or skill, now) for one in online)
    wait_s = 0 if has_room and not waiting else _wait_s(waiting, given, now)
    if asked is None:
        words = "nobody else is online, nor of its fallbacks"
    elif has_room and not waiting:
        words = f"taken at once{fallback_words}"
    else:
        estimate = "nobody knows how long" if wait_s is None else f"about {_span(wait_s * 1000)}"
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
    """How long one more would wait, if the queue goes on as it has; None when nobody was given anything lately."""
    if given is None:
        return None
    pace_s = max(_SHORTEST_MS, now - given.first_at) / 1000 / given.count
    return round((waiting + 1) * pace_s)


def _agent_target(one: Candidate, rules: Rules, conversation: Conversation, now: int) -> AgentTargetView:
    if not one.is_connected:
        words = "has no desk open"
    elif not one.is_online:
        words = f"is {in_words(one.agent)}"
    elif not room(one, rules, conversation.skill, now):
        words = f"is full: {load_words(one.load)} of {one.agent.capacity} places taken"
    else:
        words = f"{load_words(one.load)} of {one.agent.capacity} places taken"
    if not one.agent.has(conversation.skill):
        words += f"; is asked as {one.agent.skills[0]}"
    return AgentTargetView(
        agent=one.agent.id,
        name=one.agent.name,
        presence=str(one.agent.presence) if one.is_connected else "offline",
        load=round(one.load / FULL_WEIGHT, 1),
        capacity=one.agent.capacity,
        can_take=one.is_connected,
        words=words,
    )


def presence_spans(reading: Reading, question: requests.GetPresence) -> answers.PresenceSpans:
    found = reading.presence_spans(question.since, question.agent)
    return answers.PresenceSpans(
        [PresenceSpanView(one.agent, one.state, one.reason, one.from_at, one.until_at) for one in found]
    )


def _span(ms: int) -> str:
    seconds = max(0, ms) // 1000
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
