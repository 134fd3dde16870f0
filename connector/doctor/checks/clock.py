"""Whether this machine's clock agrees with a provider's, by the Date header of its answer (RFC 9110, 6.6.1), and with
that of the database's server, by which all cores of the database go."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

import httpx

from connector.base.counted import count
from connector.base.time_limit import within
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red
from connector.doctor.time_limits import ANSWER_S
from connector.providers.outbound import OutboundClient

_AMBER_FROM_S, _RED_FROM_S = 30, 300
_SERVER_AMBER_FROM_S = 5
_ADVICE = "Synchronise the clock: `timedatectl set-ntp true`, or ntpd or chronyd."


async def check(evidence: Evidence) -> list[Finding]:
    ahead_ms = evidence.stored.ahead_ms
    of_server = [] if ahead_ms is None else [judge_by_server(ahead_ms)]
    return [*of_server, *await _by_provider(evidence)]


async def _by_provider(evidence: Evidence) -> list[Finding]:
    bases = dict.fromkeys(map(evidence.api_origin, evidence.accounts))
    for base in bases:
        theirs = await within(ANSWER_S / len(bases), _date(evidence.http, base), None)
        if theirs is not None:
            return [judge(evidence.clock.now() - theirs, httpx.URL(base).host)]
    return [amber("No provider gave the time, so nothing can be compared.", "Look at sign-in.")] if bases else []


def judge(ahead_ms: int, host: str) -> Finding:
    """`ahead_ms`: how far our clock is ahead of theirs; the header has whole seconds."""
    seconds = round(abs(ahead_ms) / 1000)
    if seconds < _AMBER_FROM_S:
        return green(f"It agrees with that of {host}.")
    direction = "ahead of" if ahead_ms > 0 else "behind"
    words = f"This machine's clock is {_span(seconds)} {direction} that of {host}."
    if seconds < _RED_FROM_S:
        return amber(words, _ADVICE)
    return red(f"{words} Certificates, time windows and transcripts go wrong.", _ADVICE)


def judge_by_server(ahead_ms: int) -> Finding:
    """`ahead_ms`: how far our clock is ahead of that of the database's server."""
    seconds = round(abs(ahead_ms) / 1000)
    if seconds < _SERVER_AMBER_FROM_S:
        return green("It agrees with that of the database server.")
    direction = "ahead of" if ahead_ms > 0 else "behind"
    words = f"This machine's clock is {_span(seconds)} {direction} that of the database server, which the cores go by."
    return amber(words, _ADVICE)


async def _date(http: OutboundClient, base: str) -> int | None:
    """The provider's time in milliseconds since 1970; any answer has it."""
    try:
        answer = await http.get(base)
        date = parsedate_to_datetime(answer.headers["date"])
    except (httpx.HTTPError, KeyError, ValueError):
        return None
    return round(date.replace(tzinfo=date.tzinfo or UTC).timestamp() * 1000)


def _span(seconds: int) -> str:
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return count(round(seconds / size), unit)
    return count(seconds, "second")
