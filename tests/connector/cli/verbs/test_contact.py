"""`textdesk contact` against a real core."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.kit.commands import textdesk
from tests.kit.running import CONSUMER, town

GOOD = """\
number;name;language;notes;order
(415) 555-0133;Renée Dubois;French;"Prefers mornings
has a dog";A-17
+44 7400 123456;Ben O'Brien;;;
"""
WRONG = """\
number,name,language
+1 415 555 0133,Renée,fr
twelve,Zoe,
,Nobody,
+1 (415) 555-0133,Renée again,
+1 415 555 0144,Ann,xx-klingon
"""


@pytest.mark.slow
async def test_contacts_from_a_file_to_the_desk_and_back(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "wrong.csv").write_text(WRONG)
    async with town(tmp_path / "town") as made:
        data = ("--data", str(made.core.data))

        async def contact(*words: str, stdin: str | None = None) -> str:
            done = await textdesk("contact", *words, *data, **({} if stdin is None else {"stdin": stdin}))
            assert done.code == 0, done
            return done.out

        for flags in (("--dry-run",), ()):
            wrong = await textdesk("contact", "import", str(tmp_path / "wrong.csv"), *flags, *data)
            assert wrong.code == os.EX_DATAERR
            lines = wrong.out.splitlines()
            assert [line[:26] for line in lines[:4]] == [
                "line 3 (twelve): Write the",
                "line 4: It has no number.",
                "line 5 (+1 (415) 555-0133)",
                "line 6 (+1 415 555 0144): ",
            ]
            assert lines[4].startswith("Nothing was imported, as 4 lines are wrong") and len(lines) == 5
        assert (await contact("list")).startswith("There is no contact")
        some = await textdesk("contact", "import", str(tmp_path / "wrong.csv"), "--skip-wrong", "--json", *data)
        assert (some.code, some.lines[-1]["added"], some.lines[-1]["wrong"], some.lines[-1]["is_done"]) == (
            0,
            1,
            4,
            True,
        )
        assert some.lines[0]["line"] == 3 and some.lines[0]["number"] == "twelve"

        dry = await contact("import", str(tmp_path / "good.csv"), "--dry-run")
        assert dry.splitlines() == [
            "Attributes: order.",
            "Nothing was imported yet. It would be: 1 added, 1 changed, 0 as before.",
        ]
        assert (await contact("import", "-", stdin=GOOD)).endswith("Imported: 1 added, 1 changed, 0 as before.\n")
        for known in ("o'brien", "123456", "7400 123456"):
            assert (await contact("show", known)).startswith("Ben O'Brien  +44 7400 123456"), known
        nobody = await textdesk("contact", "show", "klaus", *data)
        assert nobody.code == 1 and "Nobody is klaus: write the number" in nobody.err
        exported = await contact("export")
        assert exported.splitlines()[:2] == [
            "number,name,language,notes,order",
            f'{CONSUMER},Renée Dubois,fr,"Prefers mornings',
        ]
        again = await contact("import", "-", stdin=exported)
        assert again.endswith("Imported: 0 added, 0 changed, 2 as before.\n")

        await made.text("Hello")
        assert "Renée Dubois" in (await textdesk("queue", *data)).out
        assert "Renée Dubois" in await contact("find", "dub")
        assert "+447400123456" in await contact("find", "07400", "123")
        shown = await contact("show", "415 555 0133")
        assert shown.startswith("Renée Dubois  (415) 555-0133\n  language  French\n  order     A-17\n")
        assert "  has a dog\n" in shown and "1 conversation, the latest first:" in shown
        by_last_digits = await contact("set", "0133", "--name", "Renée", "-a", "VIP=yes", "-a", "Order=")
        assert by_last_digits == f"Recorded of {CONSUMER}.\n"
        assert await contact("show", "5550133") == await contact("show", CONSUMER)
        [one] = (await textdesk("contact", "show", CONSUMER, "--json", *data)).lines
        assert one["contact"]["attributes"] == {"VIP": "yes"} and one["contact"]["notes"] != ""
        assert "Renée " in (await textdesk("queue", *data)).out
        assert (await textdesk("contact", "set", CONSUMER, *data)).code == os.EX_USAGE
        assert (await textdesk("contact", "set", CONSUMER, "-a", "VIP", *data)).code == os.EX_USAGE
        long = await textdesk("contact", "set", CONSUMER, "--name", "x" * 101, *data)
        assert (long.code, "at most 100 characters" in long.err) == (1, True)
        assert "Nothing is recorded" in await contact("remove", CONSUMER)
        assert (await textdesk("contact", "remove", CONSUMER, *data)).code == 1
        assert "Renée" not in (await textdesk("queue", *data)).out
