"""The scenario file of a simulated day, and the two sets of rules it is played by.

```toml
about = "An ordinary Tuesday."
date = 2026-11-24
zone = "Europe/Berlin"           # of every time of day below
begins = "07:00"
ends = "22:00"
conversations = 2000             # matters that consumers text in about
plain_capacity = 12              # places of every agent under plain routing (those of the teams)

[busy]                           # how many of them begin when, one hour of it against another
"08:00-12:00" = 3
"12:00-18:00" = 2

[routing]                        # [routing], [hours] and [skills.NAME] as in a core's configuration
response_s = 900

[[lines]]
address = "+15550100"
skill = "orders"
share = 2                        # of the matters, one line against another (1)

[[teams]]
agents = ["anna", "ben"]
skills = ["orders"]
shift = "08:00-16:30"
lunch = "12:00-12:30"
leaves = "vanishes"              # how a shift ends: signs_off (the usual), or vanishes without a word

[[outages]]
what = "provider"                # takes nothing and brings nothing; or "desks": the core of these agents' desks
begins = "14:00"
for_s = 720
agents = []                      # with desks

[on_call]                        # as in a core's configuration, without [on_call.webhook]
zone = "Europe/Berlin"
lead = ["carla"]
line = "+15550100"

[[people]]                       # of the rota: how they answer
agent = "carla"
phone = "+15550203"
answers = "text"                 # "ack" from their phone; "desk": they acknowledge there; "never"
after_s = 60
asleep = ["00:00-03:00"]         # hears nothing
works_s = 1800                   # stays at the desk so long afterwards

[receiver]                       # of the webhook; without it there is none
down = ["02:00-05:00"]
```
"""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from connector.config.hours import HoursSettings
from connector.config.on_call import OnCallSettings
from connector.config.rules import RoutingSettings, SkillSettings, rules_of
from connector.domain.skill_rules import RingMode, Rules, SkillRules
from connector.lab.day.habits import AgentHabits, ConsumerHabits
from connector.lab.day.on_call_settings import PersonOnCall, WebhookReceiver

_FOLDER = Path(__file__).parent / "scenarios"
USUAL = "day"
BUILT_IN = (USUAL, "night")

_Time = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
_Span = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
_Share = Annotated[float, Meta(gt=0)]


class ScenarioLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    address: str
    skill: str
    share: _Share = 1.0


class ScenarioTeam(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Agents with the same skills and shift. `capacity` None: that of `[routing]`."""

    agents: tuple[str, ...]
    skills: tuple[str, ...]
    shift: _Span
    lunch: _Span | None = None
    capacity: Annotated[int, Meta(ge=1)] | None = None
    leaves: Literal["signs_off", "vanishes"] = "signs_off"


class PlannedOutage(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    what: Literal["provider", "desks"]
    begins: _Time
    for_s: Annotated[int, Meta(ge=1)]
    agents: tuple[str, ...] = ()


class DayScenario(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    about: str = ""
    date: datetime.date
    zone: str
    begins: _Time
    ends: _Time
    conversations: Annotated[int, Meta(ge=1, le=20_000)]
    plain_capacity: Annotated[int, Meta(ge=1)] | None = None
    busy: Annotated[dict[_Span, _Share], Meta(min_length=1)]
    routing: RoutingSettings = RoutingSettings()
    hours: HoursSettings | None = None
    skills: dict[str, SkillSettings] = {}
    lines: Annotated[tuple[ScenarioLine, ...], Meta(min_length=1)]
    teams: Annotated[tuple[ScenarioTeam, ...], Meta(min_length=1)]
    outages: tuple[PlannedOutage, ...] = ()
    on_call: OnCallSettings | None = None
    people: tuple[PersonOnCall, ...] = ()
    receiver: WebhookReceiver | None = None
    consumers: ConsumerHabits = ConsumerHabits()
    agents: AgentHabits = AgentHabits()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f'there is no time zone "{self.zone}"; expected one like Europe/Berlin') from None
        names = [name for team in self.teams for name in team.agents]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{twice[0]} is in more than one team")
        cut_off = [name for outage in self.outages if outage.what == "desks" for name in outage.agents]
        if twice := sorted({name for name in cut_off if cut_off.count(name) > 1}):
            raise ValueError(f"the desk of {twice[0]} is in more than one outage")
        for outage in self.outages:
            if (outage.what == "desks") != bool(outage.agents):
                raise ValueError("an outage of desks names its agents, and one of the provider none")
            if unknown := [name for name in outage.agents if name not in names]:
                raise ValueError(f"an outage names {unknown[0]}, who is in no team")
        self._check_on_call()
        addresses = [line.address for line in self.lines]
        if len(set(addresses)) < len(addresses):
            raise ValueError("two lines have the same address")
        spans = [*self.busy, f"{self.begins}-{self.ends}", *(team.shift for team in self.teams)]
        spans += [team.lunch for team in self.teams if team.lunch]
        spans += [span for person in self.people for span in person.asleep]
        spans += self.receiver.down if self.receiver else ()
        for start, _, end in (span.partition("-") for span in spans):
            if not start < end:
                raise ValueError(f"{start}-{end} ends before it begins")

    def _check_on_call(self) -> None:
        if self.on_call is None:
            if self.people or self.receiver:
                raise ValueError("people and a receiver are for a scenario with [on_call]")
            return
        if self.on_call.webhook is not None:
            raise ValueError("[on_call] has no webhook here: [receiver] is one")
        if self.on_call.line is not None and self.on_call.line not in {line.address for line in self.lines}:
            raise ValueError(f"the line {self.on_call.line} of [on_call] is none of the scenario's")
        known = [person.agent for person in self.people]
        if twice := sorted({name for name in known if known.count(name) > 1}):
            raise ValueError(f"{twice[0]} is twice among the people")
        if missing := [name for name in self.on_call.rota().people if name not in known]:
            raise ValueError(f"{missing[0]} is on call and not among the people")

    def moment(self, time: str) -> int:
        """A time of this day, in milliseconds since 1970."""
        day = self.date
        if time == "24:00":
            day, time = day + datetime.timedelta(days=1), "00:00"
        wall = datetime.datetime.combine(day, datetime.time.fromisoformat(time), ZoneInfo(self.zone))
        return round(wall.timestamp() * 1000)

    def span(self, text: str) -> tuple[int, int]:
        """The moments of a span like 08:00-16:30."""
        start, _, end = text.partition("-")
        return self.moment(start), self.moment(end)

    def time_of_day(self, at: int) -> str:
        return datetime.datetime.fromtimestamp(at / 1000, ZoneInfo(self.zone)).strftime("%H:%M:%S")


class Day(Struct, frozen=True):
    """A scenario and the rules by which it is played. `measure`: those by which an answer counts as late. `capacity`
    None: as the teams say."""

    scenario: DayScenario
    rules: Rules
    measure: Rules
    capacity: int | None = None


def load(name: str) -> Day:
    """The built-in scenario of this name, or the one in a file. Raises ValueError with one sentence."""
    path = Path(name)
    if name.removesuffix(".toml") in BUILT_IN and not path.exists():
        path = _FOLDER / f"{name.removesuffix('.toml')}.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        scenario = msgspec.convert(raw, DayScenario)
        rules = _rules(scenario, raw)
        return Day(scenario, rules, rules)
    except FileNotFoundError:
        built_in = " or ".join(BUILT_IN)
        raise ValueError(f"{name} is neither a file nor a scenario that comes with textdesk ({built_in}).") from None
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: is not TOML: {error}.") from None
    except (msgspec.ValidationError, ValueError) as error:
        raise ValueError(f"{path}: {_in_words(str(error))}.") from None


def with_plain_routing(day: Day) -> Day:
    """The day with routing to the agent with the lowest load, and nothing else: every conversation weighs the same
    until it is closed, and there is no ring, no fallback, no warm-up, no sweep of silent or absent agents, and a queue
    in the order of arrival.

    What is not routing stays: closing, reopening, wrap-up, undo, and the sweep of agents without a desk. As a
    conversation that waits for its consumer weighs a whole place, agents get more of them: `plain_capacity`.
    """
    rules = day.rules
    usual = SkillRules()
    neutral = {
        "ring": RingMode.AUTO,
        "fallback": None,
        "idle_weight": 1.0,
        "idle_after_s": 0,
        "old_after_s": 0,
        "warm_up_s": 0,
        "response_s": usual.response_s,
        "first_contact_s": None,
        "silent_s": 0,
        "away_s": 0,
        "hours": None,
    }
    played = Rules(usual, {name: replace(rules.of(name), **neutral) for name in rules.names})
    return replace(day, rules=played, capacity=day.scenario.plain_capacity)


def _rules(scenario: DayScenario, raw: dict[str, Any]) -> Rules:
    given = {name: section.keys() for name, section in raw.get("skills", {}).items()}
    known = {line.skill for line in scenario.lines} | {skill for team in scenario.teams for skill in team.skills}
    return rules_of(scenario.routing, scenario.hours, scenario.skills, given, sorted(known))


def _in_words(error: str) -> str:
    """msgspec's "… - at `$.teams[0].x`" as "teams[0].x: …"."""
    what, _, where = error.partition(" - at ")
    key = where.strip("`").removeprefix("$").removeprefix(".").replace("[...]", ".*")
    what = what.removeprefix("Object ").replace("`", '"')
    words = f"{key}: {what[:1].lower()}{what[1:]}" if key else what
    return f"{words}. The scenario that comes with textdesk ({_FOLDER / USUAL}.toml) has every section"
