"""What a core says of the rota in its configuration: times for which it has nobody, and people who cannot be asked.

None of it keeps a core from starting: an alert is never for nobody, as the leads are asked in a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from connector.base.alike import meant
from connector.base.counted import count
from connector.config.file import Config
from connector.config.on_call import OnCallSettings
from connector.domain.agent import Agent
from connector.domain.rota import gaps

_DAYS = 14
_DAY_MS = 86_400_000


def rota_warnings(config: Config, agents: Iterable[Agent], now: int) -> Iterator[str]:
    """One sentence for each gap of the next two weeks, alike ones together, and for each person of the rota who cannot
    be asked as it says. `agents`: all that are stored."""
    on_call = config.on_call
    if on_call is None:
        return
    yield from _gaps(config, on_call, now)
    known = {agent.id: agent for agent in agents}
    for name in on_call.rota().people:
        if (flaw := _flaw(name, known, config, on_call)) is not None:
            yield f"{config.source.path}: on_call: {flaw}"


def _gaps(config: Config, on_call: OnCallSettings, now: int) -> Iterator[str]:
    rota, zone = on_call.rota(), ZoneInfo(on_call.zone)
    alike: dict[tuple[tuple[int, int], ...], list[str]] = {}
    for skill in config.rules.names:
        if found := gaps(rota, skill, now, now + _DAYS * _DAY_MS):
            alike.setdefault(tuple(found), []).append(skill)
    for times_of, skills in alike.items():
        start, end = times_of[0]
        times = f"from {_moment(start, zone)} to {_moment(end, zone)}"
        if end - start == _DAYS * _DAY_MS:
            times = f"at any time of the next {_DAYS} days"
        elif len(times_of) > 1:
            times += f", and {count(len(times_of) - 1, 'more time')} within {_DAYS} days"
        yield (
            f"{config.source.path}: on_call.shifts: nobody is on call for {', '.join(skills)} {times};"
            f" an alert goes to {', '.join(on_call.lead)} then"
        )


def _moment(at: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at / 1000, zone).strftime("%a %d %b %H:%M")


def _flaw(name: str, known: dict[str, Agent], config: Config, on_call: OnCallSettings) -> str | None:
    agent = known.get(name)
    if agent is None:
        alike = meant(name, known)
        hint = f": did you mean {alike}?" if alike else "; `textdesk agent add` makes one"
        return f"there is no agent {name}, so nobody can be asked by this name{hint}"
    if agent.is_disabled:
        return f"{name} is disabled and cannot acknowledge anything"
    skills = {skill for shift in on_call.shifts if name in shift.agents for skill in shift.skills or config.rules.names}
    if missing := sorted(skill for skill in skills if not agent.has(skill)):
        words = "the conversations that an alert is about are not shown to them"
        return f"{name} is on call for {', '.join(missing)}, which is none of their skills: {words}"
    if on_call.line is not None and not agent.phone:
        return f"{name} has no phone, so alerts are not texted to them: `textdesk agent set {name} --phone NUMBER`"
    return None
