"""Who is off duty as the database is brought up to date remains so, with who has ended the shift."""

from __future__ import annotations

from sqlalchemy import text

from connector.store.sql.engines import engines_for
from connector.store.sql.schema import upgrade
from tests.kit.stores import Place

_AGENT = (
    "INSERT INTO agents (id, name, skills, capacity, presence, presence_at, assigned_at, presence_reason, came_at)"
    " VALUES (:id, :id, '[]', 4, 'away', 7, 7, :reason, 7)"
)


async def test_it_is_read_from_the_words_of_the_reason_once(empty_place: Place) -> None:
    reasons = {"ann": "off duty", "ben": "off duty, ended by lea%", "cem": "lunch", "dot": ""}
    engines = engines_for(empty_place.where, 1)
    with engines.writing.begin() as connection:
        upgrade(connection, "0017")
        for one, reason in reasons.items():
            connection.execute(text(_AGENT), {"id": one, "reason": reason})
    engines.dispose()
    store = await empty_place.open()
    agents = await store.read(lambda reading: reading.staff(7).agents)
    assert {one.id: one.off_duty_by for one in agents} == {"ann": "ann", "ben": "lea%", "cem": "", "dot": ""}
