"""The chain of the audit: one changed byte is found, and so is what is missing, inserted or moved."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.base.secret import Secret
from connector.domain.audit import AuditAction
from connector.domain.pseudonyms import Pseudonyms
from connector.services.audit import questions
from connector.services.audit.record import record
from connector.store.sql.store import SqlStore, open_store
from connector.wire import administration, answers
from tests.kit.stores import Place
from tests.kit.templates import copied
from tests.kit.use_cases import Office

COUNT = 12
COLUMNS = ("number", "at", "actor", "action", "subject", "person", "details", "hash")


async def fill(office: Office, count: int = COUNT) -> None:
    for index in range(count):
        details: dict[str, str | int | list[str]] = {"mode": "off", "count": index, "odd": "a\0\U0010ffff"}
        await office.do(
            record,
            ("ann", "", "Jörg")[index % 3],
            AuditAction.ACCOUNT_CHANGED,
            subject=f"main{index}",
            person="+14155550123" if index % 2 else "",
            details=details,
        )


async def verified(office: Office, limit: int = 5) -> answers.AuditVerified:
    """The last page, or the one in which it is broken."""
    page = answers.AuditVerified(0, "", True)
    while page.more and page.broken is None:
        page = await office.look(questions.verify, administration.VerifyAudit(page.last, page.hash, limit))
    return page


def tamper(file: Path, *statements: tuple[str, tuple[object, ...]]) -> None:
    with sqlite3.connect(file) as database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        for statement, values in statements:
            database.execute(statement, values)
    database.close()


@pytest.fixture
async def office(store: SqlStore) -> Office:
    office = Office(store)
    await fill(office)
    return office


async def test_what_was_stored_is_right_in_pages_of_any_size(office: Office) -> None:
    for limit in (1, 5, COUNT, 1000):
        page = await verified(office, limit)
        assert (page.last, page.broken) == (COUNT, None)


async def test_the_database_refuses_to_change_or_delete_an_entry(tmp_path: Path, office: Office) -> None:
    database = sqlite3.connect(tmp_path / "textdesk.db")
    columns = ", ".join(COLUMNS).replace("actor", "'eve'")
    for statement in (
        "UPDATE audit SET actor = 'eve'",
        "DELETE FROM audit WHERE number = 12",
        f"REPLACE INTO audit ({', '.join(COLUMNS)}) SELECT {columns} FROM audit WHERE number = 12",
    ):
        with pytest.raises(sqlite3.Error, match="stay as they are"):
            database.execute(statement)
    database.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
async def test_one_changed_byte_in_any_column_is_found(
    tmp_path_factory: pytest.TempPathFactory, chance: random.Random
) -> None:

    file = copied(tmp_path_factory.mktemp("audit") / "textdesk.db")
    store = await open_store(file)
    try:
        office = Office(store)
        await fill(office, 4)
        number, column = chance.randint(1, 4), chance.choice(COLUMNS[1:])
        with sqlite3.connect(file) as database:
            (before,) = database.execute(f"SELECT {column} FROM audit WHERE number = ?", (number,)).fetchone()
        database.close()
        octets = bytearray(str(before).encode())
        if octets:
            octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(7)
        else:
            octets = bytearray(b"x")
        after = octets.decode(errors="surrogateescape")
        changed: object = int(after) if isinstance(before, int) and after.isdigit() else octets.decode(errors="replace")
        tamper(file, (f"UPDATE audit SET {column} = ? WHERE number = ?", (changed, number)))
        page = await verified(office)
        assert page.broken == number, (column, before, changed)
    finally:
        await store.close()


@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        ((("DELETE FROM audit WHERE number = 1", ()),), 1),
        ((("DELETE FROM audit WHERE number = 7", ()),), 7),
        ((("UPDATE audit SET number = 99 WHERE number = 7", ()), ("UPDATE audit SET number = 7 WHERE number = 8", ()),
          ("UPDATE audit SET number = 8 WHERE number = 99", ())), 7),
        ((("INSERT INTO audit SELECT 13, at, actor, action, subject, person, details, hash FROM audit WHERE number = 9",
           ()),), 13),
        ((("INSERT INTO audit SELECT 0, at, actor, action, subject, person, details, hash FROM audit WHERE number = 9",
           ()),), 0),
        ((("INSERT INTO audit SELECT -7, at, actor, action, subject, person, details, hash FROM audit WHERE number = 9",
           ()),), -7),
        ((("UPDATE audit SET hash = upper(hash) WHERE number = 3", ()),), 3),
        ((("UPDATE audit SET details = replace(details, char(1114111), 'x') WHERE number = 4", ()),), 4),
        ((("UPDATE audit SET at = 'soon' WHERE number = 5", ()),), 5),
        ((("UPDATE audit SET actor = x'ff' WHERE number = 6", ()),), 6),
    ],
)  # fmt: skip
async def test_what_is_removed_inserted_moved_or_unreadable_is_found(
    tmp_path: Path, office: Office, statements: tuple[tuple[str, tuple[object, ...]], ...], broken: int
) -> None:
    tamper(tmp_path / "textdesk.db", *statements)
    page = await verified(office)
    assert page.broken == broken
    assert page.last == max(0, broken - 1)


async def test_with_another_key_the_first_entry_does_not_fit(office: Office) -> None:
    office.brand = msgspec.structs.replace(office.brand, pseudonyms=Pseudonyms(Secret("k" * 32)))
    assert (await verified(office)).broken == 1


async def test_two_cores_write_one_chain(place: Place) -> None:
    first, second = await place.cores(2)
    offices = [Office(first, node="n1"), Office(second, node="n2")]
    await asyncio.gather(*(fill(office) for office in offices for _ in range(2)))
    page = await verified(offices[0], 1000)
    assert (page.last, page.broken) == (4 * COUNT, None)
