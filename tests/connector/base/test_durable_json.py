from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB

from connector.base.durable_json import DurableJSONStorage

# Every document carries the same number, and all of them take a while to write.
_WRITER = """
import sys
from tinydb import TinyDB
from connector.base.durable_json import DurableJSONStorage
table = TinyDB(sys.argv[1], storage=DurableJSONStorage).table("drafts")
number = len(table) and table.all()[0]["number"]
if not len(table):
    table.insert_multiple({"number": 0, "text": "x" * 200_000} for _ in range(40))
while True:
    number += 1
    table.update({"number": number})
    print(number, flush=True)
"""


@pytest.mark.disk
@pytest.mark.slow
def test_a_writer_killed_while_it_writes_leaves_its_last_whole_write(tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    for kill_after in range(1, 7):
        writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(kill_after)]
        before = _footprint(tmp_path)
        while _footprint(tmp_path) == before:
            assert writer.poll() is None
        writer.send_signal(signal.SIGKILL)
        told += [int(line) for line in _whole_lines(writer.stdout)]
        writer.wait()
        writer.stdout.close()
        storage = DurableJSONStorage(path)
        documents = (storage.read() or {})["drafts"].values()
        numbers = {document["number"] for document in documents}
        assert storage.moved_aside == []
        assert len(documents) == 40
        assert len(numbers) == 1, "half of one write and half of another"
        assert numbers.pop() in (told[-1], told[-1] + 1), "a write that had returned is gone"


def _footprint(directory: Path) -> list[tuple[str, int, int]]:
    """Changes as soon as anything is written in `directory`."""
    found = []
    for entry in os.scandir(directory):
        with contextlib.suppress(FileNotFoundError):
            status = os.stat(entry.path)
            found.append((entry.name, status.st_mtime_ns, status.st_size))
    return sorted(found)


def _whole_lines(stream: IO[str]) -> list[str]:
    return [line for line in stream.read().splitlines(keepends=True) if line.endswith("\n")]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'{"drafts": {"1": {"text": "hel', id="truncated"),
        pytest.param(b"\x00" * 64, id="zeroes"),
        pytest.param(b"\xff\xfe{}", id="not utf-8"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"drafts": 5}', id="no table"),
        pytest.param(b'{"drafts": {"1": "text"}}', id="no document"),
        pytest.param(b'{"drafts": {"first": {}}}', id="no number"),
        pytest.param(b"[" * 200_000, id="too deep"),
    ],
)
def test_a_damaged_file_is_moved_aside_and_logged(
    damage: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "desk.json"
    path.write_bytes(damage)
    os.utime(path, (1_800_000_000, 1_800_000_000))
    storage = DurableJSONStorage(path)
    aside = tmp_path / "desk.json.corrupt-20270115T080000Z"
    assert storage.moved_aside == [aside]
    assert aside.read_bytes() == damage
    assert storage.read() is None
    assert str(path) in caplog.text and aside.name in caplog.text


def test_files_damaged_in_the_same_second_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    for damage in (b"one", b"two", b"three"):
        path.write_bytes(damage)
        os.utime(path, (1_800_000_000, 1_800_000_000))
        DurableJSONStorage(path)
    kept = {file.read_bytes() for file in tmp_path.iterdir()}
    assert kept == {b"one", b"two", b"three"}


def test_file_and_directory_are_private(tmp_path: Path) -> None:
    path = tmp_path / "state" / "desk.json"
    TinyDB(path, storage=DurableJSONStorage).insert({"a": 1})
    path.chmod(0o644)
    TinyDB(path, storage=DurableJSONStorage).insert({"a": 2})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["desk.json"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles" / "desk.json", tmp_path / "desk.json"
    link.symlink_to(real)
    TinyDB(link, storage=DurableJSONStorage).insert({"a": 1})
    assert link.is_symlink()
    assert json.loads(real.read_text())["_default"] == {"1": {"a": 1}}


@pytest.mark.parametrize("value", [object(), float("nan")], ids=["not JSON", "not a number"])
def test_what_is_not_json_changes_nothing(value: object, tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    table = TinyDB(path, storage=DurableJSONStorage)
    table.insert({"a": 1})
    before = path.read_bytes()
    with pytest.raises((TypeError, ValueError)):
        table.insert({"a": value})
    assert path.read_bytes() == before


_FULL_DISK = """
import resource, sys
from connector.base.durable_json import DurableJSONStorage
storage = DurableJSONStorage(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    storage.write({"drafts": {"1": {"text": "x" * 20_000}}})
except OSError as error:
    print(error.errno)
"""


@pytest.mark.disk
def test_no_room_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    DurableJSONStorage(path).write({"drafts": {"1": {"text": "kept"}}})
    done = subprocess.run([sys.executable, "-c", _FULL_DISK, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip(), "the write did not fail"
    assert DurableJSONStorage(path).read() == {"drafts": {"1": {"text": "kept"}}}
    assert [file.name for file in tmp_path.iterdir()] == ["desk.json"]


# Any text, halves of surrogate pairs too.
_text = st.text(st.characters(exclude_categories=()), max_size=20)
_documents = st.dictionaries(
    st.integers(1, 99).map(str),
    st.dictionaries(_text, st.recursive(st.none() | st.integers() | _text, lambda inner: st.lists(inner, max_size=3))),
    max_size=4,
)


@given(st.dictionaries(_text, _documents, max_size=3))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]) -> None:
    storage = DurableJSONStorage(tmp_path_factory.mktemp("json") / "desk.json")
    storage.write(data)
    assert DurableJSONStorage(storage.path).read() == data
