"""What doctor sees of an audit that was changed by hand."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from connector.base.data_directory import hash_key
from connector.doctor.checks import audit
from connector.doctor.store_evidence import read
from connector.domain.audit import AuditAction
from connector.services.audit.record import record
from connector.services.unit_of_work import UnitOfWork
from connector.store.sql.store import open_store
from tests.kit.pseudonyms import PSEUDONYMS
from tests.kit.templates import copied
from tests.kit.use_cases import Office

TRIGGERS = ("audit_no_delete", "audit_no_replace", "audit_no_update")
WITHOUT = [f"DROP TRIGGER {name}" for name in TRIGGERS]


def recorded(uow: UnitOfWork, count: int) -> None:
    for _ in range(count):
        record(uow, "ann", AuditAction.RELOADED)


@pytest.mark.parametrize("entries", [0, 3, 1_005])
@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ([], ["as they were stored"]),
        (WITHOUT[1:2], ["no trigger audit_no_replace."]),
        ([*WITHOUT, "UPDATE audit SET actor = 'bob' WHERE number = (SELECT max(number) - 1 FROM audit)"], ["changed"]),
        ([*WITHOUT, "DELETE FROM audit WHERE number = (SELECT max(number) - 1 FROM audit)"], ["is missing"]),
    ],
)
async def test_triggers_and_entries(tmp_path: Path, entries: int, statements: list[str], words: list[str]) -> None:
    path = tmp_path / "textdesk.db"
    store = await open_store(copied(path))
    office = Office(store)
    await office.do(recorded, entries)
    await store.close()
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()
    found = [finding.words for finding in audit.judge(read(None, tmp_path, office.now), PSEUDONYMS)]
    expected = words if entries or not statements else ["no trigger"]
    assert all(any(word in said for said in found) for word in expected), found
    assert len(found) == (2 if len(statements) > 1 and entries else 1)


def test_a_key_that_is_missing_or_damaged_is_none_and_none_is_made(tmp_path: Path) -> None:
    assert audit.stored_key(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    made = hash_key(tmp_path)
    found = audit.stored_key(tmp_path)
    assert found is not None and found.reveal() == made
    (tmp_path / "hash.key").write_text(made[1:])
    assert audit.stored_key(tmp_path) is None
