"""Every start on a database that is not ours ends with one sentence and exit code 74, and leaves the database alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from connector.store.ports import StoreUnavailable
from connector.store.sql.engines import engines_for
from connector.store.sql.store import open_store
from tests.kit.commands import run, textdesk
from tests.kit.stores import Place

WORDS = "has tables (diary) but no revision of Textdesk, so it belongs to another program"


@pytest.fixture
def foreign(empty_place: Place) -> Place:
    engines = engines_for(empty_place.where, 1)
    with engines.writing.begin() as connection:
        connection.execute(text("CREATE TABLE diary (day TEXT)"))
    engines.dispose()
    return empty_place


def arguments(place: Place, folder: Path) -> list[str]:
    if isinstance(place.where, Path):
        return ["--data", str(place.where.parent)]
    config = folder / "textdesk.toml"
    config.write_text(f"[core]\ndatabase = '{place.where}'\n")
    return ["--data", str(folder / "data"), "--config", str(config)]


@pytest.mark.slow
@pytest.mark.parametrize("how", [[], ["--embedded"]], ids=["service", "embedded"])
async def test_a_core_does_not_start(how: list[str], foreign: Place, tmp_path: Path) -> None:
    before = foreign.where.read_bytes() if isinstance(foreign.where, Path) else b""
    done = await run("serve", *how, *arguments(foreign, tmp_path))
    assert (done.code, done.out) == (os.EX_IOERR, "")
    (sentence,) = [line for line in done.err.splitlines() if " INFO " not in line]
    assert sentence.startswith("textdesk: the store cannot be opened: The database ")
    assert WORDS in sentence
    if isinstance(foreign.where, Path):
        assert foreign.where.read_bytes() == before
        assert not (foreign.where.parent / "service").exists(), "desks would wait for a service that never started"


async def test_the_doctor_says_so(foreign: Place, tmp_path: Path) -> None:
    done = await textdesk("doctor", *arguments(foreign, tmp_path))
    assert WORDS in " ".join(done.out.split())
    assert "Traceback" not in done.out + done.err


@pytest.mark.parametrize("left", ["textdesk.db-wal", "textdesk.db.rescued-20260101T000000Z"])
async def test_no_empty_database_takes_the_place_of_one_that_is_missing(left: str, tmp_path: Path) -> None:
    (tmp_path / left).write_bytes(b"what it held")
    with pytest.raises(StoreUnavailable, match="is missing") as refused:
        await open_store(tmp_path / "textdesk.db")
    assert left in str(refused.value)
    assert [each.name for each in tmp_path.iterdir()] == [left]
    doctor = await textdesk("doctor", "--data", str(tmp_path))
    assert left in doctor.out
    (tmp_path / left).unlink()
    await (await open_store(tmp_path / "textdesk.db")).close()


async def test_the_log_of_an_emptied_database_is_left_alone(tmp_path: Path) -> None:
    path, log = tmp_path / "textdesk.db", tmp_path / "textdesk.db-wal"
    path.touch()
    log.write_bytes(b"what it held")
    with pytest.raises(StoreUnavailable, match=r"is empty, and its log textdesk\.db-wal is still there: restore"):
        await open_store(path)
    assert "is empty" in (await textdesk("doctor", "--data", str(tmp_path))).out
    assert log.read_bytes() == b"what it held"
    log.unlink()
    await (await open_store(path)).close()
