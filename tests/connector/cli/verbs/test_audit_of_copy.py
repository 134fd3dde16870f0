"""`textdesk audit verify --data DIR` where no core runs: evidence is verified as it is, and left so."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.base.data_directory import hash_key, locked
from connector.base.secret import Secret
from connector.cli.main import main
from connector.domain.pseudonyms import Pseudonyms
from connector.store.sql.store import open_store
from tests.connector.doctor.test_audit import WITHOUT, recorded
from tests.kit.templates import copied
from tests.kit.use_cases import Office


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """A copy of a data directory with three entries, the last of them in the log of the database alone."""
    original, copy = tmp_path / "original", tmp_path / "copy"
    for folder in (original, copy):
        folder.mkdir(mode=0o700)

    async def prepare() -> None:
        store = await open_store(copied(original / "textdesk.db"))
        office = Office(store)
        office.brand = replace(office.brand, pseudonyms=Pseudonyms(Secret(hash_key(original))))
        await office.do(recorded, 3)
        for name in ("textdesk.db", "textdesk.db-wal", "hash.key"):  # as `cp` does while a core runs
            (copy / name).write_bytes((original / name).read_bytes())
            (copy / name).chmod(0o600)
        await store.close()

    asyncio.run(prepare())
    return copy


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_copy_is_verified_and_left_as_it_is(evidence: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = content(evidence)
    assert main(["audit", "verify", "--data", str(evidence)]) == 0
    assert capsys.readouterr().out.startswith("3 entries, each as it was stored. Head: 3:")
    assert content(evidence) == before


def test_what_was_changed_in_a_copy_is_found(evidence: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = sqlite3.connect(evidence / "textdesk.db")
    for statement in (*WITHOUT, "UPDATE audit SET actor = 'bob' WHERE number = 2"):
        database.execute(statement)
    database.commit()
    database.close()
    assert main(["audit", "verify", "--data", str(evidence)]) == os.EX_DATAERR
    assert capsys.readouterr().out.startswith("Entry 2 does not follow")


def test_without_its_key_nothing_is_verified_and_no_key_is_made(
    evidence: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (evidence / "hash.key").unlink()
    before = content(evidence)
    assert main(["audit", "verify", "--data", str(evidence)]) == os.EX_IOERR
    assert "hash.key is missing" in capsys.readouterr().err
    assert content(evidence) == before


def test_where_a_core_runs_it_is_the_core_that_is_asked(evidence: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with locked(evidence, embedded=False):
        assert main(["audit", "verify", "--data", str(evidence)]) == os.EX_UNAVAILABLE
    assert "No core is running" in capsys.readouterr().err


@pytest.mark.parametrize("what", [["audit", "verify"], ["audit"], ["queue"]])
def test_a_directory_that_is_mistyped_is_named_and_no_core_is_to_be_started_on_it(
    what: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "textdesk.db").touch()
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "hash.key").touch()
    for given, code, words in (
        ("copyy", os.EX_UNAVAILABLE, f"copyy, which does not exist (did you mean {tmp_path}/copy?)"),
        ("papers", os.EX_UNAVAILABLE, "no textdesk.db" if "verify" in what else "none has run there"),
        ("copy/textdesk.db", os.EX_USAGE, f"its folder: --data {tmp_path}/copy"),
    ):
        assert main([*what, "--data", str(tmp_path / given)]) == code
        said = capsys.readouterr().err
        assert words in said and "start" not in said, said
    assert content(tmp_path / "papers") == {"hash.key": b""} and not (tmp_path / "copyy").exists()
