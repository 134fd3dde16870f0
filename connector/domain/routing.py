"""Routing: the agent for a queued conversation, with the reason. The same input gives the same choice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from connector.domain.agent import Agent, Presence
from connector.domain.conversation import Conversation
from connector.domain.load import FULL_WEIGHT, current_capacity, has_room, load_words
from connector.domain.skill_rules import Rules, SkillRules


class Candidate(Struct, frozen=True):
    """An agent as routing sees them. `load` is in thousandths and includes what rings at them."""

    agent: Agent
    is_connected: bool
    load: int

    @property
    def is_online(self) -> bool:
        return self.is_connected and self.agent.presence is Presence.ONLINE


class Choice(Struct, frozen=True):
    """Agents to assign or ring, the best first; none when the conversation has to wait."""

    agents: tuple[str, ...]
    reason: str
    skill: str  # the one agents were sought in: a fallback when no agent of its own is present


class CandidateVerdict(Struct, frozen=True):
    """Whether one agent fits one conversation, and why."""

    agent: str
    fits: bool
    words: str


def choose(
    conversation: Conversation, candidates: Iterable[Candidate], rules: Rules, latest_owner: str | None, now: int
) -> Choice:
    """The least utilised agent who serves its account, is online, has the skill and a free place.

    Ties go to the agent routing assigned to longest ago, then to the consumer's latest owner, then by id. Agents who
    declined or missed the ring are asked again only after all others, and not before `again_at`; an agent who gave it
    back or transferred it is left out until they have been away or offline and are back.
    """
    candidates = serving(conversation.account, candidates)
    skill, away_words = effective_skill(conversation.skill, candidates, rules)
    if skill is None:
        return Choice((), f"nobody with the skill {conversation.skill} is online", conversation.skill)
    skill_rules = rules.of(skill)
    online = [one for one in candidates if one.is_online and one.agent.has(skill)]
    if not online:
        return Choice((), f"everybody with the skill {skill} is away", skill)
    others = [one for one in online if not _gave_it_up(conversation, one.agent)]
    if not others:
        who = conversation.returned_by or conversation.handed_by
        return Choice((), f"{who} passed it on, and no other agent of {skill} is online", skill)
    free = [one for one in others if has_room(one.load, current_capacity(one.agent, skill_rules, now))]
    if not free:
        return Choice((), f"every agent online is full{away_words}", skill)
    missed_at = (conversation.again_at or 0) - rules.of(conversation.skill).ring_s * 1000
    # One who has come back since is asked as if for the first time.
    untried = [one for one in free if one.agent.id not in conversation.tried or one.agent.presence_at > missed_at > 0]
    if not untried and _has_to_rest(conversation, now):
        who = ", ".join(sorted(one.agent.id for one in free))
        return Choice((), f"{who} did not take it, and nobody else has room; asked again a little later", skill)
    untried = untried or free
    ranked = sorted(untried, key=lambda one: _order(one, skill_rules, latest_owner, now))
    best = ranked[0]
    among = f"least busy of {len(ranked)} with room" if len(ranked) > 1 else "the only agent with room"
    taken = f"{load_words(best.load)} of {current_capacity(best.agent, skill_rules, now)} places taken"
    return Choice(tuple(one.agent.id for one in ranked), f"{among}: {taken}{away_words}", skill)


def verdicts(
    conversation: Conversation, candidates: Iterable[Candidate], rules: Rules, latest_owner: str | None, now: int
) -> list[CandidateVerdict]:
    """All candidates, the best first, each with the reason for or against them."""
    candidates = list(candidates)
    skill = effective_skill(conversation.skill, serving(conversation.account, candidates), rules)[0]
    skill = skill or conversation.skill
    skill_rules = rules.of(skill)
    reasons = {one.agent.id: _against(conversation, one, skill, skill_rules, now) for one in candidates}
    if all(reasons.values()) and not _has_to_rest(conversation, now):  # all with room missed it: a new round begins
        anew = replace(conversation, tried=())
        reasons = {one.agent.id: _against(anew, one, skill, skill_rules, now) for one in candidates}

    def order(one: Candidate) -> tuple[object, ...]:
        return (reasons[one.agent.id] is not None, _order(one, skill_rules, latest_owner, now))

    found = []
    for one in sorted(candidates, key=order):
        against = reasons[one.agent.id]
        room = f"{load_words(one.load)} of {current_capacity(one.agent, skill_rules, now)} places taken"
        knows = ", knows this consumer" if one.agent.id == latest_owner else ""
        found.append(CandidateVerdict(one.agent.id, against is None, against or f"{room}{knows}"))
    return found


def serving(account: str, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those who may be given a conversation of this account."""
    return [one for one in candidates if one.agent.serves(account)]


def may_be_given(agent: Agent, conversation: Conversation, rules: Rules) -> bool:
    """Whether the agent serves its account, and has its skill or one it falls back on."""
    return agent.serves(conversation.account) and any(agent.has(one) for one in rules.chain(conversation.skill))


def effective_skill(skill: str, candidates: Sequence[Candidate], rules: Rules) -> tuple[str | None, str]:
    """The skill to seek agents in: its own while an agent of it is present, else the first fallback with an agent
    online; None when there is none. With words about the fallback for the reason."""
    own = rules.of(skill)
    if any(_is_present(one, own) for one in candidates if one.agent.has(skill)):
        return skill, ""
    for following in rules.chain(skill)[1:]:
        if any(one.is_online for one in candidates if one.agent.has(following)):
            return following, f" (of {following}: nobody of {skill} is there)"
    return None, ""


def _gave_it_up(conversation: Conversation, agent: Agent) -> bool:
    """Whether the agent gave it back or transferred it and has been online ever since."""
    has_given_up = agent.id in (conversation.returned_by, conversation.handed_by)
    return has_given_up and agent.presence_at <= (conversation.queued_at or 0)


def _has_to_rest(conversation: Conversation, now: int) -> bool:
    """Whether those who declined or missed its ring are not to be asked again yet."""
    return conversation.again_at is not None and now < conversation.again_at


def _is_present(one: Candidate, rules: SkillRules) -> bool:
    return one.is_online or (one.is_connected and not rules.away_is_absent)


def _order(one: Candidate, rules: SkillRules, latest_owner: str | None, now: int) -> tuple[object, ...]:
    available = max(1, current_capacity(one.agent, rules, now)) * FULL_WEIGHT
    return (one.load / available, one.agent.assigned_at, one.agent.id != latest_owner, one.agent.id)


def _against(conversation: Conversation, one: Candidate, skill: str, rules: SkillRules, now: int) -> str | None:
    if not one.agent.serves(conversation.account):
        return f"does not serve the account {conversation.account}"
    if not one.agent.has(skill):
        return f"does not have the skill {skill}"
    if not one.is_connected:
        return "has no desk open"
    if not one.is_online:
        return f"is {one.agent.presence.replace('_', ' ')}"
    if _gave_it_up(conversation, one.agent):
        return "gave it back" if one.agent.id == conversation.returned_by else "handed it over"
    available = current_capacity(one.agent, rules, now)
    if not has_room(one.load, available):
        warming = ", still warming up" if available < one.agent.capacity else ""
        return f"is full: {load_words(one.load)} of {available} places taken{warming}"
    if one.agent.id in conversation.tried:
        return "declined it or let it ring; asked again after the others, and not at once"
    return None
