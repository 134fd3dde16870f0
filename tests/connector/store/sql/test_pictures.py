from __future__ import annotations

import pytest

from connector.domain.media import Media, MediaState
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from tests.kit.stores import NOW, message, reply, upload

A, B, C, D, E = (letter * 64 for letter in "abcde")


def kept(digest: str) -> Media:
    return Media("https://example.com/1", "image/png", MediaState.STORED, 9, digest)


@pytest.mark.parametrize(("now", "in_use"), [(NOW, {A, B, C, D}), (NOW + 1, {A, B, C})])
async def test_pictures_in_use_are_those_of_messages_and_live_uploads(
    store: SqlStore, now: int, in_use: set[str]
) -> None:
    def fill(tx: Transaction) -> None:
        waiting = Media("https://example.com/2", "image/png")
        tx.messages.add_once(message(media=(kept(A), waiting, kept(B))))
        tx.messages.add_once(message(id="M2", ref="SM2"))
        tx.messages.add_once(reply(media=(kept(C),)))
        for number, (digest, expires_at) in enumerate([(C, NOW - 1), (D, NOW + 1), (E, NOW)]):
            tx.uploads.add(upload(id=f"U{number}", token=f"T{number}", digest=digest, expires_at=expires_at))

    assert await store.read(lambda reading: reading.pictures_in_use(now)) == set()
    await store.write(fill)
    assert await store.read(lambda reading: reading.pictures_in_use(now)) == in_use


async def test_a_picture_is_in_use_as_soon_as_it_is_fetched(store: SqlStore) -> None:
    waiting = message(media=(Media("https://example.com/1", "image/png"),))
    await store.write(lambda tx: tx.messages.add_once(waiting))
    assert await store.read(lambda reading: reading.pictures_in_use(NOW)) == set()
    await store.write(lambda tx: tx.messages.update(message(media=(kept(A),))))
    assert await store.read(lambda reading: reading.pictures_in_use(NOW)) == {A}
