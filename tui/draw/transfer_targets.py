"""The targets of a transfer, as rows to choose from."""

from __future__ import annotations

from typing import NamedTuple

from connector.sms.text import cells, one_line
from connector.sms.wrapping import wrap
from connector.wire.answers import Targets
from tui.draw.format import Line, fit

_NAME, _ROOM_FOR_KIND, _MOST_WORDS = 16, 48, 300  # cells


class TransferRow(NamedTuple):
    """A skill or an agent; `words` say what would happen, or why the core would refuse."""

    skill: str | None
    agent: str | None
    name: str
    words: str
    is_possible: bool


def target_rows(found: Targets | None, words: str) -> list[TransferRow]:
    """Skills, then agents, impossible ones last; only those that hold every word typed. An agent's id counts, as a name
    may be in letters that the keyboard does not have."""
    if found is None:
        return []
    every = [
        TransferRow(
            one.skill,
            None,
            one.skill,
            (f"{one.online} online · " if one.online else "") + one.words + ("" if one.is_open else " · closed now"),
            one.goes_to is not None,
        )
        for one in found.skills
    ]
    every += [
        TransferRow(None, one.agent, one.name, f"{_online(one.presence)}{one.words}", one.can_take)
        for one in found.agents
    ]
    typed = words.casefold().split()
    hits = [one for one in every if all(word in _searched(one) for word in typed)]
    return sorted(hits, key=lambda one: not one.is_possible)


def _searched(row: TransferRow) -> str:
    return f"{_kind(row)} {row.name} {row.agent or ''} {row.words}".casefold()


def row_spans(row: TransferRow, width: int) -> Line:
    """An impossible target is grey, and says why."""
    kind, name, room = _columns(row, width)
    if not row.is_possible:
        return [(f"{kind}{name} {one_line(_words(row), room)}", "muted")]
    return [(kind, "muted"), (name, "strong"), (f" {one_line(_words(row), room)}", "")]


def whole_words(row: TransferRow, width: int) -> list[Line]:
    """What has no room in the row of a target, on lines of its own; none where all has room."""
    if cells(one_line(_words(row), _MOST_WORDS)) <= _columns(row, width)[2]:
        return []
    return [
        [(f"  {line}", "" if row.is_possible else "muted")]
        for line in wrap(one_line(_words(row), _MOST_WORDS), width - 4)
    ]


def _columns(row: TransferRow, width: int) -> tuple[str, str, int]:
    """The kind, the name, and the cells for the words."""
    kind = f"{_kind(row):<6}" if width >= _ROOM_FOR_KIND else ""
    name = fit(row.name, _NAME if kind else min(_NAME, width // 3))
    return kind, name, max(0, width - len(kind) - cells(name) - 3)


def _words(row: TransferRow) -> str:
    return row.words if row.is_possible else f"✗ {row.words}"


def _kind(row: TransferRow) -> str:
    return "agent" if row.agent is not None else "skill"


def _online(presence: str) -> str:
    return "online · " if presence == "online" else ""
