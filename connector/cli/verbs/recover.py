"""`textdesk recover --since`: take in what a provider has and we have not."""

from __future__ import annotations

from connector.cli import moment_arguments
from connector.client.errors import ClientError
from connector.client.link import Link
from connector.console.output import json_line, plain, write
from connector.wire import answers, requests


async def run(link: Link, since: str, account: str | None, *, as_json: bool) -> int:
    at = moment_arguments.past(since, link.now())
    accounts = [account] if account else sorted({line.account for line in link.lines})
    code = 0
    for name in accounts:
        try:
            answer = await link.ask(requests.Recover(name, at))
        except ClientError as failure:
            write(json_line({"account": name, "error": str(failure)}) if as_json else plain(f"{name}: {failure}"))
            code = code if account is None else failure.exit_code
            continue
        assert isinstance(answer, answers.Recovered)
        told = {"account": name, "looked_at": answer.looked_at, "taken_in": answer.taken_in}
        words = f"{name}: {answer.taken_in} taken in of {answer.looked_at} looked at."
        write(json_line(told) if as_json else plain(words))
    return code
