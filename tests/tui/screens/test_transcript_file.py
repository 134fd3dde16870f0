"""The whole transcript, written to a file by a key."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from connector.wire import limits, requests
from connector.wire.refusals import RefusalCode
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore, asked

ONE = "+15550101"


@pytest.fixture
def home(short_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(short_path))
    return short_path / "textdesk-transcripts"


async def test_all_pages_are_written_to_a_new_file(core: FakeCore, tmp_path: Path, home: Path) -> None:
    for number in range(limits.PAGE_SIZE * 2 + 3):
        core.receive(ONE, f"text {number}")
    core.receive(ONE, "the last one \x1b[31mred")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("right")
        await desk.shows("the last one")
        await desk.press("W")
        await desk.shows("transcript-15550101.txt", f"{limits.PAGE_SIZE * 2 + 4:,} messages")
        await desk.press("W")
        await desk.shows("transcript-15550101-2.txt")
        written = home / "transcript-15550101.txt"
        lines = written.read_text().split("\n")
        assert [f"text {number}" for number in range(limits.PAGE_SIZE * 2 + 3)] == [
            line for line in lines if line.startswith("text ")
        ]
        assert "\x1b" not in written.read_text() and "␛[31mred" in written.read_text()
        assert stat.S_IMODE(written.stat().st_mode) == 0o600 and stat.S_IMODE(home.stat().st_mode) == 0o700
        assert written.read_bytes() == (home / "transcript-15550101-2.txt").read_bytes()
        pages = [one for one in asked(core, requests.GetHistory) if one.limit == limits.PAGE_SIZE]
        assert len(pages) == 6  # three each


async def test_what_cannot_be_written_or_read_is_said(core: FakeCore, tmp_path: Path, home: Path) -> None:
    core.receive(ONE, "hello")
    home.write_text("a file where the folder would be")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("right")
        await desk.press("W")
        await desk.shows("cannot be used")
        core.refuse[requests.GetHistory] = (RefusalCode.UNKNOWN_CONVERSATION, "There is no such conversation.")
        await desk.press("W")
        await desk.shows("There is no such conversation.")
        assert desk.app.desk.model.fetched.whole is None
