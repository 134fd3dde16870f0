"""Who answers: the best agent available, by rules that can be read out. The same input gives the same choice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from connector.domain.agent import Agent, Presence
from connector.domain.conversation import Conversation
from connector.domain.load import FULL_WEIGHT, current_capacity, has_room, load_words
from connector.domain.skills import Rules, SkillRules


class Candidate(Struct, frozen=True):
    """An agent as routing sees them. `load` in thousandths, rings included."""

    agent: Agent
    is_connected: bool
    load: int

    @property
    def is_online(self) -> bool:
        return self.is_connected and self.agent.presence is Presence.ONLINE


class Choice(Struct, frozen=True):
    """`agents`: whom it goes to or rings at, the best first; nobody when it has to wait. `reason` says why."""

    agents: tuple[str, ...]
    reason: str
    skill: str  # the one that was asked in the end: a fallback's when nobody of its own was there


class CandidateVerdict(Struct, frozen=True):
    """What routing makes of one agent for one conversation."""

    agent: str
    fits: bool
    words: str


def choose(
    conversation: Conversation, candidates: Iterable[Candidate], rules: Rules, latest_owner: str | None, now: int
) -> Choice:
    """The least utilised agent who is online, has the skill and a free place.

    Among equals: whom routing has left alone the longest, then who knows this consumer, then by id. Who let it ring or
    did not take it is asked only after everybody else has been; who gave it back or handed it over is not given it
    again until they have been away or gone and are back.
    """
    everybody = list(candidates)
    skill, away_words = effective_skill(conversation.skill, everybody, rules)
    if skill is None:
        return Choice((), f"nobody with the skill {conversation.skill} is online", conversation.skill)
    skill_rules = rules.of(skill)
    online = [one for one in everybody if one.is_online and one.agent.has(skill)]
    if not online:
        return Choice((), f"everybody with the skill {skill} is away", skill)
    others = [one for one in online if not _let_it_go(conversation, one.agent)]
    if not others:
        who = conversation.returned_by or conversation.handed_by
        return Choice((), f"{who} let it go and nobody else is online", skill)
    free = [one for one in others if has_room(one.load, current_capacity(one.agent, skill_rules, now))]
    if not free:
        return Choice((), f"everybody online has a full desk{away_words}", skill)
    untried = [one for one in free if one.agent.id not in conversation.tried] or free
    ranked = sorted(untried, key=lambda one: _order(one, skill_rules, latest_owner, now))
    best = ranked[0]
    among = f"least busy of {len(ranked)} with room" if len(ranked) > 1 else "the only one with room"
    taken = f"{load_words(best.load)} of {current_capacity(best.agent, skill_rules, now)} places were taken"
    return Choice(tuple(one.agent.id for one in ranked), f"{among}: {taken}{away_words}", skill)


def verdicts(
    conversation: Conversation, candidates: Iterable[Candidate], rules: Rules, latest_owner: str | None, now: int
) -> list[CandidateVerdict]:
    """Everybody, the best first, each with the reason for or against them."""
    everybody = list(candidates)
    skill = effective_skill(conversation.skill, everybody, rules)[0] or conversation.skill
    skill_rules = rules.of(skill)
    reasons = {one.agent.id: _against(conversation, one, skill, skill_rules, now) for one in everybody}
    if all(reasons.values()):  # everybody with room let it ring: a new round begins
        anew = replace(conversation, tried=())
        reasons = {one.agent.id: _against(anew, one, skill, skill_rules, now) for one in everybody}

    def order(one: Candidate) -> tuple[object, ...]:
        return (reasons[one.agent.id] is not None, _order(one, skill_rules, latest_owner, now))

    found = []
    for one in sorted(everybody, key=order):
        against = reasons[one.agent.id]
        room = f"{load_words(one.load)} of {current_capacity(one.agent, skill_rules, now)} places taken"
        knows = ", knows this consumer" if one.agent.id == latest_owner else ""
        found.append(CandidateVerdict(one.agent.id, against is None, against or f"{room}{knows}"))
    return found


def effective_skill(skill: str, everybody: Sequence[Candidate], rules: Rules) -> tuple[str | None, str]:
    """The skill to ask: the conversation's own while somebody of it is there, else the first fallback with somebody
    online. With the words that tell of a fallback."""
    own = rules.of(skill)
    if any(_is_there(one, own) for one in everybody if one.agent.has(skill)):
        return skill, ""
    for following in rules.chain(skill)[1:]:
        if any(one.is_online for one in everybody if one.agent.has(following)):
            return following, f" (of {following}: nobody of {skill} is there)"
    return None, ""


def _let_it_go(conversation: Conversation, agent: Agent) -> bool:
    """Gave it back or handed it over, and has been there ever since: a night later it is as good as any other."""
    has_let_go = agent.id in (conversation.returned_by, conversation.handed_by)
    return has_let_go and agent.presence_at <= (conversation.queued_at or 0)


def _is_there(one: Candidate, rules: SkillRules) -> bool:
    return one.is_online or (one.is_connected and not rules.away_is_absent)


def _order(one: Candidate, rules: SkillRules, latest_owner: str | None, now: int) -> tuple[object, ...]:
    available = max(1, current_capacity(one.agent, rules, now)) * FULL_WEIGHT
    return (one.load / available, one.agent.assigned_at, one.agent.id != latest_owner, one.agent.id)


def _against(conversation: Conversation, one: Candidate, skill: str, rules: SkillRules, now: int) -> str | None:
    if not one.agent.has(skill):
        return f"does not have the skill {skill}"
    if not one.is_connected:
        return "has no desk open"
    if not one.is_online:
        return f"is {one.agent.presence.replace('_', ' ')}"
    if _let_it_go(conversation, one.agent):
        return "gave it back" if one.agent.id == conversation.returned_by else "handed it over"
    available = current_capacity(one.agent, rules, now)
    if not has_room(one.load, available):
        warming = ", still warming up" if available < one.agent.capacity else ""
        return f"is full: {load_words(one.load)} of {available} places taken{warming}"
    if one.agent.id in conversation.tried:
        return "let it ring; asked again after the others"
    return None
