"""The targets of a transfer, as rows to choose from."""

from __future__ import annotations

from typing import NamedTuple

from connector.sms.text import cells, one_line
from connector.wire.answers import Targets
from tui.draw.format import Line, fit

_NAME, _ROOM_FOR_KIND = 16, 48  # cells


class TransferRow(NamedTuple):
    """A skill or an agent; `words` say what would happen, or why the core would refuse."""

    skill: str | None
    agent: str | None
    name: str
    words: str
    is_possible: bool


def target_rows(found: Targets | None, words: str) -> list[TransferRow]:
    """Skills, then agents, impossible ones last; only those that hold every word typed."""
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
    hits = [one for one in every if all(word in f"{_kind(one)} {one.name} {one.words}".casefold() for word in typed)]
    return sorted(hits, key=lambda one: not one.is_possible)


def row_spans(row: TransferRow, width: int) -> Line:
    """An impossible target is grey, and says why."""
    kind = f"{_kind(row):<6}" if width >= _ROOM_FOR_KIND else ""
    name = fit(row.name, _NAME if kind else min(_NAME, width // 3))
    room = max(0, width - len(kind) - cells(name) - 3)
    if not row.is_possible:
        return [(f"{kind}{name} {one_line(f'✗ {row.words}', room)}", "muted")]
    return [(kind, "muted"), (name, "strong"), (f" {one_line(row.words, room)}", "")]


def _kind(row: TransferRow) -> str:
    return "agent" if row.agent is not None else "skill"


def _online(presence: str) -> str:
    return "online · " if presence == "online" else ""
