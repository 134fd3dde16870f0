"""`textdesk simulate`: simulates a day of a contact centre in seconds, and prints who waited how long."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING

from connector.console.failure import CommandFailed

if TYPE_CHECKING:
    from connector.lab.day.escalations import Night
    from connector.lab.day.report import Figures
    from connector.lab.day.scenario import Day
    from connector.lab.day.simulation import DayResult, Progress

_BAR = 24
_SKILL_HEAD = (
    *("SKILL", "RULES", "CONVERSATIONS", "ANSWERED", "P50", "P90", "MAX", "IN TIME", "OVERDUE", "GIVEN BACK"),
    *("MOVED", "TRANSFERRED", "REOPENED", "CLOSED BY ITSELF", "LEFT OPEN"),
)
_NIGHT_HEAD = ("TIME", "SKILL", "WHAT", "ASKED", "BY", "ACKNOWLEDGED")
_AGENT_HEAD = ("AGENT", "RULES", "CONVERSATIONS", "REPLIES", "ONLINE", "AWAY", "OFFLINE", "AT ONCE", "LOAD", "PLACES")


def add_options(simulate: ArgumentParser) -> None:
    simulate.add_argument(
        "--scenario",
        default="day",
        metavar="FILE",
        help="a TOML file, or `day` or `night` of textdesk (day)",
    )
    simulate.add_argument("--seed", type=int, default=0, metavar="N", help="the same seed gives the same day (0)")
    rules = simulate.add_mutually_exclusive_group()
    rules.add_argument("--full", action="store_true", help="only with the rules of the scenario (both, side by side)")
    rules.add_argument(
        "--plain", action="store_true", help="only with plain routing: to the agent with the fewest conversations"
    )
    simulate.add_argument(
        "--reasons", type=_count, default=0, metavar="N", help="print the reasons of so many routing decisions (0)"
    )
    simulate.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: Namespace) -> int:
    """Raises CommandFailed, also when the core broke a promise."""
    import asyncio

    from connector.console.output import plain
    from connector.console.progress import ProgressLine
    from connector.lab.day.checks import BrokenPromise
    from connector.lab.day.scenario import load, with_plain_routing

    try:
        day = load(options.scenario)
    except ValueError as error:
        raise CommandFailed(str(error), os.EX_USAGE) from None
    days = {"full": day, "plain": with_plain_routing(day)}
    if day.scenario.on_call is not None:
        if options.plain:
            raise CommandFailed("Who is on call is not asked by plain routing: leave out --plain.", os.EX_USAGE)
        days = {"full": day}
    elif options.full or options.plain:
        days = {name: one for name, one in days.items() if getattr(options, name)}
    line = ProgressLine(sys.stderr)

    def progress_of(name: str) -> Progress:
        def show(share: float, time: str) -> None:
            bar = "█" * round(share * _BAR)
            line.show(f"{name} rules  {bar:░<{_BAR}}  {share:4.0%}  {time}")

        return show

    try:
        played = {name: asyncio.run(_play(one, options.seed, progress_of(name))) for name, one in days.items()}
    except BrokenPromise as broken:
        raise CommandFailed(f"The core has broken a promise: {broken}.", os.EX_SOFTWARE) from None
    finally:
        line.clear()
    (_print_json if options.json else _print_tables)(day, played, options.reasons)
    others = _broken_rules(day, played["full"]) if "full" in played else []
    for words in others:
        print(f"textdesk: not as the rules say: {plain(words)}", file=sys.stderr)
    return os.EX_SOFTWARE if others else 0


def _broken_rules(day: Day, played: DayResult) -> list[str]:
    """What a night's alerts did otherwise than the rota says."""
    from connector.lab.day.escalations import broken_rules

    scenario = day.scenario
    if scenario.on_call is None or played.night is None:
        return []
    phones = {person.agent: person.phone for person in scenario.people}
    has_webhook, ends = scenario.receiver is not None, scenario.moment(scenario.ends)
    return broken_rules(scenario.on_call, played.night, phones, has_webhook=has_webhook, now=ends)


async def _play(day: Day, seed: int, progress: Progress) -> DayResult:
    import asyncio
    import signal

    from connector.lab.day.simulation import simulate

    main = asyncio.current_task()
    assert main is not None
    # On SIGTERM, too, nothing is left behind.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, main.cancel)
    try:
        return await simulate(day, seed, progress)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def _print_json(day: Day, played: dict[str, DayResult], reasons: int) -> None:
    from connector.console.output import json_line, write
    from connector.lab.day import night_report, report

    for place, (name, one) in enumerate(played.items()):
        kinds = {
            "skill": report.skills(one),
            "agent": report.agents(one),
            "decision": report.decisions(one, 0 if place else reasons),
            "summary": [report.summary(one)],
        }
        if one.night is not None:
            kinds |= {
                "escalation": night_report.escalations(day.scenario, one.night),
                "gap": night_report.rota_gaps(day.scenario),
                "night": [night_report.summary(day.scenario, one.night)],
            }
        for kind, rows in kinds.items():
            for row in rows:
                write(json_line({"kind": kind, "rules": name, **row}))


def _print_tables(day: Day, played: dict[str, DayResult], reasons: int) -> None:
    from connector.console.output import plain, write
    from connector.lab.day import report

    write(plain(f"{day.scenario.date}: {day.scenario.about or 'a day'}"))
    for one in played.values():
        if one.night is not None:
            _print_night(day, one.night)
    sums = {name: report.summary(one) for name, one in played.items()}
    rows = sorted((row["skill"], name, row) for name, one in played.items() for row in report.skills(one))
    lines = [[skill, name, *_skill_cells(row)] for skill, name, row in rows]
    lines += [["all", name, *_skill_cells(row)] for name, row in sums.items()]
    _write_table(_SKILL_HEAD, lines)
    by_agent = {name: report.agents(one) for name, one in played.items()}
    ranks = range(len(next(iter(by_agent.values()))))
    cells = [[found[at]["agent"], name, *_agent_cells(found[at])] for at in ranks for name, found in by_agent.items()]
    _write_table(_AGENT_HEAD, cells)
    first, one = next(iter(played.items()))
    if made := report.decisions(one, reasons):
        shown = [
            [row["time"], row["consumer"], row["skill"], row["what"], ", ".join(row["agents"]) or "-", row["reason"]]
            for row in made
        ]
        _write_table(("TIME", "CONSUMER", "SKILL", f"{first.upper()} RULES", "WHO", "WHY"), shown)
    for name, row in sums.items():
        refused = ", ".join(f"{count} {code}" for code, count in row["refused"].items()) or "nothing"
        words = f"{name} rules: {row['replies']} replies, {row['not_sent']} of them not sent; refused: {refused};"
        write(f"{words} all promises held at {row['checks']} checks")
    write(
        "P50, P90, MAX: from the consumer's text to the provider taking the first answer. IN TIME: by the full rules."
    )


def _print_night(day: Day, night: Night) -> None:
    from connector.console.output import write
    from connector.lab.day import night_report

    scenario = day.scenario
    rows = [
        [
            row["at"],
            row["skill"],
            f"{row['count']} overdue since {row['since'][:5]}",
            night_report.asked_words(row),
            "; ".join(row["ways"]),
            _acknowledged(row),
        ]
        for row in night_report.escalations(scenario, night)
    ]
    _write_table(_NIGHT_HEAD, rows)
    for gap in night_report.rota_gaps(scenario):
        leads = " and ".join(gap["leads"])
        write(f"{gap['skill']}: the rota has nobody from {gap['from']} to {gap['until']}: {leads} is asked at once")
    figures = night_report.summary(scenario, night)
    words = "{alerts} alerts, {asked} times somebody was asked, {acknowledged} acknowledged, {over} over; {texts} texts"
    write(words.format_map(figures))
    if scenario.receiver is not None:
        write("webhook: {events} events taken, in {posts} posts; {waiting} wait".format_map(figures))
    write("")


def _acknowledged(row: Figures) -> str:
    """`carla by text after 1:40, 12:10 after the alert`."""
    if "acknowledged_by" not in row:
        return "-"
    return (
        f"{row['acknowledged_by']} {row['way']} after {_time(row['after_s'])}, {_time(row['raised_s'])} after the alert"
    )


def _write_table(head: tuple[str, ...], rows: list[list[str]]) -> None:
    from connector.console.output import table, write

    for line in table(head, rows):
        write(line.rstrip())
    write("")


def _skill_cells(row: Figures) -> list[str]:
    times = [_time(row[key]) for key in ("p50_s", "p90_s", "max_s")]
    share = "-" if row["in_time"] is None else f"{row['in_time']:.1%}"
    counts = ("overdue", "given_back", "moved", "transferred", "reopened", "closed_by_itself", "left_open")
    return [str(row["conversations"]), str(row["answered"]), *times, share, *(str(row[key]) for key in counts)]


def _agent_cells(row: Figures) -> list[str]:
    times = [_time(row[key]) for key in ("online_s", "away_s", "offline_s")]
    counts = ("most_at_once", "highest_load", "places")
    return [str(row["conversations"]), str(row["replies"]), *times, *(str(row[key]) for key in counts)]


def _time(seconds: int | None) -> str:
    """1:29 or 2:05:00."""
    if seconds is None:
        return "-"
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text} is not a whole number")
    return int(text)
