"""`textdesk recover --since`: take in what a provider has and we have not."""

from __future__ import annotations

import os
import re
from datetime import datetime

from connector.verbs.failure import Failure
from connector.verbs.link import Link
from connector.verbs.output import json_line, plain, write
from connector.wire import requests

_UNITS_S = {"m": 60, "h": 3600, "d": 86400}


async def run(link: Link, since: str, account: str | None, *, as_json: bool) -> int:
    at = moment(since, link.now())
    accounts = [account] if account else sorted({line.account for line in link.lines})
    code = 0
    for name in accounts:
        try:
            answer = await link.ask(requests.Recover(name, at))
        except Failure as failure:
            write(json_line({"account": name, "error": str(failure)}) if as_json else plain(f"{name}: {failure}"))
            code = code if account is None else failure.code
            continue
        assert isinstance(answer, requests.Recovered)
        told = {"account": name, "looked_at": answer.looked_at, "taken_in": answer.taken_in}
        words = f"{name}: {answer.taken_in} taken in of {answer.looked_at} looked at."
        write(json_line(told) if as_json else plain(words))
    return code


def moment(text: str, now: int) -> int:
    """`90m`, `6h`, `2d` before now, or a local date or time as ISO 8601 has it; milliseconds. Raises Failure."""
    if found := re.fullmatch(r"(\d{1,5})([mhd])", text):
        return now - int(found[1]) * _UNITS_S[found[2]] * 1000
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000)
    except ValueError:
        words = f"--since {text} is neither a span like 6h or 2d nor a moment like 2026-11-22T08:00."
        raise Failure(words, os.EX_USAGE) from None
