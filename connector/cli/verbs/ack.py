"""`textdesk ack ID … | all`: look after alerts, so that nobody else is asked."""

from __future__ import annotations

import os
from argparse import Namespace

import msgspec

from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import json_line, plain, write
from connector.wire import answers, requests
from connector.wire.alert_words import what

_ALL = "all"


def check(options: Namespace) -> None:
    if _ALL in options.alert and len(options.alert) > 1:
        raise CommandFailed("Either all, or ids of alerts.", os.EX_USAGE)


async def run(link: Link, options: Namespace) -> int:
    ids = [] if options.alert == [_ALL] else await _whole_ids(link, options.alert)
    answer = await link.ask(requests.Acknowledge(ids))
    assert isinstance(answer, answers.Acknowledged)
    if options.json:
        for alert in answer.alerts:
            write(json_line(msgspec.to_builtins(alert)))
        return 0
    for alert in answer.alerts:
        who = alert.acknowledged_by or ""
        words = f"is over: {what(alert)}" if not who else f"acknowledged by {who}: {what(alert)}"
        write(plain(f"{alert.id} {words}"))
    if not answer.alerts:
        write("No alert waits for anybody.")
    return 0


async def _whole_ids(link: Link, given: list[str]) -> list[str]:
    """The ids that these are, or are the beginning of. Raises CommandFailed where several begin so."""
    listed = await link.ask(requests.GetAlerts())
    assert isinstance(listed, answers.Alerts)
    ids = []
    for text in given:
        found = [alert.id for alert in listed.alerts if alert.id.casefold().startswith(text.strip().casefold())]
        if len(found) > 1:
            raise CommandFailed(f"{text} is the beginning of {len(found)} alerts: give more of it.", os.EX_USAGE)
        ids += found or [text]  # perhaps it is over: the core knows
    return ids
