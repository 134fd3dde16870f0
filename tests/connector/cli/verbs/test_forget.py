"""`textdesk forget` against a real core and simulated vendors: what it says, its exit codes, the bytes it leaves."""

from __future__ import annotations

import asyncio
import os
from argparse import Namespace
from pathlib import Path

import pytest

from connector.cli.verbs import forget
from connector.client.core_address import CoreAddress
from connector.client.errors import RequestRefused
from connector.client.link import Link
from tests.connector.cli.verbs.test_conversation import Shell
from tests.kit.door import PATIENCE_S, TOKENS, open_door
from tests.kit.running import CONSUMER, ORDERS, town
from tests.kit.terminal import on_terminal

pytestmark = pytest.mark.slow

DIGITS = CONSUMER.removeprefix("+1").encode()


def files_with(folder: Path, *needles: bytes) -> list[str]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in found if any(needle in path.read_bytes() for needle in needles)]


async def test_a_consumer_is_erased_and_the_answer_says_so(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        ann = Shell(made, "ann")
        await made.text("my secret word is marmalade and nothing else")
        assert (await ann("send", CONSUMER, "Marmalade, noted.", "--no-wait")).code == 0
        assert files_with(made.core.data, DIGITS) != []

        unsure = await ann("forget", CONSUMER)
        assert (unsure.code, "--yes" in unsure.err) == (os.EX_USAGE, True)
        for bad in ("Elm Street", ORDERS, DIGITS.decode()[-7:]):
            refused = await ann("forget", bad, "--yes")
            assert refused.code == 1, refused.err
            assert "nothing is stored" not in refused.err  # `show` finds a conversation by the last digits
        never = await ann("forget", "+14155550999", "--yes")
        assert (never.code, never.out) == (1, "Nothing was ever stored of +14155550999.\n")

        done = await ann("forget", CONSUMER.removeprefix("+1"), "--yes")
        assert (done.code, done.err) == (0, "")
        assert (
            "1 conversation, 2 messages" in done.out
            and "searched: " in done.out
            and "out of reach: backups" in done.out
        )
        assert "No conversation is" in (await ann("show", CONSUMER)).err
        again = await ann.json("forget", CONSUMER, "--yes")
        assert (again.code, again.lines[0]["was_known"], again.lines[0]["found"]) == (0, True, [])
        await made.core.stop()
        assert files_with(made.core.data, DIGITS, b"marmalade", b"Marmalade") == []


async def test_nothing_is_erased_unless_the_number_is_typed_again(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        await made.text("my secret word is marmalade and nothing else")
        for keys, code in (("\x03", 130), ("\x04", os.EX_USAGE), ("\r", 1), ("4155550134\r", 1)):
            async with on_terminal("forget", CONSUMER, "--data", str(made.core.data)) as terminal:
                await terminal.until(lambda shown: b"Type the number again" in shown, "the question")
                terminal.press(keys)
                assert await terminal.ended() == code
                assert b"Traceback" not in terminal.shown
        assert files_with(made.core.data, b"marmalade") != []
        async with on_terminal("forget", CONSUMER, "--data", str(made.core.data)) as terminal:
            await terminal.until(lambda shown: b"Type the number again" in shown, "the question")
            terminal.press("+1 (415) 555-0133\r")
            assert await terminal.ended() == 0
        assert files_with(made.core.data, b"marmalade") == []


async def test_who_may_not_erase_is_told_so_before_any_question(tmp_path: Path) -> None:
    async with (
        asyncio.timeout(PATIENCE_S),
        open_door(tmp_path) as door,
        Link(CoreAddress(tmp_path, (f"ws://127.0.0.1:{door.port}",), TOKENS["bob"])) as link,
    ):
        options = Namespace(number=CONSUMER, yes=False, json=False, rewrite=False)
        with pytest.raises(RequestRefused) as no:
            await forget.run(link, options)
        assert no.value.exit_code == os.EX_NOPERM
