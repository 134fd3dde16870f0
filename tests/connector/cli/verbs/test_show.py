"""`textdesk show` against a scripted core."""

from __future__ import annotations

import json
import os
from pathlib import Path

from connector.wire.views import PartView
from tests.kit.commands import textdesk
from tests.kit.fake_core import FakeCore

CONSUMER = "+14155550133"


async def test_parts_are_joined_as_at_the_desk(tmp_path: Path) -> None:
    async with FakeCore(tmp_path / "desk.sock") as core:
        core.receive(CONSUMER, "whole")
        last = core.receive(CONSUMER, "and the rest", part=PartView(7, 3, 3))
        first = core.receive(CONSUMER, "a longer text ", part=PartView(7, 3, 1))
        core.receive(CONSUMER, "and the rest", part=PartView(7, 3, 3))
        here = ("show", CONSUMER, "--data", str(tmp_path), "--agent", "ann")

        shown = (await textdesk(*here)).out
        assert "2 of 3 parts, 1 left out as repeated" in shown
        assert "    a longer text \n    … part 2 of 3 missing …\n    and the rest\n" in shown

        whole, joined = (await textdesk(*here, "--json")).lines
        assert whole["text"] == "whole" and "runs" not in whole
        assert joined["text"] == "a longer text and the rest"
        assert joined["runs"] == ["a longer text ", 2, "and the rest"]
        assert joined["part_ids"] == [first.id, last.id]
        assert (joined["numbers"], joined["total"], joined["repeats"]) == (2, 3, 1)


async def test_the_rest_of_an_over_long_text(tmp_path: Path) -> None:
    async with FakeCore(tmp_path / "desk.sock") as core:
        core.receive(CONSUMER, "short")
        long = core.receive(CONSUMER, "a" * 5000, overflow=12)
        first = core.receive(CONSUMER, "b", part=PartView(7, 2, 1), overflow=3)
        second = core.receive(CONSUMER, "c", part=PartView(7, 2, 2), overflow=4)
        here = ("show", CONSUMER, "--data", str(tmp_path), "--agent", "ann")

        assert "12 more characters (--rest)" in (await textdesk(*here)).out
        shown = (await textdesk(*here, "--rest")).out
        assert f"the rest of {long.id}" in shown
        assert "more characters" not in shown

        short, whole, joined = (await textdesk(*here, "--rest", "--json")).lines
        assert "rest" not in short
        assert whole["rest"] == f"the rest of {long.id}"
        assert joined["rest"] == f"the rest of {first.id}the rest of {second.id}"


async def test_a_transcript_goes_to_a_new_file_that_is_never_replaced(tmp_path: Path) -> None:
    async with FakeCore(tmp_path / "desk.sock") as core:
        core.receive(CONSUMER, "hello \x1b[31m")
        here = ("show", CONSUMER, "--data", str(tmp_path), "--agent", "ann")
        file = tmp_path / "hello.txt"

        done = await textdesk(*here, "--out", str(file))
        assert (done.code, done.out) == (0, "") and "hello.txt, 1 message" in done.err
        assert "    hello ␛[31m\n" in file.read_text() and file.stat().st_mode & 0o777 == 0o600
        again = await textdesk(*here, "--json", "--out", str(file))
        assert again.code == os.EX_USAGE and "is there already" in again.err
        assert file.read_text().count("hello") == 1
        nowhere = await textdesk(*here, "--out", str(tmp_path / "no" / "folder"))
        assert nowhere.code == os.EX_IOERR and "cannot be written" in nowhere.err
        lines = tmp_path / "hello.jsonl"
        await textdesk(*here, "--json", "--out", str(lines))
        assert json.loads(lines.read_text())["text"] == "hello \x1b[31m"
