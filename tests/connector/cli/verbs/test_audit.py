"""`textdesk unmask`, `audit` and `audit verify` against a real core whose audit is changed under it."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

import pytest

from connector.wire.masks import MASK
from tests.kit.commands import textdesk
from tests.kit.running import CONSUMER, town

pytestmark = pytest.mark.slow


def change(data: Path, statement: str) -> None:
    database = sqlite3.connect(data / "textdesk.db", timeout=60)
    found = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
    for (trigger,) in found.fetchall():
        database.execute(f"DROP TRIGGER {trigger}")
    database.execute(statement)
    database.commit()
    database.close()


async def test_a_text_is_unmasked_and_the_audit_says_so_and_finds_what_was_changed(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        here = ("--data", str(made.core.data), "--agent", "ann")
        await made.text("pay with 4242 4242 4242 4242")
        assert MASK in (await textdesk("queue", *here)).out
        [message] = (await textdesk("show", CONSUMER, "--json", *here)).lines
        assert message["masked"] == ["card"] and "4242 4242" not in message["text"]
        assert f"textdesk unmask {message['id']}" in (await textdesk("show", CONSUMER, *here)).out
        assert (await textdesk("unmask", message["id"], *here)).out == "pay with 4242 4242 4242 4242\n"

        await made.text("and another")
        [*_, other] = (await textdesk("show", CONSUMER, "--json", *here)).lines
        both = await textdesk("unmask", message["id"], other["id"], *here)
        assert both.out == "pay with 4242 4242 4242 4242\nand another\n"

        about = ("--number", CONSUMER, "--json", *here)
        unmasked = (await textdesk("audit", "--action", "unmasked", *about)).lines[-1:]
        read = (await textdesk("audit", "--action", "past_read", *about)).lines
        assert [(one["actor"], one["subject"], one["details"]) for one in unmasked] == [
            ("ann", message["id"], {"rules": ["card"]})
        ]
        assert len(read) == 1 and CONSUMER.lstrip("+") not in str(read)
        listed = await textdesk("audit", "--who", "ann", "--since", "1h", *here)
        assert " unmasked " in listed.out
        again = (await textdesk("audit", "--action", "audit_read", *here)).out
        assert again.startswith("NUMBER  AT ") and again.count("NUMBER") == 1
        assert re.search(r"since: 20\d\d-\d\d-\d\d \d\d:", again) and "since: 1" not in again
        own = await textdesk("audit", "--who", "core", *here)
        assert own.code == 0 and " ann " not in own.out
        nobody = await textdesk("audit", "--who", "nobody", *here)
        assert nobody.code == 1 and "There is no agent nobody" in nobody.err

        whole = await textdesk("audit", "verify", "--json", *here)
        assert whole.code == 0 and whole.lines[0]["broken"] is None
        head = whole.lines[0]["head"]
        assert (await textdesk("audit", "verify", "--head", head, *here)).code == 0
        assert (await textdesk("audit", "verify", "--head", "1:abc", *here)).code == os.EX_USAGE
        assert (await textdesk("audit", "--action", "juggled", *here)).code == 1

        change(made.core.data, "DELETE FROM audit WHERE number > 3")
        cut = await textdesk("audit", "verify", "--head", head, *here)
        assert cut.code == os.EX_DATAERR and "cut off" in cut.out
        change(made.core.data, "UPDATE audit SET at = at + 1 WHERE number = 2")
        found = await textdesk("audit", "verify", "--json", *here)
        assert found.code == os.EX_DATAERR and found.lines[0]["broken"] == 2
