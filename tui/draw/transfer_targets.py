"""Where a conversation can be handed, as rows to choose from. Pure."""

from __future__ import annotations

from typing import NamedTuple

from connector.sms.text import one_line
from connector.wire.answers import Targets
from tui.draw.format import Line, fit


class TransferRow(NamedTuple):
    """A skill or an agent. `can` says whether the core would take it; `words` say why, or what would become of it."""

    skill: str | None
    agent: str | None
    name: str
    words: str
    can: bool


def target_rows(found: Targets | None, words: str) -> list[TransferRow]:
    """Skills, then agents, those that would be refused last; only what holds every word typed."""
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
        TransferRow(None, one.agent, one.name, f"{_there(one.presence)}{one.words}", one.can_take)
        for one in found.agents
    ]
    typed = words.casefold().split()
    hits = [one for one in every if all(word in f"{_kind(one)} {one.name} {one.words}".casefold() for word in typed)]
    return sorted(hits, key=lambda one: not one.can)


def row_spans(place: TransferRow, width: int) -> Line:
    """What would be refused is grey, and says so."""
    room = max(0, width - 25)
    kind = f"{_kind(place):<6}"
    if not place.can:
        return [(f"{kind}{fit(place.name, 16)} {one_line(f'✗ {place.words}', room)}", "muted")]
    return [(kind, "muted"), (fit(place.name, 16), "strong"), (f" {one_line(place.words, room)}", "")]


def _kind(place: TransferRow) -> str:
    return "agent" if place.agent is not None else "skill"


def _there(presence: str) -> str:
    return "online · " if presence == "online" else ""
