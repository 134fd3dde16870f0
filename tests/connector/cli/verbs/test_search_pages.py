"""`textdesk search --limit` against a scripted core: as many hits as are wanted, and a word where there are more."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.wire import limits
from tests.kit.commands import textdesk
from tests.kit.fake_core import FakeCore

HITS = 120


async def test_all_hits_are_printed_however_many_pages_they_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PAGE_SIZE", 2)
    here = ("--json", "--data", str(tmp_path), "--agent", "ann")
    async with FakeCore(tmp_path / "desk.sock") as core:
        for number in range(HITS):
            core.receive("+14155550133", f"parcel {number}")
        everything = await textdesk("search", "parcel", "--limit", str(2 * HITS), *here)
        assert (len(everything.lines), everything.err) == (HITS, "")
        some = await textdesk("search", "parcel", "--limit", "7", *here)
        assert len(some.lines) == 7
        assert "There is more: ask with a higher --limit (now 7)" in some.err
