"""`textdesk report` against a real core: a table, JSON lines and CSV of the same sums."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from tests.kit.commands import textdesk
from tests.kit.running import CONSUMER, SHORT_CODE, Desk, town

pytestmark = pytest.mark.slow


async def test_a_day_in_three_forms(tmp_path: Path) -> None:
    async with town(tmp_path / "town", more='price = "0.0500 EUR"\n') as made, Desk(made.core) as ann:
        here = ("--data", str(made.core.data), "--agent", "ann")
        empty = await textdesk("report", *here)
        assert empty.code == 0 and "Nothing was counted in these days." in empty.out
        await made.text("Hello", line=SHORT_CODE)
        conversation = (await ann.told_of("message_received"))["conversation"]["id"]
        written = await ann.ask({"type": "reply", "conversation_id": conversation, "text": "Hi " * 100})
        await ann.status_of(written["message_id"], "delivered")
        await ann.ask({"type": "close", "conversation_id": conversation, "outcome": '=HYPERLINK("x")'})

        *rows, total = (await textdesk("report", "--json", *here)).lines
        assert [(row["by"], row["key"], row["replies"], row["delivered"]) for row in rows] == [
            ("agent", "ann", 1, 1),
            ("agent", "", 0, 0),
        ]
        assert (total["by"], total["segments"], total["cost"], total["is_own"]) == ("all", 2, {"EUR": "0.10"}, False)

        printed = (await textdesk("report", "--since", "7d", "--by", "line", *here)).out
        assert "1: half within " in printed and "100% of them in time" in printed
        assert "2 sent, 0.10 EUR" in printed and "█" in printed and "\x1b" not in printed
        since = (await textdesk("report", "--since", "yesterday", *here)).out
        assert since == (await textdesk("report", "--since", "2d", *here)).out
        by_hour = (await textdesk("report", "--by", "hour", *here)).out
        assert by_hour.count(":00") == 1  # hours without anything at both ends are left out

        out = (await textdesk("report", "--by", "outcome", "--csv", *here)).out
        titles, closed, last = csv.reader(out.splitlines())
        assert titles[:3] == ["by", "key", "name"] and titles[-1] == "cost_EUR"
        assert closed[:3] == ["outcome", '\'=HYPERLINK("x")', '\'=HYPERLINK("x")']
        assert closed[-1] == "0.10" and last[0] == "all" and len(titles) == len(closed) == len(last)
        lines = (await textdesk("report", "--by", "line", "--only", "agent=ann", "--csv", *here)).out
        assert f"line,{SHORT_CODE},{SHORT_CODE}," in lines

        for wrong, words in (
            (("--csv", "--json"), "give one of them"),
            (("--only", "ann"), "--only agent=ben"),
            (("--since", "soon"), "neither a span"),
        ):
            done = await textdesk("report", *wrong, *here)
            assert done.code == os.EX_USAGE and words in done.err
        done = await textdesk("report", "--only", "colour=red", *here)
        assert done.code == 1 and "there is no colour" in done.err
        done = await textdesk("report", "--until", "2020-01-01", *here)
        assert done.code == 1 and "would end on 2020-01-01, before it begins on" in done.err
        done = await textdesk("report", "--only", "agent=an", "--json", *here)
        assert done.code == 0 and "Nothing was counted of agent=an. It is to be written whole" in done.err
        done = await textdesk("report", "--since", "60d", "--by", "hour", "--csv", *here)
        assert done.code == 0 and "No more is kept of this: the report begins on" in done.err
        assert (await textdesk("report", "--since", "35d", "--by", "hour", *here)).err == ""
        assert CONSUMER not in printed
