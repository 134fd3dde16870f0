"""`textdesk replies`, and a saved reply that is sent, against a real core with simulated vendors."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from connector.cli.saved_reply_csv import COLUMNS, read_table, written_table
from connector.wire.saved_replies import ReplyActions, SavedReplyContent
from tests.kit.commands import textdesk
from tests.kit.running import CONSUMER, town

GOOD = """\
title,category,text,shortcut,skills,language,tags,outcome,due,close
Opening hours,Shop,"Hi {name|there}, we are open
Monday to Saturday, 9 to 6.",;Hours,,en,,,,
On its way,Orders,"Your parcel is on its way, {agent}.",way,orders,,"delivery, late",solved,,yes
Call back,Shop,We answer by {answer_by}.,later,,,,,2h,
"""
WRONG = """\
title,text,shortcut,due,close
Fine,Thanks!,thanks,,
Odd,Hi {nmae},,,
Long,{long},,,
Often,Twice,thanks,,
Later,See you,,soon,
Both,Bye,,2h,yes
""".replace("{long}", "x" * 1601)


@pytest.mark.slow
async def test_saved_replies_from_a_file_to_a_phone(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "wrong.csv").write_text(WRONG)
    async with town(tmp_path / "town") as made:
        data = ("--data", str(made.core.data))
        wrong = await textdesk("replies", "import", str(tmp_path / "wrong.csv"), *data)
        assert wrong.code == os.EX_DATAERR
        assert [line[:46] for line in wrong.out.splitlines()] == [
            "line 3: There is no field {nmae}: did you mean",
            "line 4: The text is too long by 1: with its fi",
            "line 5: The shortcut thanks is there already, ",
            "line 6: due is a span of time like 30m, 2h or ",
            "line 7: A closed conversation has no due time:",
            "Nothing was imported, as 5 lines are wrong: me",
        ]
        assert (await textdesk("replies", "list", *data)).out.startswith("There is no saved reply")
        some = await textdesk("replies", "import", str(tmp_path / "wrong.csv"), "--skip-wrong", "--json", *data)
        assert (some.code, some.lines[-1]["added"], some.lines[-1]["wrong"]) == (0, 1, 5)
        assert {"line": 5, "wrong": "The shortcut thanks is there already, in line 2."} in some.lines

        dry = await textdesk("replies", "import", str(tmp_path / "good.csv"), "--shared", "--dry-run", *data)
        assert dry.out == "Nothing was imported yet. It would be: 3 added, 0 changed, 0 as before.\n"
        done = await textdesk("replies", "import", "-", "--shared", *data, stdin=GOOD)
        assert (done.code, done.out) == (0, "Imported: 3 added, 0 changed, 0 as before.\n")
        exported = await textdesk("replies", "export", "--shared", *data)
        again = await textdesk("replies", "import", "-", "--shared", *data, stdin=exported.out)
        assert again.out == "Imported: 0 added, 0 changed, 3 as before.\n"

        found = (await textdesk("replies", "list", "--find", "open", *data)).out.splitlines()
        assert [line.split()[0] for line in found] == ["SHORTCUT", "hours"]
        changed = await textdesk("replies", "set", "hours", "--category", "Times", "--tags", "hours", *data)
        assert changed.out == "Opening hours is stored, shared: ;hours and tab while writing.\n"
        [one] = (await textdesk("replies", "show", "hours", "--json", *data)).lines
        assert (one["category"], one["then"]["tags"], one["text"][:17]) == ("Times", ["hours"], "Hi {name|there}, ")
        assert (await textdesk("replies", "set", "hours", *data)).code == os.EX_USAGE
        unknown = await textdesk("replies", "remove", "huors", *data)
        assert (unknown.code, "did you mean hours?" in unknown.err) == (os.EX_USAGE, True)
        added = await textdesk("replies", "add", "Ask", "Who is this, {name}?", "--shortcut", "ask", *data)
        assert "your own" in added.out

        await made.text("Where is my parcel?")
        shown = await textdesk("replies", "show", "later", "--to", CONSUMER, *data)
        assert shown.out.startswith("We answer by ") and "{" not in shown.out
        gap = await textdesk("send", CONSUMER, "--saved", "ask", *data)
        assert (gap.code, "nothing is known for {name}" in gap.err) == (os.EX_DATAERR, True)
        assert (await textdesk("send", CONSUMER, "Hi", "--saved", "ask", *data)).code == os.EX_USAGE
        later = await textdesk("send", CONSUMER, "--saved", "way", "--at", "2h", *data)
        assert (later.code, "also does something as it is sent" in later.err) == (os.EX_USAGE, True)
        sent = await textdesk("send", CONSUMER, "--saved", "way", "--json", *data)
        assert (sent.code, sent.lines[0]["status"]) == (0, "accepted")
        messages = (await textdesk("show", CONSUMER, "--json", *data)).lines
        assert messages[-1]["text"].startswith("Your parcel is on its way, ")
        [used] = (await textdesk("replies", "list", "--find", "way", "--json", *data)).lines
        assert used["uses"] == 1
        assert "No conversation is open." in (await textdesk("queue", "--all", *data)).out
        removed = await textdesk("replies", "remove", "way", *data)
        assert removed.out == "On its way is removed.\n"


def test_every_row_is_read_as_it_was_written(tmp_path: Path) -> None:
    one = SavedReplyContent(
        title='The "best", of; all',
        text="Two\nlines, {name|you}; {{",
        category="A",
        shortcut="a-b",
        skills=["orders", "refunds"],
        language="pt-BR",
        then=ReplyActions(["late", "two words"], "solved", 90 * 60),
    )
    (tmp_path / "one.csv").write_text(written_table([one]))
    table = read_table(tmp_path / "one.csv")
    assert table.wrong == {} and table.replies == [(2, one)]
    assert (tmp_path / "one.csv").read_text().splitlines()[0] == ",".join(COLUMNS)
