from __future__ import annotations

import hashlib
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.pictures.files import PictureFiles
from tests.connector.pictures.samples import JPEG, PNG

TIME_LIMIT_S = 60.0


def saved_in(folder: Path) -> list[Path]:
    """The files under their digests, and nothing else that may lie about."""
    return sorted(path for path in folder.glob("??/*") if path.is_file())


def test_saved_bytes_are_read(tmp_path: Path) -> None:
    files = PictureFiles(tmp_path / "pictures")
    digest = files.save(PNG)
    assert digest == hashlib.sha256(PNG).hexdigest()
    assert files.read(digest) == PNG
    assert PictureFiles(tmp_path / "pictures").read(digest) == PNG


def test_the_same_bytes_are_stored_once(tmp_path: Path) -> None:
    files = PictureFiles(tmp_path)
    digest = files.save(PNG)
    path = tmp_path / digest[:2] / digest
    before = path.stat()
    assert files.save(PNG) == digest
    after = path.stat()
    assert after.st_ino == before.st_ino
    assert files.save(JPEG) != digest
    assert len(saved_in(tmp_path)) == 2


def aged(folder: Path, digest: str, at: int) -> None:
    """As if it had been saved at this moment, in milliseconds."""
    os.utime(folder / digest[:2] / digest, ns=(at * 1_000_000, at * 1_000_000))


def test_files_saved_before_a_moment_can_be_deleted(tmp_path: Path) -> None:
    files = PictureFiles(tmp_path)
    old, new = files.save(PNG), files.save(JPEG)
    aged(tmp_path, old, 1_000)
    (tmp_path / old[:2] / f"{old}.damaged").touch()
    assert files.saved_before(1_000) == []
    assert files.saved_before(1_001) == [old]
    files.delete(old, 1_001)
    files.delete(old, 1_001)  # gone already
    files.delete(new, 1_001)
    assert (files.read(old), files.read(new)) == (None, JPEG)


def test_pictures_belong_to_the_database_that_asks_first(tmp_path: Path) -> None:
    assert PictureFiles(tmp_path).belong_to("one")
    again = PictureFiles(tmp_path)
    assert again.belong_to("one") and not again.belong_to("two")
    assert again.saved_before(2**60) == []


def test_a_file_that_is_saved_again_is_not_deleted(tmp_path: Path) -> None:
    files = PictureFiles(tmp_path)
    digest = files.save(PNG)
    aged(tmp_path, digest, 1_000)
    assert files.saved_before(2_000) == [digest]
    files.save(PNG)
    files.delete(digest, 2_000)
    assert files.read(digest) == PNG


def test_saving_and_deleting_at_once_never_loses_a_saved_file(tmp_path: Path) -> None:
    """Beside a sweeper for which every file is old enough, a saved file stays until it is aged by hand."""
    files = PictureFiles(tmp_path)
    done = threading.Event()
    before = round(time.time() * 1000)

    def sweep() -> None:
        while not done.is_set():
            for digest in files.saved_before(before):
                files.delete(digest, before)

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        for _ in range(300):
            digest = files.save(PNG)
            assert files.read(digest) == PNG
            aged(tmp_path, digest, 1_000)
    finally:
        done.set()
        sweeper.join()


def test_files_and_folders_are_private(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        PictureFiles(tmp_path / "pictures").save(PNG)
    finally:
        os.umask(old)
    for path in [tmp_path / "pictures", *(tmp_path / "pictures").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert len(saved_in(tmp_path / "pictures")) == 1


@pytest.mark.parametrize(
    "digest",
    ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n", "../" * 21 + "x", "/etc/passwd", "٣" * 64, "\0" * 64],
)
def test_a_malformed_digest_has_no_file(digest: str, tmp_path: Path) -> None:
    files = PictureFiles(tmp_path)
    assert files.read(digest) is None
    assert files.read(digest) is None


def test_a_path_in_place_of_a_digest_has_no_file(tmp_path: Path) -> None:
    files = PictureFiles(tmp_path)
    digest = files.save(PNG)
    for trick in (f"{digest}/../{digest}", f"{digest}.damaged", f"../{digest[:2]}/{digest}", f"{digest[:2]}/{digest}"):
        assert files.read(trick) is None
    assert files.read(digest) is not None


def test_an_unknown_digest_has_no_file(tmp_path: Path) -> None:
    files = PictureFiles(tmp_path)
    assert files.read("0" * 64) is None


@pytest.mark.parametrize("damage", [b"", PNG[:-1], PNG + b"\0", JPEG], ids=["empty", "short", "long", "another"])
def test_a_damaged_file_is_renamed_and_logged(damage: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    files = PictureFiles(tmp_path)
    digest = files.save(PNG)
    (tmp_path / digest[:2] / digest).write_bytes(damage)
    assert files.read(digest) is None
    assert files.read(digest) is None
    assert (tmp_path / digest[:2] / f"{digest}.damaged").read_bytes() == damage
    assert f"{digest}.damaged" in caplog.text


def test_a_damaged_file_is_repaired_by_saving_again(tmp_path: Path) -> None:
    files = PictureFiles(tmp_path)
    digest = files.save(PNG)
    (tmp_path / digest[:2] / digest).write_bytes(b"rubbish")
    assert files.save(PNG) == digest
    assert files.read(digest) == PNG


def test_threads_that_save_and_repair_the_same_bytes_never_lose_them(tmp_path: Path) -> None:
    files = PictureFiles(tmp_path)
    pictures = [bytes([number]) * 100_000 for number in range(4)]
    digests = [hashlib.sha256(picture).hexdigest() for picture in pictures]
    together = threading.Barrier(8)

    def work(number: int) -> list[bytes | None]:
        picture, digest = pictures[number % 4], digests[number % 4]
        seen = []
        for _ in range(20):
            together.wait(TIME_LIMIT_S)
            if number < 4:
                (tmp_path / digest[:2] / digest).write_bytes(b"rubbish")
            together.wait(TIME_LIMIT_S)
            files.save(picture)
            seen.append(files.read(digest))
        return seen

    for picture in pictures:
        files.save(picture)
    with ThreadPoolExecutor(8) as pool:
        for number, seen in enumerate(pool.map(work, range(8))):
            assert seen == [pictures[number % 4]] * 20


# Each saves large pictures of its own, and prints a digest once it is saved.
_WRITER = """
import itertools, pathlib, sys
from connector.pictures.files import PictureFiles
files = PictureFiles(pathlib.Path(sys.argv[1]))
for number in itertools.count():
    print(files.save(f"{sys.argv[2]} {number} ".encode() * 400_000), flush=True)
"""


@pytest.mark.disk
@pytest.mark.slow
def test_a_writer_killed_while_it_writes_leaves_whole_pictures_only(tmp_path: Path) -> None:
    printed: list[str] = []
    for run in range(5):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path), str(run)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        printed.append(writer.stdout.readline().strip())
        half_written = set((tmp_path / "beside").iterdir())
        deadline = time.monotonic() + TIME_LIMIT_S
        while set((tmp_path / "beside").iterdir()) <= half_written:
            assert writer.poll() is None and time.monotonic() < deadline
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        printed += [line.strip() for line in writer.stdout if line.endswith("\n")]
        writer.stdout.close()
    files = PictureFiles(tmp_path)
    for digest in printed:
        assert files.read(digest) is not None, "a picture that was saved is gone"
    for path in saved_in(tmp_path):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


def test_drafts_of_a_killed_writer_are_deleted_after_an_hour(tmp_path: Path) -> None:
    digest = PictureFiles(tmp_path).save(PNG)
    old, young = tmp_path / "beside" / "old", tmp_path / "beside" / "young"
    for left in (old, young):
        left.write_bytes(b"half")
    an_hour_ago = time.time() - 3700
    os.utime(old, (an_hour_ago, an_hour_ago))
    os.utime(tmp_path / digest[:2] / digest, (an_hour_ago, an_hour_ago))
    files = PictureFiles(tmp_path)
    assert not old.exists() and young.exists()
    assert files.read(digest) == PNG


_FULL_DISK = """
import pathlib, resource, sys
from connector.pictures.files import PictureFiles
files = PictureFiles(pathlib.Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    files.save(b"x" * 20_000)
except OSError as error:
    print(error.errno)
"""


@pytest.mark.disk
def test_a_full_disk_raises_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip(), "the write did not fail"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@given(st.binary(max_size=2_000))
def test_any_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    files = PictureFiles(tmp_path_factory.getbasetemp() / "any")
    assert files.read(files.save(data)) == data
