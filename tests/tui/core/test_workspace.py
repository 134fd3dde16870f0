from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from connector.wire import requests
from connector.wire.frames import RequestFrame
from tui.core.workspace import Workspace
from tui.model.state import Attachment

HI = RequestFrame("r1", requests.Reply("C1", "hi"))
YO = RequestFrame("r2", requests.Reply("C1", "yo"))


async def test_what_was_saved_is_there_after_a_restart(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "deep" / "desks")
    assert (workspace.drafts(), workspace.unanswered()) == ({}, [])
    await workspace.save({"C1": "hel\nlo ’😀", "C2": "two"}, [HI, YO])
    await workspace.save({"C2": "two"}, [HI, YO])
    workspace.close()
    again = Workspace(tmp_path / "deep" / "desks")
    assert (again.drafts(), again.unanswered()) == ({"C2": "two"}, [HI, YO])
    again.close()


async def test_so_are_the_pictures_of_drafts(tmp_path: Path) -> None:
    here = Attachment("a.png", 912, "P1", None)
    on_the_web = Attachment("https://a/b.png", None, "https://a/b.png", None)
    on_its_way = Attachment("c.png", 3, None, "r9")
    workspace = Workspace(tmp_path)
    assert workspace.attachments() == {}
    await workspace.save({}, [], {"C1": (here, on_the_web), "C2": (on_its_way,)})
    workspace.close()
    again = Workspace(tmp_path)
    assert again.attachments() == {"C1": (here, on_the_web), "C2": (Attachment("c.png", 3, None, None),)}
    await again.save({}, [], {})
    again.close()
    without = Workspace(tmp_path)
    assert without.attachments() == {}
    without.close()


async def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "desks")
    await workspace.save({"C1": "secret"}, [])
    workspace.close()
    assert stat.S_IMODE((tmp_path / "desks").stat().st_mode) == 0o700
    for file in (tmp_path / "desks").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_each_desk_takes_the_first_free_slot(tmp_path: Path) -> None:
    one, two = Workspace(tmp_path), Workspace(tmp_path)
    assert (one.slot, two.slot) == (1, 2)
    await one.save({"C1": "from the first"}, [])
    one.close()
    three = Workspace(tmp_path)
    assert three.slot == 1
    assert three.drafts() == {"C1": "from the first"}
    three.close()
    two.close()


def test_a_damaged_file_is_moved_aside_and_named(tmp_path: Path) -> None:
    (tmp_path / "desk-1.json").write_text('{"drafts": {"1": {"conv')
    workspace = Workspace(tmp_path)
    assert workspace.drafts() == {}
    assert [path.exists() for path in workspace.moved_aside] == [True]
    workspace.close()


async def test_a_full_disk_is_an_error_and_loses_nothing_stored(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    await workspace.save({"C1": "kept"}, [])
    (tmp_path / "desk-1.json.new").mkdir()  # as good as a disk that takes nothing more
    with pytest.raises(OSError):
        await workspace.save({"C1": "newer"}, [])
    (tmp_path / "desk-1.json.new").rmdir()
    await workspace.save({"C1": "newest"}, [])
    workspace.close()
    again = Workspace(tmp_path)
    assert again.drafts() == {"C1": "newest"}
    again.close()


_WRITER = """
import asyncio, sys
from pathlib import Path
from connector.wire import requests
from connector.wire.frames import RequestFrame
from tui.core.workspace import Workspace

async def main():
    workspace = Workspace(Path(sys.argv[1]))
    for number in range(100_000):
        pending = [RequestFrame(f"r{number}", requests.Reply("C1", str(number)))]
        await workspace.save({"C1": f"draft {number}"}, pending)
        print(number, flush=True)

asyncio.run(main())
"""


@pytest.mark.disk
def test_a_desk_killed_while_it_writes_loses_nothing_it_had_saved(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    told = -1
    for line in writer.stdout:
        told = int(line)
        if told == 20:
            os.kill(writer.pid, signal.SIGKILL)
            break
    rest = writer.stdout.read().split()
    told = int(rest[-1]) if rest else told
    writer.wait()
    writer.stdout.close()
    workspace = Workspace(tmp_path)
    assert workspace.slot == 1
    kept = int(workspace.drafts()["C1"].removeprefix("draft "))
    assert kept in (told, told + 1)
    assert workspace.unanswered() == [RequestFrame(f"r{kept}", requests.Reply("C1", str(kept)))]
    workspace.close()
