"""What agents and skills have to do, as a lead looks at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from connector.domain.agent import Agent, Role
from connector.domain.conversation import Conversation
from connector.domain.days import day_began_at, next_day
from connector.domain.hours import is_open
from connector.domain.load import FULL_WEIGHT
from connector.domain.rights import Rights, Visibility, visibility_of
from connector.domain.routing import Candidate
from connector.domain.tallies import TallyKind, TallySpan
from connector.services.query import Query
from connector.services.routing.staff_loads import loads_of
from connector.store.values import HeldWork, QueuedWork, TallyQuestion
from connector.wire import answers
from connector.wire.board import AgentOnBoardView, GetBoard, SkillOnBoardView


def board(query: Query, question: GetBoard) -> answers.Board:
    """Counts are of the conversations that the asker may see; places are those that routing counts."""
    pages, rights = query.reading.desk_pages, query.rights
    people = query.reading.staff(query.now)
    staff = loads_of(people)
    ringing = [one for one in people.ringing if rights.may_see(visibility_of(one))]
    held = [one for one in pages.held_work() if rights.may_see(Visibility(one.account, one.skill, (one.agent,)))]
    return answers.Board(
        agents=_agents(query, staff.candidates(), staff.agents.values(), held, ringing),
        skills=_skills(query, staff.candidates(), pages.queued_work(), ringing),
    )


def _agents(
    query: Query,
    candidates: Iterable[Candidate],
    known: Collection[Agent],
    held: Iterable[HeldWork],
    ringing: Collection[Conversation],
) -> list[AgentOnBoardView]:
    """Those who are seen; one who is disabled only where they have something."""
    loads = {one.agent.id: one.load for one in candidates}
    work: defaultdict[str, list[HeldWork]] = defaultdict(list)
    for one in held:
        work[one.agent].append(one)
    answered = _today(query, "agent")
    return [
        _agent(
            agent.id,
            loads.get(agent.id, 0),
            work[agent.id],
            sum(agent.id in one.rings for one in ringing),
            answered[agent.id].answers if _is_told_of(query.rights, agent) else None,
        )
        for agent in known
        if query.rights.shows(agent) and (not agent.is_disabled or work[agent.id])
    ]


def _agent(agent: str, load: int, work: Collection[HeldWork], ringing: int, answered: int | None) -> AgentOnBoardView:
    return AgentOnBoardView(
        agent=agent,
        places=round(load / FULL_WEIGHT, 1),
        conversations=sum(one.count for one in work),
        ringing=ringing,
        waiting=sum(one.waiting for one in work),
        waits_since=min((one.waits_since for one in work if one.waits_since is not None), default=None),
        overdue=sum(one.overdue for one in work),
        unsent=sum(one.unsent for one in work),
        unsure=sum(one.unsure for one in work),
        answered=answered,
    )


def _is_told_of(rights: Rights, agent: Agent) -> bool:
    """How much a colleague has answered is for leads."""
    return agent.id == rights.agent or rights.role.includes(Role.LEAD)


class _Today(NamedTuple):
    answers: int = 0
    late: int = 0


def _today(query: Query, by: str) -> defaultdict[str, _Today]:
    """What was answered, as reports count it, in the skills and accounts that the asker leads."""
    rights, zone = query.rights, query.brand.zone
    is_all = rights.role is Role.ADMINISTRATOR
    since = day_began_at(query.now, zone)
    found = query.reading.tallies(
        TallyQuestion(
            kind=TallyKind.WORK,
            span=TallySpan.DAY,
            since=since,
            until=next_day(since, zone),
            by=by,
            only={},
            leads=rights.role.includes(Role.LEAD),
            accounts=() if is_all else rights.accounts,
            skills=() if is_all else rights.skills,
            own=rights.agent,
        )
    )
    counted: defaultdict[str, _Today] = defaultdict(_Today)
    for one in found:
        before, more = counted[str(one.key)], one.measures
        counted[str(one.key)] = _Today(before.answers + more.get("answers", 0), before.late + more.get("late", 0))
    return counted


def _skills(
    query: Query, candidates: Collection[Candidate], queued: Iterable[QueuedWork], ringing: Collection[Conversation]
) -> list[SkillOnBoardView]:
    rights, rules = query.rights, query.brand.rules
    today = _today(query, "skill") if rights.role.includes(Role.LEAD) else None
    accounts = {line.account for line in query.brand.lines.values()}
    work: defaultdict[str, list[QueuedWork]] = defaultdict(list)
    for one in queued:
        if rights.may_see(Visibility(one.account, one.skill)):
            work[one.skill].append(one)
    found = []
    for skill in sorted({*rules.names, *work}):
        waiting = work[skill]
        if not waiting and not any(rights.may_see(Visibility(account, skill)) for account in accounts):
            continue
        there = [one for one in candidates if one.is_online and one.agent.has(skill) and rights.shows(one.agent)]
        free = sum(max(0, one.agent.capacity * FULL_WEIGHT - one.load) for one in there)
        found.append(
            SkillOnBoardView(
                skill=skill,
                is_open=is_open(rules.of(skill).hours, query.now),
                queued=sum(one.count for one in waiting),
                waits_since=min((one.waits_since for one in waiting if one.waits_since is not None), default=None),
                overdue=sum(one.overdue for one in waiting),
                ringing=sum(one.skill == skill for one in ringing),
                online=len(there),
                free=round(free / FULL_WEIGHT, 1),
                answered=None if today is None else today[skill].answers,
                in_time=None if today is None else today[skill].answers - today[skill].late,
            )
        )
    return found
