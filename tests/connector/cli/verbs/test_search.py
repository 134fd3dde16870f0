"""`textdesk search`, `scheduled` and `send --at` against a real core."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.kit.commands import PATIENCE_S, textdesk
from tests.kit.running import CONSUMER, Desk, town

pytestmark = pytest.mark.slow


async def test_what_was_written_is_found_with_whom_and_where(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made, Desk(made.core) as ann, asyncio.timeout(PATIENCE_S):
        here = ("--data", str(made.core.data), "--agent", "ann")
        await textdesk("contact", "set", CONSUMER, "--name", "Maya Lindqvist", *here)
        await textdesk("contact", "set", "+14155550199", "--name", "Nora Lind", *here)
        await made.text("Where is my parcel?")
        conversation = (await ann.told_of("message_received"))["conversation"]["id"]
        while (done := await textdesk("search", "parc", *here)).code != 0:  # indexed in the background, soon
            assert done.out == "Nothing was found.\n"
        about, text = done.out.splitlines()
        assert "Maya Lindqvist (415) 555-0133 on" in about and "(assigned, ann)" in about
        assert text == "    Where is my [parc]el?"
        (hit,) = (await textdesk("search", "parcel", "is:open", "--json", *here)).lines
        assert (hit["kind"], hit["conversation_id"], hit["text"]) == ("message", conversation, "Where is my parcel?")
        people = (await textdesk("search", "lind", *here)).out
        assert f"Maya Lindqvist (415) 555-0133: latest conversation {conversation} (assigned, ann)" in people
        assert "Nora Lind (415) 555-0199: no conversation yet" in people
        for wrong, words in ((("state:gone",), "There is no state gone"), ((), "Give words to search for")):
            done = await textdesk("search", *wrong, *here)
            assert done.code != 0 and words in done.err
        assert (
            await textdesk("search", "--rebuild", *here)
        ).out == "The index is made anew: 1 message can be searched.\n"

        assert (await textdesk("scheduled", *here)).out == "Nothing of yours is to be sent later.\n"
        assert (await textdesk("send", conversation, "Tomorrow.", "--at", "1h", *here)).code == os.EX_OK
        assert "Tomorrow." in (await textdesk("scheduled", *here)).out
