"""The board: what each skill and each agent has to do, first what needs a lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from connector.base.counted import count
from connector.sms.text import one_line
from connector.wire import answers
from connector.wire.board import AgentOnBoardView, SkillOnBoardView
from connector.wire.views import AgentView
from tui.draw import columns
from tui.draw.bars import presence_words
from tui.draw.columns import TableColumn, with_room
from tui.draw.format import Line, Span, duration, urgency
from tui.model.state import Model

_INDENT = "    "
_LONGEST_NAME, _LONGEST_SKILLS = 20, 60
_NONE = ("·", "muted")
_ORDER = {"online": 0, "back_soon": 1, "away": 2}
_LEAST_AGENTS = 8  # rows of them that skills leave on the page
_PLACES = "places: a quiet one takes less than one, a ringing one takes one"
_OVER = "(+3): so many more than their capacity were taken by hand"
_NOT_THERE = AgentOnBoardView("", 0)


class _Heading(NamedTuple):
    """A column of figures. The lightest are left out first where there is no room."""

    title: str
    weight: int
    is_left: bool = False


def board_entries(model: Model, now: int, width: int, height: int) -> list[tuple[str | None, list[Line]]]:
    """Lines for the skills, then every agent with presence, load and what waits with them."""
    board = model.fetched.board
    if board is None:
        words = model.fetched.board_refusal or "The board is on its way."
        return [(None, [[], [(f"{_INDENT}{one_line(words, width - 5)}", "muted")]])]
    skills = _skill_lines(board.skills, now, width, max(3, height - _LEAST_AGENTS))
    titles, rows = _agents(model, board, now, width)
    if not rows:
        return [(None, [*skills, [], [(f"{_INDENT}There is no agent whom you see.", "muted")]])]
    entries: list[tuple[str | None, list[Line]]] = [(None, [*skills, [], titles])]
    entries += [(agent, [line]) for agent, line in rows]
    known = model.agents.by_id
    if any(one.places != one.conversations for one in board.agents):
        entries.append((None, [[], [(f"{_INDENT}{one_line(_PLACES, width - 5)}", "faint")]]))
    if any(one.places > known[one.agent].capacity for one in board.agents if one.agent in known):
        entries.append((None, [[(f"{_INDENT}{one_line(_OVER, width - 5)}", "faint")]]))
    return entries


def summary(model: Model, room: int) -> Line:
    """`2 overdue · 4 wait in the queue · 5 of 7 online`"""
    board = model.fetched.board
    if board is None:
        return []
    late = sum(one.overdue for one in board.agents) + sum(one.overdue for one in board.skills)
    unsent = sum(one.unsent for one in board.agents)
    queued = sum(one.queued for one in board.skills)
    there = sum(one.presence == "online" for one in model.agents.by_id.values())
    parts = [
        (f"{late:,} overdue", "bad") if late else ("nothing is overdue", "good"),
        *([(f"{unsent:,} not sent", "bad")] if unsent else []),
        *([(f"{queued:,} in the queue", "")] if queued else []),
        (f"{there:,} of {count(len(model.agents.by_id), 'agent')} online", "muted"),
    ]
    while len(parts) > 1 and sum(len(text) + 3 for text, _ in parts) > room:
        parts.pop()
    line: Line = []
    for part in parts:
        line += [(" · ", "muted"), part] if line else [part]
    return line


def rank(agent: AgentView | None, has: AgentOnBoardView) -> tuple[int, int, bool, bool, int, int]:
    """Those first who need a lead: with something overdue, with what was not sent, with conversations and not there,
    those who have no place left while somebody waits; then by who waits longest."""
    is_there = agent is not None and agent.presence == "online"
    is_full = agent is not None and has.waiting > 0 and has.places >= agent.capacity
    since = has.waits_since or 1 << 62
    order = _ORDER.get(agent.presence, 3) if agent is not None else 4
    return -has.overdue, -(has.unsent + has.unsure), is_there or not has.conversations, not is_full, since, order


def _agents(model: Model, board: answers.Board, now: int, width: int) -> tuple[Line, list[tuple[str, Line]]]:
    known = model.agents.by_id
    work = {one.agent: one for one in board.agents}
    shown = [one for one in {**dict.fromkeys(known), **dict.fromkeys(work)} if _is_shown(known.get(one), work.get(one))]
    shown.sort(key=lambda one: (*rank(known.get(one), work.get(one, _NOT_THERE)), _name(known.get(one), one)))
    if not shown:
        return [], []
    me = model.agents.me.id if model.agents.me else None
    rows = [(known.get(one) or _unknown(one), work.get(one, _NOT_THERE)) for one in shown]

    def column(figure: _Heading, draw: Callable[[AgentView, AgentOnBoardView], Span]) -> TableColumn:
        return TableColumn(figure.title, [[draw(*row)] for row in rows], figure.weight, figure.is_left)

    found = [
        column(_Heading("agent", 100, is_left=True), lambda one, _: _name_span(one, is_me=one.id == me, width=width)),
        column(_Heading("state", 95, is_left=True), lambda one, _: _state(one, width)),
        column(_Heading("since", 20), lambda one, _: (duration(now - one.since) if one.since else "", "muted")),
        column(_Heading("places", 90), _places),
        column(_Heading("open", 92), lambda _, has: _number(has.conversations, "")),
        column(_Heading("ring", 15), lambda _, has: (f"{has.ringing:,}" if has.ringing else "", "")),
        column(_Heading("waits", 96), lambda _, has: _waits(has.waits_since, now)),
        column(_Heading("late", 99), lambda _, has: _number(has.overdue, "bad")),
        column(_Heading("not sent", 97), lambda _, has: (f"✗ {has.unsent:,}" if has.unsent else "", "bad")),
        column(_Heading("not sure", 94), lambda _, has: (f"? {has.unsure:,}" if has.unsure else "", "warn")),
        column(_Heading("today", 80), lambda _, has: ("" if has.answered is None else f"{has.answered:,}", "muted")),
        column(_Heading("skills", 10, is_left=True), lambda one, _: _skills(one)),
    ]
    fitting = with_room(found, width - len(_INDENT) - 1)
    titles: Line = [(f"{_INDENT}{columns.titles(fitting)}", "faint")]
    return titles, [(one, [(_INDENT, ""), *line]) for one, line in zip(shown, columns.rows(fitting), strict=True)]


def _is_shown(agent: AgentView | None, has: AgentOnBoardView | None) -> bool:
    return agent is not None and (not agent.is_disabled or (has is not None and has.conversations > 0))


def _unknown(agent: str) -> AgentView:
    return AgentView(agent, agent, "offline", 0, 0)


def _name(agent: AgentView | None, agent_id: str) -> tuple[str, str]:
    return (agent.name if agent else agent_id).casefold(), agent_id


def _name_span(agent: AgentView, *, is_me: bool, width: int) -> Span:
    mark = " (you)" if is_me else ""
    longest = _LONGEST_NAME if width >= 100 else 14
    return f"{one_line(agent.name, longest - len(mark))}{mark}", "strong" if agent.presence == "online" else "muted"


def _state(agent: AgentView, width: int) -> Span:
    if agent.is_disabled:
        return "✗ disabled", "bad"
    words = one_line(presence_words(agent), 30 if width >= 100 else 14)
    if agent.presence == "online":
        return f"● {words}", "good"
    return f"○ {words}", "warn" if agent.presence in _ORDER else "muted"


def _places(agent: AgentView, has: AgentOnBoardView) -> Span:
    """What routing counts: a conversation in which nothing happens takes less than a place."""
    is_full = has.places >= agent.capacity and has.places > 0
    role = ("warn" if agent.presence == "online" else "bad") if is_full else "" if has.places else "muted"
    over = has.places - agent.capacity
    return f"{has.places:g} of {agent.capacity}{f' (+{over:g})' if over > 0 else ''}", role


def _number(number: int, role: str) -> Span:
    return (f"{number:,}", role) if number else _NONE


def _waits(since: int | None, now: int) -> Span:
    return _NONE if since is None else (duration(now - since), urgency(now - since))


def _skills(agent: AgentView) -> Span:
    return one_line(", ".join(agent.skills) or "every skill", _LONGEST_SKILLS), "muted"


def _skill_lines(skills: Sequence[SkillOnBoardView], now: int, width: int, most: int) -> list[Line]:
    """Those with something to do first; where there are more than have room, the rest is a number."""
    ordered = sorted(skills, key=lambda one: (-one.overdue, -one.queued, one.waits_since or 1 << 62, one.skill))
    rows = ordered[:most] if len(ordered) <= most else ordered[: most - 1]
    if not rows:
        return []
    figures: Mapping[_Heading, Callable[[SkillOnBoardView], Span]] = {
        _Heading("queue of", 100, is_left=True): lambda one: (one_line(one.skill, _LONGEST_NAME), "strong"),
        _Heading("hours", 60, is_left=True): lambda one: ("" if one.is_open else "closed", "muted"),
        _Heading("wait", 95): lambda one: _number(one.queued, ""),
        _Heading("longest", 94): lambda one: _waits(one.waits_since, now),
        _Heading("late", 99): lambda one: _number(one.overdue, "bad"),
        _Heading("ring", 40): lambda one: (f"{one.ringing:,}" if one.ringing else "", ""),
        _Heading("online", 80): lambda one: (f"{one.online:,}", "" if one.online else "bad" if one.queued else "muted"),
        _Heading("free places", 70): lambda one: (f"{one.free:g}", "" if one.free else "warn"),
        _Heading("in time today", 85): _in_time,
    }
    drawn = [
        TableColumn(figure.title, [[draw(one)] for one in rows], figure.weight, figure.is_left)
        for figure, draw in figures.items()
    ]
    fitting = with_room(drawn, width - len(_INDENT) - 1)
    lines: list[Line] = [[], [(f"{_INDENT}{columns.titles(fitting)}", "faint")]]
    lines += [[(_INDENT, ""), *line] for line in columns.rows(fitting)]
    if len(ordered) > len(rows):
        rest = f"{_INDENT}and {count(len(ordered) - len(rows), 'skill')} with less to do"
        lines.append([(rest, "muted")])
    return lines


def _in_time(skill: SkillOnBoardView) -> Span:
    """`9 of 10`, of those answered today."""
    if skill.answered is None or skill.in_time is None or not skill.answered:
        return "", "muted"
    share = skill.in_time / skill.answered
    return f"{skill.in_time:,} of {skill.answered:,}", "" if share >= 0.9 else "warn"
